// One signed-in connection to a WinRM service: messages go out and come back over it one at a time, sealed where that is agreed.
import type { X509Certificate } from 'node:crypto';
import { InvalidInput, NotAllowed } from '@tidewheel/contract/errors';
import { type EgressSession, openEgressSession, type SessionAnswer } from '@tidewheel/kit/egress/egress-session';
import { channelBindingHash } from './channel-binding.ts';
import { kerberosSignIn } from './kerberos-sign-in.ts';
import { type MessageSeal, NtlmSignIn } from './ntlm-sign-in.ts';
import { openBody, sealBody, sealedType } from './sealed-body.ts';
import { connectFailure, placeOf } from './winrm-errors.ts';
import type { WinrmTarget } from './winrm-settings.ts';
import { type RefusedHttp, statusError } from './wsman-faults.ts';

export interface ChannelOptions {
  target: WinrmTarget;
  signal: AbortSignal;
  onCertificate?: ((certificate: X509Certificate) => void) | undefined;
}

const soapType = 'application/soap+xml;charset=UTF-8';
/** A host keeps to the largest message that each request names; this is against one that is no such host. */
const mostAnswerBytes = 32_000_000;

export interface Sent {
  message: string;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** Answers of a sign-in, said without any message. */
interface Knock {
  headers?: Record<string, string>;
  timeoutMs?: number;
}

export class WsmanChannel {
  readonly #session: EgressSession;
  readonly #target: WinrmTarget;
  #seal: MessageSeal | undefined;
  #headers: Record<string, string> = {};

  private constructor(session: EgressSession, target: WinrmTarget) {
    this.#session = session;
    this.#target = target;
  }

  /** Connected, not signed in: to see who is there. @throws AppError `winrm.*` */
  static async connect({ target, signal, onCertificate }: ChannelOptions): Promise<WsmanChannel> {
    const { settings, signIn } = target;
    try {
      const session = await openEgressSession({
        place: { host: target.address, port: target.port, class: 'host' },
        connectMs: settings.connectSeconds * 1000,
        signal,
        ...(settings.scheme === 'https'
          ? {
              tls: {
                servername: settings.serverName,
                certificateAuthority: settings.certificateAuthority,
                fingerprint: settings.fingerprint,
                client: signIn.certificate,
                // Windows asks for the certificate by renegotiation, which TLS 1.3 does not have.
                maxVersion: signIn.certificate ? 'TLSv1.2' : undefined,
                onCertificate,
              },
            }
          : {}),
      });
      return new WsmanChannel(session, target);
    } catch (thrown) {
      signal.throwIfAborted();
      throw connectFailure(thrown, placeOf(target));
    }
  }

  /** @throws AppError `winrm.*`; once for wrong credentials, never tried again by itself */
  static async open(options: ChannelOptions): Promise<WsmanChannel> {
    const channel = await WsmanChannel.connect(options);
    try {
      await channel.signIn(options.signal);
      return channel;
    } catch (thrown) {
      channel.close();
      options.signal.throwIfAborted();
      throw thrown;
    }
  }

  isOpen(): boolean {
    return this.#session.isOpen();
  }

  close(): void {
    this.#session.close();
  }

  /** The schemes that the service offers to who has not signed in. @throws AppError when it is no WinRM service */
  async offers(signal: AbortSignal): Promise<string[]> {
    const answer = await this.#knock({}, signal);
    if (answer.status !== 401 && answer.status !== 200) throw statusError(this.#refused(answer));
    return offeredBy(answer);
  }

  async signIn(signal: AbortSignal): Promise<void> {
    const { scheme, user, password } = this.#target.signIn;
    if (scheme === 'basic') this.#headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}` };
    if (scheme === 'certificate') this.#headers = { authorization: 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual' };
    if (scheme === 'ntlm') await this.#signInByNtlm(signal);
    if (scheme === 'kerberos') await this.#signInByKerberos(signal);
  }

  /** One message and its answer. @throws AppError `winrm.*`, also for an answer that should have been sealed and is not */
  async send({ message, timeoutMs, signal }: Sent): Promise<string> {
    const bytes = Buffer.from(message, 'utf8');
    const seal = this.#target.isSealed ? this.#seal : undefined;
    const body = seal ? sealBody({ seal, message: bytes }) : bytes;
    const headers = { ...this.#headers, 'content-type': seal ? sealedType : soapType };
    const answer = await this.#post({ headers, body, timeoutMs }, signal);
    return this.#read(answer, seal);
  }

  #read(answer: SessionAnswer, seal: MessageSeal | undefined): string {
    const type = String(answer.headers['content-type'] ?? '').toLowerCase();
    const isMessage = answer.status === 200 || answer.status === 500 || answer.status === 400;
    if (seal && isMessage && type.startsWith('multipart/encrypted')) {
      try {
        return openBody({ seal, body: answer.body }).toString('utf8');
      } catch (thrown) {
        this.close();
        throw thrown;
      }
    }
    if (seal && answer.status === 200) {
      this.close();
      throw new NotAllowed('winrm.unsealed', `${placeOf(this.#target)} answered a sealed message with one that anybody could have written.`, {
        hint: 'Look for a proxy in between. The connection was given up.',
      });
    }
    if (!seal && isMessage && type.startsWith('application/soap+xml')) return answer.body.toString('utf8');
    this.close();
    throw answer.status === 401 ? this.#refusedSignIn(offeredBy(answer)) : this.#refusedMessage(answer);
  }

  /** Over plain http a host that wants sealed messages answers so, without a word. */
  #refusedMessage(answer: SessionAnswer): Error {
    const isReadable = this.#target.settings.scheme === 'http' && !this.#target.isSealed;
    if (isReadable && (answer.status === 500 || answer.status === 400)) return unencryptedRefused(placeOf(this.#target));
    return statusError(this.#refused(answer));
  }

  #refused({ status, headers }: SessionAnswer): RefusedHttp {
    const { location } = headers;
    return { status, offered: [], location: typeof location === 'string' ? location : undefined, place: placeOf(this.#target) };
  }

  async #signInByNtlm(signal: AbortSignal): Promise<void> {
    const { signIn, settings, address } = this.#target;
    const ntlm = new NtlmSignIn({
      account: signIn,
      servicePrincipal: settings.servicePrincipal ?? `HTTP/${settings.serverName ?? address}`,
      channelBinding: this.#certificate() && channelBindingHash(this.#certificate() as X509Certificate),
    });
    const asked = await this.#knock({ headers: { authorization: `Negotiate ${ntlm.first().toString('base64')}` } }, signal);
    const challenge = this.#tokenOf(asked);
    if (asked.status !== 401 || !challenge) throw asked.status === 401 ? this.#notOffered(asked) : statusError(this.#refused(asked));
    const { token, seal } = ntlm.answer(challenge);
    await this.#finish({ headers: { authorization: `Negotiate ${token.toString('base64')}` } }, signal);
    this.#seal = seal;
  }

  async #signInByKerberos(signal: AbortSignal): Promise<void> {
    const { signIn, settings, address } = this.#target;
    const service = settings.servicePrincipal ?? `HTTP/${settings.serverName ?? address}`;
    const kerberos = await kerberosSignIn({ account: signIn, service });
    const answer = await this.#finish({ headers: { authorization: `Kerberos ${kerberos.token}` } }, signal);
    await kerberos.accepted(this.#tokenOf(answer, 'Kerberos'));
  }

  #certificate(): X509Certificate | undefined {
    return this.#target.settings.channelBinding ? this.#session.certificate : undefined;
  }

  async #finish(knock: Knock, signal: AbortSignal): Promise<SessionAnswer> {
    const answer = await this.#knock(knock, signal);
    if (answer.status === 401) throw this.#refusedSignIn(offeredBy(answer));
    if (answer.status !== 200) throw statusError(this.#refused(answer));
    return answer;
  }

  #tokenOf({ headers }: SessionAnswer, scheme = 'Negotiate'): Buffer | undefined {
    const [, token] = new RegExp(`(?:^|,\\s*)${scheme} ([A-Za-z0-9+/=]+)`, 'i').exec([headers['www-authenticate'] ?? ''].flat().join(', ')) ?? [];
    return token === undefined ? undefined : Buffer.from(token, 'base64');
  }

  #notOffered(answer: SessionAnswer): Error {
    const offered = offeredBy(answer);
    return offered.includes('negotiate') ? this.#refusedSignIn(offered) : notOffered({ scheme: 'ntlm', offered, place: placeOf(this.#target) });
  }

  #refusedSignIn(offered: string[]): Error {
    const { signIn, settings } = this.#target;
    const wanted = { basic: 'basic', ntlm: 'negotiate', kerberos: 'kerberos', certificate: undefined }[signIn.scheme];
    const place = placeOf(this.#target);
    if (wanted !== undefined && offered.length > 0 && !offered.includes(wanted)) {
      // Basic is not offered over http by a host that takes no readable messages.
      if (signIn.scheme === 'basic' && settings.scheme === 'http') return unencryptedRefused(place);
      return notOffered({ scheme: signIn.scheme, offered, place });
    }
    return refusedSignIn(this.#target);
  }

  async #knock({ headers = {}, timeoutMs = this.#target.settings.connectSeconds * 1000 }: Knock, signal: AbortSignal): Promise<SessionAnswer> {
    return this.#post({ headers: { ...headers, 'content-type': soapType }, body: Buffer.alloc(0), timeoutMs }, signal);
  }

  async #post(what: { headers: Record<string, string>; body: Buffer; timeoutMs: number }, signal: AbortSignal | undefined): Promise<SessionAnswer> {
    try {
      return await this.#session.post({
        ...what,
        path: this.#target.settings.path,
        headers: { ...what.headers, 'user-agent': 'Tidewheel', accept: '*/*' },
        maxBytes: mostAnswerBytes,
        signal,
      });
    } catch (thrown) {
      signal?.throwIfAborted();
      throw connectFailure(thrown, placeOf(this.#target));
    }
  }
}

/** In lower case: `negotiate`, `basic`. */
function offeredBy({ headers }: SessionAnswer): string[] {
  return [headers['www-authenticate'] ?? []]
    .flat()
    .flatMap((line) => line.split(/,\s*(?=[A-Za-z]+(?:\s|$|,))/))
    .map((one) => one.trim().split(' ')[0]?.toLowerCase() ?? '')
    .filter((one) => one !== '');
}

const settingNames = { basic: 'Basic', ntlm: 'Negotiate', kerberos: 'Kerberos', certificate: 'Certificate' } as const;

function notOffered({ scheme, offered, place }: { scheme: keyof typeof settingNames; offered: string[]; place: string }): InvalidInput {
  return new InvalidInput('winrm.scheme', `${place} does not offer to sign in by ${scheme}; it offers ${offered.join(', ') || 'nothing'}.`, {
    hint: `Choose another way to sign in, or allow it there: winrm set winrm/config/service/auth @{${settingNames[scheme]}="true"}`,
  });
}

function unencryptedRefused(place: string): NotAllowed {
  return new NotAllowed('winrm.unencrypted', `${place} does not take messages that are readable on the wire (AllowUnencrypted is false there).`, {
    hint: 'Use https, or NTLM or Kerberos with sealed messages. Setting AllowUnencrypted to true lets everybody in between read along.',
  });
}

function refusedSignIn({ signIn, settings, ...target }: WinrmTarget): InvalidInput {
  const who = signIn.scheme === 'certificate' ? 'the certificate' : `the user ${signIn.domain ? `${signIn.domain}\\` : ''}${signIn.user}`;
  const binding =
    settings.scheme === 'https' && signIn.scheme === 'ntlm'
      ? ' A proxy with a certificate of its own in between also looks like this (CbtHardeningLevel).'
      : '';
  const mapping =
    signIn.scheme === 'certificate'
      ? 'Check that the certificate is mapped to a local user there (WSMan:\\localhost\\ClientCertificate), and not ended.'
      : 'Check the user, the domain and the password.';
  return new InvalidInput('winrm.sign_in', `${placeOf(target)} refused the sign-in of ${who}.`, {
    hint: `${mapping}${binding} It is not tried again by itself: too many wrong attempts lock an account.`,
  });
}

// One kept HTTP connection to a checked address, for schemes that sign in a connection and not a request (NTLM, Kerberos): what is sent over it later goes over
// that very connection or fails. Never follows a redirect and never connects again by itself.
import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { InvalidInput, TimedOut, TooLarge, Unreachable } from '@tidewheel/contract/errors';
import { Client } from 'undici';
import { connectAllowed, type EgressPlace } from './egress.ts';

export interface SessionTls {
  /** The name that the certificate has to carry; the host when omitted. */
  servername?: string | undefined;
  /** PEM of the authority that signed the far side's certificate, in place of those that Node knows. */
  certificateAuthority?: string | undefined;
  /** SHA-256 of the far side's certificate (hex, colons or not): it is the one, whoever signed it. */
  fingerprint?: string | undefined;
  /** A client certificate with its key, both PEM. */
  client?: { certificate: string; privateKey: string; passphrase?: string | undefined } | undefined;
  /** Some servers ask for a client certificate by renegotiation, which TLS 1.3 does not have. */
  maxVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
  /** Told as soon as the certificate is seen, also when it is refused after that. */
  onCertificate?: ((certificate: X509Certificate) => void) | undefined;
}

export interface EgressSessionOptions {
  place: EgressPlace;
  /** Plain http when undefined. */
  tls?: SessionTls | undefined;
  /** For the name, the connection and TLS together. */
  connectMs: number;
  signal?: AbortSignal | undefined;
}

export interface SessionRequest {
  path: string;
  headers: Record<string, string>;
  body: Uint8Array;
  /** Until the last byte of the answer. */
  timeoutMs: number;
  maxBytes: number;
  signal?: AbortSignal | undefined;
}

export interface SessionAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface EgressSession {
  /** What TLS showed; undefined over plain http. */
  certificate: X509Certificate | undefined;
  /** Whether the far side still holds the connection. */
  isOpen(): boolean;
  /** One request at a time. After an error the session is closed. @throws TimedOut, TooLarge, Unreachable `egress.lost`, or the signal's reason */
  post(request: SessionRequest): Promise<SessionAnswer>;
  close(): void;
}

/** @throws NotAllowed, Unreachable, TimedOut, InvalidInput `egress.certificate`, or the signal's reason */
export async function openEgressSession(options: EgressSessionOptions): Promise<EgressSession> {
  const { place, signal, connectMs } = options;
  const deadline = AbortSignal.timeout(connectMs);
  const socket = await connectAllowed(place, { signal, timeoutMs: connectMs });
  if (!options.tls) return new KeptSession({ socket, place, scheme: 'http', certificate: undefined });
  const { secure, certificate } = await secured({ socket, place, wanted: options.tls, deadline, signal });
  return new KeptSession({ socket: secure, place, scheme: 'https', certificate });
}

interface Securing {
  socket: Socket;
  place: EgressPlace;
  wanted: SessionTls;
  deadline: AbortSignal;
  signal: AbortSignal | undefined;
}

async function secured({ socket, place, wanted, deadline, signal }: Securing): Promise<{ secure: tls.TLSSocket; certificate: X509Certificate }> {
  const name = wanted.servername ?? place.host;
  const secure = startTls({ socket, name, wanted });
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const stop = () => secure.destroy();
  either.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      secure.once('secureConnect', resolve).once('error', reject);
      secure.once('close', () => reject(Object.assign(new RangeError('the connection was closed'), { code: 'ECONNRESET' })));
      if (either.aborted) stop();
    });
    const certificate = requireCertificate({ secure, name, wanted });
    secure.on('error', () => undefined);
    return { secure, certificate };
  } catch (thrown) {
    secure.destroy();
    signal?.throwIfAborted();
    if (deadline.aborted) throw new TimedOut('egress.timeout', `${shown(place)} accepted the connection and then said nothing.`, { cause: thrown });
    throw tlsFailure(thrown, place);
  } finally {
    either.removeEventListener('abort', stop);
  }
}

function startTls({ socket, name, wanted }: { socket: Socket; name: string; wanted: SessionTls }): tls.TLSSocket {
  const isName = !/^[\d.]+$|:/.test(name);
  try {
    return tls.connect({
      socket,
      host: name,
      ...(isName ? { servername: name } : {}),
      minVersion: 'TLSv1.2',
      ...(wanted.maxVersion ? { maxVersion: wanted.maxVersion } : {}),
      ...(wanted.certificateAuthority ? { ca: wanted.certificateAuthority } : {}),
      ...(wanted.client ? { cert: wanted.client.certificate, key: wanted.client.privateKey, passphrase: wanted.client.passphrase } : {}),
      // Not to trust anybody, but to be able to show which certificate it was: `requireCertificate` decides, before anything is sent.
      rejectUnauthorized: false,
    });
  } catch (cause) {
    socket.destroy();
    throw new InvalidInput('egress.client_certificate', `The certificate to sign in with cannot be used: ${(cause as Error).message}`, {
      hint: 'Check that the certificate, its authority and its key are PEM, belong together and that the passphrase is right.',
      cause,
    });
  }
}

function requireCertificate({ secure, name, wanted }: { secure: tls.TLSSocket; name: string; wanted: SessionTls }): X509Certificate {
  const certificate = secure.getPeerX509Certificate();
  if (!certificate) throw refusedCertificate('it shows none', {});
  wanted.onCertificate?.(certificate);
  const seen = plainFingerprint(certificate.fingerprint256);
  const details = { fingerprint: certificate.fingerprint256, subject: certificate.subject, validTo: certificate.validTo };
  if (wanted.fingerprint !== undefined) {
    if (plainFingerprint(wanted.fingerprint) === seen) return certificate;
    throw refusedCertificate(`it has the fingerprint ${certificate.fingerprint256} and not the one that is pinned`, details);
  }
  if (!secure.authorized) throw refusedCertificate(reasonOf(String(secure.authorizationError), { name, certificate }), details);
  return certificate;
}

const reasons: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it has signed itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not known here',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is not known here',
};

function reasonOf(code: string, { name, certificate }: { name: string; certificate: X509Certificate }): string {
  if (code === 'CERT_HAS_EXPIRED') return `it ended at ${certificate.validTo} by the clock of this machine`;
  if (code === 'CERT_NOT_YET_VALID') return `it begins at ${certificate.validFrom} by the clock of this machine`;
  if (code.includes('ALTNAME')) return `it is for ${(certificate.subjectAltName ?? certificate.subject).replaceAll('\n', ', ')} and not for ${name}`;
  return reasons[code] ?? code;
}

function refusedCertificate(reason: string, details: Record<string, unknown>): InvalidInput {
  return new InvalidInput('egress.certificate', `The certificate of the far side is not accepted: ${reason}.`, { details });
}

function plainFingerprint(text: string): string {
  return text.replace(/[^0-9a-fA-F]/g, '').toLowerCase();
}

function tlsFailure(thrown: unknown, place: EgressPlace): unknown {
  if (thrown instanceof InvalidInput) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  return new Unreachable('egress.tls', `${shown(place)} does not speak TLS as it should: ${code ?? message}.`, {
    hint: 'Check that it is the port for https, and that the far side has a certificate.',
    cause: thrown,
  });
}

function shown({ host, port }: EgressPlace): string {
  return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}

interface Opened {
  socket: Socket;
  place: EgressPlace;
  scheme: 'http' | 'https';
  certificate: X509Certificate | undefined;
}

class KeptSession implements EgressSession {
  readonly certificate: X509Certificate | undefined;
  readonly #socket: Socket;
  readonly #place: EgressPlace;
  readonly #client: Client;

  constructor({ socket, place, scheme, certificate }: Opened) {
    this.certificate = certificate;
    this.#socket = socket;
    this.#place = place;
    let isUsed = false;
    this.#client = new Client(`${scheme}://${shown(place)}`, {
      pipelining: 1,
      // How long it is kept is the caller's business.
      keepAliveTimeout: 3_600_000,
      keepAliveMaxTimeout: 3_600_000,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 65_536,
      connect: (_options, done) => {
        const first = !isUsed && !socket.destroyed;
        isUsed = true;
        // undici does not expect an answer before its own call has ended.
        setImmediate(() => (first ? done(null, socket) : done(new RangeError('the connection was closed'), null)));
      },
    });
  }

  isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.readable && !this.#client.destroyed;
  }

  close(): void {
    void this.#client.destroy().catch(() => undefined);
    this.#socket.destroy();
  }

  async post(request: SessionRequest): Promise<SessionAnswer> {
    const deadline = AbortSignal.timeout(request.timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
    try {
      const { statusCode, headers, body } = await this.#client.request({
        method: 'POST',
        path: request.path,
        headers: request.headers,
        body: request.body,
        signal,
      });
      return { status: statusCode, headers, body: await this.#readAll(body, request.maxBytes) };
    } catch (thrown) {
      this.close();
      request.signal?.throwIfAborted();
      throw this.#failure(thrown, { isLate: deadline.aborted, timeoutMs: request.timeoutMs });
    }
  }

  async #readAll(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new TooLarge('egress.too_large', `${shown(this.#place)} answers with more than ${maxBytes.toLocaleString('en')} bytes.`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  }

  #failure(thrown: unknown, { isLate, timeoutMs }: { isLate: boolean; timeoutMs: number }): unknown {
    if (thrown instanceof TooLarge) return thrown;
    if (isLate)
      return new TimedOut('egress.timeout', `${shown(this.#place)} took the request and did not answer within ${Math.round(timeoutMs / 1000)} s.`, {
        cause: thrown,
      });
    return new Unreachable('egress.lost', `The connection to ${shown(this.#place)} broke: ${(thrown as Error).message}`, { cause: thrown });
  }
}

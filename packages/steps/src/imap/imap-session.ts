// The one file that knows imapflow: a session with a mailbox server, by the egress policy, with TLS that cannot be talked away and an end in time.
import { type AppError, InvalidInput, TimedOut, Unreachable } from '@tidewheel/contract/errors';
import { resolveAllowed } from '@tidewheel/kit/egress/egress';
import { ImapFlow } from 'imapflow';
import { z } from 'zod';

export const ImapTarget = z.strictObject({
  host: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[a-zA-Z0-9._:-]+$/, 'must be a host name or an IP address, without a scheme')
    .meta({ title: 'Host', examples: ['imap.example.com'] }),
  port: z.number().int().min(1).max(65_535).default(993).meta({ title: 'Port' }),
  security: z.enum(['tls', 'starttls', 'none']).default('tls').meta({ title: 'Encryption', description: 'none: the password travels in clear' }),
  certificateAuthority: z
    .string()
    .max(100_000)
    .regex(/-----BEGIN CERTIFICATE-----/, 'must be PEM')
    .optional()
    .meta({ title: 'Certificate of the authority', widget: 'textarea', description: 'PEM, where it is a private one' }),
  user: z.string().min(1).max(320).meta({ title: 'User' }),
  timeoutSeconds: z.number().int().min(1).max(120).default(30).meta({ title: 'Give up when nothing comes for (s)' }),
});
export type ImapTarget = z.output<typeof ImapTarget>;

export const ImapSecret = z.strictObject({ password: z.string().min(4).max(4096).meta({ title: 'Password', widget: 'password' }) });
export type ImapSecret = z.output<typeof ImapSecret>;

/** A message is held in memory while it is parsed. */
export const mostMessageBytes = 50_000_000;

export interface ImapTask {
  config: ImapTarget;
  secret: ImapSecret | null;
  signal: AbortSignal;
}

/** A session for one work. Whatever happens, also a server that stops speaking, it is closed afterwards. @throws Unreachable, TimedOut, InvalidInput for a refused sign-in */
export async function withImap<T>({ config, secret, signal }: ImapTask, work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const where = `${config.host}:${config.port}`;
  const pinned = await resolveAllowed({ host: config.host, port: config.port, class: 'host' }, { signal });
  const client = clientFor({ config, secret, address: pinned.address, servername: pinned.servername });
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  const stop = () => ended.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  client.on('error', (error: Error) => ended.reject(error));
  try {
    signal.throwIfAborted();
    return await Promise.race([client.connect().then(() => work(client)), ended.promise]);
  } catch (thrown) {
    signal.throwIfAborted();
    throw imapFailure(thrown, where, config.user);
  } finally {
    signal.removeEventListener('abort', stop);
    client.close();
  }
}

interface Pinned {
  config: ImapTarget;
  secret: ImapSecret | null;
  address: string;
  servername: string | undefined;
}

function clientFor({ config, secret, address, servername }: Pinned): ImapFlow {
  const limitMs = config.timeoutSeconds * 1000;
  return new ImapFlow({
    host: address,
    port: config.port,
    secure: config.security === 'tls',
    // Without this a stranger on the way strips the offer of STARTTLS and reads the password.
    doSTARTTLS: config.security === 'tls' ? undefined : config.security === 'starttls',
    ...(servername === undefined ? {} : { servername }),
    tls: { minVersion: 'TLSv1.2', ...(config.certificateAuthority === undefined ? {} : { ca: config.certificateAuthority }) },
    auth: { user: config.user, pass: secret?.password ?? '' },
    logger: false,
    disableAutoIdle: true,
    disableCompression: true,
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
    maxLiteralSize: mostMessageBytes + 1_000_000,
    maxResponseSize: mostMessageBytes + 2_000_000,
  });
}

function imapFailure(thrown: unknown, where: string, user: string): AppError | unknown {
  const {
    authenticationFailed,
    code = '',
    responseText,
    message = String(thrown),
    status,
  } = thrown as {
    authenticationFailed?: boolean;
    code?: string;
    responseText?: string;
    message?: string;
    status?: number;
  };
  if (typeof status === 'number') return thrown;
  if (authenticationFailed)
    return new InvalidInput('imap.sign_in_refused', `${where} refused the user ${user}${responseText ? `: ${responseText}` : ''}.`, {
      hint: 'Check user and password; some servers want a password made for this program.',
      cause: thrown,
    });
  if (/TIMEOUT|Timeout/.test(code))
    return new TimedOut('imap.timeout', `${where} said nothing for too long.`, { hint: 'It is tried again by itself.', cause: thrown });
  if (/CERT|SSL|TLS|SELF_SIGNED/i.test(code) || /certificate|STARTTLS/i.test(message))
    return new InvalidInput('imap.no_tls', `No trusted encryption with ${where}: ${message}`, {
      hint: 'Check the way of encryption and the port (993 TLS, 143 STARTTLS); give the certificate of a private authority.',
      cause: thrown,
    });
  if (responseText) return new InvalidInput('imap.refused', `${where} refused: ${responseText}`, { hint: 'Check the name of the mailbox.', cause: thrown });
  return new Unreachable('imap.unreachable', `${where} cannot be reached or went away${code ? ` (${code})` : ''}.`, {
    hint: 'Check host and port, and whether the server runs.',
    cause: thrown,
  });
}

// The one file that knows nodemailer: one mail over one connection, with TLS that cannot be talked away and limits on time.
import type { Readable } from 'node:stream';
import { type AppError, Conflict, InvalidInput, Unreachable } from '@tidewheel/contract/errors';
import type { MailServer } from '@tidewheel/contract/routes/mail';
import { resolveAllowed } from '@tidewheel/kit/egress/egress';
import { createTransport } from 'nodemailer';

export type SmtpServer = Pick<MailServer, 'host' | 'port' | 'security' | 'certificateAuthority' | 'user' | 'from' | 'fromName'>;

export interface PlainMail {
  messageId: string;
  to: string;
  subject: string;
  text: string;
  html?: string;
  /** Whom the head names, when that is not the one it goes to alone. */
  named?: { to: readonly string[]; cc: readonly string[] };
  files?: { name: string; mediaType: string; content: Readable }[];
}

const stepMs = 15_000;

/** @returns what the server answered. @throws Unreachable, Conflict, InvalidInput when it does not take this mail, ever */
export async function sendBySmtp({ server, password, mail }: { server: SmtpServer; password: string | null; mail: PlainMail }): Promise<string> {
  const pinned = await resolveAllowed({ host: server.host, port: server.port, class: 'host' });
  const transport = createTransport({
    host: pinned.address,
    port: server.port,
    secure: server.security === 'tls',
    // Without this a stranger on the way strips the offer of STARTTLS and reads the password.
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    tls: {
      minVersion: 'TLSv1.2',
      ...(server.certificateAuthority === null ? {} : { ca: server.certificateAuthority }),
      ...(pinned.servername === undefined ? {} : { servername: pinned.servername }),
    },
    ...(server.user === null ? {} : { auth: { user: server.user, pass: password ?? '' } }),
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
    dnsTimeout: stepMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const sent = await transport.sendMail({
      messageId: mail.messageId,
      from: { name: server.fromName ?? '', address: server.from },
      ...headOf(mail),
      envelope: { from: server.from, to: [mail.to] },
      subject: mail.subject,
      text: mail.text,
      ...(mail.html === undefined ? {} : { html: mail.html }),
      attachments: (mail.files ?? []).map(({ name, mediaType, content }) => ({ filename: name, contentType: mediaType, content })),
      // Out-of-office answers to a machine help nobody.
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    return sent.response;
  } catch (thrown) {
    throw asAppError(thrown, server);
  } finally {
    transport.close();
  }
}

function headOf({ to, named }: PlainMail) {
  const plain = (addresses: readonly string[]) => addresses.map((address) => ({ name: '', address }));
  if (!named) return { to: plain([to]) };
  // Who gets it without being named shall not see that he is the only one.
  return { to: named.to.length === 0 ? 'undisclosed-recipients:;' : plain(named.to), cc: plain(named.cc) };
}

function asAppError(thrown: unknown, { host, port, user }: SmtpServer): AppError {
  const { code = '', responseCode = 0, message = String(thrown) } = thrown as { code?: string; responseCode?: number; message?: string };
  const where = `${host}:${port}`;
  if (code === 'EAUTH')
    return new Conflict('mail.sign_in_refused', `${where} refused the user ${user ?? '(none)'}: ${message}`, {
      hint: 'Check user and password of the mail server.',
      cause: thrown,
    });
  if (code === 'ETLS' || /certificate|STARTTLS|SSL|TLS/i.test(message))
    return new Conflict('mail.no_tls', `No trusted encryption with ${where}: ${message}`, {
      hint: 'Check the way of encryption and the port (587 STARTTLS, 465 TLS); give the certificate of a private authority.',
      cause: thrown,
    });
  if (responseCode >= 500 && responseCode < 600)
    return new InvalidInput('mail.refused', `${where} refused the mail: ${message}`, { hint: 'Check sender and recipient.', cause: thrown });
  return new Unreachable('mail.unreachable', `${where} did not take the mail: ${message}`, {
    hint: 'Check host and port, and whether the mail server runs.',
    cause: thrown,
  });
}

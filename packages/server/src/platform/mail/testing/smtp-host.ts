// A real SMTP server on 127.0.0.1 that keeps what it gets, with a certificate of an authority of its own.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface Certificate {
  key: string;
  cert: string;
}

export interface SmtpHost {
  port: number;
  /** Every mail as it came, head and text. */
  mails: string[];
  /** Every user and password that was tried. */
  tried: { user: string; password: string; encrypted: boolean }[];
  close(): Promise<void>;
}

export async function makeCertificate(): Promise<Certificate> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-smtp-'));
  try {
    const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...subject]);
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const smtpUser = { user: 'tidewheel', password: 'smtp-secret-4711' };

export async function startSmtp(options: SMTPServerOptions & { port?: number; refuse?: (to: string) => boolean }): Promise<SmtpHost> {
  const { port = 0, refuse = () => false, ...own } = options;
  const mails: string[] = [];
  const tried: SmtpHost['tried'] = [];
  const server = new SMTPServer({
    logger: false,
    closeTimeout: 500,
    onAuth(auth, session, done) {
      tried.push({ user: auth.username ?? '', password: auth.password ?? '', encrypted: session.secure });
      if (auth.username === smtpUser.user && auth.password === smtpUser.password) return done(null, { user: auth.username });
      // A server that echoes what it was given.
      return done(new Error(`No such user with the password ${auth.password}`));
    },
    onRcptTo(address, _session, done) {
      done(refuse(address.address) ? Object.assign(new Error('No such mailbox'), { responseCode: 550 }) : null);
    },
    onData(stream, _session, done) {
      void text(stream).then((mail) => {
        mails.push(mail);
        done();
      });
    },
    ...own,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    tried,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

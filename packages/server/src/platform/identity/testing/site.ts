// Identity with mail that really goes out, and people in it.
import { sql } from 'kysely';
import { captureLog, type Listening, listenFor } from '../../../app/http/testing/listening.ts';
import { systemActor } from '../../../app/system-actor.ts';
import { type FreshDatabase, freshDatabase } from '../../../testing/database.ts';
import { updateMailSettings } from '../../mail/mail.service.ts';
import { createMailer, startOutbox } from '../../mail/outbox.ts';
import { type SmtpHost, startSmtp } from '../../mail/testing/smtp-host.ts';
import { createVault } from '../../vault/vault.service.ts';
import { createIdentity } from '../create-identity.ts';
import { Visitor } from './visitor.ts';

export const password = 'correct horse battery staple';

export interface Site {
  database: FreshDatabase;
  server: Listening;
  smtp: SmtpHost;
  admin: Visitor;
  visitor(): Visitor;
  /** A user in that role with `password`, signed in; the address is confirmed unless told. */
  person(role: string, options?: { unverified?: true }): Promise<{ visitor: Visitor; email: string; id: string }>;
  /** The link in the newest mail to that address that has one, once it came. */
  mailedLink(to: string): Promise<string>;
  mailsTo(to: string): string[];
  /** As if nobody had guessed or asked for mail yet. */
  forgiveAll(): Promise<void>;
  setMail(on: boolean): Promise<void>;
  logged(): string;
  close(): Promise<void>;
}

export async function openSite(): Promise<Site> {
  const database = await freshDatabase({ size: 10 });
  const { databases, address, workspaceId } = database;
  const { log, logged } = captureLog();
  const smtp = await startSmtp({ disabledCommands: ['STARTTLS', 'AUTH'] });
  const mail = { databases, vault: createVault({ databases, masterKey: address.masterKey }), masterKey: address.masterKey, workspaceId, log };
  const stopOutbox = startOutbox(mail);
  const identity = await createIdentity({ databases, mailer: createMailer(mail), masterKey: address.masterKey, log });
  const server = await listenFor({ endpoints: identity.endpoints, authenticate: identity.authenticate });
  const visitor = () => new Visitor(server.origin);
  const admin = visitor();
  await admin.call('POST', `/api/auth/links/${(await identity.firstLink())?.split('/').at(-1)}`, { email: 'admin@example.com', name: 'Admin', password });
  const setMail: Site['setMail'] = async (on) => {
    if (!on) return void (await sql`delete from mail_server`.execute(databases.engine));
    const server = { host: '127.0.0.1', port: smtp.port, security: 'none' as const, certificateAuthority: null, user: null };
    await updateMailSettings(mail, systemActor(workspaceId), { ...server, from: 'tidewheel@example.org', fromName: null });
  };
  await setMail(true);
  const mailsTo = (to: string) => smtp.mails.filter((text) => text.includes(`To: ${to}`)).map((text) => text.replace(/=\r\n/g, '').replace(/=3D/g, '='));
  const mailedLink = async (to: string): Promise<string> => {
    const deadline = Date.now() + 15_000;
    while (Date.now() < deadline) {
      const link = mailsTo(to)
        .at(-1)
        ?.match(/http:\/\/\S+/)?.[0];
      if (link !== undefined) return link;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`No link came to ${to}`);
  };
  const person: Site['person'] = async (role, { unverified } = {}) => {
    const email = `${role}-${Math.random().toString(36).slice(2)}@example.com`;
    const guest = visitor();
    await setMail(false);
    const { body } = await admin.call<{ link: string }>('POST', '/api/invitations', { email, role }, { 'tidewheel-workspace': 'main' });
    await setMail(true);
    const made = await guest.call<{ id: string }>('POST', `/api/auth/links/${body.link.split('/').at(-1)}`, { email, name: role, password });
    if (!unverified) await sql`update identity."user" set email_verified = true where email = ${email}`.execute(databases.engine);
    return { visitor: guest, email, id: made.body.id };
  };
  const close = async () => {
    await stopOutbox();
    await server.close();
    await smtp.close();
    await database.drop();
  };
  const forgiveAll = async () => void (await sql`delete from identity.sign_in_attempt`.execute(databases.engine));
  return { database, server, smtp, admin, visitor, person, mailedLink, mailsTo, forgiveAll, setMail, logged: () => logged() + server.logged(), close };
}

import type { Page } from '@tidewheel/contract/page';
import { permissions } from '@tidewheel/contract/route';
import type { MailSettings, OutboxMail } from '@tidewheel/contract/routes/mail';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { captureLog, type Listening, listenFor, someone } from '../../app/http/testing/listening.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { createVault } from '../vault/vault.service.ts';
import { mailEndpoints } from './mail.routes.ts';
import type { MailDeps } from './mail.service.ts';
import { enqueueMail, sendNext, startOutbox, waitAfter } from './outbox.ts';
import { type Certificate, makeCertificate, type SmtpHost, smtpUser, startSmtp } from './testing/smtp-host.ts';

let database: FreshDatabase;
let server: Listening;
let certificate: Certificate;
let smtp: SmtpHost;
let deps: MailDeps & { log: ReturnType<typeof captureLog>['log'] };
let logged: () => string;
let may: readonly (typeof permissions)[number][] = permissions;

beforeAll(async () => {
  database = await freshDatabase();
  certificate = await makeCertificate();
  const { databases, workspaceId, address } = database;
  const log = captureLog();
  logged = log.logged;
  deps = { databases, vault: createVault({ databases, masterKey: address.masterKey }), masterKey: address.masterKey, workspaceId, log: log.log };
  server = await listenFor({ endpoints: mailEndpoints(deps), authenticate: async () => ({ ...someone, workspaceId, permissions: new Set(may) }) });
  smtp = await startSmtp({ ...certificate });
});
afterAll(async () => {
  await smtp.close();
  await server.close();
  await database.drop();
});
beforeEach(async () => {
  may = permissions;
  smtp.mails.length = 0;
  smtp.tried.length = 0;
  await sql`delete from mail_outbox`.execute(database.databases.engine);
  await sql`delete from mail_server`.execute(database.databases.engine);
});

async function call<T>(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: T & { code?: string; detail?: string; faults?: { path: string }[] } }> {
  const answer = await fetch(`${server.origin}/api/mail/${path}`, {
    method,
    headers: { 'sec-fetch-site': 'same-origin', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as never };
}

const settings = () => ({
  host: 'localhost',
  port: smtp.port,
  security: 'starttls',
  certificateAuthority: certificate.cert,
  user: smtpUser.user,
  password: smtpUser.password as string | undefined,
  from: 'tidewheel@example.org',
  fromName: 'Tidewheel',
});
const configure = (changed: Partial<Record<keyof ReturnType<typeof settings>, unknown>> = {}) =>
  call<MailSettings>('PUT', 'settings', { ...settings(), ...changed });
const test = (to = 'ana@example.org') => call<{ answer: string; messageId: string }>('POST', 'test', { to });
const enqueue = (to = 'ana@example.org', usefulUntil = new Date(Date.now() + 3_600_000)) =>
  database.databases.engine
    .transaction()
    .execute((trx) => enqueueMail(deps, trx, { purpose: 'test', to, subject: 'Hello', text: 'https://tidewheel.example/reset/the-secret-link', usefulUntil }));
const outbox = async () => (await call<Page<OutboxMail>>('GET', 'outbox')).body.items;
const dueNow = () => sql`update mail_outbox set next_attempt_at = now()`.execute(database.databases.engine);

describe('the settings', () => {
  it('say clearly that mail is not configured', async () => {
    expect((await call('GET', 'settings')).body).toEqual({ configured: false, server: null });
    expect(await test()).toMatchObject({ status: 409, body: { code: 'mail.not_configured' } });
    await expect(enqueue()).rejects.toMatchObject({ code: 'mail.not_configured' });
  });

  it('keep the password sealed and show it nowhere', async () => {
    const saved = await configure();
    expect(saved).toMatchObject({ status: 200, body: { configured: true, server: { host: 'localhost', hasPassword: true, updatedBy: someone.label } } });
    const { rows } = await sql<{ all: string }>`
      select row_to_json(m)::text || (select string_agg(row_to_json(c)::text || encode(ciphertext, 'escape'), '') from credential c) as all from mail_server m`.execute(
      database.databases.engine,
    );
    expect(rows[0]?.all).toContain('tidewheel@example.org');
    for (const text of [rows[0]?.all, JSON.stringify(saved.body), JSON.stringify((await call('GET', 'settings')).body), logged()])
      expect(text).not.toContain(smtpUser.password);
  });

  it('never hand a stored password to another server, another user or a weaker encryption', async () => {
    await configure();
    for (const changed of [{ host: '127.0.0.1' }, { port: 1 }, { security: 'none' }, { certificateAuthority: null }, { user: 'other' }]) {
      const answer = await configure({ ...changed, password: undefined });
      expect(answer, JSON.stringify(changed)).toMatchObject({ status: 400, body: { code: 'mail.settings', faults: [{ path: 'password' }] } });
    }
    expect((await configure({ password: undefined, fromName: 'Other' })).status).toBe(200);
    expect((await test()).status).toBe(200);
  });

  it('forget the password with the user, and everything when removed', async () => {
    await configure();
    await configure({ user: null, password: undefined });
    const left = async () => (await sql<{ n: number }>`select count(*)::int as n from credential`.execute(database.databases.engine)).rows[0]?.n;
    const before = await left();
    expect((await call<MailSettings>('GET', 'settings')).body.server).toMatchObject({ user: null, hasPassword: false });
    await configure();
    expect(await left()).toBe((before ?? 0) + 1);
    expect((await call('DELETE', 'settings')).body).toEqual({ configured: false, server: null });
    expect(await left()).toBe(before);
  });

  it('need mail.edit, each of them', async () => {
    may = permissions.filter((permission) => permission !== 'mail.edit');
    const answers = [await call('GET', 'settings'), await configure(), await call('DELETE', 'settings'), await test(), await call('GET', 'outbox')];
    expect(answers.map((answer) => answer.status)).toEqual([403, 403, 403, 403, 403]);
  });

  it('take no line break into a head', async () => {
    expect((await configure({ fromName: 'Tidewheel\r\nBcc: thief@example.org' })).status).toBe(400);
    await configure();
    expect((await test('ana@example.org\r\nBcc: thief@example.org')).status).toBe(400);
  });
});

describe('a test mail', () => {
  it('is sent at once over STARTTLS with AUTH', async () => {
    await configure();
    const sent = await test();
    expect(sent.status).toBe(200);
    expect(sent.body.answer).toMatch(/^250/);
    expect(smtp.tried).toEqual([{ ...smtpUser, encrypted: true }]);
    expect(smtp.mails[0]).toContain(`Message-ID: ${sent.body.messageId}`);
    expect(smtp.mails[0]).toMatch(/From: "?Tidewheel"? <tidewheel@example.org>/);
  });

  it('says that the password is wrong, without the password, even where the server echoes it', async () => {
    await configure({ password: 'quite-the-wrong-one' });
    const answer = await test();
    expect(answer).toMatchObject({ status: 409, body: { code: 'mail.sign_in_refused' } });
    expect(smtp.tried[0]?.password).toBe('quite-the-wrong-one');
    expect(JSON.stringify(answer.body) + logged()).not.toContain('quite-the-wrong-one');
  });

  it('gives no password to a server that offers no STARTTLS, or whose certificate nobody vouches for', async () => {
    const plain = await startSmtp({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    await configure({ port: plain.port });
    expect(await test()).toMatchObject({ status: 409, body: { code: 'mail.no_tls' } });
    expect([plain.tried, plain.mails]).toEqual([[], []]);
    await plain.close();
    await configure({ certificateAuthority: null });
    expect(await test()).toMatchObject({ status: 409, body: { code: 'mail.no_tls' } });
    expect(smtp.tried).toEqual([]);
  });

  it('says that the server is away, or refuses the recipient', async () => {
    const picky = await startSmtp({ ...certificate, refuse: (to) => to.startsWith('nobody') });
    await configure({ port: picky.port });
    expect(await test('nobody@example.org')).toMatchObject({ status: 400, body: { code: 'mail.refused' } });
    await picky.close();
    expect(await test()).toMatchObject({ status: 502, body: { code: 'mail.unreachable' } });
  });
});

describe('the outbox', () => {
  it('holds no text in clear, shows none, and forgets it once it is sent', async () => {
    await configure();
    await enqueue();
    const stored = async () =>
      (
        await sql<{ all: string; text: Buffer | null }>`select row_to_json(m)::text as all, sealed_text as text from mail_outbox m`.execute(
          database.databases.engine,
        )
      ).rows[0];
    expect((await stored())?.text?.includes('the-secret-link')).toBe(false);
    expect(JSON.stringify([(await stored())?.all, await outbox()])).not.toContain('the-secret-link');
    expect(await sendNext(deps)).toBe(true);
    expect(smtp.mails[0]).toContain('the-secret-link');
    expect((await stored())?.text).toBeNull();
    expect(await outbox()).toMatchObject([{ to: 'ana@example.org', state: 'sent', attempts: 1, error: null, nextAttemptAt: null }]);
  });

  it('is out of reach of the app role', async () => {
    for (const table of ['mail_server', 'mail_outbox'])
      await expect(sql`select * from ${sql.ref(table)}`.execute(database.databases.app)).rejects.toThrow(/permission denied/);
  });

  it('waits for a server that is down, with longer and longer pauses, and sends when it is up again', async () => {
    const first = await startSmtp({ ...certificate });
    await configure({ port: first.port });
    await first.close();
    await enqueue();
    const waits: number[] = [];
    for (let n = 0; n < 3; n++) {
      await dueNow();
      await sendNext(deps);
      const [mail] = await outbox();
      waits.push(Math.round((Date.parse(mail?.nextAttemptAt ?? '') - Date.now()) / 1_000 / 10) * 10);
    }
    expect(waits).toEqual([10, 20, 40]);
    expect([waitAfter(1), waitAfter(9), waitAfter(500)]).toEqual([10, 1_800, 1_800]);
    expect(await outbox()).toMatchObject([{ state: 'waiting', attempts: 3, error: expect.stringContaining('did not take the mail') }]);
    // Not due: nobody sends it.
    expect(await sendNext(deps)).toBe(false);
    const second = await startSmtp({ ...certificate, port: first.port });
    await dueNow();
    await sendNext(deps);
    expect([second.mails.length, (await outbox())[0]?.state]).toEqual([1, 'sent']);
    await second.close();
  });

  it('sends each mail once, with three senders at work', async () => {
    await configure();
    for (let n = 0; n < 12; n++) await enqueue(`reader${n}@example.org`);
    const stops = [startOutbox(deps), startOutbox(deps), startOutbox(deps)];
    await expect.poll(() => smtp.mails.length).toBe(12);
    await Promise.all(stops.map((stop) => stop()));
    expect((await outbox()).map((mail) => [mail.state, mail.attempts])).toEqual(Array(12).fill(['sent', 1]));
    expect(new Set(smtp.mails.map((mail) => /^To: (.*)$/m.exec(mail)?.[1])).size).toBe(12);
  });

  it('keeps what is on its way for as long as that takes', async () => {
    // A regression: what took longer than a claim was sent by the next sender too, and as none held it any more when he was through, so on.
    const held = Promise.withResolvers<void>();
    const slow = await startSmtp({
      ...certificate,
      onData(stream, _session, done) {
        stream.resume().on('end', () => void held.promise.then(() => done()));
      },
    });
    await configure({ port: slow.port });
    await enqueue();
    const first = sendNext(deps, { claimFor: 1 });
    const claimedUntil = async () =>
      (await sql<{ until: Date | null }>`select claimed_until as until from mail_outbox`.execute(database.databases.engine)).rows[0]?.until?.getTime() ?? 0;
    await expect.poll(claimedUntil).toBeGreaterThan(0);
    const begun = await claimedUntil();
    await expect.poll(claimedUntil).toBeGreaterThan(begun);
    held.resolve();
    expect(await first).toBe(true);
    expect(await outbox()).toMatchObject([{ state: 'sent', attempts: 1 }]);
    await slow.close();
  });

  it('sends again what a dead sender held, under the same Message-ID, and does not believe the dead one afterwards', async () => {
    await configure();
    await enqueue();
    await sql`update mail_outbox set attempts = 1, claimed_until = now() + interval '1 minute'`.execute(database.databases.engine);
    expect(await sendNext(deps)).toBe(false);
    await sql`update mail_outbox set claimed_until = now() - interval '1 second'`.execute(database.databases.engine);
    const { rows } = await sql<{ message_id: string }>`select message_id from mail_outbox`.execute(database.databases.engine);
    await sendNext(deps);
    expect(smtp.mails).toHaveLength(1);
    expect(smtp.mails[0]).toContain(`Message-ID: ${rows[0]?.message_id}`);
    expect(await outbox()).toMatchObject([{ state: 'sent', attempts: 2 }]);
  });

  it('gives up what the server refuses for good, and what is of no use any more', async () => {
    const picky = await startSmtp({ ...certificate, refuse: (to) => to.startsWith('nobody') });
    await configure({ port: picky.port });
    await enqueue('nobody@example.org');
    await enqueue('late@example.org', new Date(Date.now() - 1_000));
    while (await sendNext(deps));
    expect((await outbox()).map((mail) => [mail.to, mail.state, mail.attempts])).toEqual([
      ['late@example.org', 'failed', 1],
      ['nobody@example.org', 'failed', 1],
    ]);
    expect(picky.mails).toEqual([]);
    await picky.close();
  });

  it('keeps a mail of a transaction that fails to itself', async () => {
    await configure();
    const broken = database.databases.engine.transaction().execute(async (trx) => {
      await enqueueMail(deps, trx, { purpose: 'test', to: 'ana@example.org', subject: 's', text: 't', usefulUntil: new Date(Date.now() + 60_000) });
      throw new TypeError('rolled back');
    });
    await expect(broken).rejects.toThrow('rolled back');
    expect(await outbox()).toEqual([]);
  });
});

// mail.send with the real outbox and a real SMTP server.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { FileRef } from '@tidewheel/contract/values';
import { type HarnessOptions, newTrace, runStep } from '@tidewheel/kit/harness';
import PostalMime, { type Email } from 'postal-mime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { captureLog } from '../../../server/src/app/http/testing/listening.ts';
import type { MailDeps } from '../../../server/src/platform/mail/mail.service.ts';
import { saveServer } from '../../../server/src/platform/mail/mail.store.ts';
import { sendNext, startOutbox } from '../../../server/src/platform/mail/outbox.ts';
import { createMailPort } from '../../../server/src/platform/mail/step-mail.ts';
import { type SmtpHost, startSmtp } from '../../../server/src/platform/mail/testing/smtp-host.ts';
import { createVault } from '../../../server/src/platform/vault/vault.service.ts';
import { createLocalStore } from '../../../server/src/storage/objects/local-store.ts';
import type { ObjectStore } from '../../../server/src/storage/objects/object-store.ts';
import { type FreshDatabase, freshDatabase } from '../../../server/src/testing/database.ts';
import { mailSend } from './send.step.ts';

let database: FreshDatabase;
let smtp: SmtpHost;
let folder: string;
let objects: ObjectStore;
let deps: MailDeps & { log: ReturnType<typeof captureLog>['log'] };

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'tw-mail-'));
  objects = await createLocalStore(folder);
  smtp = await startSmtp({ disabledCommands: ['STARTTLS', 'AUTH'], refuse: (to) => to.startsWith('gone') });
  const { databases, workspaceId, address } = database;
  const vault = createVault({ databases, masterKey: address.masterKey });
  deps = { databases, vault, masterKey: address.masterKey, workspaceId, objects, log: captureLog().log };
  await saveServer(databases.engine, {
    ...{ host: '127.0.0.1', port: smtp.port, security: 'none', certificate_authority: null, user_name: null, credential_id: null },
    ...{ workspace_id: workspaceId, from_address: 'tidewheel@example.org', from_name: null, updated_by: 'test' },
  });
});
afterAll(async () => {
  await smtp.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  smtp.mails.length = 0;
});

const run = (id: string) => ({ id, number: 7, flow: 'color-morning', workspaceId: database.workspaceId });
const people = async (_workspace: string, roles: readonly string[]) => (roles.includes('operator') ? ['Ops@example.org'] : []);
const port = (domains: string[] = []) => createMailPort({ ...deps, membersOf: people, domains, origin: () => 'https://tidewheel.example' });
const sheet = { name: 'colors.xlsx', content: 'synthetic sheet' };
/** The step with the files of the harness, which are in the object store of the outbox too. */
async function send(config: Parameters<typeof runStep<typeof mailSend.config>>[1], { id = randomUUID(), ...more }: HarnessOptions & { id?: string } = {}) {
  await objects.put(database.workspaceId, Readable.from([Buffer.from(sheet.content)]));
  const mail = port().of({ run: run(id), step: 'post' });
  return runStep(mailSend, config, { inputs: { sheet: { files: [sheet], value: { rows: 42 } } }, mail, ...more });
}
/** Sends what waits, once. */
async function sendAll(): Promise<void> {
  while (await sendNext(deps));
}
const parsed = (): Promise<Email[]> => Promise.all(smtp.mails.map((mail) => PostalMime.parse(mail)));

test('mails a list once, with its files, one head for all and one Message-ID', async () => {
  const id = randomUUID();
  const stop = startOutbox(deps);
  try {
    const config = {
      to: ['desk@example.org, Sales@example.org', 'desk@example.org'],
      cc: ['boss@example.org'],
      bcc: ['archive@example.org'],
      roles: ['operator'],
      subject: 'Colors of {{ today }}\n',
      body: '{{ values.sheet.rows }} rows in {{ files[0].name }}, {{ files[0].size }} bytes\n',
    };
    await using done = await send(config, { id, today: '2026-11-20' });
    const value = done.result.value as { messageId: string; attached: number; recipients: { to: string; state: string }[] };
    expect(value.attached).toBe(1);
    expect(value.recipients.map(({ to, state }) => `${to} ${state}`).sort()).toEqual(
      ['Ops@example.org sent', 'Sales@example.org sent', 'archive@example.org sent', 'boss@example.org sent', 'desk@example.org sent'].sort(),
    );
    expect(done.deliveries).toMatchObject([{ state: 'delivered', connection: 'mail', file: { name: 'colors.xlsx' }, receipt: { recipients: 5 } }]);
    const mails = await parsed();
    expect(mails).toHaveLength(5);
    expect(new Set(mails.map(({ messageId }) => messageId))).toEqual(new Set([value.messageId]));
    for (const mail of mails) {
      expect(mail.subject).toBe('Colors of 2026-11-20');
      expect(mail.text?.trim()).toBe('42 rows in colors.xlsx, 15 bytes');
      expect(mail.to?.map(({ address }) => address)).toEqual(['desk@example.org', 'Sales@example.org', 'Ops@example.org']);
      expect(mail.cc?.map(({ address }) => address)).toEqual(['boss@example.org']);
      expect(Buffer.from(mail.attachments[0]?.content as ArrayBuffer).toString()).toBe(sheet.content);
    }
    expect(smtp.mails.join('')).not.toContain('archive@example.org');
    await using again = await send(config, { id, today: '2026-11-20' });
    expect(again.result.value).toEqual(value);
    expect(smtp.mails).toHaveLength(5);
  } finally {
    await stop();
  }
});

test('says what is refused, and only who has none gets it with the next attempt', async () => {
  const id = randomUUID();
  const config = { to: ['desk@example.org', 'gone@example.org'] };
  const stop = startOutbox(deps);
  const trace = newTrace();
  try {
    await expect(send(config, { id, trace })).rejects.toMatchObject({
      code: 'mail.not_sent',
      message: expect.stringContaining('gone@example.org'),
      retryable: false,
    });
    expect(trace.deliveries).toMatchObject([{ state: 'failed', error: 'mail.not_sent: gone@example.org' }]);
    await expect(send(config, { id })).rejects.toMatchObject({ code: 'mail.not_sent' });
  } finally {
    await stop();
  }
  expect(smtp.mails).toHaveLength(1);
});

test('shows what waits and what a dead sender may have sent, and sends it again under its Message-ID', async () => {
  const id = randomUUID();
  await using waiting = await send({ to: ['desk@example.org'], waitSeconds: 0 }, { id });
  expect(waiting.result.value).toMatchObject({ recipients: [{ state: 'waiting' }] });
  expect(waiting.deliveries).toEqual([]);
  await database.databases.enginePool.query("update mail_outbox set claimed_until = now() + interval '1 minute', attempts = 1 where run_id = $1", [id]);
  expect(
    (
      await port()
        .of({ run: run(id), step: 'post' })
        .sent()
    )[0],
  ).toMatchObject({ state: 'sending' });
  await database.databases.enginePool.query("update mail_outbox set claimed_until = now() - interval '1 minute' where run_id = $1", [id]);
  const [unknown] = await port()
    .of({ run: run(id), step: 'post' })
    .sent();
  expect(unknown).toMatchObject({ to: 'desk@example.org', state: 'unknown' });
  await sendAll();
  expect((await parsed()).map(({ messageId }) => messageId)).toEqual([unknown?.messageId]);
  expect(
    (
      await port()
        .of({ run: run(id), step: 'post' })
        .sent()
    )[0],
  ).toMatchObject({ state: 'sent', error: null });
});

test('has the link in place of files that are too large, and gives up when a file is gone', async () => {
  await using large = await send({ to: ['desk@example.org'], files: 'link', waitSeconds: 0 });
  expect(large.result.value).toMatchObject({ attached: 0 });
  const big = { name: 'big.csv', content: Buffer.alloc(200_000) };
  await using tooLarge = await send({ bcc: ['desk@example.org'], maxMegabytes: 0.1, waitSeconds: 0 }, { inputs: { sheet: { files: [big] } } });
  expect(tooLarge.logs.map(({ text }) => text)).toContain('1 files of 0.2 MB are more than 0.1 MB: the mail has the link instead.');
  await sendAll();
  const mails = await parsed();
  expect(mails.map(({ attachments }) => attachments.length)).toEqual([0, 0]);
  expect(mails.every(({ text }) => /https:\/\/tidewheel\.example\/w\/[a-z0-9-]+\/runs\/[0-9a-f-]{36}/.test(text ?? ''))).toBe(true);
  expect(smtp.mails[1]).toContain('undisclosed-recipients');
  const id = randomUUID();
  const missing: FileRef = { kind: 'file', name: 'x', mediaType: 'text/plain', size: 1, sha256: 'a'.repeat(64), md5: '' };
  const mail = port().of({ run: run(id), step: 'post' });
  await mail.enqueue({ to: ['desk@example.org'], cc: [], bcc: [], subject: 's', text: 't', files: [missing] });
  await sendAll();
  expect(await mail.sent()).toMatchObject([{ state: 'failed' }]);
});

test('refuses what is no address, nobody, a domain that is not allowed, and faulty templates', async () => {
  await expect(send({ to: ['desk at example'] })).rejects.toMatchObject({ code: 'mail.address' });
  await expect(send({ to: ['desk@example.org\nBcc: x@example.org'] })).rejects.toMatchObject({ code: 'mail.address' });
  await expect(send({ roles: ['nobody'] })).rejects.toMatchObject({ code: 'mail.nobody' });
  await expect(send({})).rejects.toThrow('at least one address or role');
  await expect(send({ to: ['desk@example.org'], subject: '{{ today' })).rejects.toThrow('subject');
  await expect(send({ to: ['desk@example.org'], subject: '{{ nothing | default: "" }}' })).rejects.toMatchObject({ code: 'mail.no_subject' });
  const mail = port(['example.com']).of({ run: run(randomUUID()), step: 'post' });
  await expect(send({ to: ['desk@example.org'] }, { mail })).rejects.toMatchObject({ code: 'mail.domain' });
  await using dry = await send({ to: ['desk@example.org'] }, { isDry: true });
  expect(dry.logs[0]?.text).toContain('Dry run: would mail');
  await sendAll();
  expect(smtp.mails).toEqual([]);
});

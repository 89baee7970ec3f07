// Everything that a person can do is in the audit trail, and an export of it proves itself to who has nothing but the file.
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Client } from '@tidewheel/client/client';
import * as routes from '@tidewheel/client/routes';
import { type AuditAction, auditActions } from '@tidewheel/contract/audit-actions';
import type { AuditDetail, AuditEntry } from '@tidewheel/contract/routes/audit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stepAt, totpCode } from '../../../packages/server/src/platform/identity/totp.ts';
import { apply, type Product, start, startProduct, untilEnded } from '../bad-input/product.ts';
import { doAccounts } from './audited-accounts.ts';
import { doBackups } from './audited-backups.ts';
import { doCalendars } from './audited-calendars.ts';
import { doColorRules } from './audited-color-rules.ts';
import { doColorSessions } from './audited-color-sessions.ts';
import { doColors } from './audited-colors.ts';
import { doFactors } from './audited-factors.ts';
import { doNotifications } from './audited-notifications.ts';
import { doSchedules } from './audited-schedules.ts';
import { doColorSearches } from './audited-searches.ts';
import { doSso } from './audited-sso.ts';
import { doTargets } from './audited-targets.ts';
import { doTriggers } from './audited-triggers.ts';
import { doWaits } from './audited-waits.ts';
import { doServiceAccounts, doWorkspaces } from './audited-workspaces.ts';

let product: Product;
const ada = { email: 'ada@example.org', name: 'Ada', password: 'correct horse battery' };
const flow = (title: string) => `flow: hello
title: ${title}
kind: job
steps:
  hello:
    use: report.text
    with: { fileName: hello.txt, template: Hello }
`;

/** What the server does by itself after days; each has a database test of its own. */
const unattended: ReadonlySet<AuditAction> = new Set(['audit.erased', 'credential.reminded']);

beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

/** A browser that keeps its cookie. */
function browser() {
  let cookie = '';
  return async (method: string, address: string, body?: unknown) => {
    const answer = await fetch(product.server.origin + address, {
      method,
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
}

async function doFlows(client: Client): Promise<void> {
  await apply(client, flow('Hello'));
  await apply(client, flow('Hello again'));
  const id = await start(client, 'hello');
  expect(await untilEnded(client, id)).toMatchObject({ state: 'succeeded' });
  const again = await client.call(routes.rerunRun, { params: { id }, body: {} });
  await untilEnded(client, again.id);
  const { items } = await client.call(routes.listArtifacts, { query: { run: id } });
  await (await client.download(routes.downloadArtifact, { params: { id: items[0]?.id ?? '' } })).text();
  await (await client.download(routes.downloadLog, { params: { id } })).text();
  await client.call(routes.archiveFlow, { params: { slug: 'hello' } });
  await client.call(routes.restoreFlow, { params: { slug: 'hello' } });
}

async function doVersions(client: Client): Promise<void> {
  const { shell } = product;
  const slug = 'versioned';
  const params = { slug };
  const text = (title: string) => flow(title).replace('flow: hello', `flow: ${slug}`);
  await client.call(routes.saveDraft, { params, body: { source: text('One') } });
  await client.call(routes.publishDraft, { params, body: { revision: 1 } });
  await client.call(routes.saveDraft, { params, body: { source: text('Two') } });
  await client.call(routes.discardDraft, { params, query: {} });
  await apply(client, text('Three'));
  expect(await shell.tidewheel(['flow', 'restore', slug, '--version', '1'])).toMatchObject({ code: 0 });
  await client.call(routes.switchFlowOff, { params, body: { reason: 'closed' } });
  await client.call(routes.switchFlowOn, { params });
}

async function doConnections(client: Client): Promise<void> {
  const config = { host: '127.0.0.1', port: 9, user: 'tide', hostKey: 'SHA256:uNiVztksCsDhcc0u9e8BrqyuqS2VGvTXMFzYqWMbsCY' };
  await client.call(routes.createConnection, { body: { slug: 'far', title: 'Far', type: 'sftp', config, secret: { password: 'swordfish-9271' } } });
  await client.call(routes.updateConnection, { params: { slug: 'far' }, body: { title: 'Farther', config, secret: { password: 'swordfish-9272' } } });
  await client.call(routes.testConnection, { params: { slug: 'inbox' } });
  await client.call(routes.tryConnection, { body: { type: 'folder', config: { root: product.inbox } } });
  await client.call(routes.archiveConnection, { params: { slug: 'far' } });
}

async function doCredentials(client: Client): Promise<void> {
  const params = { slug: 'shared' };
  const secret = { password: 'swordfish-9273' };
  await client.call(routes.createCredential, { body: { slug: 'shared', type: 'ssh', title: 'Shared', fields: { user: 'tide' }, secret } });
  await client.call(routes.updateCredential, { params, body: { description: 'Of all' } });
  await client.call(routes.rotateCredential, { params, body: { secret: { password: 'swordfish-9274' }, graceHours: 1 } });
  await client.call(routes.restoreCredential, { params });
  await client.call(routes.testCredential, { params, body: {} });
  await client.call(routes.archiveCredential, { params, query: {} });
  expect(await product.shell.tidewheel(['vault', 'rewrap'])).toMatchObject({ code: 0, stdout: expect.stringContaining('done') });
}

async function doFiles(client: Client): Promise<void> {
  const file = path.join(product.shell.folder, 'list.csv');
  await writeFile(file, 'a,b\n1,2\n');
  expect(await product.shell.tidewheel(['file', 'upload', file, '--as', 'list'])).toMatchObject({ code: 0 });
  expect(await product.shell.tidewheel(['file', 'download', 'list', '--output', '-'])).toMatchObject({ code: 0 });
  await apply(client, 'flow: rows\ntitle: Rows\nkind: pipeline\nsteps:\n  list:\n    use: table.read\n    with: { file: list, format: csv }\n');
  const id = await start(client, 'rows');
  await untilEnded(client, id);
  expect(await client.call(routes.showTable, { params: { id, step: 'list' } })).toMatchObject({ total: 1 });
  await client.call(routes.removeFile, { params: { slug: 'list' } });
}

async function doPeople(client: Client): Promise<void> {
  const call = browser();
  const token = new URL(product.server.firstLink ?? '').pathname.split('/').at(-1);
  expect((await call('POST', `/api/auth/links/${token}`, ada)).status).toBe(201);
  expect((await call('POST', '/api/auth/sign-out')).status).toBe(200);
  expect((await call('POST', '/api/auth/sign-in', { email: ada.email, password: 'hunter2-is-wrong' })).status).toBe(401);
  expect((await call('POST', '/api/auth/sign-in', { email: 'my-pasted-password@example.org', password: 'x' })).status).toBe(401);
  expect((await call('POST', '/api/auth/sign-in', { email: ada.email, password: ada.password })).status).toBe(200);
  const sessions = (await call('GET', '/api/auth/sessions')).body as unknown as { id: string }[];
  const other = browser();
  await other('POST', '/api/auth/sign-in', { email: ada.email, password: ada.password });
  const both = (await call('GET', '/api/auth/sessions')).body as unknown as { id: string }[];
  const newest = both.find((one) => !sessions.some((known) => known.id === one.id));
  expect((await call('DELETE', `/api/auth/sessions/${newest?.id}`)).status).toBe(200);
  await client.call(routes.inviteUser, { body: { email: 'bob@example.org', role: 'viewer' } });
  const { id } = (await client.call(routes.listInvitations))[0] ?? { id: '' };
  await client.call(routes.revokeInvitation, { params: { id } });
  const made = await client.call(routes.createToken, { body: { title: 'ci', days: 1 } });
  await client.call(routes.revokeToken, { params: { id: made.id } });
  await invited(client);
}

async function invited(client: Client): Promise<void> {
  const { link } = await client.call(routes.inviteUser, { body: { email: 'eve@example.org', role: 'viewer' } });
  const call = browser();
  await call('POST', `/api/auth/links/${new URL(link ?? '').pathname.split('/').at(-1)}`, { ...ada, email: 'eve@example.org' });
  const eve = (await client.call(routes.listUsers)).find((user) => user.email === 'eve@example.org');
  await client.call(routes.setRole, { params: { id: eve?.id ?? '' }, body: { role: 'operator' } });
  expect((await call('GET', '/api/audit')).status).toBe(403);
  await newPasswords(client, { id: eve?.id ?? '', call });
  const server = { host: '127.0.0.1', port: 25, security: 'none' as const, from: 'tidewheel@example.org' };
  await client.call(routes.updateMailSettings, { body: server });
  await client.call(routes.removeMailSettings);
  await client.call(routes.updateSignInRules, { body: { maxSessions: 9 } });
  await client.call(routes.updateSecuritySettings, { body: { uploadsPerWorkspace: 15 } });
  await operated(client);
}

async function operated(client: Client): Promise<void> {
  await client.call(routes.pauseEngine, { body: { reason: 'a look' } });
  await client.call(routes.resumeEngine);
  const [worker] = (await client.call(routes.showEngine)).workers;
  const params = { id: worker?.id ?? '' };
  await client.call(routes.drainWorker, { params });
  await client.call(routes.undrainWorker, { params });
}

function codeOf(secret: string): string {
  const bits = [...secret].map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  return totpCode({ secret: bytes, step: stepAt(new Date()) });
}

async function newPasswords(client: Client, eve: { id: string; call: ReturnType<typeof browser> }): Promise<void> {
  const password = 'seven otters and a chair';
  expect((await eve.call('POST', '/api/auth/password', { current: ada.password, password })).status).toBe(200);
  const begun = (await eve.call('POST', '/api/auth/second-factor', { password })).body as unknown as { secret: string };
  expect((await eve.call('POST', '/api/auth/second-factor/confirm', { code: codeOf(begun.secret) })).status).toBe(200);
  await client.call(routes.resetSecondFactor, { params: { id: eve.id } });
  const { link } = await client.call(routes.sendPasswordReset, { params: { id: eve.id } });
  const reset = `/api/auth/account-links/${new URL(link ?? '').pathname.split('/').at(-1)}/password`;
  expect((await browser()('POST', reset, { password: 'nine otters and a lantern' })).status).toBe(200);
}

async function doAccess(client: Client): Promise<void> {
  const { link } = await client.call(routes.inviteUser, { body: { email: 'fay@example.org', role: 'operator' } });
  const fay = browser();
  await fay('POST', `/api/auth/links/${new URL(link ?? '').pathname.split('/').at(-1)}`, { ...ada, email: 'fay@example.org' });
  const { shell } = product;
  expect(await shell.tidewheel(['role', 'create', 'night', '--copy-from', 'operator'])).toMatchObject({ code: 0 });
  expect(await shell.tidewheel(['role', 'update', 'night', '--allow', 'flow.read'])).toMatchObject({ code: 0 });
  expect(await shell.tidewheel(['role', 'delete', 'night'])).toMatchObject({ code: 0 });
  expect(await shell.tidewheel(['role', 'update', 'executive', '--title', 'Management'])).toMatchObject({ code: 0 });
  expect(await shell.tidewheel(['role', 'reset', 'executive'])).toMatchObject({ code: 0 });
  const grant = await client.call(routes.createGrant, { body: { user: 'fay@example.org', role: 'viewer', reason: 'a look around' } });
  await client.call(routes.revokeGrant, { params: { id: grant.id } });
  const separation = await client.call(routes.createSeparation, { body: { title: 'Apart', one: ['user.edit'], other: ['flow.edit'] } });
  await client.call(routes.removeSeparation, { params: { id: separation.id } });
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const lent = await fay('POST', '/api/delegations', { to: ada.email, reason: 'on holiday', until });
  expect((await fay('DELETE', `/api/delegations/${lent.body.id}`)).status).toBe(200);
}

async function cancelledRun(client: Client): Promise<void> {
  await apply(client, flow('Slow').replace('flow: hello', 'flow: slow').replace('use: report.text', 'use: report.text\n    worker: nobody'));
  const id = await start(client, 'slow');
  await client.call(routes.pauseRun, { params: { id } });
  await client.call(routes.resumeRun, { params: { id } });
  await client.call(routes.cancelRun, { params: { id } });
}

async function doOperations(client: Client): Promise<void> {
  const steps = 'steps:\n  fails: { use: flow.fail, with: { message: "it fails" } }\n';
  await apply(client, `flow: failing\ntitle: Failing\nparameters: { day: { type: date, default: "2026-01-01" } }\n${steps}`);
  const id = await start(client, 'failing');
  await untilEnded(client, id);
  const again = await client.call(routes.replayDeadLetter, { params: { id } });
  await untilEnded(client, again.id);
  await client.call(routes.discardDeadLetter, { params: { id }, body: { comment: 'known' } });
  const bulk = await client.call(routes.previewBulk, { body: { action: 'rerun', ids: [id] } });
  await client.call(routes.runBulk, { params: { id: bulk.id } });
  await apply(client, 'flow: daily\ntitle: Daily\nparameters: { day: { type: date } }\nsteps:\n  wait: { use: flow.signal, with: { name: go } }\n');
  const range = { parameter: 'day', from: '2026-01-01', to: '2026-01-02' };
  const backfill = await client.call(routes.startBackfill, { params: { slug: 'daily' }, body: range });
  await client.call(routes.cancelBackfill, { params: { id: backfill.id } });
  const test = await client.call(routes.startPerformanceTest, {
    params: { slug: 'daily' },
    body: { runs: 2, mode: 'normal', parameters: { day: '2026-01-01' } },
  });
  await client.call(routes.cancelPerformanceTest, { params: { id: test.id } });
}

const entriesOf = async (...filter: string[]) => (await product.shell.tidewheel(['audit', 'list', '--limit', '500', '--json', ...filter])).json<AuditEntry[]>();

test('everything that can be done leaves an entry, with who did it and from where', { timeout: 480_000 }, async () => {
  const { client } = product;
  await doFlows(client);
  await doVersions(client);
  await doConnections(client);
  await doCredentials(client);
  await doTargets(client, product);
  await doFiles(client);
  await doBackups(product);
  await doCalendars(client, product);
  await doColors(product);
  await doColorRules(product);
  await doColorSearches(product);
  await doColorSessions(product);
  await doPeople(client);
  await doAccounts(client);
  await doFactors(client);
  await doAccess(client);
  await doWorkspaces(client);
  await doServiceAccounts(client);
  await cancelledRun(client);
  await doOperations(client);
  await doWaits(product);
  await doTriggers(product);
  await doSchedules(product);
  await doNotifications(product);
  await doSso(client, product.server.origin);
  expect(await product.shell.tidewheel(['audit', 'export', '--output', 'first.ndjson'])).toMatchObject({ code: 0 });
  expect(await product.shell.tidewheel(['audit', 'retention', '--days', '2555'])).toMatchObject({ code: 0, stdout: expect.stringContaining('2555 days') });
  const entries = await entriesOf();
  expect(auditActions.filter((action) => !unattended.has(action) && !entries.some((entry) => entry.action === action))).toEqual([]);
  const byCall = entries.filter((entry) => entry.requestId !== null);
  expect(byCall.every((entry) => entry.address === '127.0.0.1' && entry.actor?.label)).toBe(true);
  expect(await entriesOf('--actor', ada.email, '--action', 'session.signed_in')).toHaveLength(2);
});

test('an entry tells before and after; all of one object are found', async () => {
  const [newest] = await entriesOf('--action', 'user.role_changed');
  const shown = (await product.shell.tidewheel(['audit', 'show', newest?.id ?? '', '--json'])).json<AuditDetail>();
  expect(shown).toMatchObject({ before: { role: 'viewer' }, after: { role: 'operator' }, actor: { label: 'operator@localhost' } });
  const [flowEntry] = await entriesOf('--action', 'flow.archived');
  const all = await entriesOf('--object', flowEntry?.object?.id ?? '');
  expect(all.map((entry) => entry.action)).toEqual(['flow.restored', 'flow.archived', 'flow.applied', 'flow.applied']);
});

test('an export is verified without the server, by the command and by the one file alone', async () => {
  const { shell } = product;
  const kept = await shell.tidewheel(['audit', 'checkpoint']);
  await writeFile(path.join(shell.folder, 'kept.txt'), kept.stdout);
  const { key } = (await shell.tidewheel(['audit', 'checkpoint', '--json'])).json<{ key: string }>();
  await product.client.call(routes.archiveFlow, { params: { slug: 'slow' } });
  expect(await shell.tidewheel(['audit', 'export', '--output', 'all.ndjson'])).toMatchObject({ code: 0 });
  const verified = await shell.tidewheel(['audit', 'verify', 'all.ndjson', '--key', key, '--earlier', 'kept.txt'], {
    env: { TIDEWHEEL_URL: 'http://127.0.0.1:9' },
  });
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('SOUND: nothing was changed.') });

  const alone = await mkdtemp(path.join(tmpdir(), 'tidewheel-verifier-'));
  await copyFile(fileURLToPath(new URL('../../../packages/cli/src/commands/audit/verifier.ts', import.meta.url)), path.join(alone, 'verifier.ts'));
  const run = promisify(execFile);
  const told = await run(process.execPath, ['verifier.ts', path.join(shell.folder, 'all.ndjson'), '--key', key], { cwd: alone });
  expect(told.stdout).toContain('SOUND');

  const text = await readFile(path.join(shell.folder, 'all.ndjson'), 'utf8');
  for (const secret of ['swordfish', 'hunter2-is-wrong', 'my-pasted-password', ada.password]) expect(text).not.toContain(secret);
  await writeFile(path.join(shell.folder, 'forged.ndjson'), text.replace('eve@example.org', 'bob@example.org'));
  expect(await shell.tidewheel(['audit', 'verify', 'forged.ndjson', '--key', key])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('its content was changed'),
  });
  expect(await shell.tidewheel(['audit', 'verify', 'nothing.ndjson'])).toMatchObject({ code: 2 });
});

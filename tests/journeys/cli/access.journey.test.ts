// Who may do what, from a terminal: a role of one's own, a share that a person really gets, why something is refused, and duties kept apart.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from '@tidewheel/client/client';
import { acceptLink, createToken } from '@tidewheel/client/routes';
import type { Grant, RoleInfo, Why } from '@tidewheel/contract/routes/access';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';

let server: TestServer;
let admin: Shell;
let ana: Shell;

/** A person with that role, at a terminal of her own. */
async function terminalOf(email: string, role: string): Promise<Shell> {
  const { link } = (await admin.tidewheel(['user', 'invite', email, '--role', role, '--json'])).json<{ link: string }>();
  let cookie = '';
  const fetchWithCookie: typeof fetch = async (input, init) => {
    const answer = await fetch(input, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), cookie, 'sec-fetch-site': 'same-origin' } });
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return answer;
  };
  const client = createClient({ origin: server.origin, fetch: fetchWithCookie });
  const account = { email, name: email, password: 'correct horse battery staple' };
  await client.call(acceptLink, { params: { token: new URL(link).pathname.split('/').at(-1) ?? '' }, body: account });
  const { token } = await client.call(createToken, { body: { title: 'terminal', days: 1 } });
  return openShell({ TIDEWHEEL_URL: server.origin, TIDEWHEEL_TOKEN: token });
}

beforeAll(async () => {
  server = await startTestServer();
  admin = await openShell({ TIDEWHEEL_DATA: server.dataFolder });
  expect(await admin.tidewheel(['login'])).toMatchObject({ code: 0 });
  ana = await terminalOf('ana@example.org', 'executive');
});
afterAll(() => server?.stop());

test('a role is copied, written to a file, changed there and put back', async () => {
  expect(await admin.tidewheel(['role', 'create', 'desk', '--title', 'Desk', '--copy-from', 'operator'])).toMatchObject({ code: 0 });
  const shown = await admin.tidewheel(['role', 'show', 'desk', '--json']);
  const role = shown.json<RoleInfo>();
  const file = path.join(admin.folder, 'desk.json');
  await writeFile(file, JSON.stringify({ ...role, rules: [{ permissions: ['flow.read', 'flow.run'], where: { flow: ['mifir-*'] } }] }));
  expect(await admin.tidewheel(['role', 'update', 'desk', '--file', file, '--revision', '1'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('revision 2'),
  });
  expect(await admin.tidewheel(['role', 'update', 'desk', '--file', file, '--revision', '1'])).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('meanwhile'),
  });
  expect((await admin.tidewheel(['role', 'show', 'desk'])).stdout).toContain('allows   flow.read, flow.run  where flow is mifir-*');
  await writeFile(file, (await readFile(file, 'utf8')).replace('flow.run', 'flow.fly'));
  expect(await admin.tidewheel(['role', 'update', 'desk', '--file', file])).toMatchObject({ code: 2, stderr: expect.stringContaining('rules.0.permissions') });
  expect(await admin.tidewheel(['user', 'invite', 'x@example.org', '--role', 'dask'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean "desk"?'),
  });
  expect(await admin.tidewheel(['role', 'delete', 'desk'])).toMatchObject({ code: 0 });
});

test('why not, then a share until Friday, then why so, then no more', async () => {
  const asked = ['access', 'why', 'flow.run', '--on', 'flow:mifir-daily'];
  expect((await ana.tidewheel(asked)).stdout).toContain('ana@example.org may NOT flow.run on flow');
  expect(await ana.tidewheel(['run', 'start', 'mifir-daily'])).toMatchObject({ code: 4, stderr: expect.stringContaining('flow.run') });
  const given = await admin.tidewheel([
    'grant',
    'add',
    'ana@example.org',
    '--on',
    'flow:mifir-daily',
    '--allow',
    'flow.run',
    '--until',
    '3d',
    '--reason',
    'stands in',
    '--json',
  ]);
  const grant = given.json<Grant>();
  expect(grant).toMatchObject({ state: 'active', share: { type: 'flow', object: 'mifir-daily' } });
  const why = (await ana.tidewheel([...asked, '--json'])).json<Why>();
  expect(why).toMatchObject({
    allowed: true,
    reasons: [
      { source: 'role Executive', verdict: 'silent' },
      { source: 'a grant', verdict: 'allows' },
    ],
  });
  expect(await ana.tidewheel(['run', 'start', 'mifir-daily'])).toMatchObject({ code: 0 });
  expect(await ana.tidewheel(['run', 'start', 'flight-delays'])).toMatchObject({ code: 4 });
  expect((await admin.tidewheel(['access', 'who', 'flow:mifir-daily'])).stdout).toContain('role Executive, a grant');
  expect(await admin.tidewheel(['grant', 'revoke', grant.id])).toMatchObject({ code: 0 });
  expect((await admin.tidewheel(['grant', 'list', '--user', 'ana@example.org'])).stdout).toContain('revoked');
  expect(await ana.tidewheel(['run', 'start', 'mifir-daily'])).toMatchObject({ code: 4 });
});

test('lent rights, and duties kept apart', async () => {
  const ben = await terminalOf('ben@example.org', 'operator');
  const lent = await ben.tidewheel(['delegation', 'add', 'ana@example.org', '--until', '2d', '--reason', 'on holiday']);
  expect(lent.code).toBe(0);
  expect((await ana.tidewheel(['delegation', 'list'])).stdout).toContain('all of the role');
  expect((await ana.tidewheel(['access', 'why', 'run.cancel'])).stdout).toContain('lent by ben@example.org');
  expect(await ben.tidewheel(['delegation', 'end', lent.stdout.trim()])).toMatchObject({ code: 0 });
  const made = await admin.tidewheel(['separation', 'add', 'Runs or sees nothing', '--these', 'flow.run', '--those', 'artifact.read']);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('ben@example.org') });
  expect(await admin.tidewheel(['grant', 'add', 'ana@example.org', '--role', 'operator', '--reason', 'on call'])).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('"Runs or sees nothing" keeps apart'),
  });
  expect((await admin.tidewheel(['separation', 'violations'])).stdout).toContain('flow.run and artifact.read');
  expect(await admin.tidewheel(['separation', 'remove', made.stdout.split('\n')[0] ?? ''])).toMatchObject({ code: 0 });
  expect((await admin.tidewheel(['access', 'matrix'])).stdout).toContain('flow.run');
  expect(await ana.tidewheel(['role', 'list'])).toMatchObject({ code: 4 });
});

// A person works a shared machine with a session that refreshes itself, and an administrator looks after users from a terminal.
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from '@tidewheel/client/client';
import { refreshingAuth } from '@tidewheel/client/refreshing-auth';
import { acceptLink, listFlows, logIn, whoAmI } from '@tidewheel/client/routes';
import type { TokenPair } from '@tidewheel/contract/routes/tokens';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';

let server: TestServer;
let local: Shell;
const ana = { email: 'ana@example.org', name: 'Ana', password: 'correct horse battery' };

beforeAll(async () => {
  server = await startTestServer();
  local = await openShell({ TIDEWHEEL_DATA: server.dataFolder });
  await local.tidewheel(['login']);
  const { stdout } = await local.tidewheel(['user', 'invite', ana.email, '--role', 'viewer']);
  const token = new URL(stdout.trim()).pathname.split('/').at(-1) ?? '';
  await createClient({ origin: server.origin }).call(acceptLink, { params: { token }, body: ana });
});
afterAll(() => server?.stop());

async function signInByHand(shell: Shell, more: string[] = []) {
  const answers: [RegExp, string][] = [
    [/E-mail:/, ana.email],
    [/Password:/, ana.password],
  ];
  return shell.onTerminal(['login', '--url', server.origin, '--session', ...more], {
    keepStdinOpen: true,
    onOutput: (output, child) => {
      if (!answers[0]?.[0].test(output)) return;
      child.stdin?.write(`${answers.shift()?.[1]}\r`);
    },
  });
}
const fileOf = (shell: Shell) => path.join(shell.folder, '.config/tidewheel/credentials.json');
async function kept(shell: Shell): Promise<TokenPair> {
  const { servers } = JSON.parse(await readFile(fileOf(shell), 'utf8')) as { servers: Record<string, { session: TokenPair }> };
  return servers[server.origin]?.session as TokenPair;
}
/** As if a quarter of an hour had passed on this machine. */
async function age(shell: Shell): Promise<void> {
  const text = await readFile(fileOf(shell), 'utf8');
  await writeFile(fileOf(shell), text.replace(/"accessExpiresAt": "[^"]*"/, '"accessExpiresAt": "2026-01-01T00:00:00.000Z"'));
}

test('a session is kept for its owner alone, and many commands at once exchange its tokens one at a time', async () => {
  const shell = await openShell();
  expect(await signInByHand(shell)).toMatchObject({ code: 0, stdout: expect.stringContaining(`as ${ana.email}`) });
  expect((await stat(fileOf(shell))).mode & 0o777).toBe(0o600);
  const first = await kept(shell);
  await age(shell);
  const runs = await Promise.all(Array.from({ length: 5 }, () => shell.tidewheel(['whoami', '--json'])));
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  const second = await kept(shell);
  expect(second.refreshToken).not.toBe(first.refreshToken);
  expect((await shell.tidewheel(['session', 'list', '--json'])).json<{ kind: string; current: boolean }[]>()).toContainEqual(
    expect.objectContaining({ kind: 'api', current: true }),
  );
  expect(await shell.tidewheel(['logout'])).toMatchObject({ code: 0 });
  const thief = createClient({ origin: server.origin, token: second.accessToken });
  await expect(thief.call(whoAmI)).rejects.toMatchObject({ status: 401 });
});

test('a session that was ended elsewhere says so; a stolen token that is used ends it', async () => {
  const shell = await openShell();
  await signInByHand(shell);
  const stolen = await kept(shell);
  await age(shell);
  expect(await shell.tidewheel(['whoami'])).toMatchObject({ code: 0 });
  const thief = createClient({
    origin: server.origin,
    auth: refreshingAuth({ origin: server.origin, pair: { ...stolen, accessExpiresAt: '2026-01-01T00:00:00.000Z' } }),
  });
  await expect(thief.call(whoAmI)).rejects.toMatchObject({ code: 'auth.refresh_reused' });
  expect(await shell.tidewheel(['whoami'])).toMatchObject({ code: 3 });
  expect((await local.tidewheel(['audit', 'list', '--action', 'session.reuse_detected', '--json'])).json<unknown[]>()).toHaveLength(1);
});

test('a program in TypeScript goes on past the end of its access token', async () => {
  const { origin } = server;
  const pair = await createClient({ origin }).call(logIn, { body: { email: ana.email, password: ana.password } });
  const seen: string[] = [];
  const auth = refreshingAuth({ origin, pair: { ...pair, accessExpiresAt: '2026-01-01T00:00:00.000Z' }, onPair: (next) => void seen.push(next.refreshToken) });
  const client = createClient({ origin, auth });
  await Promise.all(Array.from({ length: 10 }, () => client.call(listFlows)));
  expect(seen).toHaveLength(1);
  expect((await client.call(whoAmI)).email).toBe(ana.email);
});

test('an administrator ends one session and one token of a user, and takes an invitation back', async () => {
  const [shell, other] = [await openShell(), await openShell()];
  for (const one of [shell, other]) await signInByHand(one);
  const token = (await shell.tidewheel(['token', 'create', 'nightly'])).stdout.trim();
  const shown = (await local.tidewheel(['user', 'show', ana.email, '--json'])).json<{ sessions: { id: string }[]; tokens: { id: string }[] }>();
  const own = (await shell.tidewheel(['session', 'list', '--json'])).json<{ id: string; current: boolean }[]>().find(({ current }) => current)?.id ?? '';
  expect(shown.sessions.map(({ id }) => id)).toContain(own);
  expect((await local.tidewheel(['user', 'show', ana.email])).stdout).toContain(own);
  expect(await local.tidewheel(['user', 'end-sessions', '--session', own])).toMatchObject({ code: 2 });
  expect(await local.tidewheel(['user', 'end-sessions', ana.email, '--session', own])).toMatchObject({ code: 0 });
  expect(await shell.tidewheel(['whoami'])).toMatchObject({ code: 3 });
  expect(await other.tidewheel(['whoami'])).toMatchObject({ code: 0 });
  const withToken = { env: { TIDEWHEEL_TOKEN: token, TIDEWHEEL_URL: server.origin } };
  expect(await (await openShell()).tidewheel(['whoami'], withToken)).toMatchObject({ code: 0 });
  expect(await local.tidewheel(['user', 'revoke-token', ana.email, shown.tokens[0]?.id ?? ''])).toMatchObject({ code: 0 });
  expect(await (await openShell()).tidewheel(['whoami'], withToken)).toMatchObject({ code: 3 });
  await local.tidewheel(['user', 'invite', 'ben@example.org', '--role', 'designer']);
  expect((await local.tidewheel(['user', 'invitations'])).stdout).toMatch(/ben@example.org +designer/);
  expect(await local.tidewheel(['user', 'uninvite', 'Ben@example.org'])).toMatchObject({ code: 0 });
  expect(await local.tidewheel(['user', 'uninvite', 'ben@example.org'])).toMatchObject({ code: 5 });
  expect((await local.tidewheel(['user', 'invitations', '--json'])).json<object[]>()).toEqual([]);
});

test('an administrator shows, renames, suspends, restores and deletes a user', async () => {
  const shell = await openShell();
  await signInByHand(shell);
  expect(await local.tidewheel(['user', 'edit', ana.email, '--name', 'Ana Silva'])).toMatchObject({ code: 0 });
  expect((await local.tidewheel(['user', 'show', ana.email, '--json'])).json<object>()).toMatchObject({ name: 'Ana Silva', role: 'viewer', suspendedAt: null });
  expect((await local.tidewheel(['user', 'show', ana.email])).stdout).toContain('Ana Silva');
  expect(await local.tidewheel(['user', 'edit', ana.email])).toMatchObject({ code: 2 });
  expect(await local.tidewheel(['user', 'edit', ana.email, '--role', 'emperor'])).toMatchObject({ code: 2 });
  expect(await local.tidewheel(['user', 'edit', ana.email, '--role', 'operator'])).toMatchObject({ code: 0, stdout: `${ana.email} is operator now.\n` });
  expect((await shell.tidewheel(['whoami', '--json'])).json<object>()).toMatchObject({ role: 'operator' });
  await local.tidewheel(['user', 'edit', ana.email, '--role', 'viewer']);
  expect(await shell.tidewheel(['user', 'suspend', ana.email])).toMatchObject({ code: 4 });
  expect(await local.tidewheel(['user', 'suspend', ana.email])).toMatchObject({ code: 0 });
  expect((await local.tidewheel(['user', 'list'])).stdout).toContain('viewer, suspended');
  expect(await shell.tidewheel(['whoami'])).toMatchObject({ code: 3 });
  expect(await signInByHand(shell)).toMatchObject({ code: 4, stdout: expect.stringContaining('suspended') });
  expect(await local.tidewheel(['user', 'restore', ana.email])).toMatchObject({ code: 0 });
  expect(await signInByHand(shell)).toMatchObject({ code: 0 });
  expect(await shell.tidewheel(['profile', '--name', 'Ana'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Ana now') });
  expect(await shell.tidewheel(['session', 'revoke-all', '--everybody'])).toMatchObject({ code: 4 });
  expect(await shell.tidewheel(['session', 'revoke-all'])).toMatchObject({ code: 0 });
  expect(await shell.tidewheel(['whoami'])).toMatchObject({ code: 3 });
  expect(await local.tidewheel(['user', 'delete', ana.email])).toMatchObject({ code: 2 });
  expect(await local.tidewheel(['user', 'delete', ana.email, '--yes'])).toMatchObject({ code: 0, stdout: expect.stringContaining('erased') });
  expect(await local.tidewheel(['user', 'show', ana.email])).toMatchObject({ code: 5 });
  expect(await local.tidewheel(['user', 'delete', 'operator@localhost', '--yes'])).toMatchObject({ code: 6 });
});

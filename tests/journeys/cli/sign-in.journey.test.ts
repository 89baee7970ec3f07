// A person signs in from a terminal: by the token on the same machine, by password, by a token on stdin; and is told apart by exit codes.
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from '@tidewheel/client/client';
import { acceptLink } from '@tidewheel/client/routes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';

let server: TestServer;
let local: Shell;
const admin = { email: 'ada@example.org', name: 'Ada', password: 'correct horse battery' };

beforeAll(async () => {
  server = await startTestServer();
  local = await openShell({ TIDEWHEEL_DATA: server.dataFolder });
  await accept(server.firstLink ?? '', admin);
});
afterAll(() => server?.stop());

function tokenOf(link: string): string {
  return new URL(link).pathname.split('/').at(-1) ?? '';
}
async function accept(link: string, person: { email: string; name: string; password: string }): Promise<void> {
  await createClient({ origin: server.origin }).call(acceptLink, { params: { token: tokenOf(link) }, body: person });
}
/** Signs in on a terminal, answering the prompts as they come. */
async function signInByHand(shell: Shell, person: { email: string; password: string }) {
  const answers: [RegExp, string][] = [
    [/E-mail:/, person.email],
    [/Password:/, person.password],
  ];
  return shell.onTerminal(['login', '--url', server.origin], {
    keepStdinOpen: true,
    onOutput: (output, child) => {
      const next = answers[0];
      if (!next?.[0].test(output)) return;
      answers.shift();
      child.stdin?.write(`${next[1]}\r`);
    },
  });
}

test('not signed in: exit code 3 and what to do', async () => {
  const stranger = await openShell();
  expect(await stranger.tidewheel(['flow', 'list'])).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('Run `tidewheel login`') });
  expect(await stranger.tidewheel(['flow', 'list', '--url', server.origin])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(`tidewheel login --url ${server.origin}`),
  });
  expect(await stranger.tidewheel(['flow', 'list', '--url', server.origin], { env: { TIDEWHEEL_TOKEN: 'tw_wrong' } })).toMatchObject({ code: 3, stdout: '' });
});

test('on the machine of the server `tidewheel login` needs nothing', async () => {
  expect(await local.tidewheel(['login'])).toMatchObject({ code: 0, stdout: expect.stringContaining(`Signed in to ${server.origin}`) });
  const file = path.join(local.folder, '.config/tidewheel/credentials.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(path.join(server.dataFolder, 'cli-token.json'))).mode & 0o777).toBe(0o600);
  expect((await local.tidewheel(['whoami', '--json'])).json<object>()).toMatchObject({ origin: server.origin, role: 'admin' });
});

test('a data folder without a server, and one with a damaged token, are told apart', async () => {
  const other = await openShell();
  expect(await other.tidewheel(['login'])).toMatchObject({ code: 5, stderr: expect.stringContaining('No server has left a token') });
  await writeFile(path.join(other.folder, 'cli-token.json'), '{"origin":');
  expect(await other.tidewheel(['login', '--data', other.folder])).toMatchObject({ code: 2, stderr: expect.stringContaining('does not hold a token') });
});

test('from elsewhere: e-mail and password at the prompt, never shown; a wrong one is refused', async () => {
  const shell = await openShell();
  const wrong = await signInByHand(shell, { ...admin, password: 'not the password' });
  expect(wrong).toMatchObject({ code: 3 });
  const right = await signInByHand(shell, admin);
  expect(right).toMatchObject({ code: 0, stdout: expect.stringContaining(`as ${admin.email}`) });
  expect(right.stdout).not.toContain(admin.password);
  expect((await shell.tidewheel(['whoami', '--json'])).json<object>()).toMatchObject({ email: admin.email, role: 'admin' });
  expect(await readFile(path.join(shell.folder, '.config/tidewheel/credentials.json'), 'utf8')).not.toContain(admin.password);
});

test('without a terminal it asks for nothing and says so', async () => {
  const shell = await openShell();
  expect(await shell.tidewheel(['login', '--url', server.origin])).toMatchObject({ code: 2, stderr: expect.stringContaining('no terminal') });
  expect(await shell.tidewheel(['login', '--url', server.origin, '--token', 'in-argv'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('must not stand in the command line'),
  });
});

test('a token is made, used from stdin and from the environment, and stops working when revoked', async () => {
  const made = await local.tidewheel(['token', 'create', 'nightly job', '--days', '1']);
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('not shown again') });
  const token = made.stdout.trim();
  const job = await openShell();
  expect(await job.tidewheel(['login', '--url', server.origin, '--token', '-'], { stdin: `${token}\n` })).toMatchObject({ code: 0 });
  await writeFile(path.join(job.folder, 'token'), `${token}\n`);
  expect(await job.tidewheel(['login', '--url', server.origin, '--token', '@token'])).toMatchObject({ code: 0 });
  expect(await job.tidewheel(['whoami'], { env: { TIDEWHEEL_URL: server.origin, TIDEWHEEL_TOKEN: token } })).toMatchObject({ code: 0 });
  const listed = (await local.tidewheel(['token', 'list', '--json'])).json<{ id: string; title: string }[]>().find(({ title }) => title === 'nightly job');
  expect(await local.tidewheel(['token', 'revoke', listed?.id ?? ''])).toMatchObject({ code: 0 });
  expect(await job.tidewheel(['whoami'])).toMatchObject({ code: 3 });
});

test('a viewer may look but not change: exit code 4 with the permission that is missing', async () => {
  const invited = await local.tidewheel(['user', 'invite', 'vera@example.org', '--role', 'viewer']);
  expect(invited).toMatchObject({ code: 0, stderr: expect.stringContaining('works once') });
  const vera = { email: 'vera@example.org', name: 'Vera', password: 'another long secret' };
  await accept(invited.stdout.trim(), vera);
  const shell = await openShell();
  expect(await signInByHand(shell, vera)).toMatchObject({ code: 0 });
  expect(await shell.tidewheel(['flow', 'list'])).toMatchObject({ code: 0 });
  expect(await shell.tidewheel(['flow', 'apply', '-'], { stdin: 'flow: x\ntitle: X\nsteps: {}\n' })).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringContaining('flow.edit'),
  });
  const users = (await local.tidewheel(['user', 'list', '--json'])).json<{ email: string; role: string }[]>();
  expect(users.map(({ email, role }) => [email, role])).toEqual(
    expect.arrayContaining([
      [admin.email, 'admin'],
      [vera.email, 'viewer'],
    ]),
  );
});

test('signing out forgets the token, not the server', async () => {
  const shell = await openShell({ TIDEWHEEL_DATA: server.dataFolder });
  await shell.tidewheel(['login']);
  expect(await shell.tidewheel(['logout'])).toMatchObject({ code: 0 });
  expect(await shell.tidewheel(['whoami'])).toMatchObject({ code: 3 });
  expect(await shell.tidewheel(['logout'])).toMatchObject({ code: 5 });
  expect(await shell.tidewheel(['login'])).toMatchObject({ code: 0 });
});

test('health needs no sign-in; a server that is not there is exit code 7 with the address', async () => {
  const stranger = await openShell();
  const well = await stranger.tidewheel(['health', '--json', '--url', server.origin]);
  expect(well).toMatchObject({ code: 0 });
  expect(well.json<object>()).toMatchObject({ status: 'ok' });
  expect(await stranger.tidewheel(['health', '--url', 'http://127.0.0.1:1'])).toMatchObject({ code: 7, stderr: expect.stringContaining('http://127.0.0.1:1') });
  expect(await stranger.tidewheel(['health', '--url', 'http://'])).toMatchObject({ code: 2 });
});

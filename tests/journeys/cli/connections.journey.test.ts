// Connections from the command line: tried, made, tested, changed and archived, with secrets that never stand in the arguments nor come back.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Connection, TestResult } from '@tidewheel/contract/routes/connections';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';
import { sshdMissing, startSshd, type TestSshd } from '../../../packages/steps/src/testing/sshd.ts';

let server: TestServer;
let shell: Shell;

beforeAll(async () => {
  server = await startTestServer();
  shell = await openShell({ TIDEWHEEL_DATA: server.dataFolder });
  expect(await shell.tidewheel(['login'])).toMatchObject({ code: 0 });
});
afterAll(() => server?.stop());

test('a folder: its type explains itself, wrong settings are named, a right one works', async () => {
  expect(await shell.tidewheel(['connection', 'types', 'folder'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/--set\s+root\s+string\s+\(required\)/),
  });
  expect(await shell.tidewheel(['connection', 'types', 'foldr'])).toMatchObject({ code: 5, stderr: expect.stringContaining('folder') });
  expect(await shell.tidewheel(['connection', 'create', 'x', '--type', 'folder'])).toMatchObject({ code: 2, stderr: expect.stringContaining('root') });
  expect(await shell.tidewheel(['connection', 'create', 'x', '--type', 'folder', '--set', 'root=/etc'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('/etc'),
  });
  const root = path.join(server.dataFolder, 'files', 'exchange');
  await mkdir(root, { recursive: true });
  expect(await shell.tidewheel(['connection', 'create', 'exchange', '--type', 'folder', '--set', `root=${root}`, '--set', 'readOnly=true'])).toMatchObject({
    code: 0,
  });
  expect((await shell.tidewheel(['connection', 'show', 'exchange', '--json'])).json<Connection>()).toMatchObject({
    config: { root, readOnly: true },
    hasSecret: false,
  });
  expect(await shell.tidewheel(['connection', 'test', 'exchange'])).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ folder') });
  expect(await shell.tidewheel(['connection', 'update', 'exchange', '--title', 'Exchange'])).toMatchObject({ code: 0 });
  expect((await shell.tidewheel(['connection', 'show', 'exchange', '--json'])).json<Connection>()).toMatchObject({
    title: 'Exchange',
    config: { readOnly: true },
  });
  expect(await shell.tidewheel(['connection', 'create', 'exchange', '--type', 'folder', '--set', `root=${root}`])).toMatchObject({ code: 6 });
  expect(await shell.tidewheel(['connection', 'archive', 'exchange'])).toMatchObject({ code: 0 });
});

test('a secret in the arguments is refused before anything is sent', async () => {
  for (const secret of ['password=hunter22', 'password', '=-']) {
    expect(await shell.tidewheel(['connection', 'create', 'y', '--type', 'sftp', '--secret', secret])).toMatchObject({
      code: 2,
      stderr: expect.not.stringContaining('hunter22'),
    });
  }
  expect(await shell.tidewheel(['connection', 'create', 'y', '--type', 'sftp', '--secret', 'password=@/no/such/file'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('/no/such/file'),
  });
});

describe.skipIf(sshdMissing)('SFTP', () => {
  let sshd: TestSshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd?.[Symbol.asyncDispose]());

  test('tried first to learn the host key, then made with the password from stdin and the key from a file', async () => {
    const { host, port, user, hostKey } = sshd.config();
    const settings = ['--type', 'sftp', '--set', `host=${host}`, '--set', `port=${port}`, '--set', `user=${user}`];
    const tried = await shell.tidewheel(['connection', 'try', ...settings, '--secret', 'password=-', '--json'], { stdin: `${sshd.user.password}\n` });
    expect(tried.json<TestResult>().discovered).toMatchObject({ hostKey });
    const made = await shell.tidewheel(['connection', 'create', 'regulator', ...settings, '--set', `hostKey=${hostKey}`, '--secret', 'password=-'], {
      stdin: `${sshd.user.password}\n`,
    });
    expect(made).toMatchObject({ code: 0 });
    expect(await shell.tidewheel(['connection', 'test', 'regulator'])).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ sign-in') });
    await writeFile(path.join(shell.folder, 'id'), sshd.user.privateKey, { mode: 0o600 });
    expect(await shell.tidewheel(['connection', 'update', 'regulator', '--secret', 'privateKey=@id'])).toMatchObject({ code: 0 });
    expect(await shell.tidewheel(['connection', 'test', 'regulator'])).toMatchObject({ code: 0, stdout: expect.stringContaining('by key') });
    const shown = await shell.tidewheel(['connection', 'show', 'regulator', '--json']);
    expect(shown.json<Connection>()).toMatchObject({ hasSecret: true });
    for (const secret of [sshd.user.password, 'PRIVATE KEY']) expect(shown.stdout + server.log()).not.toContain(secret);
  });
});

// Connections from the command line: tried, made, tested, changed and archived, with secrets that never stand in the arguments nor come back.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Connection, TestResult } from '@tidewheel/contract/routes/connections';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';
import { sshdMissing, startSshd, type TestSshd } from '../../../packages/steps/src/testing/sshd.ts';
import { startWinrm, type TestWinrm, winrmServerMissing } from '../../../packages/steps/src/winrm/testing/winrm-server.ts';
import { diskAuditFlow, patchCheckFlow } from '../../../packages/web/src/features/flows/linux-flows.ts';
import { windowsServiceFlow } from '../../../packages/web/src/features/flows/windows-service-flow.ts';

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

describe.skipIf(sshdMissing)('Linux hosts over SSH', () => {
  let sshd: TestSshd;
  let bastion: TestSshd;
  beforeAll(async () => {
    [sshd, bastion] = await Promise.all([startSshd(), startSshd()]);
    const add = async (name: string, host: TestSshd, ...more: string[]) => {
      const { port, user, hostKey } = host.config();
      const credential = ['credential', 'create', name, '--type', 'ssh', '--set', `user=${user}`, '--secret', 'password=-'];
      expect(await shell.tidewheel(credential, { stdin: host.user.password })).toMatchObject({ code: 0 });
      const target = ['target', 'create', name, '--address', '127.0.0.1', '--credential', name, '--set', `port=${port}`, '--set', `hostKey=${hostKey}`];
      expect(await shell.tidewheel([...target, ...more])).toMatchObject({ code: 0 });
    };
    await add('web-1', bastion);
    await add('web-2', sshd, '--via', 'web-1');
  });
  afterAll(async () => {
    await sshd?.[Symbol.asyncDispose]();
    await bastion?.[Symbol.asyncDispose]();
  });

  test('one behind the other is tested part by part', async () => {
    expect(await shell.tidewheel(['target', 'test', 'web-2'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/✓ jump host[\s\S]*✓ shell/) });
  });

  test('answer in what the examples of operations make of it', async () => {
    for (const [slug, source] of [
      ['disk-audit', diskAuditFlow],
      ['patch-check', patchCheckFlow],
    ] as const) {
      const file = path.join(server.dataFolder, `${slug}.yaml`);
      await writeFile(file, source);
      expect(await shell.tidewheel(['flow', 'apply', file])).toMatchObject({ code: 0, stderr: '' });
      expect(await shell.tidewheel(['run', 'start', slug, '--wait'])).toMatchObject({ code: 0 });
    }
    const listed = (await shell.tidewheel(['artifact', 'list', '--json'])).stdout;
    expect(listed).toMatch(/"updates-[0-9-]+\.csv"/);
    expect(listed).toMatch(/"disks-[0-9-]+\.xlsx"/);
    // The command never stood where the host lists its processes, nor did the password anywhere.
    for (const { user } of [sshd, bastion]) expect(server.log()).not.toContain(user.password);
  });

  test('are named with what would run there in a dry run, and a run that is cancelled leaves nothing running', async () => {
    const file = path.join(server.dataFolder, 'sleeper.yaml');
    const marker = `303.${process.pid}`;
    await writeFile(
      file,
      `flow: sleeper\ntitle: Sleeper\nkind: job\nsteps:\n  sleep:\n    use: ssh.run\n    with: { target: web-2, command: 'echo begun; sleep ${marker}' }\n`,
    );
    expect(await shell.tidewheel(['flow', 'apply', file])).toMatchObject({ code: 0 });
    expect(await shell.tidewheel(['run', 'start', 'sleeper', '--dry-run', '--wait'])).toMatchObject({ code: 0 });
    expect((await shell.tidewheel(['run', 'logs', 'latest'])).stdout).toMatch(/would run .* on web-2 \(.*, through 127\.0\.0\.1:/);
    expect(await shell.tidewheel(['run', 'start', 'sleeper'])).toMatchObject({ code: 0 });
    const sleeping = () => spawnSync('pgrep', ['-f', `sleep ${marker}`]).status === 0;
    await expect.poll(sleeping).toBe(true);
    expect(await shell.tidewheel(['run', 'cancel', 'latest'])).toMatchObject({ code: 0 });
    await expect.poll(sleeping).toBe(false);
  });
});

describe.skipIf(winrmServerMissing)('a Windows host over WinRM', () => {
  let host: TestWinrm;
  beforeAll(async () => {
    host = await startWinrm();
    const { user, domain, password, port } = host;
    const credential = ['credential', 'create', 'windows', '--type', 'winrm', '--set', `user=${user}`, '--set', `domain=${domain}`, '--secret', 'password=-'];
    expect(await shell.tidewheel(credential, { stdin: password })).toMatchObject({ code: 0 });
    const target = ['target', 'create', 'win-1', '--os', 'windows', '--address', '127.0.0.1', '--credential', 'windows'];
    expect(await shell.tidewheel([...target, '--set', 'scheme=http', '--set', `port=${port}`, '--set', 'operationSeconds=2'])).toMatchObject({ code: 0 });
  });
  afterAll(() => host?.[Symbol.asyncDispose]());

  test('is tested part by part', async () => {
    expect(await shell.tidewheel(['target', 'test', 'win-1'])).toMatchObject({ code: 0, stdout: expect.stringContaining('by ntlm, messages sealed') });
  });

  test('runs what a flow says, is left alone in a dry run, and runs nothing on after a cancel', async () => {
    const file = path.join(server.dataFolder, 'windows.yaml');
    // The test host runs scripts by sh: no line of PowerShell's own is in it.
    const step = `use: winrm.run\n    with:\n      target: '{{ host }}'\n      script: '{{ script }}'\n      arguments: ['{{ host }}']\n`;
    await writeFile(
      file,
      `flow: windows\ntitle: On Windows\nkind: job\nparameters:\n  host: { type: string, default: win-1 }\n  script: { type: string }\nsteps:\n  say:\n    ${step}`,
    );
    expect(await shell.tidewheel(['flow', 'apply', file])).toMatchObject({ code: 0 });
    const start = (script: string, ...more: string[]) => shell.tidewheel(['run', 'start', 'windows', '--param', `script=${script}`, ...more]);
    const commands = () => host.did().filter((one) => one.op === 'Command').length;
    const before = commands();
    expect(await start('echo "hello from $1"', '--dry-run', '--wait')).toMatchObject({ code: 0 });
    expect((await shell.tidewheel(['run', 'logs', 'latest'])).stdout).toContain('would run PowerShell');
    expect(commands()).toBe(before);
    expect(await start('echo "hello from $1"', '--wait')).toMatchObject({ code: 0 });
    expect((await shell.tidewheel(['run', 'logs', 'latest'])).stdout).toContain('hello from win-1');
    const pid = path.join(host.folder, 'pid');
    expect(await start(`echo $$ > ${pid}; sleep 600`)).toMatchObject({ code: 0 });
    await expect.poll(() => existsSync(pid) && readFileSync(pid, 'utf8').trim()).toMatch(/^\d+$/);
    const sleeper = `/proc/${readFileSync(pid, 'utf8').trim()}`;
    expect(existsSync(sleeper)).toBe(true);
    expect(await shell.tidewheel(['run', 'cancel', 'latest'])).toMatchObject({ code: 0 });
    await expect.poll(() => existsSync(sleeper)).toBe(false);
    await expect.poll(() => host.did().at(-1)).toEqual({ op: 'Delete' });
  });

  test('is what the example of a job is for', async () => {
    const file = path.join(server.dataFolder, 'restart-service.yaml');
    await writeFile(file, windowsServiceFlow);
    const checked = await shell.tidewheel(['flow', 'validate', file]);
    expect(checked).toMatchObject({ code: 0, stderr: '' });
  });
});

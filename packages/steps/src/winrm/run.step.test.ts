import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { OpenTarget } from '@tidewheel/kit/define-transport';
import { newTrace, runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { winrmRun } from './run.step.ts';
import { startWinrm, type TestWinrm, winrmServerMissing } from './testing/winrm-server.ts';

const note = winrmServerMissing ? ` (skipped: ${winrmServerMissing})` : '';

describe.skipIf(winrmServerMissing !== undefined)(`winrm.run on a server that really runs commands${note}`, () => {
  let server: TestWinrm;
  beforeAll(async () => {
    server = await startWinrm({ mostSeconds: 1 });
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  const run = (
    config: Partial<Parameters<typeof winrmRun.run>[0]> & { script: string },
    more: Parameters<typeof runStep>[2] & { settings?: Record<string, unknown> } = {},
  ) => {
    const { settings, ...options } = more;
    return runStep(winrmRun, { target: 'win-1', ...config } as never, { targets: { 'win-1': server.target(settings) }, ...options });
  };

  // What the server did is told by its output, so the last of it may come a moment later.
  const signals = () => server.did().flatMap((one) => ('signal' in one ? [one.signal] : []));
  const shells = () => server.did().filter((one) => one.op === 'Create').length;

  it('tells whether the host was reached, whatever the script says of itself', async () => {
    const told: string[] = [];
    const onContact: OpenTarget['onContact'] = (outcome) => void told.push(outcome.isOk ? 'reached' : outcome.error.message);
    const tell = (settings = {}) => run({ script: 'exit 4' }, { targets: { 'win-1': { ...server.target(settings), onContact } } });
    await expect(tell()).rejects.toMatchObject({ code: 'winrm.exit_code' });
    expect([...new Set(told)]).toEqual(['reached']);
    told.length = 0;
    await expect(tell({ port: 9 })).rejects.toMatchObject({ code: 'winrm.port' });
    expect(told).toEqual([expect.stringContaining('Nothing listens')]);
  });

  it('runs cmd: output, errors, exit code, environment, folder, arguments', async () => {
    await using done = await run({
      shell: 'cmd',
      script: 'echo "$GREETING in $PWD:" "$@"; echo bad >&2; exit 3; :',
      environment: { GREETING: 'hello <&> "there" \u20ac' },
      folder: '/usr',
      arguments: [],
      okExitCodes: [0, 3],
    });
    expect(done.result.value).toMatchObject({ target: 'win-1', exitCode: 3, stdout: 'hello <&> "there" \u20ac in /usr:\n', stderr: 'bad\n', isCut: false });
    expect(done.logs).toEqual(
      expect.arrayContaining([
        { level: 'info', text: 'hello <&> "there" \u20ac in /usr:' },
        { level: 'info', text: 'stderr: bad' },
      ]),
    );
  });

  it('runs a cmd script of several lines from a file that is gone afterwards', async () => {
    await using done = await run({ shell: 'cmd', script: 'echo "one $1"\necho "two $2"; echo "$0"', arguments: ['a b', 'c'] });
    const { stdout } = done.result.value as { stdout: string };
    const [one, two, file = ''] = stdout.split('\n');
    expect([one, two]).toEqual(['one a b', 'two c']);
    expect(file).toMatch(/tidewheel-[0-9a-f]{24}\.cmd$/);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['short', ''],
    ['long, by standard input', `: '${'x'.repeat(20_000)}'\n`],
  ])('runs PowerShell, %s, with quotes of every kind and arguments', async (_name, padding) => {
    await using done = await run({
      script: `${padding}printf '%s|' "it's \u2018quoted\u2019" "$@"; echo; exit 7`,
      arguments: ["o'neil", 'a b', '\u20ac'],
      okExitCodes: [7],
    });
    expect(done.result.value).toMatchObject({ exitCode: 7, stdout: "it's \u2018quoted\u2019|o'neil|a b|\u20ac|\n" });
  });

  it('gives standard input to PowerShell and cmd', async () => {
    for (const config of [{ script: 'cat' }, { script: 'cat', shell: 'cmd' as const }]) {
      await using done = await run({ ...config, stdin: 'line one\nl\u00edne two\n' });
      expect(done.result.value).toMatchObject({ exitCode: 0, stdout: 'line one\nl\u00edne two\n' });
    }
  });

  it('makes text of the errors of PowerShell, and fails with the first of them', async () => {
    const trace = newTrace();
    await expect(run({ script: 'echo "Cannot find <any> service" >&2; echo "  at line 1" >&2; exit 1' }, { trace })).rejects.toMatchObject({
      code: 'winrm.exit_code',
      retryable: false,
      message: 'The PowerShell script on win-1 ended with exit code 1: Cannot find <any> service',
    });
    expect(trace.logs.map((line) => line.text)).toEqual(['stderr: Cannot find <any> service', 'stderr:   at line 1']);
  });

  it('shows output while it runs, and asks again when nothing comes', async () => {
    const gate = path.join(server.folder, 'gate');
    const trace = newTrace();
    const running = run({ shell: 'cmd', script: `echo first; while [ ! -e ${gate} ]; do sleep 0.1; done; echo last` }, { trace });
    await expect.poll(() => trace.logs.map((line) => line.text)).toContain('first');
    const before = server.did().filter((one) => one.op === 'Receive').length;
    await expect.poll(() => server.did().filter((one) => one.op === 'Receive').length).toBeGreaterThan(before + 1);
    await writeFile(gate, '');
    await using done = await running;
    expect(done.result.value).toMatchObject({ exitCode: 0, stdout: 'first\nlast\n' });
  });

  it('ends the process on the host when it is cancelled, asked by Ctrl+C first', async () => {
    const pidFile = path.join(server.folder, 'pid');
    const asked = path.join(server.folder, 'asked');
    const stop = new AbortController();
    const script = `trap 'echo yes > ${asked}' INT; echo $$ > ${pidFile}; while :; do sleep 0.1; done`;
    const running = run({ shell: 'cmd', script }, { signal: stop.signal });
    await expect.poll(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8')).toMatch(/\d+\n/);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(isAlive(pid)).toBe(true);
    stop.abort(new DOMException('cancelled', 'AbortError'));
    await expect(running).rejects.toThrow('cancelled');
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(existsSync(asked)).toBe(true);
    await expect.poll(() => server.did().at(-1)).toEqual({ op: 'Delete' });
    expect(signals().slice(-2)).toEqual(['ctrl_c', 'terminate']);
  });

  it('ends the process when its time is up', async () => {
    await expect(run({ shell: 'cmd', script: 'sleep 600', timeoutSeconds: 0.3 })).rejects.toMatchObject({ code: 'winrm.command_timeout' });
    await expect.poll(() => server.did().at(-1)).toEqual({ op: 'Delete' });
    expect(signals().slice(-2)).toEqual(['ctrl_c', 'terminate']);
  });

  it('keeps a large output as head and tail and as a file, in bounded memory', async () => {
    await using done = await run({ shell: 'cmd', script: 'seq 1 400000' });
    const value = done.result.value as { stdout: string; stdoutBytes: number; isCut: boolean };
    expect(value).toMatchObject({ isCut: true, stdoutBytes: 2_688_895 });
    expect(value.stdout.startsWith('1\n2\n')).toBe(true);
    expect(value.stdout.endsWith('399999\n400000\n')).toBe(true);
    expect((await done.content(done.result.files![0]!)).length).toBe(2_688_895);
  });

  it.each([
    [437, '\\204\\201', '\u00e4\u00fc'],
    [850, '\\276', '\u00a5'],
    [1252, '\\200', '\u20ac'],
    [932, '\\223\\372\\226\\173', '\u65e5\u672c'],
  ])('reads the code page %d', async (codePage, octal, text) => {
    await using done = await run({ shell: 'cmd', script: `printf '${octal}'; echo $CODEPAGE` }, { settings: { codePage } });
    expect(done.result.value).toMatchObject({ stdout: `${text}${codePage}\n` });
  });

  it('keeps to the shells that the target lets it open', async () => {
    const settings = { maxShells: 2 };
    const before = server.did().length;
    const all = await Promise.all(Array.from({ length: 5 }, () => run({ shell: 'cmd', script: 'sleep 0.8; echo ok' }, { settings })));
    for (const one of all) {
      expect(one.result.value).toMatchObject({ stdout: 'ok\n' });
      await one[Symbol.asyncDispose]();
    }
    let open = 0;
    let most = 0;
    for (const { op } of server.did().slice(before)) {
      if (op === 'Create') open += 1;
      if (op === 'Delete') open = Math.max(0, open - 1);
      most = Math.max(most, open);
    }
    expect(most).toBe(2);
  });

  it('says in a dry run what it would run where, and runs nothing', async () => {
    const before = shells();
    await using done = await run({ script: 'Restart-Service Spooler' }, { isDry: true });
    expect(done.logs[0]?.text).toContain('would run PowerShell "Restart-Service Spooler" on win-1 (http://127.0.0.1:');
    expect(done.logs[0]?.text).toContain('as TIDE\\operator by ntlm');
    expect(shells()).toBe(before);
  });

  it('refuses what cannot be passed on, before anything runs', async () => {
    await expect(run({ shell: 'cmd', script: 'echo', arguments: ['%PATH%'] })).rejects.toMatchObject({ code: 'winrm.cmd_argument' });
    await expect(run({ shell: 'cmd', script: `echo ${'x'.repeat(7_990)}`, arguments: ['more than fits'] })).rejects.toMatchObject({
      code: 'winrm.line_length',
    });
    await expect(run({ shell: 'cmd', script: 'echo \u0007' })).rejects.toMatchObject({ code: 'winrm.character' });
  });
});

describe.skipIf(winrmServerMissing !== undefined)(`winrm.run where the way breaks${note}`, () => {
  it('goes on with the command when the connection breaks while it runs', async () => {
    await using server = await startWinrm({ mostSeconds: 1, closeOn: 'CommandState/Running' });
    const target = server.target();
    await using done = await runStep(winrmRun, { target: 'w', shell: 'cmd', script: 'sleep 1.5; echo after' }, { targets: { w: target } });
    expect(done.result.value).toMatchObject({ exitCode: 0 });
    await using again = await runStep(winrmRun, { target: 'w', shell: 'cmd', script: 'echo again' }, { targets: { w: target } });
    expect(again.result.value).toMatchObject({ stdout: 'again\n' });
  });

  it('does not run a command again whose start was not answered, unless that does no harm', async () => {
    await using server = await startWinrm({ closeOn: '<rsp:CommandId>' });
    const config = { target: 'w', shell: 'cmd' as const, script: 'echo ran' };
    await expect(runStep(winrmRun, config, { targets: { w: server.target() } })).rejects.toMatchObject({ code: 'winrm.broken', retryable: false });
    await using other = await startWinrm({ closeOn: '<rsp:CommandId>' });
    await expect(runStep(winrmRun, { ...config, repeatable: true }, { targets: { w: other.target() } })).rejects.toMatchObject({
      code: 'winrm.lost',
      retryable: true,
    });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

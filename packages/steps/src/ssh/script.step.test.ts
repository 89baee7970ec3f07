import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { type HarnessOptions, newTrace, runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostOf } from '../testing/ssh-host.ts';
import { sshdMissing, startSshd, type TestSshd } from '../testing/sshd.ts';
import { sshScript } from './script.step.ts';
import { closeIdleConnections } from './ssh-pool.ts';

const leftovers = () => readdirSync('/tmp').filter((name) => /^tidewheel-[0-9a-f]{32}/.test(name));

describe.skipIf(sshdMissing !== undefined)(`ssh.script on a real sshd${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`, () => {
  let sshd: TestSshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => {
    closeIdleConnections();
    await sshd[Symbol.asyncDispose]();
  });
  async function run(config: Omit<Parameters<typeof runStep<typeof sshScript.config>>[1], 'target'>, more: HarnessOptions = {}) {
    await using outcome = await runStep(sshScript, { target: 'host', ...config }, { targets: { host: hostOf(sshd) }, ...more });
    return { ...(outcome.result.value as { stdout: string; exitCode: number }), logs: outcome.logs.map((line) => line.text) };
  }

  it.each(['file', 'stdin'] as const)('runs by its interpreter with arguments, Windows line ends or not, fed by %s', async (feed) => {
    const script = 'for word in "$@"; do\r\n  printf "[%s]" "$word"\r\ndone\r\n';
    const args = ["it's one", '$two', '--three', ''];
    expect((await run({ script, arguments: args, feed })).stdout).toBe("[it's one][$two][--three][]");
    expect((await run({ interpreter: '/usr/bin/bash', script: '[[ $BASH_VERSION ]] && echo bash', feed })).stdout).toBe('bash\n');
    expect((await run({ interpreter: 'perl', script: 'print "@ARGV\\n";', arguments: ['a', 'b'], feed })).stdout).toBe('a b\n');
    expect(leftovers()).toEqual([]);
  });

  it('lies in a file of its user alone, which is gone afterwards, also when it fails', async () => {
    expect((await run({ script: 'stat -c %a "$0"' })).stdout).toBe('600\n');
    await expect(run({ script: 'echo no >&2; exit 4' })).rejects.toMatchObject({ code: 'ssh.exit_code', message: expect.stringContaining('exit code 4: no') });
    await expect(run({ interpreter: 'no-such-program', script: 'x' })).rejects.toMatchObject({
      code: 'ssh.exit_code',
      message: expect.stringContaining('127'),
    });
    expect(leftovers()).toEqual([]);
  });

  it.each(['file', 'stdin'] as const)('is ended with its file when the step is cancelled, fed by %s', async (feed) => {
    const marker = `302.${Math.floor(Math.random() * 1e9)}`;
    const cancel = new AbortController();
    const trace = newTrace();
    const attempt = run({ script: `trap '' TERM\necho started\nsleep ${marker}\nsleep ${marker}\n`, feed }, { signal: cancel.signal, trace });
    const ending = expect(attempt).rejects.toThrow('cancelled');
    await expect.poll(() => trace.logs.some(({ text }) => text === 'started')).toBe(true);
    cancel.abort(new Error('cancelled'));
    await ending;
    // On a machine that is busy enough the host is still at it when the step has ended.
    await expect.poll(() => spawnSync('pgrep', ['-f', `sleep ${marker}`]).status, { timeout: 30_000 }).toBe(1);
    await expect.poll(leftovers, { timeout: 30_000 }).toEqual([]);
  });

  it('says in a dry run what it would run', async () => {
    const { logs } = await run({ script: 'a\nb\n', interpreter: 'python3', arguments: ['x'] }, { isDry: true });
    expect(logs).toEqual([expect.stringMatching(/would run a script of 2 lines by python3 with \["x"\] on host-\d+/)]);
  });
});

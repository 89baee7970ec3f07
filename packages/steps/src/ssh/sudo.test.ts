import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { type HarnessOptions, newTrace, runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostOf, keyOf, passwordOf } from '../testing/ssh-host.ts';
import { sshdMissing, startSshd, type TestSshd } from '../testing/sshd.ts';
import { sshRun } from './run.step.ts';
import { closeIdleConnections } from './ssh-pool.ts';

const missing = sshdMissing ?? (existsSync('/usr/bin/sudo') ? undefined : 'sudo is not installed');

describe.skipIf(missing !== undefined)(`sudo on a host${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let sshd: TestSshd;
  let rules: string;
  beforeAll(async () => {
    sshd = await startSshd();
    // No dot in its name: sudo passes over such files.
    rules = `/etc/sudoers.d/${sshd.user.name}`;
    await allow('ALL=(ALL) ALL');
  });
  afterAll(async () => {
    closeIdleConnections();
    await rm(rules, { force: true });
    await sshd[Symbol.asyncDispose]();
  });
  /** What the test user may do; its own question each time, no remembered answer. */
  async function allow(rule: string, ...more: string[]) {
    await writeFile(rules, [`Defaults:${sshd.user.name} timestamp_timeout=0`, ...more, `${sshd.user.name} ${rule}`, ''].join('\n'));
    await chmod(rules, 0o440);
  }
  async function run(config: Partial<Parameters<typeof runStep<typeof sshRun.config>>[1]>, more: HarnessOptions = {}, host = hostOf(sshd)) {
    await using outcome = await runStep(
      sshRun,
      { target: 'host', sudo: 'root', command: 'id -un', timeoutSeconds: 20, ...config },
      { targets: { host }, ...more },
    );
    return { ...(outcome.result.value as { stdout: string; stderr: string }), logs: outcome.logs.map((line) => line.text) };
  }

  it.each([false, true])('runs as another user, the password by standard input and in no log (terminal: %s)', async (pty) => {
    const { stdout, logs } = await run({
      command: 'id -un; echo "$GREETING"; cat; ps -eo args',
      environment: { GREETING: 'hello there' },
      stdin: 'the rest\n',
      pty,
    });
    expect(stdout).toMatch(/^root\nhello there\nthe rest\n/);
    expect(stdout + logs.join('\n')).not.toContain(sshd.user.password);
    expect((await run({ sudo: 'nobody', pty })).stdout).toBe('nobody\n');
  });

  it('does without a password where sudo does not ask', async () => {
    await allow('ALL=(ALL) NOPASSWD: ALL');
    const { stdout } = await run({ command: 'id -un; cat', stdin: 'all of it\n' }, {}, hostOf(sshd, { credential: keyOf(sshd) }));
    expect(stdout).toBe('root\nall of it\n');
    await allow('ALL=(ALL) ALL');
  });

  it('notices that sudo asks where nobody gave a password, or a wrong one, and does not hang', async () => {
    const asked = { code: 'ssh.sudo_asks', retryable: false, hint: expect.stringContaining('NOPASSWD') };
    await expect(run({}, {}, hostOf(sshd, { credential: keyOf(sshd) }))).rejects.toMatchObject(asked);
    await expect(run({}, {}, hostOf(sshd, { settings: { sudoPassword: 'none' } }))).rejects.toMatchObject(asked);
    const wrong = keyOf(sshd);
    wrong.secret.password = 'not the password';
    await expect(run({}, {}, hostOf(sshd, { credential: wrong }))).rejects.toMatchObject({ code: 'ssh.sudo_password', retryable: false });
    const right = keyOf(sshd);
    right.secret.password = passwordOf(sshd).secret.password;
    expect((await run({}, {}, hostOf(sshd, { credential: right }))).stdout).toBe('root\n');
  });

  it('says that sudo does not allow it', async () => {
    await allow('ALL=(ALL) /bin/true');
    await expect(run({})).rejects.toMatchObject({ code: 'ssh.sudo_refused', retryable: false, message: expect.stringContaining('not allowed') });
    await allow('ALL=(ALL) ALL');
  });

  it('says that a command which asks by itself gets no answer', async () => {
    await expect(run({ sudo: undefined, command: 'sudo -k id -un' })).rejects.toMatchObject({ code: 'ssh.exit_code', retryable: false });
    await expect(run({ sudo: undefined, command: 'sudo -k id -un', pty: true })).rejects.toMatchObject({ code: 'ssh.exit_code', retryable: false });
  });

  it.each([
    ['in the session of sudo', []],
    ['in a terminal that sudo makes', ['Defaults use_pty']],
  ])('ends what runs as root when the step is cancelled, %s', async (_where, defaults) => {
    await allow('ALL=(ALL) ALL', ...defaults);
    const marker = `301.${Math.floor(Math.random() * 1e9)}`;
    const cancel = new AbortController();
    const trace = newTrace();
    const attempt = run({ command: `trap '' TERM; sleep ${marker} & echo started; sleep ${marker}; sleep ${marker}` }, { signal: cancel.signal, trace });
    const ending = expect(attempt).rejects.toThrow('cancelled');
    await expect.poll(() => trace.logs.some(({ text }) => text === 'started')).toBe(true);
    expect(execFileSync('pgrep', ['-u', 'root', '-f', `sleep ${marker}`]).toString()).not.toBe('');
    cancel.abort(new Error('cancelled'));
    await ending;
    expect(() => execFileSync('pgrep', ['-f', `sleep ${marker}`])).toThrow();
    expect(trace.logs.at(-1)?.text).toMatch(/was stopped with everything it started/);
  });
});

// Hosts as they should not be: each ends in an error that says what it was, soon, and without filling the memory.
import net from 'node:net';
import { type HarnessOptions, newTrace, runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostOf } from '../testing/ssh-host.ts';
import { sshdMissing, startSshd, type TestSshd } from '../testing/sshd.ts';
import { sshRun } from './run.step.ts';
import { closeIdleConnections } from './ssh-pool.ts';

type Config = Omit<Parameters<typeof runStep<typeof sshRun.config>>[1], 'target'>;

describe.skipIf(sshdMissing !== undefined)(`a host that${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`, () => {
  let sshd: TestSshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => {
    closeIdleConnections();
    await sshd[Symbol.asyncDispose]();
  });
  async function run(config: Config, more: HarnessOptions = {}, host = hostOf(sshd)) {
    await using outcome = await runStep(sshRun, { target: 'host', ...config }, { targets: { host }, ...more });
    return { value: outcome.result.value as { stdout: string; stdoutBytes: number; isCut: boolean }, logs: outcome.logs, files: outcome.result.files ?? [] };
  }

  it('takes the connection and never speaks: given up, and tried again by the engine', async () => {
    const open: net.Socket[] = [];
    const silent = net.createServer((socket) => void open.push(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as net.AddressInfo;
    await expect(run({ command: 'true' }, {}, hostOf(sshd, { settings: { port, timeoutSeconds: 1 } }))).rejects.toMatchObject({
      code: 'ssh.no_greeting',
      retryable: true,
    });
    // Cancelled meanwhile, it lets go at once.
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(new Error('cancelled')), 50);
    await expect(run({ command: 'true' }, { signal: cancel.signal }, hostOf(sshd, { settings: { port } }))).rejects.toThrow('cancelled');
    for (const socket of open) socket.destroy();
    silent.close();
  });

  it('changes its key: nothing is sent to it, also where a connection was kept', async () => {
    expect((await run({ command: 'echo fine' })).value.stdout).toBe('fine\n');
    await sshd.changeHostKey();
    await expect(run({ command: 'true' })).rejects.toMatchObject({ code: 'ssh.host_key', retryable: false });
    await sshd.changeHostKey();
    expect((await run({ command: 'echo fine' })).value.stdout).toBe('fine\n');
  });

  it('writes a gigabyte: the memory stays flat, head and tail and the count are kept', async () => {
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 50);
    const { value, logs, files } = await run({ command: 'echo first; head -c 1073741824 /dev/zero | tr "\\0" x; echo; echo last' });
    clearInterval(watch);
    expect(value).toMatchObject({ isCut: true, stdoutBytes: 1_073_741_824 + 12 });
    expect(value.stdout).toMatch(/^first\nxxx[\s\S]*1073741836 bytes in all[\s\S]*xxx\nlast\n$/);
    expect(files).toMatchObject([{ size: 100_000_000 }]);
    expect(logs.some(({ text }) => text.includes('the beginning of the output alone'))).toBe(true);
    expect((most - before) / 1e6).toBeLessThan(400);
  });

  it('closes while the command runs: not tried again by itself, unless it may run twice', async () => {
    const cut = async (config: Partial<Config>, code: string, retryable: boolean) => {
      const trace = newTrace();
      const attempt = run({ command: 'echo started; sleep 20', ...config }, { trace });
      const ending = expect(attempt).rejects.toMatchObject({ code, retryable });
      await expect.poll(() => trace.logs.some(({ text }) => text === 'started')).toBe(true);
      await sshd.kill();
      await ending;
      await sshd.restart();
    };
    await cut({}, 'ssh.broken', false);
    await cut({ repeatable: true }, 'ssh.lost', true);
  });

  it('goes away with the command itself, maybe before it said a word: run once', async () => {
    const once = `${sshd.user.home}/ran-${Date.now()}`;
    const command = `echo x >> ${once}; kill -9 $PPID; sleep 5`;
    await expect(run({ command })).rejects.toMatchObject({ code: 'ssh.broken', retryable: false });
    expect((await run({ command: `cat ${once}` })).value.stdout).toBe('x\n');
  });

  it('runs no commands at all', async () => {
    await using restricted = await startSshd({ settings: ['ForceCommand /bin/echo go away'] });
    await expect(run({ command: 'true' }, {}, hostOf(restricted))).rejects.toMatchObject({ code: 'ssh.exec_refused', retryable: false });
    closeIdleConnections();
  });

  it('is reached by something else than SSH', async () => {
    await expect(run({ command: 'true' }, {}, { ...hostOf(sshd), transport: 'winrm' })).rejects.toMatchObject({ code: 'ssh.transport', retryable: false });
  });
});

import { execFileSync } from 'node:child_process';
import type { OpenTarget } from '@tidewheel/kit/define-transport';
import { type HarnessOptions, newTrace, runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostOf } from '../testing/ssh-host.ts';
import { sshdMissing, startSshd, type TestSshd } from '../testing/sshd.ts';
import { sshRun } from './run.step.ts';
import { closeIdleConnections, idleConnections } from './ssh-pool.ts';

type Value = { exitCode: number; stdout: string; stderr: string; stdoutBytes: number; isCut: boolean };
type Config = Omit<Parameters<typeof runStep<typeof sshRun.config>>[1], 'target'>;

function running(marker: string): string[] {
  try {
    return execFileSync('pgrep', ['-f', marker]).toString().trim().split('\n');
  } catch {
    return [];
  }
}

describe.skipIf(sshdMissing !== undefined)(`ssh.run on a real sshd${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`, () => {
  let sshd: TestSshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => {
    closeIdleConnections();
    await sshd[Symbol.asyncDispose]();
  });
  const options = (host: OpenTarget, more: HarnessOptions = {}): HarnessOptions => ({ targets: { host }, ...more });
  async function run(config: Config, more: HarnessOptions = {}, host = hostOf(sshd)) {
    await using outcome = await runStep(sshRun, { target: 'host', ...config }, options(host, more));
    const files = await Promise.all(
      (outcome.result.files ?? []).map(async (file) => ({ name: file.name, size: file.size, content: await outcome.content(file) })),
    );
    return { value: outcome.result.value as Value, logs: outcome.logs.map((line) => line.text), files };
  }
  const accepted = () => sshd.log().match(/Accepted (password|publickey) for/g)?.length ?? 0;

  it('runs a command where and with what it is told, and gives what it wrote', async () => {
    const { value, logs } = await run({
      command: 'pwd; echo "$GREETING"; cat; echo oops >&2; exit 3\r\n',
      environment: { GREETING: `it's "${'x'.repeat(10)}"\nand $more` },
      folder: '/tmp',
      stdin: 'from outside',
      okExitCodes: [0, 3],
    });
    expect(value).toMatchObject({ exitCode: 3, stderr: 'oops\n', isCut: false, stdout: `/tmp\nit's "xxxxxxxxxx"\nand $more\nfrom outside` });
    expect(logs).toEqual(
      ['/tmp', 'it\'s "xxxxxxxxxx"', 'and $more', 'stderr: oops', 'from outside'].sort((one, other) => logs.indexOf(one) - logs.indexOf(other)),
    );
    expect((await run({ command: 'pwd', folder: '~/.' })).value.stdout.trim()).toBe(`${sshd.user.home}`);
  });

  it('tells whether the host was reached, whatever the command says of itself', async () => {
    const told: string[] = [];
    const onContact: OpenTarget['onContact'] = (outcome) => void told.push(outcome.isOk ? 'reached' : outcome.error.message);
    await expect(run({ command: 'exit 4' }, {}, { ...hostOf(sshd), onContact })).rejects.toMatchObject({ code: 'ssh.exit_code' });
    expect([...new Set(told)]).toEqual(['reached']);
    told.length = 0;
    const wrong = { ...hostOf(sshd), settings: { ...hostOf(sshd).settings, port: 9 }, onContact };
    await expect(run({ command: 'true' }, {}, wrong)).rejects.toMatchObject({ code: 'ssh.port' });
    expect(told).toEqual([expect.stringContaining('Nothing listens')]);
  });

  it('keeps command and environment out of the list of processes', async () => {
    const { value } = await run({ command: 'ps -eo args; : a-secret-word', environment: { OTHER: 'another-secret' } });
    expect(value.stdout).toContain('sh -c');
    expect(value.stdout).not.toMatch(/a-secret-word|another-secret/);
  });

  it('fails with the exit code and the last line, and is not tried again', async () => {
    const attempt = run({ command: 'echo first >&2; echo "what went wrong" >&2; exit 7' });
    await expect(attempt).rejects.toMatchObject({
      code: 'ssh.exit_code',
      retryable: false,
      message: expect.stringContaining('exit code 7: what went wrong'),
      details: { exitCode: 7 },
    });
    await expect(run({ command: 'kill -9 $$' })).rejects.toMatchObject({ code: 'ssh.signal', retryable: false, message: expect.stringContaining('SIGKILL') });
    await expect(run({ command: 'true', folder: '/no/such' })).rejects.toMatchObject({ code: 'ssh.folder', retryable: false });
  });

  it('runs with a terminal when told so', async () => {
    const { value } = await run({ command: `tty && echo "$LONG" | wc -c; cat`, pty: true, environment: { LONG: 'y'.repeat(6000) }, stdin: 'typed' });
    expect(value.stdout).toMatch(/^\/dev\/pts\/\d+\n6001\ntyped/);
    expect((await run({ command: 'tty; true' })).value.stdout).toContain('not a tty');
    // Nobody is there to type: what asks, gets the end of input.
    expect((await run({ command: 'read answer; echo "got [$answer]"', pty: true })).value.stdout).toContain('got []');
  });

  it('keeps the whole of a large output as a file, its head and tail in the value', async () => {
    const { value, files } = await run({ command: 'seq 1 100000; seq 1 5 >&2' });
    expect(value).toMatchObject({ isCut: true, stdoutBytes: 588_895, stderr: '1\n2\n3\n4\n5\n' });
    expect(value.stdout).toMatch(/^1\n2\n3\n[\s\S]*588895 bytes in all[\s\S]*99999\n100000\n$/);
    expect(files).toMatchObject([{ name: expect.stringMatching(/^host.*-stdout\.txt$/), size: 588_895 }]);
    expect(files[0]?.content.toString()).toBe(Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join(''));
    const named = await run({ command: 'echo a,b', outputFile: 'always', outputName: 'small.csv' });
    expect(named.files).toMatchObject([{ name: 'small.csv', content: Buffer.from('a,b\n') }]);
    expect((await run({ command: 'seq 1 100000', outputFile: 'never' })).files).toEqual([]);
  });

  it('reads other code pages, and says when the text is in none that it was told', async () => {
    expect((await run({ command: String.raw`printf 'Gr\374\337e'`, encoding: 'windows-1252' })).value.stdout).toBe('Grüße');
    const { value, logs } = await run({ command: String.raw`printf 'Gr\374\337e'` });
    expect(value.stdout).toContain('\ufffd');
    expect(logs.at(-1)).toContain('encoding');
  });

  it('says in a dry run what it would run where', async () => {
    const before = accepted();
    const { logs } = await run({ command: 'rm -rf /srv/old', sudo: 'root', folder: '/srv' }, { isDry: true });
    expect(logs).toEqual([
      expect.stringMatching(/^Dry run: would run "rm -rf \/srv\/old" on host-\d+ \(tw\w+@127\.0\.0\.1:\d+\), as root by sudo, in \/srv, for 300 s at most\.$/),
    ]);
    expect(accepted()).toBe(before);
  });

  describe('connections', () => {
    it('are shared by commands at the same time, and kept for the next ones', async () => {
      closeIdleConnections();
      const before = accepted();
      await Promise.all(Array.from({ length: 8 }, (_, index) => run({ command: `echo ${index}` })));
      await run({ command: 'true' });
      expect(accepted() - before).toBe(1);
      expect(idleConnections()).toBe(1);
      await run({ command: 'true' }, {}, hostOf(sshd, { settings: { timeoutSeconds: 11 } }));
      expect(accepted() - before).toBe(2);
    });

    it('are replaced once when they turn out dead', async () => {
      await run({ command: 'true' });
      await sshd.kill();
      await sshd.restart();
      expect((await run({ command: 'echo alive' })).value.stdout).toBe('alive\n');
    });

    it('are more than one where the server allows few channels', async () => {
      await using narrow = await startSshd({ settings: ['MaxSessions 2'] });
      const outcomes = await Promise.all(Array.from({ length: 7 }, (_, index) => run({ command: `sleep 0.2; echo ${index}` }, {}, hostOf(narrow))));
      expect(outcomes.map(({ value }) => value.stdout.trim())).toEqual(['0', '1', '2', '3', '4', '5', '6']);
      expect(narrow.log().match(/Accepted password/g)?.length).toBeGreaterThan(2);
      closeIdleConnections();
    });

    it('come through when the server turns many away (MaxStartups)', async () => {
      await using busy = await startSshd({ settings: ['MaxStartups 2'] });
      // Different secrets never share a connection: eight sign-ins at once.
      const hosts = Array.from({ length: 8 }, (_, index) => hostOf(busy, { settings: { timeoutSeconds: 10 + index } }));
      const outcomes = await Promise.allSettled(hosts.map((host) => run({ command: 'echo here' }, {}, host)));
      const failed = outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason);
      for (const error of failed) expect(error).toMatchObject({ code: 'ssh.turned_away', retryable: true });
      expect(failed.length).toBeLessThan(4);
      closeIdleConnections();
    });
  });

  describe('a command that has to stop', () => {
    let serial = Date.now() % 1_000_000;
    async function stopped(config: Partial<Config>, host = hostOf(sshd), byTimeout = false) {
      const marker = String(++serial);
      const cancel = new AbortController();
      const trace = newTrace();
      const command = `trap '' TERM; sleep 300.${marker} & (sleep 300.${marker}; true) & echo started; sleep 300.${marker}; sleep 300.${marker}`;
      const attempt = run({ command, ...config, ...(byTimeout ? { timeoutSeconds: 1 } : {}) }, { signal: cancel.signal, trace }, host);
      const ending = expect(attempt).rejects.toMatchObject(byTimeout ? { code: 'ssh.command_timeout' } : { message: 'cancelled' });
      await expect.poll(() => trace.logs.some(({ text }) => text === 'started')).toBe(true);
      expect(running(`sleep 300.${marker}`).length).toBeGreaterThan(2);
      cancel.abort(byTimeout ? undefined : new Error('cancelled'));
      await ending;
      expect(running(`sleep 300.${marker}`)).toEqual([]);
      expect(trace.logs.at(-1)?.text).toMatch(/was stopped with everything it started/);
    }
    it('is gone when the step is cancelled', () => stopped({}));
    it('is gone with a terminal too', () => stopped({ pty: true }));
    it('is gone where the server allows one channel a connection', async () => {
      await using narrow = await startSshd({ settings: ['MaxSessions 1'] });
      await stopped({}, hostOf(narrow));
      closeIdleConnections();
    });
    it('is gone when it takes too long', async () => {
      const marker = String(++serial);
      await expect(run({ command: `sleep 300.${marker} & sleep 300.${marker}`, timeoutSeconds: 0.5 })).rejects.toMatchObject({
        code: 'ssh.command_timeout',
        retryable: false,
        hint: expect.stringContaining('it may ask'),
      });
      expect(running(`sleep 300.${marker}`)).toEqual([]);
    });
  });
});

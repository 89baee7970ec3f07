import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type HarnessFile, type HarnessOptions, newTrace, runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostOf } from '../testing/ssh-host.ts';
import { sshdMissing, startSshd, type TestSshd } from '../testing/sshd.ts';
import { sshCopy } from './copy.step.ts';
import { closeIdleConnections } from './ssh-pool.ts';

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
type Config = Omit<Parameters<typeof runStep<typeof sshCopy.config>>[1], 'target'>;
type Value = { files: { name: string; path: string; verifiedBy: string; alreadyThere: boolean }[] };

describe.skipIf(sshdMissing !== undefined)(`ssh.copy with a real sshd${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`, () => {
  let sshd: TestSshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => {
    closeIdleConnections();
    await sshd[Symbol.asyncDispose]();
  });
  const home = (...parts: string[]) => path.join(sshd.user.home, ...parts);
  async function copy(config: Config, files: HarnessFile[] = [], more: HarnessOptions = {}) {
    await using outcome = await runStep(sshCopy, { target: 'host', ...config }, { targets: { host: hostOf(sshd) }, inputs: { input: { files } }, ...more });
    const got = await Promise.all((outcome.result.files ?? []).map(async (file) => ({ name: file.name, content: await outcome.content(file) })));
    return { value: outcome.result.value as Value, logs: outcome.logs.map((line) => line.text), files: got };
  }

  it('puts files of earlier steps and uploaded ones onto the host, with their mode, and leaves the same alone', async () => {
    const big = randomBytes(3_000_000);
    const { value } = await copy({ path: 'etc/app', mode: '0640' }, [
      { name: "it's a.conf", content: 'a = 1\n' },
      { name: 'big.bin', content: big },
    ]);
    expect(value.files).toMatchObject([{ path: "etc/app/it's a.conf", verifiedBy: 'sha256sum', alreadyThere: false }, { name: 'big.bin' }]);
    expect((await readdir(home('etc/app'))).sort()).toEqual(['big.bin', "it's a.conf"]);
    expect(sha256(await readFile(home('etc/app/big.bin')))).toBe(sha256(big));
    expect((await stat(home('etc/app/big.bin'))).mode & 0o777).toBe(0o640);
    const again = await copy({ path: 'etc/app', file: 'the-big-one', name: 'big.bin' }, [], { uploads: { 'the-big-one': { name: 'x', content: big } } });
    expect(again.value.files).toMatchObject([{ alreadyThere: true }]);
    await expect(copy({ path: 'etc/app', overwrite: 'refuse' }, [{ name: 'big.bin', content: 'other' }])).rejects.toMatchObject({ code: 'file.exists' });
  });

  it('takes files and folders from the host', async () => {
    await mkdir(home('logs/below'), { recursive: true });
    const big = randomBytes(5_000_000);
    await writeFile(home('logs/a.log'), 'first\n');
    await writeFile(home('logs/b.log'), big);
    await writeFile(home('logs/c.txt'), 'not this');
    await writeFile(home('logs/below/d.log'), 'deep');
    const { files, value } = await copy({ direction: 'from', path: 'logs', pattern: '*.log' });
    expect(files.map(({ name, content }) => [name, sha256(content)])).toEqual([
      ['a.log', sha256('first\n')],
      ['b.log', sha256(big)],
    ]);
    expect(value.files).toMatchObject([{ path: 'logs/a.log', verifiedBy: 'sha256sum' }, {}]);
    expect((await copy({ direction: 'from', path: 'logs/a.log' })).files).toMatchObject([{ name: 'a.log' }]);
    const packed = await copy({ direction: 'from', path: 'logs/', pack: true });
    expect(packed.files).toMatchObject([{ name: 'logs.tar.gz' }]);
    await copy({ path: 'unpacked', unpack: true }, [{ name: 'logs.tar.gz', content: packed.files[0]?.content ?? '' }]);
    expect(await readFile(home('unpacked/logs/below/d.log'), 'utf8')).toBe('deep');
    expect(sha256(await readFile(home('unpacked/logs/b.log')))).toBe(sha256(big));
    await expect(copy({ direction: 'from', path: 'logs' })).rejects.toMatchObject({ code: 'file.kind' });
    await expect(copy({ direction: 'from', path: 'nothing' })).rejects.toMatchObject({ code: 'sftp.missing' });
    await expect(copy({ direction: 'from', path: 'logs', pattern: '*.csv' })).rejects.toMatchObject({ code: 'file.missing' });
  });

  it('says in a dry run what it would copy', async () => {
    const { logs } = await copy({ path: 'dry', sudo: 'root' }, [{ name: 'a', content: 'abc' }], { isDry: true });
    expect(logs).toEqual([expect.stringMatching(/^Dry run: would copy a \(3 bytes\) to dry on host-\d+ \(.*\), as root by sudo\.$/)]);
    expect(existsSync(home('dry'))).toBe(false);
  });

  it('goes on where a transfer onto the host broke, in the next attempt', async () => {
    const big = { name: 'resumed.bin', content: randomBytes(60_000_000) };
    await expect(breakAt(copy({ path: 'parts' }, [big]), () => sizeOfPart('parts'))).resolves.toMatchObject({ retryable: true });
    const before = await sizeOfPart('parts');
    expect(before).toBeGreaterThan(0);
    await sshd.restart();
    const trace = newTrace();
    await copy({ path: 'parts' }, [big], { trace });
    expect(trace.progress[0]?.bytes).toBeGreaterThan(before);
    expect(sha256(await readFile(home('parts/resumed.bin')))).toBe(sha256(big.content));
    expect(await readdir(home('parts'))).toEqual(['resumed.bin']);
  });

  it('begins anew where what is there is something else', async () => {
    await mkdir(home('other'));
    const content = randomBytes(200_000);
    const { partName } = await import('../files/place-file.ts');
    await writeFile(home('other', partName('x.bin', 'harness:ssh.copy')), randomBytes(100_000));
    execFileSync('chown', ['-R', sshd.user.name, home('other')]);
    await copy({ path: 'other' }, [{ name: 'x.bin', content }]);
    expect(sha256(await readFile(home('other/x.bin')))).toBe(sha256(content));
  });

  it('goes on where a transfer from the host broke', async () => {
    const content = randomBytes(60_000_000);
    await writeFile(home('from.bin'), content);
    const trace = newTrace();
    const attempt = copy({ direction: 'from', path: 'from.bin' }, [], { trace });
    await expect.poll(() => trace.progress.length, { interval: 1 }).toBeGreaterThan(0);
    await sshd.kill();
    await sshd.restart();
    expect(sha256((await attempt).files[0]?.content ?? '')).toBe(sha256(content));
    const bytes = trace.progress.map((done) => done.bytes ?? 0);
    expect(bytes).toEqual(bytes.toSorted((one, other) => one - other));
  });

  async function sizeOfPart(folder: string): Promise<number> {
    const names = await readdir(home(folder)).catch(() => []);
    const part = names.find((name) => name.endsWith('.part'));
    return part === undefined ? 0 : (await stat(home(folder, part))).size;
  }
  /** Kills the server as soon as something of it is there, and every attempt to come back. */
  async function breakAt(attempt: Promise<unknown>, size: () => Promise<number>): Promise<unknown> {
    const ending = attempt.then(
      () => 'it went through',
      (error: unknown) => error,
    );
    while ((await size()) === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    await sshd.kill();
    return ending;
  }

  describe.skipIf(!existsSync('/usr/bin/sudo'))('as another user', () => {
    const place = `/opt/tw-copy-${randomBytes(6).toString('hex')}`;
    beforeAll(async () => {
      const rules = `/etc/sudoers.d/${sshd.user.name}`;
      await writeFile(rules, `${sshd.user.name} ALL=(ALL) ALL\n`);
      await chmod(rules, 0o440);
    });
    afterAll(async () => {
      await rm(place, { recursive: true, force: true });
      await rm(`/etc/sudoers.d/${sshd.user.name}`, { force: true });
    });

    it('writes where only that user may, and reads it back', async () => {
      const content = randomBytes(1_000_000);
      const first = await copy({ path: place, sudo: 'root', mode: '0600', owner: 'nobody' }, [{ name: 'secret.bin', content }]);
      expect(first.value.files).toMatchObject([{ verifiedBy: 'sha256sum', alreadyThere: false }]);
      const { mode, uid } = await stat(`${place}/secret.bin`);
      expect([mode & 0o777, uid]).toEqual([0o600, 65534]);
      expect(await readdir(place)).toEqual(['secret.bin']);
      expect((await copy({ path: place, sudo: 'root' }, [{ name: 'secret.bin', content }])).value.files).toMatchObject([{ alreadyThere: true }]);
      await expect(copy({ path: place, sudo: 'root', overwrite: 'refuse' }, [{ name: 'secret.bin', content: 'x' }])).rejects.toMatchObject({
        code: 'file.exists',
      });
      await expect(copy({ path: place }, [{ name: 'secret.bin', content: 'x' }])).rejects.toMatchObject({ code: 'sftp.refused' });
      const back = await copy({ direction: 'from', path: place, pattern: '*.bin', sudo: 'root' });
      expect(sha256(back.files[0]?.content ?? '')).toBe(sha256(content));
      await expect(copy({ direction: 'from', path: `${place}/none`, sudo: 'root' })).rejects.toMatchObject({ code: 'ssh.copy_failed' });
    });
  });
});

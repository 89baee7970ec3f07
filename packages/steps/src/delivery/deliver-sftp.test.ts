import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type HarnessOptions, newTrace, runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileRead } from '../files/file-read.step.ts';
import { closeIdleConnections } from '../ssh/ssh-pool.ts';
import { mountSmallDisk, smallDiskMissing } from '../testing/small-disk.ts';
import { type SshdOptions, sshdMissing, startSshd, type TestSshd } from '../testing/sshd.ts';
import { deliverSftp } from './deliver-sftp.step.ts';

const csv = { name: 'trades.csv', content: 'a,b\n1,2\n' };
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

function options(sshd: TestSshd, files: { name: string; content: string | Uint8Array }[], changes: Record<string, unknown> = {}): HarnessOptions {
  return { inputs: { input: { files } }, connections: { regulator: { type: 'sftp', config: sshd.config(changes), secret: { password: sshd.user.password } } } };
}
async function withSshd(settings: SshdOptions, work: (sshd: TestSshd) => Promise<void>): Promise<void> {
  await using sshd = await startSshd(settings);
  await work(sshd);
  closeIdleConnections();
}

describe.skipIf(sshdMissing !== undefined)(`deliver.sftp to a real sshd${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`, () => {
  let sshd: TestSshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => {
    closeIdleConnections();
    await sshd[Symbol.asyncDispose]();
  });
  const remote = (...parts: string[]) => path.join(sshd.user.home, ...parts);

  it('delivers into a folder that it makes, with a receipt and a checksum file', async () => {
    const big = randomBytes(5_000_000);
    const files = [csv, { name: "it's big; $(touch x).bin", content: big }, { name: 'empty.txt', content: '' }];
    await using outcome = await runStep(deliverSftp, { connection: 'regulator', path: 'in/2026/11', checksumFile: 'md5' }, options(sshd, files));
    expect((await readdir(remote('in/2026/11'))).sort()).toEqual(files.flatMap((file) => [file.name, `${file.name}.md5`]).sort());
    expect(sha256(await readFile(remote('in/2026/11', files[1]?.name ?? '')))).toBe(sha256(big));
    execFileSync('md5sum', ['-c', 'trades.csv.md5'], { cwd: remote('in/2026/11') });
    expect(outcome.deliveries).toHaveLength(3);
    // Of all files together, never back.
    const total = csv.content.length + big.length;
    const bytes = outcome.progress.map((done) => done.bytes ?? 0);
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
    expect(outcome.progress.at(-1)).toEqual({ bytes: total, total });
    expect(outcome.deliveries[1]).toMatchObject({
      state: 'delivered',
      destination: expect.stringMatching(/^sftp:\/\/127\.0\.0\.1:\d+\/in\/2026\/11\/it's big/),
      receipt: { size: big.length, sha256: sha256(big), verifiedBy: 'sha256sum', renamedBy: 'posix-rename', hostKey: sshd.hostKey, alreadyThere: false },
    });
  });

  it('in a dry run signs in and looks at the place, and leaves nothing there', async () => {
    const before = (await readdir(remote())).sort();
    await using outcome = await runStep(
      deliverSftp,
      { connection: 'regulator', path: 'dry/run', checksumFile: 'sha256' },
      { ...options(sshd, [csv]), isDry: true },
    );
    expect(outcome.deliveries).toEqual([]);
    expect(outcome.logs.at(-1)?.text).toMatch(/^Dry run: would deliver sftp:.*\/dry\/run\/trades\.csv, 8 bytes\.$/);
    expect((await readdir(remote())).sort()).toEqual(before);
    const wrong = options(sshd, [csv], { hostKey: 'SHA256:uNiVztksCsDhcc0u9e8BrqyuqS2VGvTXMFzYqWMbsCY' });
    await expect(runStep(deliverSftp, { connection: 'regulator' }, { ...wrong, isDry: true })).rejects.toMatchObject({ status: expect.any(Number) });
  });

  it('signs in by key, replaces another file, and sends nothing when the same is there', async () => {
    await writeFile(remote('trades.csv'), 'something old and longer');
    const keyed = options(sshd, [csv]);
    keyed.connections = {
      regulator: { type: 'sftp', config: sshd.config(), secret: { privateKey: sshd.user.encryptedKey, passphrase: sshd.user.passphrase } },
    };
    await using first = await runStep(deliverSftp, { connection: 'regulator' }, keyed);
    expect(first.deliveries).toMatchObject([{ receipt: { alreadyThere: false } }]);
    expect(await readFile(remote('trades.csv'), 'utf8')).toBe(csv.content);
    const before = (await stat(remote('trades.csv'))).mtimeMs;
    await using second = await runStep(deliverSftp, { connection: 'regulator' }, keyed);
    expect(second.deliveries).toMatchObject([{ state: 'delivered', receipt: { alreadyThere: true, verifiedBy: 'sha256sum' } }]);
    expect((await stat(remote('trades.csv'))).mtimeMs).toBe(before);
  });

  it('refuses to replace when told so', async () => {
    await writeFile(remote('kept.csv'), 'the older');
    const keep = { connection: 'regulator', overwrite: 'refuse' as const };
    await expect(runStep(deliverSftp, keep, options(sshd, [{ name: 'kept.csv', content: 'the newer' }]))).rejects.toMatchObject({ code: 'file.exists' });
    expect(await readFile(remote('kept.csv'), 'utf8')).toBe('the older');
    await using fresh = await runStep(deliverSftp, keep, options(sshd, [{ name: 'fresh.csv', content: 'new' }]));
    expect(fresh.deliveries).toMatchObject([{ receipt: { renamedBy: 'rename' } }]);
  });

  it('refuses a wrong host key and a wrong password, records both, and does not ask for a retry', async () => {
    const trace = newTrace();
    await expect(
      runStep(deliverSftp, { connection: 'regulator' }, { ...options(sshd, [csv], { hostKey: `SHA256:${'A'.repeat(43)}` }), trace }),
    ).rejects.toMatchObject({ code: 'ssh.host_key', retryable: false });
    const wrong = options(sshd, [csv]);
    wrong.connections = { regulator: { type: 'sftp', config: sshd.config(), secret: { password: 'not-the-password' } } };
    await expect(runStep(deliverSftp, { connection: 'regulator' }, { ...wrong, trace })).rejects.toMatchObject({ code: 'ssh.sign_in', retryable: false });
    expect(trace.deliveries).toMatchObject([
      { state: 'failed', error: expect.stringContaining('ssh.host_key') },
      { state: 'failed', error: expect.stringContaining('ssh.sign_in') },
    ]);
    expect(JSON.stringify(trace)).not.toContain('not-the-password');
  });

  it('says that the server does not allow it', async () => {
    await mkdir(remote('closed'));
    await chmod(remote('closed'), 0o555);
    await expect(runStep(deliverSftp, { connection: 'regulator', path: 'closed' }, options(sshd, [csv]))).rejects.toMatchObject({
      code: 'sftp.refused',
      retryable: false,
    });
    await expect(runStep(deliverSftp, { connection: 'regulator', path: '/etc/tidewheel-was-here' }, options(sshd, [csv]))).rejects.toMatchObject({
      code: 'sftp.refused',
    });
    await expect(runStep(deliverSftp, { connection: 'regulator', path: '../..' }, options(sshd, [csv]))).rejects.toMatchObject({ code: 'file.path' });
    await writeFile(remote('a-file'), '');
    await expect(runStep(deliverSftp, { connection: 'regulator', path: 'a-file' }, options(sshd, [csv]))).rejects.toMatchObject({ code: 'file.kind' });
  });

  it.skipIf(smallDiskMissing !== undefined)('says that the server is full, leaves no part there, and succeeds when there is space', async () => {
    await mkdir(remote('small'));
    using disk = mountSmallDisk(remote('small'), '512k');
    const big = { name: 'big.bin', content: randomBytes(900_000) };
    await expect(runStep(deliverSftp, { connection: 'regulator', path: 'small' }, options(sshd, [big]))).rejects.toMatchObject({
      code: 'sftp.full',
      retryable: true,
    });
    expect(await readdir(remote('small'))).toEqual([]);
    disk.resize('4m');
    await using outcome = await runStep(deliverSftp, { connection: 'regulator', path: 'small' }, options(sshd, [big]));
    expect(outcome.deliveries).toMatchObject([{ state: 'delivered' }]);
  });

  it('reads files back from the server, by path and by pattern', async () => {
    await mkdir(remote('outbox'));
    const content = randomBytes(300_000);
    await writeFile(remote('outbox', 'b.bin'), content);
    await writeFile(remote('outbox', 'a.bin'), 'a');
    await writeFile(remote('outbox', 'c.txt'), 'c');
    const { connections } = options(sshd, []);
    await using outcome = await runStep(fileRead, { connection: 'regulator', path: 'outbox', pattern: '*.bin' }, { connections: connections ?? {} });
    expect(outcome.result.files).toMatchObject([{ name: 'a.bin' }, { name: 'b.bin', sha256: sha256(content) }]);
    await expect(runStep(fileRead, { connection: 'regulator', path: 'outbox/d.bin' }, { connections: connections ?? {} })).rejects.toMatchObject({
      code: 'sftp.missing',
      hint: expect.stringContaining('Did you mean'),
    });
    await expect(runStep(fileRead, { connection: 'regulator', path: 'outbox' }, { connections: connections ?? {} })).rejects.toMatchObject({
      code: 'file.kind',
    });
    await expect(
      runStep(fileRead, { connection: 'regulator', path: 'outbox/b.bin', maxBytes: 1000 }, { connections: connections ?? {} }),
    ).rejects.toMatchObject({ code: 'file.too_large' });
  });

  it('stops at once when it is cancelled, and never shows half a file', async () => {
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(new Error('cancelled')), 150);
    const big = { name: 'cancelled.bin', content: randomBytes(150_000_000) };
    await expect(runStep(deliverSftp, { connection: 'regulator' }, { ...options(sshd, [big]), signal: cancel.signal })).rejects.toThrow('cancelled');
    expect(await readdir(remote())).not.toContain('cancelled.bin');
  });
});

describe.skipIf(sshdMissing !== undefined)('deliver.sftp to servers that make it hard', () => {
  it('survives a server that dies half way: an error that is tried again, no half file, then success', async () => {
    await withSshd({}, async (sshd) => {
      const big = { name: 'report.xml', content: randomBytes(80_000_000) };
      const trace = newTrace();
      const home = () => readdir(sshd.user.home).then((names) => names.filter((name) => name.includes('report')));
      const attempt = runStep(deliverSftp, { connection: 'regulator' }, { ...options(sshd, [big]), trace });
      const failed = expect(attempt).rejects.toMatchObject({ retryable: true, code: 'ssh.lost' });
      while ((await home()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await sshd.kill();
      await failed;
      expect(await home()).toEqual([expect.stringMatching(/^\.report\.xml\.[0-9a-f]{8}\.part$/)]);
      expect(trace.deliveries).toMatchObject([{ state: 'failed', error: expect.stringContaining('ssh.lost') }]);
      await expect(runStep(deliverSftp, { connection: 'regulator' }, options(sshd, [big]))).rejects.toMatchObject({ code: 'ssh.port', retryable: true });
      await sshd.restart();
      await using outcome = await runStep(deliverSftp, { connection: 'regulator' }, options(sshd, [big]));
      expect(outcome.deliveries).toMatchObject([{ state: 'delivered', receipt: { alreadyThere: false } }]);
      expect(await home()).toEqual(['report.xml']);
      expect(sha256(await readFile(path.join(sshd.user.home, 'report.xml')))).toBe(sha256(big.content));
    });
  });

  it('verifies by reading back, and renames by removing, where the server has neither commands nor posix-rename', async () => {
    await withSshd({ sftp: 'internal-sftp -P posix-rename', settings: ['ForceCommand internal-sftp -P posix-rename'] }, async (sshd) => {
      await writeFile(path.join(sshd.user.home, 'trades.csv'), 'an older one');
      await using outcome = await runStep(deliverSftp, { connection: 'regulator' }, options(sshd, [csv]));
      expect(outcome.deliveries).toMatchObject([{ receipt: { verifiedBy: 'read back', renamedBy: 'remove and rename' } }]);
      expect(await readFile(path.join(sshd.user.home, 'trades.csv'), 'utf8')).toBe(csv.content);
      await using again = await runStep(deliverSftp, { connection: 'regulator' }, options(sshd, [csv]));
      expect(again.deliveries).toMatchObject([{ receipt: { alreadyThere: true, verifiedBy: 'read back' } }]);
    });
  });

  it('notices that what arrived is not what was sent', async () => {
    await withSshd({ settings: ['ForceCommand internal-sftp'] }, async (sshd) => {
      const parts = () => readdir(sshd.user.home).then((names) => names.filter((name) => name.endsWith('.part')));
      let damaged = false;
      const damage = setInterval(async () => {
        for (const name of await parts()) {
          const at = path.join(sshd.user.home, name);
          if (damaged || (await stat(at)).size < 30_000_000) continue;
          damaged = true;
          execFileSync('dd', ['if=/dev/urandom', `of=${at}`, 'bs=1', 'count=64', 'conv=notrunc'], { stdio: 'ignore' });
        }
      }, 2);
      try {
        await expect(
          runStep(deliverSftp, { connection: 'regulator' }, options(sshd, [{ name: 'x.bin', content: randomBytes(60_000_000) }])),
        ).rejects.toMatchObject({ code: 'deliver.damaged', retryable: true });
        expect(await parts()).toEqual([]);
        expect(await readdir(sshd.user.home)).not.toContain('x.bin');
      } finally {
        clearInterval(damage);
      }
    });
  });
});

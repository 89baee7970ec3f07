import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type HarnessOptions, newTrace, runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closeIdleFtp } from '../ftp/ftp-place.ts';
import { startVsftpd, type TestVsftpd, vsftpdMissing } from '../ftp/testing/vsftpd.ts';
import { mountSmallDisk, smallDiskMissing } from '../testing/small-disk.ts';
import { sshdMissing, startSshd, type TestSshd } from '../testing/sshd.ts';
import { partName } from './place-file.ts';
import { fileTransfer } from './transfer.step.ts';

const missing = sshdMissing ?? vsftpdMissing;
const key = 'harness:file.transfer';

describe.skipIf(missing !== undefined)(`file.transfer${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let sshd: TestSshd;
  let vsftpd: TestVsftpd;
  let root: string;
  beforeAll(async () => {
    [sshd, vsftpd] = await Promise.all([startSshd(), startVsftpd({ tls: 'explicit' })]);
  });
  afterAll(async () => {
    closeIdleFtp();
    await sshd?.[Symbol.asyncDispose]();
    await vsftpd?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'tw-transfer-'));
    return () => rm(root, { recursive: true, force: true });
  });
  const options = (more: Partial<HarnessOptions> = {}): HarnessOptions => ({
    connections: {
      here: { type: 'folder', config: { root } },
      closed: { type: 'folder', config: { root, readOnly: true } },
      sftp: { type: 'sftp', config: sshd.config(), secret: { password: sshd.user.password } },
      ftp: { type: 'ftp', config: vsftpd.config({ ca: vsftpd.authority }), secret: { password: vsftpd.password } },
    },
    targets: {
      host: {
        os: 'linux',
        address: '127.0.0.1',
        transport: 'ssh',
        settings: { port: sshd.port, hostKey: sshd.hostKey },
        credential: { type: 'ssh', fields: { user: sshd.user.name }, secret: { password: sshd.user.password } },
        via: null,
      },
    },
    ...more,
  });
  const put = async (name: string, content: string | Buffer) => {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), content);
  };

  it('goes from a folder to SFTP, on to FTP, on to a host, and back, with receipts and nothing left aside', async () => {
    const content = randomBytes(5_000_000);
    await put('out/big.bin', content);
    await put('out/small ü.txt', 'x');
    await put('out/empty.txt', '');
    await put('out/.hidden.txt', 'x');
    const hop = async (from: object, to: object, more: object = {}) => {
      await using outcome = await runStep(fileTransfer, { from: { pattern: '*', ...from }, to, ...more } as never, options());
      expect(outcome.deliveries.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
      expect(outcome.progress.at(-1)).toEqual({ bytes: 5_000_001, total: 5_000_001 });
      return outcome.result.value as { files: { file: string; verifiedBy: string; sha256: string }[] };
    };
    const first = await hop({ connection: 'here', path: 'out' }, { connection: 'sftp', path: 'a/b' });
    expect(first.files.map(({ verifiedBy }) => verifiedBy)).toEqual(['sha256', 'sha256', 'sha256']);
    const second = await hop({ connection: 'sftp', path: 'a/b' }, { connection: 'ftp', path: 'c' }, { after: 'delete' });
    expect(second.files.map(({ verifiedBy }) => verifiedBy)).toEqual(['read back', 'read back', 'read back']);
    expect(await readdir(path.join(sshd.user.home, 'a/b'))).toEqual([]);
    await hop({ connection: 'ftp', path: 'c' }, { target: 'host', path: 'd' }, { after: 'move', moveTo: 'done' });
    expect((await readdir(path.join(vsftpd.home, 'done'))).sort()).toEqual(['big.bin', 'empty.txt', 'small ü.txt']);
    const last = await hop({ target: 'host', path: 'd' }, { connection: 'here', path: 'back' });
    expect((await readdir(path.join(root, 'back'))).sort()).toEqual(['big.bin', 'empty.txt', 'small ü.txt']);
    expect((await readFile(path.join(root, 'back/big.bin'))).equals(content)).toBe(true);
    expect(last.files.map(({ sha256 }) => sha256).sort()).toEqual(first.files.map(({ sha256 }) => sha256).sort());
    expect((await readdir(path.join(sshd.user.home, 'd'))).sort()).toEqual(['big.bin', 'empty.txt', 'small ü.txt']);
  });

  it.each(['sftp', 'ftp', 'here'])(
    'takes up a broken transfer to %s where it broke, and begins anew when that is not its beginning',
    { timeout: 180_000 },
    async (to) => {
      const content = randomBytes(3_000_000);
      await put('x.bin', content);
      const home = { sftp: sshd.user.home, ftp: vsftpd.home, here: root }[to] as string;
      const part = path.join(home, 'in', partName('x.bin', key));
      const leave = async (bytes: Buffer) => {
        await mkdir(path.dirname(part), { recursive: true });
        await writeFile(part, bytes);
        const { chownSync, statSync } = await import('node:fs');
        const { uid, gid } = statSync(home);
        for (const one of [path.dirname(part), part]) chownSync(one, uid, gid);
      };
      const run = (more = {}) => runStep(fileTransfer, { from: { connection: 'here', path: 'x.bin' }, to: { connection: to, path: 'in' }, ...more }, options());
      await leave(content.subarray(0, 1_234_567));
      await using resumed = await run();
      expect(resumed.result.value).toMatchObject({ files: [{ resumedAt: 1_234_567 }] });
      expect((await readFile(path.join(home, 'in/x.bin'))).equals(content)).toBe(true);
      await leave(Buffer.alloc(1_000_000, 1));
      await expect(run()).rejects.toMatchObject({ code: 'transfer.damaged', retryable: true });
      await using anew = await run();
      expect(anew.result.value).toMatchObject({ files: [{ resumedAt: 0 }] });
      expect((await readdir(path.join(home, 'in'))).filter((name) => name.endsWith('.part'))).toEqual([]);
    },
  );

  it('keeps folders below, and says what it does with what is there', async () => {
    await put('src/a.csv', 'new');
    await put('src/deep/b.csv', 'b');
    await put('dst/a.csv', 'old');
    const run = (more: object, from: object = {}, extra: Partial<HarnessOptions> = {}) =>
      runStep(
        fileTransfer,
        { from: { connection: 'here', path: 'src', pattern: '*.csv', deep: true, ...from }, to: { connection: 'here', path: 'dst' }, ...more } as never,
        options(extra),
      );
    await using dry = await run({ whenExists: 'skip' }, {}, { isDry: true });
    expect(dry.result.value).toMatchObject({ transferred: 1, skipped: 1, bytes: 1 });
    expect(dry.logs.map(({ text }) => text).join('\n')).toMatch(/leave src\/a.csv out[\s\S]*would transfer src\/deep\/b.csv/);
    expect(dry.deliveries).toEqual([]);
    await using early = await run({}, { connection: 'sftp', path: 'not/yet' }, { isDry: true });
    expect(early.result.value).toMatchObject({ transferred: 0, files: [] });
    expect(early.logs.at(-1)).toMatchObject({ level: 'warn', text: expect.stringContaining('unless a step before this one brings it') });
    const trace = newTrace();
    await expect(run({ whenExists: 'refuse' }, {}, { trace })).rejects.toMatchObject({ code: 'file.exists', retryable: false });
    await using skipped = await run({ whenExists: 'skip' });
    expect(skipped.result.value).toMatchObject({ transferred: 1, skipped: 1 });
    expect(await readFile(path.join(root, 'dst/deep/b.csv'), 'utf8')).toBe('b');
    expect(await readFile(path.join(root, 'dst/a.csv'), 'utf8')).toBe('old');
    await using replaced = await run({ after: 'move', moveTo: 'done' });
    expect(replaced.result.value).toMatchObject({ transferred: 2 });
    expect(await readFile(path.join(root, 'dst/a.csv'), 'utf8')).toBe('new');
    expect((await readdir(path.join(root, 'done'))).sort()).toEqual(['a.csv', 'b.csv']);
    await expect(run({})).rejects.toMatchObject({ code: 'transfer.nothing' });
    await using empty = await run({ whenMissing: 'empty' });
    expect(empty.result.value).toMatchObject({ transferred: 0 });
  });

  it('sends what an earlier attempt brought through no second time, and keeps the failed try with the run', async () => {
    await put('src/a.txt', 'a');
    await put('src/b.txt', 'b');
    await mkdir(path.join(root, 'dst/b.txt'), { recursive: true });
    const trace = newTrace();
    const config = { from: { connection: 'here', path: 'src', pattern: '*' }, to: { connection: 'here', path: 'dst' } };
    await expect(runStep(fileTransfer, config, options({ trace }))).rejects.toMatchObject({ code: 'file.kind' });
    expect(trace.deliveries.map(({ state }) => state)).toEqual(['delivered', 'failed']);
    await rm(path.join(root, 'dst/b.txt'), { recursive: true });
    await using second = await runStep(fileTransfer, config, options({ once: trace.once }));
    expect(second.deliveries.map(({ file }) => file.name)).toEqual(['b.txt']);
    expect(second.result.value).toMatchObject({ transferred: 2 });
  });

  it('refuses what leads out, onto itself or may not be written', async () => {
    await put('a.txt', 'a');
    const run = (from: object, to: object) =>
      runStep(fileTransfer, { from: { connection: 'here', path: 'a.txt', ...from }, to: { connection: 'here', ...to } } as never, options());
    await expect(run({}, { path: '../x' })).rejects.toMatchObject({ code: 'file.path' });
    await expect(run({ path: '../../etc/passwd' }, { path: 'x' })).rejects.toMatchObject({ retryable: false });
    await expect(run({}, { path: '' })).rejects.toMatchObject({ code: 'transfer.onto_itself' });
    await expect(run({}, { connection: 'closed', path: 'x' })).rejects.toMatchObject({ code: 'folder.read_only' });
    await expect(run({}, { connection: 'sftp', path: '../..' })).rejects.toMatchObject({ code: 'file.path' });
    await expect(run({}, { target: 'host' })).rejects.toMatchObject({ code: 'step.config' });
    await expect(run({ path: 'nothing' }, { path: 'x' })).rejects.toMatchObject({ code: 'transfer.nothing' });
  });

  it.skipIf(smallDiskMissing !== undefined)('says that the disk is full, and goes on when it no longer is', async () => {
    const content = randomBytes(3_000_000);
    await put('x.bin', content);
    await mkdir(path.join(root, 'disk'));
    using disk = mountSmallDisk(path.join(root, 'disk'), '1m');
    const run = () => runStep(fileTransfer, { from: { connection: 'here', path: 'x.bin' }, to: { connection: 'here', path: 'disk' } }, options());
    await expect(run()).rejects.toMatchObject({ code: 'folder.full', retryable: true });
    disk.resize('8m');
    await using done = await run();
    expect((done.result.value as { files: { resumedAt: number }[] }).files[0]?.resumedAt).toBeGreaterThan(0);
    expect((await readFile(path.join(root, 'disk/x.bin'))).equals(content)).toBe(true);
  });
});

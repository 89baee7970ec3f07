import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type HarnessOptions, runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { partName } from '../files/place-file.ts';
import { fileTransfer } from '../files/transfer.step.ts';
import { sshdMissing, startSshd, type TestSshd } from '../testing/sshd.ts';
import { startWinrm, type TestWinrm, winrmServerMissing } from './testing/winrm-server.ts';

const missing = winrmServerMissing ?? sshdMissing;
const key = 'harness:file.transfer';

describe.skipIf(missing !== undefined)(`file.transfer with Windows hosts${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let server: TestWinrm;
  let sshd: TestSshd;
  let root: string;
  const content = randomBytes(9_000_001);
  beforeAll(async () => {
    [server, sshd] = await Promise.all([startWinrm(), startSshd()]);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await sshd?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'tw-winrm-place-'));
    return () => rm(root, { recursive: true, force: true });
  });
  const options = (more: Partial<HarnessOptions> = {}, settings = {}): HarnessOptions => ({
    connections: {
      here: { type: 'folder', config: { root } },
      sftp: { type: 'sftp', config: sshd.config(), secret: { password: sshd.user.password } },
    },
    targets: { 'win-1': server.target(settings) },
    ...more,
  });
  type Sent = { files: { file: string; sha256: string; verifiedBy: string; resumedAt: number }[] };
  const transfer = async (from: object, to: object, more: object = {}, given = options()): Promise<Sent> => {
    await using outcome = await runStep(fileTransfer, { from, to, ...more } as never, given);
    return outcome.result.value as Sent;
  };

  // With one shell at a time a piece that waited for the far end with its shell open would wait for ever.
  it('goes onto a host, within it, on to a server and back, whole, with one shell at a time', async () => {
    const one = options({}, { maxShells: 1 });
    await writeFile(path.join(root, 'big.bin'), content);
    await writeFile(path.join(root, "ü's.bin"), 'small');
    await writeFile(path.join(root, 'empty.bin'), '');
    const first = await transfer({ connection: 'here', pattern: '*.bin' }, { target: 'win-1', path: 'hop\\in' }, {}, one);
    expect(first.files.map(({ verifiedBy }) => verifiedBy)).toEqual(['sha256', 'sha256', 'sha256']);
    expect((await readFile(path.join(server.folder, 'hop/in/big.bin'))).equals(content)).toBe(true);
    await transfer({ target: 'win-1', path: 'hop', pattern: '*.bin', deep: true }, { target: 'win-1', path: 'second' }, { after: 'delete' }, one);
    expect(await readdir(path.join(server.folder, 'hop/in'))).toEqual([]);
    await transfer({ target: 'win-1', path: 'second\\in', pattern: '*.bin' }, { connection: 'sftp', path: 'third' }, { after: 'move', moveTo: 'done' }, one);
    expect((await readdir(path.join(server.folder, 'done'))).sort()).toEqual(['big.bin', 'empty.bin', "ü's.bin"]);
    await transfer({ connection: 'sftp', path: 'third', pattern: '*.bin' }, { target: 'win-1', path: 'fourth' }, {}, one);
    const last = await transfer({ target: 'win-1', path: 'fourth', pattern: '*.bin' }, { connection: 'here', path: 'back' }, {}, one);
    expect((await readFile(path.join(root, 'back/big.bin'))).equals(content)).toBe(true);
    expect(last.files.map(({ sha256 }) => sha256).sort()).toEqual(first.files.map(({ sha256 }) => sha256).sort());
    expect((await readdir(server.folder, { recursive: true })).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('takes up a broken transfer where it broke, in either direction, and begins anew when that is not its beginning', async () => {
    await writeFile(path.join(root, 'x.bin'), content);
    const part = path.join(server.folder, 'resumed', partName('x.bin', key));
    await mkdir(path.dirname(part), { recursive: true });
    await writeFile(part, content.subarray(0, 5_000_000));
    const there = () => transfer({ connection: 'here', path: 'x.bin' }, { target: 'win-1', path: 'resumed' });
    expect(await there()).toMatchObject({ files: [{ resumedAt: 5_000_000 }] });
    expect((await readFile(path.join(server.folder, 'resumed/x.bin'))).equals(content)).toBe(true);
    await writeFile(part, Buffer.alloc(1_000_000, 1));
    await expect(there()).rejects.toMatchObject({ code: 'transfer.damaged', retryable: true });
    await mkdir(path.join(root, 'in'));
    await writeFile(path.join(root, 'in', partName('x.bin', key)), content.subarray(0, 6_000_000));
    expect(await transfer({ target: 'win-1', path: 'resumed\\x.bin' }, { connection: 'here', path: 'in' })).toMatchObject({
      files: [{ resumedAt: 6_000_000, verifiedBy: 'sha256' }],
    });
    expect((await readFile(path.join(root, 'in/x.bin'))).equals(content)).toBe(true);
  });

  it('notices damage on the way, in either direction', async () => {
    await using bad = await startWinrm({ damageStored: true });
    await using worse = await startWinrm({ damageFetched: true });
    const given = options({ targets: { bad: bad.target(), worse: worse.target() } });
    await writeFile(path.join(root, 'a.txt'), 'abc');
    await expect(transfer({ connection: 'here', path: 'a.txt' }, { target: 'bad', path: 'in' }, {}, given)).rejects.toMatchObject({
      code: 'transfer.damaged',
      retryable: true,
    });
    expect(await readdir(path.join(bad.folder, 'in'))).toEqual([]);
    await writeFile(path.join(worse.folder, 'b.txt'), 'b');
    await expect(transfer({ target: 'worse', path: 'b.txt' }, { connection: 'here', path: 'in' }, {}, given)).rejects.toMatchObject({ code: 'winrm.damaged' });
  });

  it('refuses what climbs, what is a folder, what is not there and what would be written onto itself', async () => {
    await writeFile(path.join(server.folder, 'Own.txt'), 'x');
    await mkdir(path.join(server.folder, 'folder'), { recursive: true });
    const from = (place: object, to: object = { connection: 'here' }) => transfer({ target: 'win-1', ...place }, to);
    await expect(from({ path: '..\\x' })).rejects.toMatchObject({ code: 'file.path' });
    await expect(from({ path: 'folder' })).rejects.toMatchObject({ code: 'file.kind' });
    await expect(from({ path: 'none.txt' })).rejects.toMatchObject({ code: 'transfer.nothing' });
    await expect(from({ path: 'none', pattern: '*' })).rejects.toMatchObject({ code: 'winrm.no_folder' });
    await expect(from({ path: 'Own.txt' }, { target: 'win-1', path: '.', name: 'OWN.TXT' })).rejects.toMatchObject({ code: 'transfer.onto_itself' });
  });
});

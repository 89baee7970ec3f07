import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mountSmallDisk, smallDiskMissing } from '@tidewheel/steps/testing/small-disk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalStore } from './local-store.ts';

const workspace = '01890000-0000-7000-8000-000000000001';
const other = '01890000-0000-7000-8000-000000000002';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tw-objects-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : part;
}
async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream)).toString();
}
async function expectCode(promise: Promise<unknown>, code: string): Promise<void> {
  await expect(promise).rejects.toMatchObject({ code });
}
describe('the local object store', () => {
  it('keeps content under its SHA-256 with MD5 and size, private to its owner', async () => {
    const store = await createLocalStore(folder);
    const stored = await store.put(workspace, chunks('hello ', 'world'));
    expect(stored).toEqual({
      sha256: createHash('sha256').update('hello world').digest('hex'),
      md5: createHash('md5').update('hello world').digest('hex'),
      size: 11,
    });
    const file = await store.localPath(workspace, stored.sha256);
    expect(file).toBe(path.join(folder, workspace, stored.sha256.slice(0, 2), stored.sha256));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
    expect(await textOf(await store.read(workspace, stored.sha256))).toBe('hello world');
    expect(await textOf(await store.read(workspace, stored.sha256, { start: 6, end: 8 }))).toBe('wor');
    expect(await readdir(path.join(folder, 'incoming'))).toEqual([]);
  });

  it('keeps an empty object', async () => {
    const store = await createLocalStore(folder);
    const stored = await store.put(workspace, chunks());
    expect(stored.sha256).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(await store.has(workspace, stored.sha256)).toBe(true);
  });

  it('separates workspaces', async () => {
    const store = await createLocalStore(folder);
    const stored = await store.put(workspace, chunks('mine'));
    expect(await store.has(other, stored.sha256)).toBe(false);
    await expectCode(store.read(other, stored.sha256), 'object.missing');
    await expectCode(store.localPath('../escape', stored.sha256), 'object.workspace');
    await expectCode(store.localPath(workspace, '../../etc/passwd'), 'object.hash');
  });

  it('takes the same content from twenty writers at once', async () => {
    const store = await createLocalStore(folder);
    const content = randomBytes(700_000);
    const all = await Promise.all(Array.from({ length: 20 }, () => store.put(workspace, chunks(content.subarray(0, 3), content.subarray(3)))));
    expect(new Set(all.map((one) => one.sha256)).size).toBe(1);
    expect(Buffer.concat(await Array.fromAsync(await store.read(workspace, all[0]?.sha256 ?? ''))).equals(content)).toBe(true);
    expect(await readdir(path.join(folder, 'incoming'))).toEqual([]);
  });

  it('moves a file in, also from another file system', async () => {
    const store = await createLocalStore(folder);
    const near = path.join(folder, 'near');
    await writeFile(near, 'near');
    const moved = await store.putFile(workspace, near);
    expect(await textOf(await store.read(workspace, moved.sha256))).toBe('near');
    await expect(stat(near)).rejects.toMatchObject({ code: 'ENOENT' });
    const shm = await mkdtemp('/dev/shm/tw-').catch(() => undefined);
    if (!shm) return;
    await writeFile(path.join(shm, 'far'), 'far');
    const copied = await store.putFile(workspace, path.join(shm, 'far'));
    expect(await textOf(await store.read(workspace, copied.sha256))).toBe('far');
    expect(await readdir(shm)).toEqual([]);
    await rm(shm, { recursive: true });
  });

  it('leaves nothing when the content fails half way, and passes its error on', async () => {
    const store = await createLocalStore(folder);
    async function* broken() {
      yield Buffer.alloc(400_000);
      throw new RangeError('the sender went away');
    }
    await expect(store.put(workspace, broken())).rejects.toThrow(RangeError);
    expect(await readdir(path.join(folder, 'incoming'))).toEqual([]);
    expect(await readdir(folder)).toEqual(['incoming']);
  });

  it('replaces an object that lies there cut short', async () => {
    const store = await createLocalStore(folder);
    const { sha256 } = await store.put(workspace, chunks('whole content'));
    await writeFile(await store.localPath(workspace, sha256), 'whole');
    await store.put(workspace, chunks('whole content'));
    expect(await textOf(await store.read(workspace, sha256))).toBe('whole content');
  });

  it('sweeps what a dead process left, not what a living one is writing', async () => {
    const incoming = path.join(folder, 'incoming');
    await mkdir(incoming, { recursive: true });
    const sameIdBefore = `${process.pid}.00000000.0000000000000000.part`;
    const living = `${process.ppid}.00000000.0000000000000000.part`;
    await writeFile(path.join(incoming, sameIdBefore), 'left');
    await writeFile(path.join(incoming, living), 'being written');
    await writeFile(path.join(incoming, 'not-ours.txt'), 'kept');
    await createLocalStore(folder);
    expect((await readdir(incoming)).sort()).toEqual([living, 'not-ours.txt'].sort());
  });

  it('proves that it can write, and says so when it cannot', async () => {
    const store = await createLocalStore(folder);
    await store.probe();
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file where the folder was');
    await expectCode(store.probe(), 'storage.failed');
  });

  it.skipIf(smallDiskMissing !== undefined)('says that the disk is full, keeps nothing of the attempt and goes on when there is space again', async () => {
    using _ = mountSmallDisk(folder, '512k');
    const store = await createLocalStore(folder);
    const kept = await store.put(workspace, chunks('small'));
    const failed = store.put(workspace, chunks(randomBytes(400_000), randomBytes(400_000)));
    await expect(failed).rejects.toMatchObject({ code: 'storage.full', retryable: true, hint: expect.stringContaining('space') });
    expect(await readdir(path.join(folder, 'incoming'))).toEqual([]);
    await store.put(workspace, chunks(randomBytes(300_000)));
    expect(await store.has(workspace, kept.sha256)).toBe(true);
  });
});

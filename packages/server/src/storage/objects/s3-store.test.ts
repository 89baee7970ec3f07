import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ObjectCache } from './object-cache.ts';
import type { ObjectStore } from './object-store.ts';
import { createS3Store, type S3Settings } from './s3-store.ts';
import { startSwift, swiftMissing, type TestSwift } from './testing/swift.ts';

const workspace = '01890000-0000-7000-8000-000000000001';
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}
async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(stream));
}

let cacheFolder: string;
beforeEach(async () => {
  cacheFolder = await mkdtemp(path.join(tmpdir(), 'tw-cache-'));
});
afterEach(() => rm(cacheFolder, { recursive: true, force: true }));

describe.skipIf(swiftMissing !== undefined)(`the S3 object store on OpenStack Swift${swiftMissing ? ` (skipped: ${swiftMissing})` : ''}`, () => {
  let swift: TestSwift;
  let client: S3Client;
  beforeAll(async () => {
    swift = await startSwift();
    const { endpoint, region, accessKey, secretKey, bucket } = swift.settings;
    client = new S3Client({
      endpoint: endpoint ?? '',
      region,
      forcePathStyle: true,
      credentials: { accessKeyId: accessKey ?? '', secretAccessKey: secretKey ?? '' },
    });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  }, 180_000);
  afterAll(() => swift?.[Symbol.asyncDispose](), 60_000);
  const open = (changes: Partial<S3Settings> = {}): Promise<ObjectStore> =>
    createS3Store({ settings: { ...swift.settings, ...changes }, cacheFolder, cacheBytes: 1_000_000_000 });
  const emptyCache = async () => {
    await rm(path.join(cacheFolder, workspace), { recursive: true, force: true });
  };

  it('keeps content under its hash and gives it back, from the bucket as from the copy', async () => {
    const store = await open();
    await store.probe();
    const content = randomBytes(2_000_000);
    const stored = await store.put(workspace, chunks(content.subarray(0, 7), content.subarray(7)));
    expect(stored).toEqual({ sha256: sha256(content), md5: createHash('md5').update(content).digest('hex'), size: content.length });
    expect(await readdir(path.join(cacheFolder, 'incoming'))).toEqual([]);
    expect((await bytesOf(await store.read(workspace, stored.sha256))).equals(content)).toBe(true);
    await emptyCache();
    expect(await store.has(workspace, stored.sha256)).toBe(true);
    expect((await bytesOf(await store.read(workspace, stored.sha256))).equals(content)).toBe(true);
    expect((await bytesOf(await store.read(workspace, stored.sha256, { start: 5, end: 9 }))).equals(content.subarray(5, 10))).toBe(true);
    const paths = await Promise.all(Array.from({ length: 5 }, () => store.localPath(workspace, stored.sha256)));
    expect(new Set(paths).size).toBe(1);
    expect((await stat(paths[0] ?? '')).mode & 0o777).toBe(0o600);
    expect(await store.put(workspace, chunks(content))).toEqual(stored);
  });

  it('uploads in parts what is large, and keeps the empty object', async () => {
    const store = await open();
    const content = randomBytes(40_000_000);
    const file = path.join(cacheFolder, 'given');
    await writeFile(file, content);
    const stored = await store.putFile(workspace, file);
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    const empty = await store.put(workspace, chunks());
    await emptyCache();
    expect(sha256(await bytesOf(await store.read(workspace, stored.sha256)))).toBe(sha256(content));
    expect(await bytesOf(await store.read(workspace, empty.sha256))).toHaveLength(0);
  });

  it('says what is missing', async () => {
    const store = await open();
    const unknown = sha256('never stored');
    expect(await store.has(workspace, unknown)).toBe(false);
    await expect(store.read(workspace, unknown)).rejects.toMatchObject({ code: 'object.missing' });
    await expect(store.localPath(workspace, unknown)).rejects.toMatchObject({ code: 'object.missing' });
    const { sha256: gone } = await store.put(workspace, chunks('to be deleted'));
    await client.send(new DeleteObjectCommand({ Bucket: swift.settings.bucket, Key: `${workspace}/${gone.slice(0, 2)}/${gone}` }));
    await emptyCache();
    await expect(store.localPath(workspace, gone)).rejects.toMatchObject({ code: 'object.missing' });
  });

  it('does not take what came out of the bucket changed', async () => {
    const store = await open();
    const { sha256: hash } = await store.put(workspace, chunks('as it was stored'));
    await client.send(new PutObjectCommand({ Bucket: swift.settings.bucket, Key: `${workspace}/${hash.slice(0, 2)}/${hash}`, Body: 'as it was forged' }));
    await emptyCache();
    await expect(store.localPath(workspace, hash)).rejects.toMatchObject({ code: 'object.damaged' });
    expect(await readdir(path.join(cacheFolder, 'incoming'))).toEqual([]);
  });

  it('names the setting that is wrong, and never the secret', async () => {
    const wrongSecret = await open({ secretKey: 'another-secret-key' });
    const failure = await wrongSecret.put(workspace, chunks('x')).catch((thrown: Error) => thrown);
    expect(failure).toMatchObject({ code: 's3.refused', retryable: true, hint: expect.stringContaining('TIDEWHEEL_S3_SECRET_KEY') });
    expect(JSON.stringify([(failure as Error).message, failure])).not.toContain('another-secret-key');
    await expect((await open({ accessKey: 'test:nobody' })).probe()).rejects.toMatchObject({ code: 's3.refused' });
    await expect((await open({ bucket: 'no-such-bucket' })).probe()).rejects.toMatchObject({
      code: 's3.bucket',
      hint: expect.stringContaining('TIDEWHEEL_S3_BUCKET'),
    });
    await expect((await open({ endpoint: 'http://127.0.0.1:1' })).probe()).rejects.toMatchObject({
      code: 's3.unreachable',
      hint: expect.stringContaining('TIDEWHEEL_S3_ENDPOINT'),
    });
    expect(await readdir(path.join(cacheFolder, 'incoming'))).toEqual([]);
  });

  it('fails clearly while the server is down, and goes on when it is back', async () => {
    const store = await open();
    const { sha256: large } = await store.put(workspace, chunks(randomBytes(40_000_000)));
    await emptyCache();
    const reading = (await store.read(workspace, large))[Symbol.asyncIterator]();
    await reading.next();
    await swift.kill();
    const broken = (async () => {
      while (!(await reading.next()).done);
    })();
    await expect(broken).rejects.toMatchObject({ retryable: true, code: expect.stringMatching(/^s3\./) });
    await expect(store.put(workspace, chunks('during the outage'))).rejects.toMatchObject({ retryable: true, code: expect.stringMatching(/^s3\./) });
    await swift.restart();
    const { sha256: hash } = await store.put(workspace, chunks('during the outage'));
    expect(await store.has(workspace, hash)).toBe(true);
  });
});

describe('the local copies', () => {
  const incoming = async (cache: ObjectCache, name: string, size: number) => {
    const file = path.join(cache.incoming, name);
    await writeFile(file, Buffer.alloc(size));
    return { path: file, object: { sha256: sha256(name), md5: '', size } };
  };
  it('stay within their size, the longest unused going first', async () => {
    const cache = await ObjectCache.open(cacheFolder, { bytes: 2500, graceMs: 1000 });
    for (const name of ['a', 'b']) {
      const file = await cache.take(workspace, await incoming(cache, name, 1000));
      await utimes(file, new Date(1), new Date(1));
    }
    await cache.find(workspace, sha256('a'));
    await cache.take(workspace, await incoming(cache, 'c', 1000));
    expect(await cache.find(workspace, sha256('b'))).toBeUndefined();
    expect(await cache.find(workspace, sha256('a'))).toBeDefined();
    expect(cache.bytes).toBe(2000);
  });
  it('keep what was handed out a moment ago, even above their size', async () => {
    const cache = await ObjectCache.open(cacheFolder, { bytes: 1500 });
    for (const name of ['a', 'b', 'c']) await cache.take(workspace, await incoming(cache, name, 1000));
    for (const name of ['a', 'b', 'c']) expect(await cache.find(workspace, sha256(name))).toBeDefined();
    const again = await ObjectCache.open(cacheFolder, { bytes: 1500 });
    expect(again.bytes).toBe(3000);
  });
});

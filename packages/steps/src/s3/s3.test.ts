import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { AbortMultipartUploadCommand, CreateBucketCommand, ListMultipartUploadsCommand, type MultipartUpload, type S3Client } from '@aws-sdk/client-s3';
import { InvalidInput, Unreachable } from '@tidewheel/contract/errors';
import { allowEgress } from '@tidewheel/kit/egress/egress';
import { runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loopback } from '../../../kit/src/testing/allow-loopback.ts';
import { startSwift, swiftMissing, type TestSwift } from '../../../server/src/storage/objects/testing/swift.ts';
import { store, storesAndLoads } from '../colors/storage/testing/stores-and-loads.ts';
import { s3 } from '../connectors/s3.connector.ts';
import type { FileWriting } from '../files/file-place.ts';
import { fileTransfer } from '../files/transfer.step.ts';
import { closeS3Clients, openS3 } from './s3-client.ts';
import { S3Place } from './s3-place.ts';
import { S3Config } from './s3-settings.ts';

const signal = new AbortController().signal;
const bytes = (content: string | Buffer) => Readable.from([Buffer.from(content)]);

/** As the engine remembers the results of sub-steps for later attempts. */
function remembering(): NonNullable<FileWriting['once']> {
  const known = new Map<string, string>();
  return async (name, work) => {
    const value = known.get(name) ?? (await work());
    known.set(name, value);
    return value;
  };
}

async function* breakingAt(content: Buffer, at: number, fault: Error = new Unreachable('test.broken', 'The line broke.')): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < at; from += 1_000_000) yield content.subarray(from, from + 1_000_000);
  throw fault;
}

describe.skipIf(swiftMissing !== undefined)(`a bucket on OpenStack Swift${swiftMissing ? ` (skipped: ${swiftMissing})` : ''}`, () => {
  let swift: TestSwift;
  const config = (changes: object = {}) => {
    const { endpoint, region, bucket, accessKey } = swift.settings;
    return S3Config.parse({ endpoint, region, bucket, accessKeyId: accessKey, timeoutSeconds: 5, ...changes });
  };
  const secret = () => ({ secretAccessKey: swift.settings.secretKey as string });
  const place = (changes: object = {}, until = signal) =>
    new S3Place({ workspaceId: 'w', slug: 's', config: config(changes), secret: secret(), signal: until });
  const test = (changes: object = {}, given: { secretAccessKey: string } | null = secret()) =>
    s3.test({ config: config(changes), secret: given }, { signal, log: () => {} });
  const withUploads = async <T>(work: (client: S3Client, uploads: MultipartUpload[]) => Promise<T> | T): Promise<T> => {
    const client = openS3({ config: config(), secret: secret() });
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: swift.settings.bucket }));
    return Promise.resolve(work(client, Uploads)).finally(() => client.destroy());
  };
  const unfinished = () => withUploads((_client, uploads) => uploads.map(({ Key }) => Key));
  const clearUploads = () =>
    withUploads(async (client, uploads) => {
      for (const { Key, UploadId } of uploads) await client.send(new AbortMultipartUploadCommand({ Bucket: swift.settings.bucket, Key, UploadId }));
    });
  beforeAll(async () => {
    swift = await startSwift();
    const client = openS3({ config: config(), secret: secret() });
    await client.send(new CreateBucketCommand({ Bucket: swift.settings.bucket }));
    client.destroy();
  }, 180_000);
  afterAll(async () => {
    closeS3Clients();
    await swift?.[Symbol.asyncDispose]();
  });

  it('is tested check by check', async () => {
    expect(await test()).toMatchObject({ ok: true, checks: [{ name: 'DNS' }, { name: 'port' }, { name: 'sign-in' }, { name: 'write' }] });
    const last = async (...asked: Parameters<typeof test>) => (await test(...asked)).checks.at(-1);
    expect(await last({ bucket: 'not-there' })).toMatchObject({ name: 'sign-in', ok: false, detail: expect.stringContaining('not-there') });
    expect(await last({}, { secretAccessKey: 'a wrong key' })).toMatchObject({
      name: 'sign-in',
      ok: false,
      detail: expect.not.stringContaining('a wrong key'),
    });
    expect(await last({}, null)).toMatchObject({ name: 'sign-in', ok: false });
    expect(await last({ endpoint: 'http://127.0.0.1:1' })).toMatchObject({ name: 'port', ok: false });
    expect(await last({ endpoint: 'http://no-such-host.invalid' })).toMatchObject({ name: 'DNS', ok: false });
  });

  it('lists, reads, writes, renames and removes below its prefix', async () => {
    const files = place({ prefix: 'exchange/' });
    const [small, large] = [randomBytes(1_000), randomBytes(20_000_000)];
    expect(await files.write('in/small é.bin', bytes(small), { start: 0, size: small.length })).toEqual({ verifiedBy: 'ETag', resumedAt: 0 });
    expect(await files.write('in/deep/large.bin', bytes(large), { start: 0, size: large.length })).toEqual({ verifiedBy: 'ETag', resumedAt: 0 });
    expect((await buffer(files.read('in/deep/large.bin'))).equals(large)).toBe(true);
    expect((await buffer(files.read('in/deep/large.bin', { start: 19_999_990 }))).equals(large.subarray(19_999_990))).toBe(true);
    expect(await place().stat('exchange/in/small é.bin')).toMatchObject({ size: 1_000 });
    expect((await files.list({ path: 'in', pattern: '*.bin', limit: 10 })).map((file) => file.path)).toEqual(['in/small é.bin']);
    expect((await files.list({ path: '', pattern: '**/*.bin', deep: true, limit: 10 })).map((file) => file.path)).toEqual([
      'in/deep/large.bin',
      'in/small é.bin',
    ]);
    await expect(files.list({ path: '', pattern: '*.bin', deep: true, limit: 1 })).rejects.toMatchObject({ code: 'file.too_many' });
    await files.rename('in/small é.bin', 'done/small.bin');
    expect(await files.stat('in/small é.bin')).toBeUndefined();
    expect((await buffer(files.read('done/small.bin'))).equals(small)).toBe(true);
    await files.remove('done/small.bin');
    await expect(buffer(files.read('done/small.bin'))).rejects.toMatchObject({ code: 's3.missing', retryable: false });
    await expect(files.stat('../x')).rejects.toMatchObject({ code: 'file.path' });
    await expect(place({ readOnly: true }).remove('x')).rejects.toMatchObject({ code: 's3.read_only' });
  });

  it('is a place that files are transferred to and from', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'tw-s3-'));
    const content = randomBytes(9_000_000);
    await writeFile(path.join(root, 'x.bin'), content);
    const connections = { here: { type: 'folder', config: { root } }, lake: { type: 's3', config: config({ prefix: 'lake' }), secret: secret() } };
    await using up = await runStep(fileTransfer, { from: { connection: 'here', pattern: '*.bin' }, to: { connection: 'lake', path: 'in' } }, { connections });
    expect(up.result.value).toMatchObject({ transferred: 1, files: [{ destination: 's3://tidewheel/in/x.bin', verifiedBy: 'ETag' }] });
    await using down = await runStep(
      fileTransfer,
      { from: { connection: 'lake', path: 'in/x.bin' }, to: { connection: 'here', path: 'back' }, after: 'delete' },
      { connections },
    );
    expect(down.result.value).toMatchObject({ transferred: 1, files: [{ verifiedBy: 'sha256' }] });
    expect((await readFile(path.join(root, 'back/x.bin'))).equals(content)).toBe(true);
    expect(await place({ prefix: 'lake' }).stat('in/x.bin')).toBeUndefined();
    await rm(root, { recursive: true });
  });

  it('goes to checked addresses only', async () => {
    allowEgress([]);
    try {
      await expect(place({ prefix: 'other' }).stat('x')).rejects.toMatchObject({ code: 'egress.denied' });
      expect((await test()).checks.at(-1)).toMatchObject({ name: 'DNS', ok: false });
    } finally {
      allowEgress(loopback);
    }
  });

  it('keeps colors as objects, in a bucket that it makes', async () => {
    const connections = (changes: object = {}) => ({ archive: { type: 's3', config: config(changes), secret: secret() } });
    await storesAndLoads({ connection: 'archive', path: 'desk/colors' }, { connections: connections() });
    const fresh = { connections: connections({ bucket: `colors-${randomBytes(4).toString('hex')}` }) };
    expect(await store({ connection: 'archive' }, fresh)).toContainEqual(expect.stringContaining('Made the bucket colors-'));
    expect(await store({ connection: 'archive', keepDays: 30 }, fresh)).toContainEqual(expect.stringContaining('rule'));
  });

  it('leaves nothing of an upload that is cancelled', async () => {
    const cancel = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < 10_000; at++) {
        if (at === 30) cancel.abort(new Error('cancelled by somebody'));
        yield Buffer.alloc(1_000_000);
      }
    }
    const size = 80_000_000;
    await expect(place({}, cancel.signal).write('part.bin', endless(), { start: 0, size, once: remembering() })).rejects.toThrow('cancelled by somebody');
    expect(await place().stat('part.bin')).toBeUndefined();
    expect(await unfinished()).toEqual([]);
  });

  it('goes on with the parts of an upload that broke, and sends those that are others', async () => {
    const content = randomBytes(20_000_000);
    const writing = (once = remembering()) => ({ start: 0, size: content.length, once });
    const broken = async (fault?: Error) => {
      const given = writing();
      await expect(place().write('resumed.bin', breakingAt(content, 17_000_000, fault), given)).rejects.toMatchObject({
        code: fault ? 'test.final' : 'test.broken',
      });
      return given;
    };
    const parts = 2 * 8 * 1024 ** 2;
    const first = await broken();
    expect(await unfinished()).toEqual(['resumed.bin']);
    expect(await place().write('resumed.bin', bytes(content), first)).toEqual({ verifiedBy: 'ETag', resumedAt: parts });
    expect((await buffer(place().read('resumed.bin'))).equals(content)).toBe(true);
    expect(await unfinished()).toEqual([]);
    const other = Buffer.concat([randomBytes(1_000), content.subarray(1_000)]);
    expect(await place().write('resumed.bin', bytes(other), await broken())).toEqual({ verifiedBy: 'ETag', resumedAt: parts / 2 });
    expect((await buffer(place().read('resumed.bin'))).equals(other)).toBe(true);
    const cleared = await broken();
    await clearUploads();
    expect(await place().write('resumed.bin', bytes(content), cleared)).toEqual({ verifiedBy: 'ETag', resumedAt: 0 });
    await broken(new InvalidInput('test.final', 'It will never work.'));
    expect(await unfinished()).toEqual([]);
  });
});

// The object store in an S3 bucket: hashed into a local file first, uploaded whole under its hash, with local copies by hash.
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Unreachable } from '@tidewheel/contract/errors';
import { redactor } from '../../base/redactor.ts';
import type { Settings } from '../../base/settings.ts';
import { type IncomingFile, writeIncoming } from './incoming-file.ts';
import { ObjectCache } from './object-cache.ts';
import { checkWorkspace, missingObject, objectKey } from './object-key.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { readOpened } from './read-opened.ts';
import { isMissingKey, s3Failure } from './s3-failure.ts';

export type S3Settings = NonNullable<Settings['s3']>;

/** Sent from memory, so that the client can try again by itself. */
const partBytes = 8 * 1024 ** 2;

export interface S3StoreOptions {
  settings: S3Settings;
  cacheFolder: string;
  cacheBytes: number;
}

/** @throws Unreachable when the cache folder cannot be written; the bucket is first asked by `probe` */
export async function createS3Store({ settings, cacheFolder, cacheBytes }: S3StoreOptions): Promise<ObjectStore> {
  if (settings.secretKey) redactor.watch([settings.secretKey]);
  return new S3Store(settings, await ObjectCache.open(cacheFolder, { bytes: cacheBytes }));
}

class S3Store implements ObjectStore {
  readonly #settings: S3Settings;
  readonly #cache: ObjectCache;
  readonly #client: S3Client;
  readonly #fetching = new Map<string, Promise<string>>();

  constructor(settings: S3Settings, cache: ObjectCache) {
    this.#settings = settings;
    this.#cache = cache;
    this.#client = s3Client(settings);
  }

  async put(workspaceId: string, content: AsyncIterable<Uint8Array>): Promise<StoredObject> {
    checkWorkspace(workspaceId);
    const incoming = await writeIncoming(this.#cache.incoming, content);
    try {
      const key = objectKey(workspaceId, incoming.object.sha256);
      if ((await this.#sizeOf(key)) !== incoming.object.size) await this.#upload(key, incoming);
      await this.#cache.take(workspaceId, incoming);
      return incoming.object;
    } catch (thrown) {
      await rm(incoming.path, { force: true });
      throw thrown;
    }
  }

  async putFile(workspaceId: string, file: string): Promise<StoredObject> {
    const object = await this.put(workspaceId, await readOpened(file));
    await rm(file, { force: true });
    return object;
  }

  async read(workspaceId: string, sha256: string, range?: { start: number; end: number }): Promise<Readable> {
    const local = await this.#cache.find(workspaceId, sha256);
    if (local) return readOpened(local, range);
    return this.#get(objectKey(workspaceId, sha256), sha256, range);
  }

  async localPath(workspaceId: string, sha256: string): Promise<string> {
    const local = await this.#cache.find(workspaceId, sha256);
    if (local) return local;
    const key = objectKey(workspaceId, sha256);
    const running = this.#fetching.get(key) ?? this.#fetch(workspaceId, sha256).finally(() => this.#fetching.delete(key));
    this.#fetching.set(key, running);
    return running;
  }

  async has(workspaceId: string, sha256: string): Promise<boolean> {
    return (await this.sizeOf(workspaceId, sha256)) !== undefined;
  }

  sizeOf(workspaceId: string, sha256: string): Promise<number | undefined> {
    return this.#sizeOf(objectKey(workspaceId, sha256));
  }

  async remove(workspaceId: string, sha256: string): Promise<void> {
    try {
      await this.#client.send(new DeleteObjectCommand({ Bucket: this.#settings.bucket, Key: objectKey(workspaceId, sha256) }));
    } catch (thrown) {
      throw s3Failure(thrown, this.#settings);
    }
    await this.#cache.discard(workspaceId, sha256);
  }

  async probe(): Promise<void> {
    const incoming = await writeIncoming(this.#cache.incoming, Readable.from([randomBytes(16)]));
    try {
      await this.#upload('probe', incoming);
      for await (const _ of await this.#get('probe', incoming.object.sha256));
    } finally {
      await rm(incoming.path, { force: true });
    }
  }

  async #fetch(workspaceId: string, sha256: string): Promise<string> {
    const incoming = await writeIncoming(this.#cache.incoming, await this.#get(objectKey(workspaceId, sha256), sha256));
    if (incoming.object.sha256 === sha256) return this.#cache.take(workspaceId, incoming);
    await rm(incoming.path, { force: true });
    throw new Unreachable('object.damaged', `The object ${sha256.slice(0, 12)}… came out of the bucket with another SHA-256.`, {
      hint: 'Look at the S3 server and restore the object from a backup.',
      details: { sha256 },
    });
  }

  async #get(key: string, sha256: string, range?: { start: number; end: number }): Promise<Readable> {
    const { bucket } = this.#settings;
    try {
      const answer = await this.#client.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, ...(range ? { Range: `bytes=${range.start}-${range.end}` } : {}) }),
      );
      return Readable.from(this.#explained(answer.Body as Readable), { objectMode: false });
    } catch (thrown) {
      throw isMissingKey(thrown) ? missingObject(sha256) : s3Failure(thrown, this.#settings);
    }
  }

  // A connection that breaks half way is S3's fault too, and can pass.
  async *#explained(body: Readable): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (thrown) {
      throw s3Failure(thrown, this.#settings);
    }
  }

  async #sizeOf(key: string): Promise<number | undefined> {
    try {
      return (await this.#client.send(new HeadObjectCommand({ Bucket: this.#settings.bucket, Key: key }))).ContentLength;
    } catch (thrown) {
      if (isMissingKey(thrown)) return undefined;
      throw s3Failure(thrown, this.#settings);
    }
  }

  // S3 shows an object whole or not at all; the server compares the MD5 of a small one, the size is compared here.
  async #upload(key: string, { path: file, object }: IncomingFile): Promise<void> {
    const where = { Bucket: this.#settings.bucket, Key: key };
    try {
      if (object.size <= partBytes)
        await this.#client.send(new PutObjectCommand({ ...where, Body: await readFile(file), ContentMD5: Buffer.from(object.md5, 'hex').toString('base64') }));
      else
        await new Upload({
          client: this.#client,
          params: { ...where, Body: createReadStream(file, { highWaterMark: 256 * 1024 }) },
          partSize: partBytes,
          queueSize: 4,
        }).done();
    } catch (thrown) {
      throw s3Failure(thrown, this.#settings);
    }
    const size = await this.#sizeOf(key);
    if (size !== object.size)
      throw new Unreachable('s3.damaged', `The bucket holds ${size ?? 'no'} bytes of an object of ${object.size}.`, {
        hint: 'Look at the S3 server; the step is tried again by itself.',
      });
  }
}

// Checksum trailers only where the operation demands them: many S3 servers other than Amazon's refuse them.
function s3Client({ endpoint, region, accessKey, secretKey }: S3Settings): S3Client {
  return new S3Client({
    region,
    maxAttempts: 3,
    // It would write to our standard error past the logger and its redactor.
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {} },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(accessKey && secretKey ? { credentials: { accessKeyId: accessKey, secretAccessKey: secretKey } } : {}),
  });
}

// The objects of a bucket below a prefix, as files. An object appears whole or not at all, so nothing is written aside.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { InvalidInput, NotAllowed, Unreachable } from '@tidewheel/contract/errors';
import type { Reach } from '@tidewheel/kit/define-connector';
import type { FileListing, ListedFile } from '@tidewheel/kit/file-source';
import { type FilePlace, type FileWriting, plainPath } from '../files/file-place.ts';
import { fitsListing, tooManyFiles } from '../files/listing.ts';
import { s3ClientOf } from './s3-client.ts';
import { isMissingKey, s3Failure } from './s3-failure.ts';
import type { S3Config, S3Secret } from './s3-settings.ts';

const leastPartBytes = 8 * 1024 ** 2;
/** What S3 takes for one object. */
const mostParts = 10_000;

export class S3Place implements FilePlace {
  readonly address: string;
  readonly showsParts = false;
  readonly #client: S3Client;
  readonly #config: S3Config;
  readonly #slug: string;
  readonly #signal: AbortSignal;

  constructor(reach: Reach<S3Config, S3Secret>, client: S3Client = s3ClientOf(reach)) {
    this.#client = client;
    this.#config = reach.config;
    this.#slug = reach.slug;
    this.#signal = reach.signal;
    this.address = `s3://${reach.config.bucket}`;
  }

  async list(listing: FileListing): Promise<ListedFile[]> {
    const folder = plainPath(listing.path);
    const root = this.#key('');
    const before = folder === '' ? root : `${this.#key(folder)}/`;
    const files: ListedFile[] = [];
    let token: string | undefined;
    do {
      const page = await this.#ask(folder, () =>
        this.#client.send(
          new ListObjectsV2Command({
            Bucket: this.#config.bucket,
            Prefix: before,
            ...(listing.deep ? {} : { Delimiter: '/' }),
            ...(token ? { ContinuationToken: token } : {}),
          }),
          { abortSignal: this.#signal },
        ),
      );
      for (const { Key: key = '', Size: size = 0, LastModified: modifiedAt } of page.Contents ?? []) {
        const below = key.slice(before.length);
        if (below === '' || key.endsWith('/') || !fitsListing(below, listing)) continue;
        files.push({ path: key.slice(root.length), size, modifiedAt: modifiedAt ?? new Date(0) });
      }
      if (files.length > listing.limit) throw tooManyFiles(listing);
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token);
    return files.sort((one, other) => (one.path < other.path ? -1 : 1));
  }

  async stat(path: string): Promise<ListedFile | undefined> {
    try {
      const head = await this.#client.send(new HeadObjectCommand({ Bucket: this.#config.bucket, Key: this.#key(path) }), { abortSignal: this.#signal });
      return { path, size: head.ContentLength ?? 0, modifiedAt: head.LastModified ?? new Date(0) };
    } catch (thrown) {
      if (isMissingKey(thrown)) return undefined;
      throw this.#failure(thrown, path);
    }
  }

  async *read(path: string, { start = 0 }: { start?: number } = {}): AsyncIterable<Uint8Array> {
    const range = start > 0 ? { Range: `bytes=${start}-` } : {};
    const answer = await this.#ask(path, () =>
      this.#client.send(new GetObjectCommand({ Bucket: this.#config.bucket, Key: this.#key(path), ...range }), { abortSignal: this.#signal }),
    );
    try {
      yield* answer.Body as Readable;
    } catch (thrown) {
      throw this.#failure(thrown, path);
    }
  }

  // The hash that the store gives an upload in parts is that of the parts' MD5s: known here too, it proves the content without reading it back.
  async write(path: string, content: AsyncIterable<Uint8Array>, { size }: FileWriting): Promise<{ verifiedBy?: string }> {
    this.#requireWritable();
    const partSize = Math.max(leastPartBytes, Math.ceil(size / mostParts));
    const parts = new PartHashes(partSize);
    const upload = new Upload({
      client: this.#client,
      params: { Bucket: this.#config.bucket, Key: this.#key(path), Body: Readable.from(parts.through(content), { objectMode: false }) },
      partSize,
      queueSize: 3,
    });
    const stop = () => void upload.abort();
    this.#signal.addEventListener('abort', stop, { once: true });
    try {
      const { ETag: tag } = await upload.done();
      return parts.tags().includes(tag?.replaceAll('"', '') ?? '') ? { verifiedBy: 'ETag' } : {};
    } catch (thrown) {
      this.#signal.throwIfAborted();
      throw this.#failure(thrown, path);
    } finally {
      this.#signal.removeEventListener('abort', stop);
    }
  }

  async rename(from: string, to: string): Promise<void> {
    this.#requireWritable();
    const source = `${this.#config.bucket}/${this.#key(from)}`.split('/').map(encodeURIComponent).join('/');
    const { size } = (await this.stat(from)) ?? { size: 0 };
    if (size > 5 * 1024 ** 3)
      throw new InvalidInput('s3.too_large', `${from} is larger than 5 GB, which S3 does not copy in one request.`, {
        hint: 'Delete it after the transfer instead of moving it.',
      });
    await this.#ask(from, () =>
      this.#client.send(new CopyObjectCommand({ Bucket: this.#config.bucket, Key: this.#key(to), CopySource: source }), { abortSignal: this.#signal }),
    );
    if ((await this.stat(to))?.size !== size)
      throw new Unreachable('s3.damaged', `${to} did not come out of the copy whole.`, { hint: 'The original is still there.' });
    await this.remove(from);
  }

  async remove(path: string): Promise<void> {
    this.#requireWritable();
    await this.#ask(path, () =>
      this.#client.send(new DeleteObjectCommand({ Bucket: this.#config.bucket, Key: this.#key(path) }), { abortSignal: this.#signal }),
    );
  }

  async sha256(): Promise<undefined> {
    return undefined;
  }

  #key(path: string): string {
    const root = plainPath(this.#config.prefix);
    const below = plainPath(path);
    return root === '' ? below : `${root}/${below}`;
  }

  #requireWritable(): void {
    if (this.#config.readOnly) throw new NotAllowed('s3.read_only', `The connection "${this.#slug}" is read only.`, { hint: 'Use another connection.' });
  }

  async #ask<T>(path: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (thrown) {
      throw this.#failure(thrown, path);
    }
  }

  #failure(thrown: unknown, path: string): Error {
    this.#signal.throwIfAborted();
    return s3Failure(thrown, { ...this.#config, key: path });
  }
}

class PartHashes {
  readonly #partSize: number;
  readonly #done: Buffer[] = [];
  #current = createHash('md5');
  #filled = 0;

  constructor(partSize: number) {
    this.#partSize = partSize;
  }

  async *through(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      for (let at = 0; at < chunk.byteLength; ) {
        const piece = chunk.subarray(at, at + this.#partSize - this.#filled);
        this.#current.update(piece);
        this.#filled += piece.byteLength;
        at += piece.byteLength;
        if (this.#filled === this.#partSize) this.#endPart();
      }
      yield chunk;
    }
  }

  #endPart(): void {
    this.#done.push(this.#current.digest());
    this.#current = createHash('md5');
    this.#filled = 0;
  }

  /** What an object of this content may be tagged with: sent whole, or in parts. */
  tags(): string[] {
    if (this.#filled > 0 || this.#done.length === 0) this.#endPart();
    const inParts = `${createHash('md5').update(Buffer.concat(this.#done)).digest('hex')}-${this.#done.length}`;
    return this.#done.length === 1 ? [(this.#done[0] as Buffer).toString('hex'), inParts] : [inParts];
  }
}

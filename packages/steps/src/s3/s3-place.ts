// The objects of a bucket below a prefix, as files. An object appears whole or not at all, so nothing is written aside.
import type { Readable } from 'node:stream';
import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { InvalidInput, NotAllowed, toAppError, Unreachable } from '@tidewheel/contract/errors';
import type { Reach } from '@tidewheel/kit/define-connector';
import type { FileListing, ListedFile } from '@tidewheel/kit/file-source';
import { type FilePlace, type FileWriting, type FileWritten, plainPath } from '../files/file-place.ts';
import { fitsListing, tooManyFiles } from '../files/listing.ts';
import { s3ClientOf } from './s3-client.ts';
import { isMissingKey, s3Failure } from './s3-failure.ts';
import type { S3Config, S3Secret } from './s3-settings.ts';
import { type Uploading, uploadObject } from './s3-upload.ts';

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

  // The hash that the store gives an upload is that of its parts' MD5s: known here too, it proves the content without reading it back.
  async write(path: string, content: AsyncIterable<Uint8Array>, { size, once }: FileWriting): Promise<FileWritten> {
    this.#requireWritable();
    const uploading: Uploading = {
      client: this.#client,
      bucket: this.#config.bucket,
      key: this.#key(path),
      partSize: Math.max(leastPartBytes, Math.ceil(size / mostParts)),
      signal: this.#signal,
      once,
      isPassing: (thrown) => toAppError(this.#signal.aborted ? this.#signal.reason : this.#failure(thrown, path)).retryable,
    };
    const { isProved, resumed } = await this.#ask(path, () => uploadObject(uploading, content));
    return { ...(isProved ? { verifiedBy: 'ETag' } : {}), resumedAt: resumed };
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

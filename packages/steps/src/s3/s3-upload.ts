// An object onto a store: in one request when it is small, else in parts, of which those that an earlier attempt brought there are not sent again.
import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

export interface Uploading {
  client: S3Client;
  bucket: string;
  key: string;
  partSize: number;
  signal: AbortSignal;
  /** Gives back what `work` gave an earlier attempt. Without it each attempt begins anew. */
  once?: ((name: string, work: () => Promise<string>) => Promise<string>) | undefined;
  /** Whether a failure passes, so that a later attempt goes on: what is there then stays. */
  isPassing(thrown: unknown): boolean;
}

export interface Uploaded {
  /** The store's own hash is that of what was sent. */
  isProved: boolean;
  /** Bytes that were there from an earlier attempt. */
  resumed: number;
}

interface Part {
  number: number;
  bytes: Buffer;
  md5: Buffer;
}

const atOnce = 3;
const abortMs = 3_000;

export async function uploadObject(uploading: Uploading, content: AsyncIterable<Uint8Array>): Promise<Uploaded> {
  const parts = inParts(content, uploading.partSize);
  const first = await parts.next();
  const second = await parts.next();
  const begun = [first, second].flatMap(({ value, done }) => (done ? [] : [value as Part]));
  return second.done ? putWhole(uploading, begun[0]) : sendParts(uploading, andRest(begun, parts));
}

async function putWhole({ client, bucket, key, signal }: Uploading, part: Part | undefined): Promise<Uploaded> {
  const bytes = part?.bytes ?? Buffer.alloc(0);
  const { ETag: tag } = await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }), { abortSignal: signal });
  return { isProved: plainTag(tag) === md5Of(bytes).toString('hex'), resumed: 0 };
}

async function sendParts(uploading: Uploading, parts: AsyncIterable<Part>): Promise<Uploaded> {
  const { client, bucket, key, signal } = uploading;
  const { id, there } = await openUpload(uploading);
  const sent: { PartNumber: number; ETag: string | undefined }[] = [];
  const digests: Buffer[] = [];
  let resumed = 0;
  try {
    await eachAtOnce(parts, async ({ number, bytes, md5 }) => {
      digests[number - 1] = md5;
      const known = there.get(number);
      const isThere = known?.size === bytes.length && plainTag(known.tag) === md5.toString('hex');
      if (isThere) resumed += bytes.length;
      const tag = isThere ? known.tag : await sendPart(uploading, { id, number, bytes });
      sent[number - 1] = { PartNumber: number, ETag: tag };
    });
    const complete = { Bucket: bucket, Key: key, UploadId: id, MultipartUpload: { Parts: sent } };
    const { ETag: tag } = await client.send(new CompleteMultipartUploadCommand(complete), { abortSignal: signal });
    return { isProved: plainTag(tag) === `${md5Of(Buffer.concat(digests)).toString('hex')}-${digests.length}`, resumed };
  } catch (thrown) {
    if (!uploading.once || !uploading.isPassing(thrown)) await forget(uploading, id);
    throw thrown;
  }
}

async function sendPart({ client, bucket, key, signal }: Uploading, { id, number, bytes }: { id: string; number: number; bytes: Buffer }) {
  const part = { Bucket: bucket, Key: key, UploadId: id, PartNumber: number, Body: bytes };
  const { ETag: tag } = await client.send(new UploadPartCommand(part), { abortSignal: signal });
  return tag;
}

type PartsThere = Map<number, { size: number; tag: string }>;

/** The upload of an earlier attempt with the parts that it has, else a new one. */
async function openUpload(uploading: Uploading): Promise<{ id: string; there: PartsThere }> {
  const { once } = uploading;
  if (!once) return { id: await createUpload(uploading), there: new Map() };
  // One whose answer was lost, or that the store has cleared away, is there no more: the next one is another.
  for (let number = 1; ; number += 1) {
    let isNew = false;
    const id = await once(`upload ${number}`, () => {
      isNew = true;
      return createUpload(uploading);
    });
    const there = isNew ? new Map() : await partsOf(uploading, id);
    if (there) return { id, there };
  }
}

async function createUpload({ client, bucket, key, signal }: Uploading): Promise<string> {
  const { UploadId: id = '' } = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
  return id;
}

/** null: there is no such upload any more. Of a store that lists no parts, or lets these keys list none, nothing is taken up. */
async function partsOf({ client, bucket, key, signal }: Uploading, id: string): Promise<PartsThere | null> {
  const found: PartsThere = new Map();
  let marker: string | undefined;
  try {
    do {
      const asked = { Bucket: bucket, Key: key, UploadId: id, ...(marker === undefined ? {} : { PartNumberMarker: marker }) };
      const page = await client.send(new ListPartsCommand(asked), { abortSignal: signal });
      for (const { PartNumber: number = 0, Size: size = 0, ETag: tag = '' } of page.Parts ?? []) found.set(number, { size, tag });
      marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
    } while (marker !== undefined);
    return found;
  } catch (thrown) {
    const status = (thrown as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return null;
    if (status === 403 || status === 405 || status === 501) return new Map();
    throw thrown;
  }
}

/** So that nobody pays for parts of what never comes. */
async function forget({ client, bucket, key }: Uploading, id: string): Promise<void> {
  const abort = new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id });
  await client.send(abort, { abortSignal: AbortSignal.timeout(abortMs) }).catch(() => {});
}

/** The first fault ends it, when what is under way has come to its end. */
async function eachAtOnce<T>(items: AsyncIterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>();
  try {
    for await (const item of items) {
      const task: Promise<void> = work(item).finally(() => running.delete(task));
      task.catch(() => {});
      running.add(task);
      if (running.size >= atOnce) await Promise.race(running);
    }
    await Promise.all(running);
  } finally {
    await Promise.allSettled(running);
  }
}

async function* andRest<T>(begun: readonly T[], rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield* begun;
  yield* rest;
}

async function* inParts(content: AsyncIterable<Uint8Array>, partSize: number): AsyncGenerator<Part, undefined> {
  let number = 0;
  let held: Uint8Array[] = [];
  let filled = 0;
  const end = () => {
    const bytes = Buffer.concat(held);
    held = [];
    filled = 0;
    number += 1;
    return { number, bytes, md5: md5Of(bytes) };
  };
  for await (const chunk of content) {
    for (let at = 0; at < chunk.byteLength; ) {
      const piece = chunk.subarray(at, at + partSize - filled);
      held.push(piece);
      filled += piece.byteLength;
      at += piece.byteLength;
      if (filled === partSize) yield end();
    }
  }
  if (filled > 0) yield end();
}

function md5Of(bytes: Buffer): Buffer {
  return createHash('md5').update(bytes).digest();
}
function plainTag(tag: string | undefined): string {
  return tag?.replaceAll('"', '') ?? '';
}

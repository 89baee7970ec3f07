// Content over SFTP as it is given or asked for, many requests on their way at once. (ssh2's own streams have one, which is fifty times slower on a line of some latency.)
import { TimedOut } from '@tidewheel/contract/errors';

/** What OpenSSH takes in one request, and how many of them make a line of some latency full. */
const chunkBytes = 32 * 1024;
const mostUnderWay = 64;
const stallMs = 60_000;

type Done<T> = (error: Error | null | undefined, value: T) => void;

/** What we use of ssh2's channel. */
export interface SftpRequests {
  open(path: string, flags: 'r' | 'r+' | 'w', done: Done<Buffer>): void;
  read(handle: Buffer, into: Buffer, offset: number, length: number, position: number, done: Done<number>): void;
  write(handle: Buffer, from: Buffer, offset: number, length: number, position: number, done: (error?: Error | null) => void): void;
  close(handle: Buffer, done: (error?: Error | null) => void): void;
}

/** From `start` to the end of the file, in order. */
export async function* readContent(sftp: SftpRequests, path: string, start: number): AsyncGenerator<Uint8Array> {
  const handle = await asked<Buffer>((done) => sftp.open(path, 'r', done));
  const underWay: Promise<Buffer>[] = [];
  let next = start;
  try {
    for (;;) {
      while (underWay.length < mostUnderWay) {
        const piece = readFully(sftp, handle, next);
        piece.catch(() => {});
        underWay.push(piece);
        next += chunkBytes;
      }
      const piece = (await underWay.shift()) as Buffer;
      if (piece.length > 0) yield piece;
      if (piece.length < chunkBytes) return;
    }
  } finally {
    await Promise.allSettled(underWay);
    await asked<void>((done) => sftp.close(handle, (error) => done(error, undefined))).catch(() => {});
  }
}

/** `start`: bytes that are there already; 0 makes the file anew. */
export async function writeContent(sftp: SftpRequests, path: string, { content, start }: { content: AsyncIterable<Uint8Array>; start: number }): Promise<void> {
  const handle = await asked<Buffer>((done) => sftp.open(path, start > 0 ? 'r+' : 'w', done));
  const underWay: Promise<void>[] = [];
  let at = start;
  try {
    for await (const chunk of content) {
      for (let offset = 0; offset < chunk.byteLength; offset += chunkBytes) {
        const piece = Buffer.from(chunk.buffer, chunk.byteOffset + offset, Math.min(chunkBytes, chunk.byteLength - offset));
        const position = at;
        const written = asked<void>((done) => sftp.write(handle, piece, 0, piece.length, position, (error) => done(error, undefined)));
        written.catch(() => {});
        underWay.push(written);
        at += piece.length;
        if (underWay.length >= mostUnderWay) await underWay.shift();
      }
    }
    for (const written of underWay) await written;
  } finally {
    await Promise.allSettled(underWay);
    await asked<void>((done) => sftp.close(handle, (error) => done(error, undefined))).catch(() => {});
  }
}

// A server may give less than it was asked for; nothing means the end.
async function readFully(sftp: SftpRequests, handle: Buffer, position: number): Promise<Buffer> {
  const into = Buffer.allocUnsafe(chunkBytes);
  let filled = 0;
  while (filled < chunkBytes) {
    const count = await asked<number>((done) => sftp.read(handle, into, filled, chunkBytes - filled, position + filled, done)).catch((thrown: unknown) => {
      if ((thrown as { code?: unknown }).code === 1) return 0;
      throw thrown;
    });
    if (count === 0) break;
    filled += count;
  }
  return into.subarray(0, filled);
}

// Keep-alives notice a dead peer, not one that takes no more bytes.
function asked<T>(send: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () =>
      reject(new TimedOut('sftp.stalled', `The server took no part of the transfer for ${stallMs / 1000} s.`, { hint: 'The step is tried again by itself.' }));
    const timer = setTimeout(late, stallMs);
    send((error, value) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve(value);
    });
  });
}

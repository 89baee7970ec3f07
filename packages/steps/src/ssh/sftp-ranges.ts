// Parts of files over SFTP, many requests on their way at once and begun where an earlier transfer broke. (ssh2's fastPut and fastGet begin at the start, always.)
import { type FileHandle, open } from 'node:fs/promises';
import type { SFTPWrapper } from 'ssh2';

/** What OpenSSH takes in one request, and how many of them make a line of some latency full. */
const chunkBytes = 32 * 1024;
const mostUnderWay = 64;

export interface Range {
  sftp: SFTPWrapper;
  /** Ends what waits for an answer when the connection breaks: ssh2's callbacks never come then. */
  guard<T>(work: Promise<T>): Promise<T>;
  local: string;
  remote: string;
  /** Bytes that are there already. */
  from: number;
  size: number;
  /** Told how many bytes are there from the start on, without a gap. */
  onBytes(total: number): void;
}

/** The rest of a local file onto the part of it that the server has. */
export async function putRest({ sftp, guard, local, remote, ...range }: Range): Promise<void> {
  const asked = askedBy(guard);
  await using source = await open(local, 'r');
  const handle = await asked<Buffer>((done) => sftp.open(remote, 'r+', done));
  try {
    await pump(range, async (at, length) => {
      const chunk = await readFully({ length, read: async (into, offset) => (await source.read(into, offset, length - offset, at + offset)).bytesRead });
      await asked<void>((done) => sftp.write(handle, chunk, 0, chunk.length, at, (error) => done(error, undefined)));
    });
  } finally {
    await asked<void>((done) => sftp.close(handle, (error) => done(error, undefined))).catch(() => {});
  }
}

/** The rest of a remote file onto the part of it that is here. */
export async function getRest({ sftp, guard, local, remote, ...range }: Range): Promise<void> {
  const asked = askedBy(guard);
  const target: FileHandle = await open(local, range.from > 0 ? 'r+' : 'w', 0o600);
  try {
    const handle = await asked<Buffer>((done) => sftp.open(remote, 'r', done));
    try {
      await pump(range, async (at, length) => {
        const read = (into: Buffer, offset: number) => asked<number>((done) => sftp.read(handle, into, offset, length - offset, at + offset, done));
        await target.write(await readFully({ length, read }), 0, length, at);
      });
    } finally {
      await asked<void>((done) => sftp.close(handle, (error) => done(error, undefined))).catch(() => {});
    }
  } finally {
    await target.close();
  }
}

type Ask = <T>(send: (done: (error: Error | null | undefined, value: T) => void) => void) => Promise<T>;

function askedBy(guard: Range['guard']): Ask {
  return (send) => guard(new Promise((resolve, reject) => send((error, value) => (error ? reject(error) : resolve(value)))));
}

/** A reading side may give less than it was asked for. */
async function readFully({ length, read }: { length: number; read(into: Buffer, offset: number): Promise<number> }): Promise<Buffer> {
  const chunk = Buffer.alloc(length);
  for (let offset = 0; offset < length; ) {
    const count = await read(chunk, offset);
    if (count === 0) throw new RangeError('the file became shorter while it was copied');
    offset += count;
  }
  return chunk;
}

async function pump({ from, size, onBytes }: Pick<Range, 'from' | 'size' | 'onBytes'>, move: (at: number, length: number) => Promise<void>): Promise<void> {
  let next = from;
  let whole = from;
  const done = new Set<number>();
  const line = async () => {
    while (next < size) {
      const at = next;
      const length = Math.min(chunkBytes, size - at);
      next += length;
      await move(at, length);
      done.add(at);
      for (let step = whole; done.delete(step); step = whole) whole = Math.min(size, step + chunkBytes);
      onBytes(whole);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(mostUnderWay, Math.ceil((size - from) / chunkBytes)) }, line));
  } finally {
    next = size;
  }
}

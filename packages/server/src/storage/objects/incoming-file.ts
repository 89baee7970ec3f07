// Content on its way into a store: hashed while it is written to a temporary name, on the disk before anybody may see it.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { StoredObject } from './object-store.ts';
import { storing } from './storage-failure.ts';

/** Tells this process's temporary files from those of a dead one that had the same process id (1 in every container). */
const processToken = randomBytes(4).toString('hex');
const minute = 60_000;
const day = 1440 * minute;
const gather = 256 * 1024;

export interface IncomingFile {
  path: string;
  object: StoredObject;
}

export function incomingName(): string {
  return `${process.pid}.${processToken}.${randomBytes(8).toString('hex')}.part`;
}

class Digest {
  readonly #sha256 = createHash('sha256');
  readonly #md5 = createHash('md5');
  #size = 0;
  update(chunk: Uint8Array): void {
    this.#sha256.update(chunk);
    this.#md5.update(chunk);
    this.#size += chunk.byteLength;
  }
  object(): StoredObject {
    return { sha256: this.#sha256.digest('hex'), md5: this.#md5.digest('hex'), size: this.#size };
  }
}

/** Writes `content` whole and durably under a temporary name in `folder`. Nothing stays behind when it throws. */
export async function writeIncoming(folder: string, content: AsyncIterable<Uint8Array>): Promise<IncomingFile> {
  const target = path.join(folder, incomingName());
  const handle = await storing(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return open(target, 'wx', 0o600);
  });
  try {
    const object = await copyAndHash(handle, content, folder);
    await storing(folder, () => handle.sync());
    return { path: target, object };
  } catch (thrown) {
    await rm(target, { force: true });
    throw thrown;
  } finally {
    await handle.close();
  }
}

// Small chunks are gathered: one write per line of a CSV would cost a system call each.
async function copyAndHash(handle: FileHandle, content: AsyncIterable<Uint8Array>, folder: string): Promise<StoredObject> {
  const digest = new Digest();
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  const flush = async () => {
    const block = waiting.length === 1 ? (waiting[0] as Uint8Array) : Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
    await storing(folder, () => handle.appendFile(block));
  };
  for await (const chunk of content) {
    digest.update(chunk);
    waiting.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= gather) await flush();
  }
  if (waiting.length > 0) await flush();
  return digest.object();
}

export async function hashFile(file: string): Promise<StoredObject> {
  const digest = new Digest();
  await storing(file, async () => {
    for await (const chunk of createReadStream(file, { highWaterMark: gather })) digest.update(chunk as Uint8Array);
  });
  return digest.object();
}

/** Makes the entry of a renamed file survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes what dead processes left in `folder`. A process id says little when hosts or containers share the folder: what was written to within the last minute stays. */
export async function sweepIncoming(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [] as string[]);
  let removed = 0;
  for (const name of names) {
    if (!(await isLeftover(folder, name))) continue;
    await rm(path.join(folder, name), { force: true });
    removed++;
  }
  return removed;
}

async function isLeftover(folder: string, name: string): Promise<boolean> {
  const match = /^(\d+)\.([0-9a-f]{8})\.[0-9a-f]{16}\.part$/.exec(name);
  if (!match) return false;
  const pid = Number(match[1]);
  if (pid === process.pid) return match[2] !== processToken;
  const found = await stat(path.join(folder, name)).catch(() => undefined);
  if (!found) return false;
  const age = Date.now() - found.mtimeMs;
  return age > (isAlive(pid) ? day : minute);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

// Local copies of remote objects by hash, up to a size. A file in use is read through an open handle or was used within the hour: neither is hurt by clearing up.
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { type IncomingFile, sweepIncoming } from './incoming-file.ts';
import { objectKey } from './object-key.ts';
import { storing } from './storage-failure.ts';

/** Steps get a path and open it later: what was handed out within this time is kept, even above the limit. */
const graceMs = 3_600_000;

interface Entry {
  key: string;
  size: number;
  usedAt: number;
}

export class ObjectCache {
  readonly incoming: string;
  readonly #folder: string;
  readonly #limit: number;
  readonly #graceMs: number;
  readonly #sizes = new Map<string, number>();
  #total = 0;

  private constructor(folder: string, limits: { bytes: number; graceMs: number }) {
    this.#folder = folder;
    this.incoming = path.join(folder, 'incoming');
    this.#limit = limits.bytes;
    this.#graceMs = limits.graceMs;
  }

  static async open(folder: string, limits: { bytes: number; graceMs?: number }): Promise<ObjectCache> {
    const cache = new ObjectCache(path.resolve(folder), { graceMs, ...limits });
    await storing(folder, () => mkdir(cache.incoming, { recursive: true, mode: 0o700 }));
    await sweepIncoming(cache.incoming);
    for (const entry of await cache.#entries()) cache.#count(entry.key, entry.size);
    return cache;
  }

  get bytes(): number {
    return this.#total;
  }

  /** The local path, used now; undefined when it is not here. */
  async find(workspaceId: string, sha256: string): Promise<string | undefined> {
    const key = objectKey(workspaceId, sha256);
    const file = path.join(this.#folder, key);
    const now = new Date();
    try {
      await utimes(file, now, now);
      return file;
    } catch {
      this.#forget(key);
      return undefined;
    }
  }

  /** Takes a file that was written into `incoming`. */
  async take(workspaceId: string, file: IncomingFile): Promise<string> {
    const key = objectKey(workspaceId, file.object.sha256);
    const target = path.join(this.#folder, key);
    await storing(target, async () => {
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      await rename(file.path, target);
    });
    this.#count(key, file.object.size);
    if (this.#total > this.#limit) await this.#clearUp();
    return target;
  }

  async discard(workspaceId: string, sha256: string): Promise<void> {
    const key = objectKey(workspaceId, sha256);
    await rm(path.join(this.#folder, key), { force: true });
    this.#forget(key);
  }

  #count(key: string, size: number): void {
    this.#total += size - (this.#sizes.get(key) ?? 0);
    this.#sizes.set(key, size);
  }
  #forget(key: string): void {
    this.#total -= this.#sizes.get(key) ?? 0;
    this.#sizes.delete(key);
  }

  // Looks at the disk, not at memory: several processes of one machine may share the folder.
  async #clearUp(): Promise<void> {
    const entries = (await this.#entries()).sort((a, b) => a.usedAt - b.usedAt);
    let total = entries.reduce((sum, entry) => sum + entry.size, 0);
    for (const entry of entries) {
      if (total <= this.#limit || Date.now() - entry.usedAt < this.#graceMs) break;
      await rm(path.join(this.#folder, entry.key), { force: true });
      this.#forget(entry.key);
      total -= entry.size;
    }
    this.#total = total;
  }

  async #entries(): Promise<Entry[]> {
    const names = await readdir(this.#folder, { recursive: true });
    const entries: Entry[] = [];
    for (const key of names.filter((name) => /^[^/]+\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(name))) {
      const found = await stat(path.join(this.#folder, key)).catch(() => undefined);
      if (found) entries.push({ key, size: found.size, usedAt: found.mtimeMs });
    }
    return entries;
  }
}

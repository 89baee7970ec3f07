// The object store in a local folder: `<folder>/<workspace>/<aa>/<sha256>`, written under a temporary name, synced, then renamed.
import { chmod, copyFile, mkdir, open, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { hashFile, incomingName, sweepIncoming, syncFolder, writeIncoming } from './incoming-file.ts';
import { checkWorkspace, missingObject, objectKey } from './object-key.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { readOpened } from './read-opened.ts';
import { storing } from './storage-failure.ts';

/** Opens the store, makes its folders and sweeps what a crash left half written. @throws Unreachable when the folder cannot be written */
export async function createLocalStore(folder: string): Promise<ObjectStore> {
  const store = new LocalStore(path.resolve(folder));
  await store.open();
  return store;
}

class LocalStore implements ObjectStore {
  readonly #folder: string;
  readonly #incoming: string;
  constructor(folder: string) {
    this.#folder = folder;
    this.#incoming = path.join(folder, 'incoming');
  }

  async open(): Promise<void> {
    await storing(this.#folder, () => mkdir(this.#incoming, { recursive: true, mode: 0o700 }));
    await sweepIncoming(this.#incoming);
  }

  async put(workspaceId: string, content: AsyncIterable<Uint8Array>): Promise<StoredObject> {
    checkWorkspace(workspaceId);
    const incoming = await writeIncoming(this.#incoming, content);
    await this.#place(workspaceId, incoming.path, incoming.object);
    return incoming.object;
  }

  async putFile(workspaceId: string, file: string): Promise<StoredObject> {
    checkWorkspace(workspaceId);
    const here = path.join(this.#incoming, incomingName());
    await storing(this.#incoming, () => takeOver(file, here));
    try {
      const object = await hashFile(here);
      await this.#place(workspaceId, here, object);
      return object;
    } catch (thrown) {
      await rm(here, { force: true });
      throw thrown;
    }
  }

  async read(workspaceId: string, sha256: string, range?: { start: number; end: number }): Promise<Readable> {
    const file = await this.localPath(workspaceId, sha256);
    return readOpened(file, range);
  }

  async localPath(workspaceId: string, sha256: string): Promise<string> {
    const file = this.#pathOf(workspaceId, sha256);
    if ((await sizeOf(file)) === undefined) throw missingObject(sha256);
    return file;
  }

  async has(workspaceId: string, sha256: string): Promise<boolean> {
    return (await this.sizeOf(workspaceId, sha256)) !== undefined;
  }

  sizeOf(workspaceId: string, sha256: string): Promise<number | undefined> {
    return sizeOf(this.#pathOf(workspaceId, sha256));
  }

  async remove(workspaceId: string, sha256: string): Promise<void> {
    const file = this.#pathOf(workspaceId, sha256);
    await storing(file, () => rm(file, { force: true }));
    // A scratch workspace leaves no folders behind; those that hold something stay.
    const folder = path.dirname(file);
    for (const one of [folder, path.dirname(folder)]) await rmdir(one).catch(() => {});
  }

  async probe(): Promise<void> {
    const incoming = await writeIncoming(this.#incoming, Readable.from([Buffer.from('probe')]));
    await storing(this.#incoming, async () => {
      await hashFile(incoming.path);
      await rm(incoming.path);
    });
  }

  #pathOf(workspaceId: string, sha256: string): string {
    return path.join(this.#folder, objectKey(workspaceId, sha256));
  }

  // An object of the right size is left alone: renaming over it would be harmless but would cost its readers the page cache.
  async #place(workspaceId: string, file: string, object: StoredObject): Promise<void> {
    const target = this.#pathOf(workspaceId, object.sha256);
    try {
      await storing(target, async () => {
        if ((await sizeOf(target)) === object.size) return rm(file);
        await moveInto(file, target);
        await syncFolder(path.dirname(target));
      });
    } catch (thrown) {
      await rm(file, { force: true });
      throw thrown;
    }
  }
}

/** The folder may go between the two, when its last object is removed in this moment. */
async function moveInto(file: string, target: string, tries = 3): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  try {
    await rename(file, target);
  } catch (thrown) {
    if (tries === 1 || (thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    await moveInto(file, target, tries - 1);
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

// A rename within one file system, a copy across two; either way it is ours, private and on the disk afterwards.
async function takeOver(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EXDEV') throw thrown;
    await copyAcross(from, to);
  }
  await chmod(to, 0o600);
  const handle = await open(to, 'r+');
  try {
    // An old date would make another host's sweep take it for a leftover.
    await handle.utimes(new Date(), new Date());
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function copyAcross(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to);
  } catch (thrown) {
    await rm(to, { force: true });
    throw thrown;
  }
  await rm(from);
}

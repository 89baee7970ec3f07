// Puts a file at its place in a folder: written aside, synced, read back and compared, then renamed. Nobody ever sees a part of it.
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, link, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Conflict, Unreachable } from '@tidewheel/contract/errors';
import { folderFailure, isBelow, isErrno, realRoot, writablePath } from './folder-path.ts';

export type Overwrite = 'replace' | 'refuse';

export interface Placement {
  root: string;
  /** Path below the root, the name included. */
  file: string;
  /** Where the content lies, and what it is. */
  source: string;
  sha256: string;
  size: number;
  overwrite: Overwrite;
  /** The same for every attempt, so that a retry takes up its own leftover. */
  key: string;
  signal: AbortSignal;
}

export interface Placed {
  path: string;
  /** It was there already with this very content; nothing was written. */
  alreadyThere: boolean;
}

/** The hidden name under which a file is written before it gets its own. */
export function partName(name: string, key: string): string {
  return `.${name}.${createHash('sha256').update(`${key}/${name}`).digest('hex').slice(0, 8)}.part`;
}

/** @throws InvalidInput for a path that leaves the root, Conflict when something else is there and may not be replaced, Unreachable */
export async function placeFile(placement: Placement): Promise<Placed> {
  const target = await writablePath(placement);
  try {
    if (await isThere(target, placement)) return { path: target, alreadyThere: true };
    await mkdir(path.dirname(target), { recursive: true });
    await refuseEscape(target, placement.root);
    await writeAside(target, placement);
    return { path: target, alreadyThere: false };
  } catch (thrown) {
    throw folderFailure(thrown, target);
  }
}

/** What a file would find at its place: nothing, another one, or itself. */
export type WouldFind = 'nothing' | 'other' | 'same';

/** Everything that `placeFile` looks at before it writes, and nothing else. @throws as placeFile, and NotAllowed where this process may not write */
export async function wouldPlace(placement: Omit<Placement, 'source' | 'key'>): Promise<WouldFind> {
  const target = await writablePath(placement);
  try {
    await access(await nearestFolder(path.dirname(target)), constants.W_OK | constants.X_OK);
    if (await isThere(target, placement)) return 'same';
    const found = await stat(target).catch((thrown) => {
      if (isErrno(thrown, 'ENOENT')) return undefined;
      throw thrown;
    });
    if (found && placement.overwrite === 'refuse') throw taken(target);
    return found ? 'other' : 'nothing';
  } catch (thrown) {
    throw folderFailure(thrown, target);
  }
}

async function nearestFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch((thrown) => {
    if (isErrno(thrown, 'ENOENT')) return undefined;
    throw thrown;
  });
  return found ? folder : nearestFolder(path.dirname(folder));
}

// Between the look and the mkdir somebody may have put a link in the way.
async function refuseEscape(target: string, root: string): Promise<void> {
  if (isBelow(await realpath(path.dirname(target)), await realRoot(root))) return;
  throw new Conflict('file.outside', `${target} came to lead out of the connection's folder while it was written.`);
}

async function isThere(target: string, { size, sha256, signal }: Pick<Placement, 'size' | 'sha256' | 'signal'>): Promise<boolean> {
  const found = await stat(target).catch((thrown) => {
    if (isErrno(thrown, 'ENOENT')) return undefined;
    throw thrown;
  });
  return found?.isFile() === true && found.size === size && (await sha256OfFile(target, signal)) === sha256;
}

async function writeAside(target: string, placement: Placement): Promise<void> {
  const part = path.join(path.dirname(target), partName(path.basename(target), placement.key));
  try {
    await rm(part, { force: true });
    await copyDurably(placement.source, part, placement.signal);
    const read = await sha256OfFile(part, placement.signal);
    if (read !== placement.sha256)
      throw new Unreachable('file.damaged', `What was read back from ${part} is not what was written (SHA-256 ${read} instead of ${placement.sha256}).`, {
        hint: 'Check the disk; the step is tried again by itself.',
      });
    await (placement.overwrite === 'replace' ? rename(part, target) : renameOntoNothing(part, target));
    await syncFolder(path.dirname(target));
  } catch (thrown) {
    await rm(part, { force: true }).catch(() => {});
    throw thrown;
  }
}

async function copyDurably(from: string, to: string, signal: AbortSignal): Promise<void> {
  const handle = await open(to, 'wx', 0o666);
  try {
    for await (const chunk of createReadStream(from, { highWaterMark: 256 * 1024 })) {
      signal.throwIfAborted();
      await handle.appendFile(chunk as Buffer);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

// A hard link fails where something is, a rename would replace it. Shares without hard links get the look before.
async function renameOntoNothing(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
    await rm(from);
  } catch (thrown) {
    if (isErrno(thrown, 'EEXIST')) throw taken(to);
    if (!isErrno(thrown, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw thrown;
    const exists = await stat(to).then(
      () => true,
      () => false,
    );
    if (exists) throw taken(to);
    await rename(from, to);
  }
}

function taken(target: string): Conflict {
  return new Conflict('file.exists', `There is another ${path.basename(target)} already.`, {
    hint: 'Give the file another name, or let the step replace it (overwrite: replace).',
  });
}

/** `bytes`: of its beginning alone. */
export async function sha256OfFile(file: string, signal: AbortSignal, bytes = Number.POSITIVE_INFINITY): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024, signal, end: bytes - 1 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    // Some network shares cannot: the file itself was synced.
    await handle.sync().catch(() => {});
  } finally {
    await handle.close();
  }
}

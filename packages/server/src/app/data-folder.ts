// The data folder: made at the first start, closed to others, and really writable.
import { access, constants, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Conflict } from '@tidewheel/contract/errors';
import { isAlive } from '../storage/postgres/leftover.ts';

export interface DataFolder {
  root: string;
  objects: string;
  scratch: string;
  logs: string;
}

const largestLogBytes = 50_000_000;

/** @throws Conflict when it cannot be made or written, or its disk is full */
export async function openDataFolder(root: string): Promise<DataFolder> {
  const folders = { root, objects: path.join(root, 'objects'), scratch: path.join(root, 'scratch'), logs: path.join(root, 'logs') };
  try {
    // Root's own stays passable: Postgres runs as another user there. Everything in it is closed.
    await mkdir(root, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
    for (const folder of [folders.objects, folders.scratch, folders.logs]) await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === 'ENOSPC'
        ? 'its disk is full'
        : code === 'ENOTDIR' || code === 'EEXIST'
          ? 'it is not a folder'
          : code === 'EROFS'
            ? 'it is read-only'
            : `it cannot be written (${code})`;
    throw new Conflict('data.folder', `The data folder ${root} cannot be used: ${why}.`, {
      hint: 'Choose another one with --data or TIDEWHEEL_DATA, or give this user the right to write it.',
      cause,
    });
  }
  return folders;
}

/** The log file of this start; a large one is put aside first. */
export async function openLogFile({ logs }: DataFolder): Promise<string> {
  const file = path.join(logs, 'tidewheel.log');
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > largestLogBytes) await rename(file, `${file}.1`);
  return file;
}

/** This process's own folder for working files; what dead processes left in theirs goes. Several processes may share a data folder. */
export async function openScratch({ scratch }: DataFolder): Promise<string> {
  for (const name of await readdir(scratch)) {
    if (/^\d+$/.test(name) && Number(name) !== process.pid && isAlive(Number(name))) continue;
    await rm(path.join(scratch, name), { recursive: true, force: true });
  }
  const own = path.join(scratch, String(process.pid));
  await mkdir(own, { mode: 0o700 });
  return own;
}

// Where the embedded Postgres keeps its data: in our data folder, or where its user can reach it when our folder is closed to him.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newToken } from '../../base/ids.ts';
import { makeSharedPlace } from './binaries.ts';
import { canReach, findServerUser, type ServerUser } from './server-user.ts';

export interface Place {
  user: ServerUser | null;
  /** Holds `data`, and is the user's own. */
  home: string;
  /** PGDATA. */
  data: string;
  /** Why it is not below our data folder, for the log. */
  moved: string | null;
}

/** A Unix socket's path holds 107 bytes. */
const longestSocketFolder = 85;

async function ownFolder(folder: string, user: ServerUser | null): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (user) await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
}

/** The folder must exist. A file in it remembers a place elsewhere, so that the data is found again when the folder is moved. */
export async function findPlace(dataFolder: string): Promise<Place> {
  const pointer = path.join(dataFolder, 'postgres.location');
  const known = existsSync(pointer) ? (await readFile(pointer, 'utf8')).trim() : path.join(dataFolder, 'postgres');
  const ownerUid = existsSync(known) ? (await stat(known)).uid : undefined;
  const user = findServerUser(ownerUid);
  if (known !== path.join(dataFolder, 'postgres')) return { user, home: known, data: path.join(known, 'data'), moved: null };
  await ownFolder(known, user);
  if (canReach(user, known)) return { user, home: known, data: path.join(known, 'data'), moved: null };
  await rmdir(known);
  const name = `${path.basename(dataFolder).replace(/[^\w.-]/g, '')}-${newToken().slice(0, 10)}`;
  const home = path.join(await makeSharedPlace(), 'data', name);
  await mkdir(path.dirname(home), { recursive: true, mode: 0o755 });
  await ownFolder(home, user);
  await writeFile(pointer, `${home}\n`, { mode: 0o600 });
  return { user, home, data: path.join(home, 'data'), moved: `The user ${user?.name} cannot reach ${dataFolder}, so the database is kept in ${home}.` };
}

/** Beside the data where the path is short enough for a socket, else in the temporary folder under a name that follows from it. */
export async function socketFolder({ home, user }: Place): Promise<string> {
  const beside = path.join(home, 'run');
  if (Buffer.byteLength(beside) <= longestSocketFolder) {
    await ownFolder(beside, user);
    return beside;
  }
  const hash = createHash('sha256').update(home).digest('hex').slice(0, 8);
  const folder = await mkdtemp(path.join(tmpdir().length < 50 ? tmpdir() : '/tmp', `tidewheel-${hash}-`));
  await ownFolder(folder, user);
  return folder;
}

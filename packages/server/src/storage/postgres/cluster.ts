// Makes the data folder of the embedded Postgres, whole or not at all.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Conflict, Unreachable } from '@tidewheel/contract/errors';
import { newToken } from '../../base/ids.ts';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';
import { asUser } from './server-user.ts';

export const ownerName = 'tidewheel';
/** What Postgres and its tools see: nothing of ours. */
export const serverEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

function passwordFile(dataFolder: string): string {
  return path.join(dataFolder, 'postgres.password');
}

/** The owner's password. @throws Conflict when the database is there and its password is not */
export async function readPassword(dataFolder: string): Promise<string> {
  try {
    return (await readFile(passwordFile(dataFolder), 'utf8')).trim();
  } catch (cause) {
    throw new Conflict('postgres.no_password', `The database exists, but ${passwordFile(dataFolder)}, which holds its password, cannot be read.`, {
      hint: 'Put the file back from a backup of the data folder.',
      cause,
    });
  }
}

async function writePassword(dataFolder: string): Promise<string> {
  const password = newToken();
  await writeFile(passwordFile(dataFolder), `${password}\n`, { mode: 0o600 });
  return password;
}

/** initdb into a folder with another name, then a rename: one that was interrupted leaves no half database behind. @returns whether it was made now */
export async function makeCluster(options: { binaries: Binaries; place: Place; dataFolder: string; sync: boolean }): Promise<boolean> {
  const { binaries, place, dataFolder, sync } = options;
  if (existsSync(place.data)) return false;
  await removeHalfMade(place);
  const fresh = `${place.data}.new-${newToken().slice(0, 8)}`;
  const secret = path.join(place.home, 'password.new');
  await writeFile(secret, await writePassword(dataFolder), { mode: 0o600 });
  if (place.user) await chown(secret, place.user.uid, place.user.gid);
  // Text sorts by code point everywhere (built-in C.UTF-8): no index breaks when a C library changes its collations.
  const args = [
    '-D',
    fresh,
    '-U',
    ownerName,
    `--pwfile=${secret}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
  ];
  try {
    await promisify(execFile)(binaries.initdb, sync ? args : [...args, '--no-sync'], { ...asUser(place.user), env: serverEnvironment, cwd: '/' });
    await rename(fresh, place.data);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true });
    const words = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? String(cause);
    throw new Unreachable('postgres.init_failed', `The database could not be made in ${place.data}: ${words}`, {
      hint: 'Look for free space and rights on that folder.',
      cause,
    });
  } finally {
    await rm(secret, { force: true });
  }
  return true;
}

async function removeHalfMade(place: Place): Promise<void> {
  const names = await readdir(place.home);
  for (const name of names.filter((each) => each.startsWith('data.new-'))) await rm(path.join(place.home, name), { recursive: true, force: true });
}

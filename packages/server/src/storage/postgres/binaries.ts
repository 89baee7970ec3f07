// Finds the Postgres programs that npm installed and puts them where their user can reach them.
import { existsSync } from 'node:fs';
import { access, chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Conflict } from '@tidewheel/contract/errors';
import { newToken } from '../../base/ids.ts';
import { canReach, type ServerUser } from './server-user.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
  /** `18` */
  major: string;
}

interface PlatformPackage {
  native: string;
  version: string;
}

/** Only root needs these: what it puts there is its own, so nobody else can slip a program in. */
const sharedPlaces = ['/var/lib/tidewheel', '/var/tmp/tidewheel-root'];

async function findPackage(): Promise<PlatformPackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const root = path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
    const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: path.join(root, 'native'), version };
  } catch (cause) {
    throw new Conflict('postgres.not_installed', `The embedded Postgres for this machine (${name}) is not installed.`, {
      hint: 'Run npm ci again without --omit=optional, or set DATABASE_URL to a Postgres of your own.',
      cause,
    });
  }
}

/** npm packages hold no symlinks; the package lists them. Its install script makes them, but install scripts may be off. */
async function makeSymlinks(native: string): Promise<void> {
  const links = JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(native, '..', target);
    if (existsSync(link)) continue;
    await rm(link, { force: true });
    await symlink(path.relative(path.dirname(link), path.join(native, '..', source)), link).catch(ignoreExisting);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

async function makeExecutable(native: string): Promise<void> {
  for (const program of ['initdb', 'postgres', 'pg_ctl']) {
    const file = path.join(native, 'bin', program);
    if (((await stat(file)).mode & 0o111) !== 0o111) await chmod(file, 0o755);
  }
}

/** A folder of root's own that others may enter but not write: for programs and data that the server user must reach. @throws Conflict */
export async function makeSharedPlace(): Promise<string> {
  for (const place of sharedPlaces) {
    try {
      await mkdir(place, { recursive: true, mode: 0o755 });
      await access(place);
      const { uid, mode } = await stat(place);
      if (uid !== 0 || (mode & 0o022) !== 0) continue;
      await chmod(place, 0o755);
      return place;
    } catch {
      // A read-only /var/lib: the next one.
    }
  }
  throw new Conflict('postgres.no_place', `Neither ${sharedPlaces.join(' nor ')} can be used for the embedded Postgres.`, {
    hint: 'Start Tidewheel as a plain user, or set DATABASE_URL to a Postgres of your own.',
  });
}

/** Copied whole under a temporary name, then renamed: two starters at once cannot see half a copy. */
async function copyOnce(native: string, version: string): Promise<string> {
  const place = path.join(await makeSharedPlace(), `postgres-${version}-${process.arch}`);
  if (existsSync(path.join(place, 'native', 'bin', 'postgres'))) return path.join(place, 'native');
  const fresh = `${place}.${newToken().slice(0, 8)}`;
  await cp(native, path.join(fresh, 'native'), { recursive: true, verbatimSymlinks: true, filter: (file) => !file.endsWith('.a') });
  await rename(fresh, place).catch(async (error: NodeJS.ErrnoException) => {
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(path.join(place, 'native'))) throw error;
  });
  return path.join(place, 'native');
}

/** @throws Conflict when they are not installed, or root finds no place that the server user can reach */
export async function findBinaries(user: ServerUser | null): Promise<Binaries> {
  const { native, version } = await findPackage();
  await makeSymlinks(native);
  await makeExecutable(native);
  const reachable = canReach(user, path.join(native, 'share')) && canReach(user, path.join(native, 'lib'));
  const home = reachable ? native : await copyOnce(native, version);
  return { initdb: path.join(home, 'bin', 'initdb'), postgres: path.join(home, 'bin', 'postgres'), major: version.split('.')[0] ?? '' };
}

// What a kill -9 leaves behind: a lock file of a dead server, or a server whose parent is gone.
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Conflict } from '@tidewheel/contract/errors';

/** A zombie is dead: only its parent has not looked yet, and in a container that may take its time. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A process id comes back after a while: on Linux the process must also stand in this data folder, as every postmaster does. */
function isPostmasterOf(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === data && /postgres/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

/** The postmaster's process id and state (`starting`, `ready` …) as its lock file says, null without one. */
export async function readLockFile(data: string): Promise<{ pid: number; state: string } | null> {
  const text = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => null);
  if (text === null) return null;
  const lines = text.split('\n');
  return { pid: Number(lines[0]), state: (lines[7] ?? '').trim() };
}

/** Ends a server that outlived its parent and removes a lock file whose server is gone. @returns what it did, for the log */
export async function clearLeftover(data: string): Promise<string | null> {
  const lock = await readLockFile(data);
  if (!lock) return null;
  if (!isPostmasterOf(lock.pid, data)) {
    await rm(path.join(data, 'postmaster.pid'), { force: true });
    return `Removed the lock file of a Postgres that no longer runs (process ${lock.pid}).`;
  }
  for (const { signal, wait } of [
    { signal: 'SIGINT', wait: 10_000 },
    { signal: 'SIGQUIT', wait: 5_000 },
    { signal: 'SIGKILL', wait: 2_000 },
  ] as const) {
    sendSignal(lock.pid, signal);
    if (await goneWithin(lock.pid, wait)) {
      if (signal === 'SIGKILL') await rm(path.join(data, 'postmaster.pid'), { force: true });
      return `Stopped a Postgres whose parent was gone (process ${lock.pid}).`;
    }
  }
  throw new Conflict('postgres.stuck', `A Postgres on ${data} (process ${lock.pid}) does not stop.`, { hint: `End that process, then start again.` });
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone in the meantime.
  }
}

export async function goneWithin(pid: number, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  while (isAlive(pid)) {
    if (Date.now() > end) return false;
    await sleep(20);
  }
  return true;
}

/** PG_VERSION holds the major version of a data folder. @throws Conflict when another one made it */
export async function refuseOtherMajor(data: string, major: string): Promise<void> {
  const file = path.join(data, 'PG_VERSION');
  if (!existsSync(file)) return;
  const found = (await readFile(file, 'utf8')).trim();
  if (found === major) return;
  throw new Conflict(
    'postgres.other_version',
    `The database in ${data} was made by PostgreSQL ${found}; this version of Tidewheel brings PostgreSQL ${major}.`,
    {
      hint: `Start the Tidewheel that made it, or serve that folder with a PostgreSQL ${found} of your own and set DATABASE_URL. Nothing was changed.`,
      details: { found, expected: major },
    },
  );
}

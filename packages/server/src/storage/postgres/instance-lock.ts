// One Tidewheel per data folder: a lock file with the process that holds it, recovered when that process is gone.
import { readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Conflict } from '@tidewheel/contract/errors';
import { newToken } from '../../base/ids.ts';
import { isAlive } from './leftover.ts';

/** When a process started, in clock ticks since boot: tells a process from a later one with the same id. Empty where there is no /proc. */
function startOf(pid: number): string {
  try {
    return (
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? ''
    );
  } catch {
    return '';
  }
}

async function holderOf(file: string): Promise<number | null> {
  const [pid, start] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ');
  if (!pid || !isAlive(Number(pid))) return null;
  return startOf(Number(pid)) === (start ?? '') ? Number(pid) : null;
}

/** @returns the function that gives the lock back. @throws Conflict when a living process holds it */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, 'tidewheel.lock');
  const text = `${process.pid} ${startOf(process.pid)}\n`;
  for (;;) {
    const made = await writeFile(file, text, { flag: 'wx', mode: 0o600 }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
    if (made) return () => rm(file, { force: true });
    const holder = await holderOf(file);
    if (holder !== null) {
      throw new Conflict('instance.running', `Tidewheel already runs on ${folder} (process ${holder}).`, {
        hint: 'Use that one, stop it first, or give this one another folder with --data.',
      });
    }
    // Renamed, not removed: of two starters only one gets the stale file.
    const stale = `${file}.${newToken().slice(0, 8)}`;
    await rename(file, stale).catch(() => {});
    await rm(stale, { force: true });
  }
}

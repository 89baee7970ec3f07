// One process at a time: a lock file that its maker removes. A maker that died leaves its number behind, by which the next one knows.
import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Conflict } from '@tidewheel/contract/errors';
import { hasCode } from './file-error.ts';

const waitMs = 30_000;
const pauseMs = 25;

/** @throws Conflict when another process keeps it for half a minute */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await take(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<void> {
  const deadline = Date.now() + waitMs;
  while (!(await make(file))) {
    if (Date.now() > deadline)
      throw new Conflict('cli.locked', `Another command holds ${file}.`, { hint: 'Wait for it to end; if none runs, remove the file.' });
    if (await isDead(file)) await rm(file, { force: true });
    else await sleep(pauseMs + Math.random() * pauseMs);
  }
}

async function make(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function isDead(file: string): Promise<boolean> {
  // Empty for the moment between making and writing.
  const maker = Number(await readFile(file, 'utf8').catch(() => ''));
  if (!Number.isInteger(maker) || maker <= 0) return false;
  try {
    process.kill(maker, 0);
    return false;
  } catch (error) {
    return hasCode(error, 'ESRCH');
  }
}

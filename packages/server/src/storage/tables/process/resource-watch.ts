// The limits that DuckDB does not keep by itself: it exceeds memory_limit by some hundred MB and has been seen to spill beyond its cap.
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type AppError, TooLarge } from '@tidewheel/contract/errors';

export interface Watched {
  pid: number;
  /** The job's folder of spilled data. */
  spill: string;
  memoryLimit: number;
  spillLimit: number;
  step: string;
}

const everyMs = 500;
const pageSize = 4_096;

/** Calls `exceed` once when the process is far above a limit. @returns what ends the watch */
export function watchResources(watched: Watched, exceed: (error: AppError) => void): () => void {
  const timer = setInterval(() => {
    void measure(watched).then((error) => {
      if (!error) return;
      clearInterval(timer);
      exceed(error);
    });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function measure(watched: Watched): Promise<AppError | undefined> {
  const { pid, spill, memoryLimit, spillLimit } = watched;
  const [resident, spilled] = await Promise.all([residentBytes(pid), folderBytes(spill)]);
  const { step } = watched;
  const details = { step };
  if (resident > memoryLimit) {
    return new TooLarge('table.memory', `Step ${step}: its table process took ${megabytes(resident)} MB of memory and was stopped.`, {
      hint: 'Raise TIDEWHEEL_TABLE_MEMORY, filter earlier or select fewer columns.',
      details,
    });
  }
  if (spilled > spillLimit) {
    return new TooLarge('table.spill_limit', `Step ${step}: its table process wrote ${megabytes(spilled)} MB of intermediate results and was stopped.`, {
      hint: 'Filter earlier, select fewer columns, or give the table processes more memory or disk.',
      details,
    });
  }
  return undefined;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

/** 0 where there is no /proc (macOS): the limits of DuckDB remain. */
async function residentBytes(pid: number): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return Number(statm.split(' ')[1] ?? 0) * pageSize;
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(path.join(folder, name)).then(
        (found) => found.size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** `512MB` as bytes. */
export function bytesOf(size: string): number {
  return Number.parseInt(size, 10) * (size.endsWith('GB') ? 1e9 : 1e6);
}

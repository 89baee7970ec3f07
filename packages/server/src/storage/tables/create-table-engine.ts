// The table engine over DuckDB: jobs in a pool of processes, reading and checking in one more that serves many at a time.
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Fault } from '@tidewheel/contract/problem';
import type { Column, Preview } from '@tidewheel/contract/values';
import type { Logger } from '../../base/logger.ts';
import { ProcessPool } from './process/process-pool.ts';
import type { ProcessSettings } from './process/protocol.ts';
import { runInPool } from './process/run-in-pool.ts';
import type { WorkerProcess } from './process/worker-process.ts';
import type { TableEngine } from './table-engine.ts';

export interface TableEngineOptions {
  /** How many jobs run at a time. */
  processes: number;
  /** Of each process, e.g. `1GB`. DuckDB may exceed it by a few hundred MB. */
  memoryLimit: string;
  /** The folder in which the processes live; made when it is missing. */
  scratch: string;
  log: Logger;
  threads?: number;
  /** The most one job may spill to disk. */
  spillLimit?: string;
}

export interface LocalTableEngine extends TableEngine {
  /** The pool's processes, for the bench. */
  processIds(): number[];
}

export function createTableEngine({
  processes,
  memoryLimit,
  scratch,
  log,
  threads = availableParallelism(),
  spillLimit = '50GB',
}: TableEngineOptions): LocalTableEngine {
  mkdirSync(scratch, { recursive: true });
  const settings: ProcessSettings = { memoryLimit, threads, spillLimit, folder: scratch };
  const jobs = new ProcessPool(processes, settings);
  const reader = lazyReader(() => new ProcessPool(1, { ...settings, memoryLimit: '256MB', threads: 1 }));
  return {
    run: (job, options) => runInPool({ pool: jobs, settings, log }, job, options),
    check: async (expressions) =>
      expressions.length === 0 ? [] : ((await reader.ask((worker) => worker.request({ kind: 'check', expressions }).answer)) as Fault[]),
    page: async (file, window) => (await reader.ask((worker) => worker.request({ kind: 'page', file, ...window }).answer)) as Preview & { total: number },
    rows: (file, options) => streamRows(reader, file, options),
    async close() {
      jobs.close();
      reader.close();
    },
    processIds: () => jobs.processIds,
  };
}

interface Reader {
  ask<T>(use: (worker: WorkerProcess) => Promise<T>): Promise<T>;
  worker(): Promise<WorkerProcess>;
  close(): void;
}

// One process serves all readers at a time: a slow reader never keeps a job, or another reader, waiting for a process.
function lazyReader(open: () => ProcessPool): Reader {
  let pool: ProcessPool | undefined;
  let current: Promise<WorkerProcess> | undefined;
  const worker = async (): Promise<WorkerProcess> => {
    const known = await current?.catch(() => undefined);
    if (known && !known.ended) return known;
    pool ??= open();
    current = pool.acquire();
    return current;
  };
  return { worker, ask: async (use) => use(await worker()), close: () => pool?.close() };
}

async function* streamRows(
  reader: Reader,
  file: string,
  { columns, batch = 1_000, signal }: { columns?: string[]; batch?: number; signal?: AbortSignal },
): AsyncGenerator<Record<string, unknown>[]> {
  signal?.throwIfAborted();
  const worker = await reader.worker();
  const { id, answer } = worker.request({ kind: 'rows', file, columns, batch });
  const names = ((await answer) as { columns: Column[] }).columns.map((column) => column.name);
  try {
    // One batch is always under way while the reader works on the one before.
    let coming = worker.next(id);
    coming.catch(() => {});
    for (;;) {
      const rows = (await coming) as unknown[][] | null;
      signal?.throwIfAborted();
      if (rows === null) return;
      coming = worker.next(id);
      coming.catch(() => {});
      yield rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
    }
  } finally {
    worker.stop(id);
  }
}

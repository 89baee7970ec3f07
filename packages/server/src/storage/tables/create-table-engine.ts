// The table engine over DuckDB: jobs in a pool of processes, reading and checking in one more that serves many at a time.

import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { AppError, TimedOut, Unreachable } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import type { Column, Preview } from '@tidewheel/contract/values';
import type { Logger } from '../../base/logger.ts';
import { ProcessPool } from './process/process-pool.ts';
import type { ProcessSettings } from './process/protocol.ts';
import type { WorkerProcess } from './process/worker-process.ts';
import type { TableEngine, TableJob, TableJobResult } from './table-engine.ts';

export interface TableEngineOptions {
  /** How many jobs run at a time. */
  processes: number;
  /** Of each process, e.g. `1GB`. DuckDB may exceed it by a few hundred MB. */
  memoryLimit: string;
  /** A folder for leftovers of processes that were killed; emptied of them. */
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
  log,
  threads = availableParallelism(),
  spillLimit = '50GB',
}: TableEngineOptions): LocalTableEngine {
  const settings: ProcessSettings = { memoryLimit, threads, spillLimit };
  const jobs = new ProcessPool(processes, settings);
  const reader = lazyReader(() => new ProcessPool(1, { ...settings, memoryLimit: '256MB', threads: 1 }));
  return {
    run: (job, options) => runInPool(jobs, job, options, log),
    check: async (expressions) =>
      expressions.length === 0 ? [] : ((await reader.ask((worker) => worker.request({ kind: 'check', expressions }).answer)) as Fault[]),
    page: async (file, { offset, limit }) =>
      (await reader.ask((worker) => worker.request({ kind: 'page', file, offset, limit }).answer)) as Preview & { total: number },
    rows: (file, options) => streamRows(reader, file, options),
    async close() {
      jobs.close();
      reader.close();
    },
    processIds: () => jobs.processIds,
  };
}

async function runInPool(
  pool: ProcessPool,
  job: TableJob,
  { signal, log: tell }: { signal: AbortSignal; log?: (text: string) => void },
  log: Logger,
): Promise<TableJobResult> {
  const step = job.nodes[0]?.id ?? '';
  const userSql = job.nodes.some(({ node }) => node.op === 'sql' || (node.op === 'checks' && node.checks.some((check) => check.query !== undefined)));
  const worker = await acquire(pool, { signal, step, once: userSql });
  const onAbort = () => worker.kill();
  signal.addEventListener('abort', onAbort, { once: true });
  let spoiled = userSql;
  try {
    return (await worker.request({ kind: 'job', job }, tell).answer) as TableJobResult;
  } catch (error) {
    if (signal.aborted) throw cancelled(signal, step);
    spoiled ||= !(error instanceof AppError) || error.status >= 500;
    if (error instanceof Unreachable && error.details?.step === undefined) log.warn({ step, stderr: error.details?.stderr }, 'a table process died');
    throw withStep(error, step);
  } finally {
    signal.removeEventListener('abort', onAbort);
    pool.release(worker, { spoiled });
    if (signal.aborted) await rm(`${job.folder}/.spill`, { recursive: true, force: true });
  }
}

async function acquire(pool: ProcessPool, { signal, step, once }: { signal: AbortSignal; step: string; once: boolean }): Promise<WorkerProcess> {
  try {
    return await pool.acquire(signal, { once });
  } catch (error) {
    throw signal.aborted ? cancelled(signal, step) : error;
  }
}

function cancelled(signal: AbortSignal, step: string): TimedOut {
  return new TimedOut('table.stopped', 'The table job was stopped.', { details: { step }, cause: signal.reason });
}

function withStep(error: unknown, step: string): unknown {
  if (!(error instanceof Unreachable) || error.details?.step !== undefined) return error;
  return new Unreachable(error.code, error.message, { hint: error.hint, details: { ...error.details, step }, cause: error.cause });
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

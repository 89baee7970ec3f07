// One job in one process of the pool: killed by the signal or beyond its limits, and whatever goes wrong names the step that was under way.
import { rm } from 'node:fs/promises';
import { AppError, InvalidInput, TimedOut, TooLarge, Unreachable } from '@tidewheel/contract/errors';
import type { Logger } from '../../../base/logger.ts';
import type { StepPercent, TableJob, TableJobResult } from '../table-engine.ts';
import type { ProcessPool } from './process-pool.ts';
import type { ProcessSettings } from './protocol.ts';
import { bytesOf, watchResources } from './resource-watch.ts';
import type { WorkerProcess } from './worker-process.ts';

interface Place {
  pool: ProcessPool;
  settings: ProcessSettings;
  log: Logger;
}

interface RunOptions {
  signal: AbortSignal;
  log?: (text: string) => void;
  progress?: (done: StepPercent) => void;
}

/** What a process takes besides DuckDB's own memory: Node, the file under way, what DuckDB does not count. */
const besidesMemory = 800e6;

export async function runInPool({ pool, settings, log }: Place, job: TableJob, { signal, log: tell, progress }: RunOptions): Promise<TableJobResult> {
  refuseTooMuch(job, settings);
  const state = { step: job.nodes[0]?.id ?? '', ended: undefined as AppError | undefined };
  const once = holdsUserSql(job);
  const worker = await acquire(pool, { signal, step: state.step, once });
  const end = (error: AppError) => {
    state.ended ??= error;
    worker.kill();
  };
  const onAbort = () => end(stopped(signal, state.step));
  signal.addEventListener('abort', onAbort, { once: true });
  const unwatch = watchResources(limitsOf(job, { settings, worker, state }), end);
  let spoiled = once;
  try {
    const at = (step: string) => {
      state.step = step;
    };
    return (await worker.request({ kind: 'job', job }, { log: tell, at, progress }).answer) as TableJobResult;
  } catch (error) {
    const failure = ofOwnMemory(state.ended ?? withStep(error, state.step), { job, settings });
    spoiled ||= !(failure instanceof AppError) || failure.status >= 500;
    if (!state.ended && failure instanceof Unreachable) log.warn({ step: state.step, stderr: failure.details?.stderr }, 'a table process died');
    throw failure;
  } finally {
    signal.removeEventListener('abort', onAbort);
    unwatch();
    pool.release(worker, { spoiled });
    if (state.ended) await rm(`${job.folder}/.spill`, { recursive: true, force: true });
  }
}

/** @throws InvalidInput `table.resources` */
function refuseTooMuch({ nodes, memory, threads }: TableJob, settings: ProcessSettings): void {
  const step = nodes[0]?.id ?? '';
  const refuse = (asked: string, given: string, hint: string) =>
    new InvalidInput('table.resources', `Step ${step}: it asks for ${asked}, but a table job here has at most ${given}.`, { hint, details: { step } });
  if (memory !== undefined && bytesOf(memory) > bytesOf(settings.memoryLimit))
    throw refuse(`${memory} of memory`, settings.memoryLimit, 'Lower `resources.memory`, or raise TIDEWHEEL_TABLE_MEMORY where workers run.');
  if (threads !== undefined && threads > settings.threads)
    throw refuse(`${threads} threads`, String(settings.threads), 'Lower `resources.threads`, or run the step on a larger host by `worker`.');
}

function holdsUserSql(job: TableJob): boolean {
  return job.nodes.some(({ node }) => node.op === 'sql' || (node.op === 'checks' && node.checks.some((check) => check.query !== undefined)));
}

function limitsOf(job: TableJob, { settings, worker, state }: { settings: ProcessSettings; worker: WorkerProcess; state: { step: string } }) {
  return {
    pid: worker.pid ?? 0,
    spill: `${job.folder}/.spill`,
    memoryLimit: bytesOf(job.memory ?? settings.memoryLimit) + besidesMemory,
    spillLimit: bytesOf(settings.spillLimit) * 1.1,
    get step() {
      return state.step;
    },
  };
}

async function acquire(pool: ProcessPool, { signal, step, once }: { signal: AbortSignal; step: string; once: boolean }): Promise<WorkerProcess> {
  try {
    return await pool.acquire(signal, { once });
  } catch (error) {
    throw signal.aborted ? stopped(signal, step) : error;
  }
}

function stopped(signal: AbortSignal, step: string): TimedOut {
  return new TimedOut('table.stopped', `Step ${step}: its table job was stopped.`, { details: { step }, cause: signal.reason });
}

function withStep(error: unknown, step: string): unknown {
  if (!(error instanceof Unreachable) || error.details?.step !== undefined) return error;
  return new Unreachable(error.code, error.message, { hint: error.hint ?? '', details: { ...error.details, step }, cause: error.cause });
}

/** Where the step says itself how much it takes, that is what is to be raised, not what the installation gives. */
function ofOwnMemory(error: unknown, { job: { memory }, settings }: { job: TableJob; settings: ProcessSettings }): unknown {
  const isOwn = memory !== undefined && bytesOf(memory) < bytesOf(settings.memoryLimit);
  if (!isOwn || !(error instanceof AppError) || error.code !== 'table.memory') return error;
  return new TooLarge(error.code, error.message, {
    hint: `Raise \`resources.memory\` of the step, now ${memory} and at most ${settings.memoryLimit} here, filter earlier or select fewer columns.`,
    details: error.details ?? {},
    cause: error,
  });
}

// The engine as app/ composes it: the queue, the runs service, and in the roles that ask for it a worker and a supervisor.
import type { Logger } from '../base/logger.ts';
import type { Databases } from '../storage/database.ts';
import { startLogPacking } from '../storage/logs/pack-log.ts';
import type { ObjectStore } from '../storage/objects/object-store.ts';
import type { TableEngine } from '../storage/tables/table-engine.ts';
import { cancelLeft } from './operations/cancel-left.ts';
import type { OperationsDependencies } from './operations/operations-deps.ts';
import type { BackupPort, ColorPort, ConnectionPort, MailPort, StepTypes, TargetPort, UploadedFilePort } from './ports.ts';
import { RunsService } from './runs/runs.service.ts';
import { Scheduler } from './schedules/firing/scheduler.ts';
import type { ScheduleDeps } from './schedules/schedule-deps.ts';
import { caretaker } from './worker/caretaker.ts';
import { JobQueue } from './worker/job-queue.ts';
import { runnerOf } from './worker/runner-of.ts';
import { Supervisor } from './worker/supervisor.ts';
import { Worker } from './worker/worker.ts';

export interface EngineOptions {
  databases: Databases;
  types: StepTypes;
  objects: ObjectStore;
  tables: TableEngine;
  connections: ConnectionPort;
  targets: TargetPort;
  uploads: UploadedFilePort;
  colors: ColorPort;
  /** Left out: this installation makes none. */
  backups?: BackupPort;
  /** Left out: steps cannot mail. */
  mail?: MailPort;
  /** A local folder for the working files of attempts. */
  scratch: string;
  /** The address at which others answer a run; see `run.callback` in expressions. */
  callbackAddress(run: string): string;
  log: Logger;
  /** Work on runs with these tags; null: no worker in this process. */
  worker: { tags: string[]; concurrency: number } | null;
  /** Look after dead workers and overdue runs, and fire schedules. Any number of processes may; at least one must. */
  supervise: boolean;
}

export interface Engine {
  runs: RunsService;
  /** What pausing, re-running and the like stand on. */
  operations: OperationsDependencies;
  schedules: ScheduleDeps;
  queue: JobQueue;
  /** Takes no further work, lets what runs end within `graceMs`, gives the rest to others. */
  stop(options?: { graceMs?: number }): Promise<void>;
}

export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { databases, log, supervise } = options;
  const pool = databases.enginePool;
  const queue = await JobQueue.open({ pool, supervise, onError: (error) => log.warn({ err: error }, 'the queue reports an error') });
  const runs = new RunsService({ ...options, queue, runnerOf });
  const operations = { databases, queue, runnerOf, starter: runs.starter, runs };
  const worker = options.worker ? new Worker({ services: { ...options, pool, engineUrl: databases.engineUrl, queue }, ...options.worker }) : null;
  const supervisor = supervise
    ? new Supervisor({ pool, queue, log, alsoEachRound: caretaker({ services: { pool, queue }, runs, cancelLeft: () => cancelLeft(operations) }) })
    : null;
  await queue.ensure(['default', ...(options.worker?.tags ?? [])]);
  await worker?.start();
  supervisor?.start();
  const scheduler = supervise ? new Scheduler({ databases, queue, starter: runs.starter, targets: options.targets, log }) : null;
  await scheduler?.start();
  const stopPacking = supervise ? startLogPacking({ pool, objects: options.objects, log }) : undefined;
  const stop = async (how?: { graceMs?: number }) => {
    await scheduler?.stop();
    await worker?.stop(how);
    await supervisor?.stop();
    await stopPacking?.();
    await queue.close();
  };
  return { runs, operations, schedules: { databases, queue, runs }, queue, stop };
}

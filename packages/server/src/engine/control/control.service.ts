// The verbs of operating the engine: see who works, stop and start the taking of work, drain a worker.
import { NotFound } from '@tidewheel/contract/errors';
import type { EngineControl, EngineStatus, EngineWorker, WorkerDrain } from '@tidewheel/contract/routes/engine';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { type Databases, inWorkspace } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { runColumns } from '../runs/runs.store.ts';
import type { Depth, JobQueue } from '../worker/job-queue.ts';
import * as store from './control.store.ts';
import { stateOf, viewControl, viewDrain, viewQueues, type WorkerRow } from './engine-status.ts';

export interface ControlDependencies {
  databases: Databases;
  queue: JobQueue;
}

const mostRunsOfWorker = 20;
/** Counting a deep queue costs: all who watch share one count. */
const depthsFreshMs = 1_000;

export class ControlService {
  readonly #deps: ControlDependencies;
  #depths: { asked: number; answer: Promise<Depth[]> } | null = null;

  constructor(deps: ControlDependencies) {
    this.#deps = deps;
  }

  async showEngine(actor: Actor): Promise<EngineStatus> {
    requirePermission(actor, 'system.read');
    const { engine } = this.#deps.databases;
    const [control, workers, held, depths, running] = await Promise.all([
      store.findControl(engine),
      store.findWorkers(engine),
      store.countHeldByQueue(engine),
      this.#readDepths(),
      this.#readRunning(actor),
    ]);
    const { now } = control;
    const isPaused = control.paused_at !== null;
    const heldByTag = new Map(held.map((row) => [this.#deps.queue.tagOf(row.queue), row.held]));
    return {
      ...viewControl(control),
      at: now.toISOString(),
      workers: workers.map((row) => viewWorker(row, { now, isPaused, runs: running.get(row.id) ?? [] })),
      queues: viewQueues({ depths, held: heldByTag, workers, now }),
    };
  }

  /** Again: nothing changes, whoever stopped it first stands. */
  async pauseEngine(actor: Actor, reason: string | null): Promise<EngineControl> {
    requirePermission(actor, 'system.edit');
    return this.#switch(actor, { by: actor.label, reason });
  }

  async resumeEngine(actor: Actor): Promise<EngineControl> {
    requirePermission(actor, 'system.edit');
    return this.#switch(actor, { by: null, reason: null });
  }

  /** @throws NotFound for a worker that is not alive */
  async drainWorker(actor: Actor, id: string): Promise<WorkerDrain> {
    requirePermission(actor, 'system.edit');
    return this.#drain(actor, { id, by: actor.label });
  }

  /** @throws NotFound for a worker that is not alive */
  async undrainWorker(actor: Actor, id: string): Promise<WorkerDrain> {
    requirePermission(actor, 'system.edit');
    return this.#drain(actor, { id, by: null });
  }

  async #switch(actor: Actor, to: { by: string | null; reason: string | null }): Promise<EngineControl> {
    return this.#deps.databases.engine.transaction().execute(async (trx) => {
      const before = await store.lockControl(trx);
      if ((before.paused_at === null) === (to.by === null)) return viewControl(before);
      const after = await store.savePause(trx, to);
      const action = to.by === null ? 'engine.resumed' : 'engine.paused';
      const object = { type: 'engine', id: 'engine', title: 'Engine' };
      await recordAudit(trx, actor, { action, object, before: viewControl(before), after: viewControl(after) });
      await store.announceControl(trx, 'all');
      return viewControl(after);
    });
  }

  async #drain(actor: Actor, { id, by }: { id: string; by: string | null }): Promise<WorkerDrain> {
    return this.#deps.databases.engine.transaction().execute(async (trx) => {
      const before = await store.lockWorker(trx, id);
      if (!before)
        throw new NotFound('worker.unknown', `There is no live worker ${id}.`, {
          hint: 'A worker that restarts comes back under a new id: see `tidewheel engine status`.',
        });
      if ((before.drain_at === null) !== (by === null)) {
        await store.saveDrain(trx, { id, by });
        const action = by === null ? 'worker.undrained' : 'worker.drained';
        const object = { type: 'worker', id, title: `${before.host}, process ${before.pid}` };
        await recordAudit(trx, actor, { action, object, before: { drained: by === null }, after: { drained: by !== null } });
        await store.announceControl(trx, id);
      }
      const after = (await store.lockWorker(trx, id)) ?? before;
      return { id, host: after.host, pid: after.pid, drain: viewDrain(after), held: await store.countHeld(trx, id) };
    });
  }

  #readDepths(): Promise<Depth[]> {
    const now = performance.now();
    if (this.#depths === null || now - this.#depths.asked > depthsFreshMs) {
      this.#depths = { asked: now, answer: this.#deps.queue.depths(this.#deps.databases.enginePool) };
    }
    return this.#depths.answer;
  }

  /** By worker. Runs of other workspaces, and those that the actor may not read, are not among them. */
  async #readRunning(actor: Actor): Promise<Map<string, EngineWorker['runs']>> {
    const permitted = permittedRows(actor, 'run.read', runColumns);
    const rows = await inWorkspace(this.#deps.databases.app, actor.workspaceId, (trx) => store.findRunning(trx, permitted));
    return new Map(
      [...Map.groupBy(rows, (row) => row.worker)].map(([worker, some]) => [
        worker,
        some
          .slice(0, mostRunsOfWorker)
          .map(({ run, number, flow, step, started_at }) => ({ run, number, flow, step, startedAt: started_at?.toISOString() ?? null })),
      ]),
    );
  }
}

function viewWorker(row: WorkerRow, { now, isPaused, runs }: { now: Date; isPaused: boolean; runs: EngineWorker['runs'] }): EngineWorker {
  const held = row.held ?? 0;
  return {
    id: row.id,
    host: row.host,
    pid: row.pid,
    version: row.version,
    tags: row.tags,
    state: stateOf(row, { now, isPaused }),
    concurrency: row.concurrency,
    held,
    startedAt: row.started_at.toISOString(),
    beatAt: row.beat_at.toISOString(),
    drain: viewDrain(row),
    runs,
  };
}

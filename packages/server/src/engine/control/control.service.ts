// The verbs of operating the engine: see who works, stop and start the taking of work, drain a worker.
import { NotFound } from '@tidewheel/contract/errors';
import type { EngineControl, EngineStatus, EngineWorker, WorkerDrain } from '@tidewheel/contract/routes/engine';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { Databases } from '../../storage/database.ts';
import type { Depth, JobQueue } from '../worker/job-queue.ts';
import * as store from './control.store.ts';
import { stateOf, viewBacklog, viewControl, viewDrain, viewQueues, type WorkerRow } from './engine-status.ts';

export interface ControlDependencies {
  databases: Databases;
  queue: JobQueue;
}

const mostRunsOfWorker = 20;
/** Counting a deep queue costs: all who ask share one count. Workers and the switch are asked each time: who turned it must see it. */
const freshMs = 1_000;

interface Counted {
  depths: Depth[];
  held: Awaited<ReturnType<typeof store.countHeldByQueue>>;
  backlog: Awaited<ReturnType<typeof store.countBacklog>>;
}
type Look = Awaited<ReturnType<ControlService['look']>>;

export class ControlService {
  readonly #deps: ControlDependencies;
  #newest: { asked: number; answer: Promise<Counted> } | null = null;

  constructor(deps: ControlDependencies) {
    this.#deps = deps;
  }

  async showEngine(actor: Actor): Promise<EngineStatus> {
    requirePermission(actor, 'system.read');
    return this.view(actor, await this.look());
  }

  /** Everything at once and for nobody in particular: `view` shows it to one. */
  async look() {
    const { engine } = this.#deps.databases;
    const [counted, control, workers, running] = await Promise.all([
      this.#count(),
      store.findControl(engine),
      store.findWorkers(engine),
      store.findRunning(engine),
    ]);
    return { ...counted, control, workers, running };
  }

  view(actor: Actor, { control, workers, held, depths, running, backlog }: Look): EngineStatus {
    requirePermission(actor, 'system.read');
    const { now } = control;
    const isPaused = control.paused_at !== null;
    const heldByTag = new Map(held.map((row) => [this.#deps.queue.tagOf(row.queue), row.held]));
    const runs = runningFor(actor, running);
    return {
      ...viewControl(control),
      at: now.toISOString(),
      workers: workers.map((row) => viewWorker(row, { now, isPaused, runs: runs.get(row.id) ?? [] })),
      queues: viewQueues({ depths, held: heldByTag, workers, now }),
      backlog: viewBacklog(backlog),
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

  #count(): Promise<Counted> {
    const now = performance.now();
    if (this.#newest === null || now - this.#newest.asked > freshMs) {
      const { engine, enginePool } = this.#deps.databases;
      const answer = Promise.all([this.#deps.queue.depths(enginePool), store.countHeldByQueue(engine), store.countBacklog(engine)]).then(
        ([depths, held, backlog]) => ({ depths, held, backlog }),
      );
      this.#newest = { asked: now, answer };
      // A look that failed is not shared.
      answer.catch(() => {
        this.#newest = null;
      });
    }
    return this.#newest.answer;
  }
}

/** By worker. Runs of other workspaces, and those that the actor may not read, are not among them. */
function runningFor(actor: Actor, rows: Awaited<ReturnType<typeof store.findRunning>>): Map<string, EngineWorker['runs']> {
  const seen = rows.filter(
    (row) =>
      row.workspace_id === actor.workspaceId && may(actor, 'run.read', { flow: row.flow, folder: row.folder, kind: row.kind, startedBy: row.started_by }),
  );
  return new Map(
    [...Map.groupBy(seen, (row) => row.worker)].map(([worker, some]) => [
      worker,
      some
        .slice(0, mostRunsOfWorker)
        .map(({ run, number, flow, step, started_at }) => ({ run, number, flow, step, startedAt: started_at?.toISOString() ?? null })),
    ]),
  );
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

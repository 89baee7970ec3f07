// Whether a unit may begin by the limits that it shares with others; if not, its lease ends until it may.
import { durationMs, type Limit } from '@tidewheel/contract/flow-document';
import type { StepState } from '@tidewheel/contract/run';
import type pg from 'pg';
import { storable } from '../../base/text.ts';
import { renderTemplate } from '../expressions/evaluate.ts';
import type { Unit } from '../flows/plan.ts';
import { stopIfCancelled } from './adoption.ts';
import { inTransaction } from './claim.store.ts';
import { DeclaredDead } from './declared-dead.ts';
import type { Runner } from './job-queue.ts';
import { forgottenKeys, type Granted, putOff, type Reached, releaseParked, takeSlots } from './limit.store.ts';
import { type Lease, scopeOf } from './live-run.ts';
import { jobPriority } from './priority.ts';
import { signalOf } from './run-unit.ts';
import type { EngineServices } from './services.ts';

export interface Entering {
  lease: Lease;
  unit: Unit;
  worker: string;
  /** Connections that end with the worker. */
  pool: pg.Pool;
  services: EngineServices;
}

/** False: the lease is over, and the unit comes back by itself. @throws InvalidInput for a key that cannot be made, DeclaredDead */
export async function enterLimits(entering: Entering): Promise<boolean> {
  const { lease, unit, worker, pool, services } = entering;
  const limits = unit.limits.map((limit) => reachedOf(limit, lease));
  const asking = { worker, job: lease.job, unit: unit.id, limits };
  return inTransaction(pool, async (client) => {
    const alive = await client.query('select 1 from worker where id = $1 and dead_at is null for key share', [worker]);
    if (alive.rowCount !== 1) throw new DeclaredDead();
    // Its answer may have been lost the last time: then its lease is over already. Whoever ends it from now on waits for the slots that are to go with it.
    const mine = await client.query('select 1 from lease where job_id = $1 and worker_id = $2 for key share', [lease.job.id, worker]);
    if (mine.rowCount !== 1) return false;
    // What would wait for a slot must not outlive its run: a cancellation that comes now waits for this.
    await stopIfCancelled(client, lease.live);
    if (signalOf(lease.live, unit).aborted) return true;
    const granted = await takeSlots(client, asking);
    if (granted.verdict === 'go') return true;
    const job = { ...lease.job, unit: unit.id, attempt: lease.tried, priority: jobPriority({ unit: unit.priority, run: lease.live.priority }) };
    if (await putOff(client, { asking, granted, queue: services.queue, job })) await noteWaiting(client, { lease, unit, reason: reasonOf(granted) });
    return false;
  });
}

function reachedOf({ key, slots, rate }: Limit, lease: Lease): Reached {
  return { key: renderTemplate(key, scopeOf(lease.live)).slice(0, 500), slots: slots ?? null, rate: rate === undefined ? null : rateOf(rate) };
}

/** `10/1m`: ten at once after a pause, and one every six seconds. */
function rateOf(rate: string): { everyMs: number; burst: number } {
  const [count = '1', time = '1s'] = rate.split('/');
  return { everyMs: durationMs(time) / Number(count), burst: Number(count) };
}

function reasonOf(granted: Granted): string {
  if (granted.verdict === 'full') return `waits for a free slot of ${granted.keys.join(' and ')}`;
  return granted.verdict === 'late' ? `waits for its turn by the rate of ${granted.key}, at ${granted.at.toISOString()}` : '';
}

async function noteWaiting(runner: Runner, { lease, unit, reason }: { lease: Lease; unit: Unit; reason: string }): Promise<void> {
  const state: StepState = 'waiting';
  await runner.query(
    `insert into step_run (workspace_id, run_id, step_id, use, state, reason, attempt) select $1, $2, s.id, s.use, $3, $4, $5 from unnest($6::text[], $7::text[]) as s(id, use)
     on conflict (run_id, step_id) do update set state = excluded.state, reason = excluded.reason
     where step_run.state in ('ready', 'waiting')`,
    [
      lease.live.workspaceId,
      lease.live.id,
      state,
      storable(reason),
      lease.attempt,
      unit.steps,
      unit.steps.map((step) => lease.live.plan.steps.get(step)?.step.use ?? ''),
    ],
  );
}

/** Lets go on what waits for slots of these keys. */
export async function releaseKeys(services: Pick<EngineServices, 'pool' | 'queue'>, keys: { workspace: string; key: string }[]): Promise<void> {
  for (const [workspace, some] of Map.groupBy(keys, (one) => one.workspace)) {
    await inTransaction(services.pool, async (client) => {
      const jobs = await releaseParked(client, { workspace, keys: some.map((one) => one.key) });
      await services.queue.enqueue(client, jobs);
    });
  }
}

export async function releaseForgotten(services: Pick<EngineServices, 'pool' | 'queue'>): Promise<void> {
  const keys = await forgottenKeys(services.pool);
  if (keys.length > 0) await releaseKeys(services, keys);
}

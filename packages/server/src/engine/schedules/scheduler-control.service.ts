// Who fires schedules, how that goes, and the switch that stops it. The permission check is each function's first line.
import type { SchedulerStatus } from '@tidewheel/contract/routes/schedules';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { ScheduleDeps } from './schedule-deps.ts';
import * as store from './scheduler-control.store.ts';

export async function showScheduler({ databases }: Pick<ScheduleDeps, 'databases'>, actor: Actor): Promise<SchedulerStatus> {
  requirePermission(actor, 'system.read');
  const [control, processes, counts, today] = await Promise.all([
    store.findControl(databases.engine),
    store.findProcesses(databases.engine),
    store.countSchedules(databases.engine),
    store.countToday(databases.engine),
  ]);
  return {
    at: control.now.toISOString(),
    stopped: control.stopped_at ? { at: control.stopped_at.toISOString(), by: control.stopped_by ?? '', reason: control.reason } : null,
    processes: processes.map(({ started_at, beat_at, ...one }) => ({ ...one, startedAt: started_at.toISOString(), beatAt: beat_at.toISOString() })),
    active: counts.active,
    paused: counts.paused,
    withoutNext: counts.without_next,
    due: counts.due,
    nextAt: counts.next_at?.toISOString() ?? null,
    today: { fired: today.fired, skipped: today.skipped, failed: today.failed, late: today.late, p50Ms: today.p50, p99Ms: today.p99 },
  };
}

/** Again: nothing changes, whoever stopped it first stands. */
export async function stopScheduler(deps: Pick<ScheduleDeps, 'databases'>, actor: Actor, reason: string | null): Promise<SchedulerStatus> {
  requirePermission(actor, 'system.edit');
  return turn(deps, actor, { by: actor.label, reason });
}

export async function startScheduler(deps: Pick<ScheduleDeps, 'databases'>, actor: Actor): Promise<SchedulerStatus> {
  requirePermission(actor, 'system.edit');
  return turn(deps, actor, { by: null, reason: null });
}

async function turn(deps: Pick<ScheduleDeps, 'databases'>, actor: Actor, to: { by: string | null; reason: string | null }): Promise<SchedulerStatus> {
  await deps.databases.engine.transaction().execute(async (trx) => {
    const before = await store.lockControl(trx);
    if ((before.stopped_at === null) === (to.by === null)) return;
    await store.saveControl(trx, to);
    const object = { type: 'scheduler', id: 'scheduler', title: 'Scheduler' };
    const action = to.by === null ? 'scheduler.started' : 'scheduler.stopped';
    const after = to.by === null ? { stopped: false } : { stopped: true, reason: to.reason };
    await recordAudit(trx, actor, { action, object, before: { stopped: before.stopped_at !== null }, after });
  });
  return showScheduler(deps, actor);
}

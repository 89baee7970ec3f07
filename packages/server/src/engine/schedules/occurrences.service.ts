// Single moments of a schedule: left out, moved, put back; and a run by hand beside them. The permission check is each function's first line.
import { Conflict, InvalidInput } from '@tidewheel/contract/errors';
import type { Schedule } from '@tidewheel/contract/routes/schedules';
import type { RunSummary } from '@tidewheel/contract/run';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { writeStarts } from '../runs/start-batch.ts';
import { runnerOf } from '../worker/runner-of.ts';
import { insertFirings } from './firing/firing.store.ts';
import { prepareStart } from './firing/prepare-start.ts';
import { compiled, nextAfter, overridesOf } from './planning.ts';
import { existingSchedule, scheduleObject } from './schedule-access.ts';
import type { ScheduleDeps } from './schedule-deps.ts';
import { objectOf } from './schedule-states.ts';
import { viewSchedule } from './schedule-view.ts';
import * as store from './schedules.store.ts';
import type { CompiledTiming } from './timing/compile.ts';
import { occurrences } from './timing/occurrences.ts';
import { ahead } from './timing/search.ts';
import { dayOfWall, toDate } from './timing/wall.ts';
import { wallAt } from './timing/zone.ts';

interface Choice {
  slug: string;
  instant: string;
  reason?: string | undefined;
}

/** @throws InvalidInput `schedule.no_occurrence`, `schedule.over` */
export async function skipOccurrence(deps: ScheduleDeps, actor: Actor, { slug, instant, reason }: Choice): Promise<Schedule> {
  requirePermission(actor, 'schedule.edit');
  return changing(deps, actor, slug, async (trx, { row, timing, now }) => {
    const at = plannedAt(timing, { instant, now });
    await store.saveChange(trx, { workspace: actor.workspaceId, schedule: row.id, instant: at, to: null, by: actor.label, reason: reason ?? null });
    return { instant, to: null, ...(reason === undefined ? {} : { reason }) };
  });
}

/** @throws InvalidInput `schedule.no_occurrence`, `schedule.over`, `schedule.move` */
export async function moveOccurrence(deps: ScheduleDeps, actor: Actor, { slug, instant, to, reason }: Choice & { to: string }): Promise<Schedule> {
  requirePermission(actor, 'schedule.edit');
  return changing(deps, actor, slug, async (trx, { row, timing, now }) => {
    const at = plannedAt(timing, { instant, now });
    const target = new Date(to);
    if (target.getTime() <= now)
      throw new InvalidInput('schedule.move', `${to} is over: a moment can be moved to one to come only.`, {
        hint: 'Run it now instead, and cancel the next moment.',
      });
    if (target.getTime() === at.getTime())
      throw new InvalidInput('schedule.move', 'It is there already.', { hint: 'Choose another moment, or put it back where its rules have it.' });
    await store.saveChange(trx, { workspace: actor.workspaceId, schedule: row.id, instant: at, to: target, by: actor.label, reason: reason ?? null });
    return { instant, to, ...(reason === undefined ? {} : { reason }) };
  });
}

/** @throws Conflict `schedule.unchanged`, `schedule.over` */
export async function resetOccurrence(deps: ScheduleDeps, actor: Actor, { slug, instant }: Choice): Promise<Schedule> {
  requirePermission(actor, 'schedule.edit');
  return changing(deps, actor, slug, async (trx, { row, changes, now }) => {
    const at = new Date(instant);
    const found = changes.find((change) => change.instant.getTime() === at.getTime());
    if (!found)
      throw new Conflict('schedule.unchanged', `Nobody left out or moved ${instant}.`, { hint: 'See the calendar of the schedule for what was changed.' });
    if (at.getTime() <= now && (found.to_instant === null || found.to_instant.getTime() <= now))
      throw new Conflict('schedule.over', `${instant} is over.`, { hint: 'Start a run by hand instead.' });
    await store.removeChange(trx, { schedule: row.id, instant: at });
    return { instant, to: instant };
  });
}

/** In the name of who asks, with his rights. @throws as starting a run of the flow; NotAllowed for the cancelling without schedule.edit */
export async function runNow(deps: ScheduleDeps, actor: Actor, { slug, next }: { slug: string; next: 'keep' | 'cancel' }): Promise<RunSummary> {
  requirePermission(actor, 'flow.run');
  const { databases, queue, runs } = deps;
  const { row, timing, now } = await inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const found = await existingSchedule(trx, actor, { slug, permission: 'schedule.read' });
    if (next === 'cancel') requirePermission(actor, 'schedule.edit', scheduleObject(found));
    return { row: found, timing: await compiled(trx, { workspaceId: actor.workspaceId, timing: found.timing }), now: await store.databaseNow(trx) };
  });
  if (row.archived_at) throw new Conflict('schedule.archived', `The schedule "${slug}" is archived.`, { hint: 'Restore it first.' });
  const instant = now.getTime();
  const businessDate = toDate(dayOfWall(wallAt(timing.timeZone, instant)));
  const { start, cancelsBefore } = await prepareStart(runs.starter, actor, { schedule: row, moment: { instant, businessDate }, now, engine: databases.engine });
  await databases.engine.transaction().execute(async (trx) => {
    await trx.selectFrom('schedule').select('id').where('id', '=', row.id).forUpdate().execute();
    const runner = runnerOf(trx);
    const [started] = await writeStarts(runner, { starts: [start], queue });
    if (started === 'skipped')
      throw new Conflict('run.overlap', 'An earlier run is not over, and the schedule says that further ones do not start meanwhile.', {
        hint: 'Start it when that one is over.',
      });
    await insertFirings(runner, [
      { workspace: row.workspace_id, schedule: row.id, instant, planned: instant, outcome: 'fired', why: 'Run by hand', run: start.run.id, by: actor.label },
    ]);
    if (next === 'cancel') await cancelNext(trx, actor, { row, timing, now });
  });
  if (cancelsBefore) await runs.starter.cancelBefore(actor, start.run);
  return runs.showRun(actor, start.run.id);
}

type EngineTransaction = Parameters<typeof store.saveChange>[0];

/** The moment that this run stands for does not fire. */
async function cancelNext(
  trx: EngineTransaction,
  actor: Actor,
  { row, timing, now }: { row: store.ScheduleRow; timing: CompiledTiming; now: Date },
): Promise<void> {
  const overrides = overridesOf(await store.findChanges(trx, row.id));
  const [next] = ahead(timing, { from: now.getTime() + 1, most: 1, overrides }).items;
  if (!next) throw new Conflict('schedule.no_next', 'There is no next moment to cancel.', { hint: 'Run it and keep what is planned.' });
  const instant = new Date(next.movedFrom ?? next.instant);
  await store.saveChange(trx, { workspace: row.workspace_id, schedule: row.id, instant, to: null, by: actor.label, reason: 'run by hand before' });
  await keepNext(trx, { row, timing, now: now.getTime() });
  await recordAudit(trx, actor, {
    action: 'schedule.occurrence_changed',
    object: objectOf(row),
    // One that had been moved goes back to where it was moved to.
    before: { instant: instant.toISOString(), to: new Date(next.instant).toISOString() },
    after: { instant: instant.toISOString(), to: null, reason: 'run by hand before' },
  });
}

interface Read {
  row: store.ScheduleRow;
  timing: CompiledTiming;
  changes: Awaited<ReturnType<typeof store.findChanges>>;
  now: number;
}

/** Of a moment that its rules name, and that is to come. */
function plannedAt(timing: CompiledTiming, { instant, now }: { instant: string; now: number }): Date {
  const at = Date.parse(instant);
  if (at <= now) throw new InvalidInput('schedule.over', `${instant} is over.`, { hint: 'Only moments to come can be changed.' });
  const [found] = occurrences(timing, { from: at, to: at + 1 });
  if (!found)
    throw new InvalidInput('schedule.no_occurrence', `The rules of the schedule do not name ${instant}.`, {
      hint: 'See its next moments; one that was moved is named by where its rules have it.',
    });
  return new Date(at);
}

async function changing(deps: ScheduleDeps, actor: Actor, slug: string, work: (trx: WorkspaceTransaction, read: Read) => Promise<object>): Promise<Schedule> {
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await existingSchedule(trx, actor, { slug, permission: 'schedule.edit', lock: true });
    const timing = await compiled(trx, { workspaceId: actor.workspaceId, timing: row.timing });
    const now = (await store.databaseNow(trx)).getTime();
    const changes = await store.findChanges(trx, row.id);
    const after = await work(trx, { row, timing, changes, now });
    const before = changes.find(({ instant }) => instant.getTime() === Date.parse((after as { instant: string }).instant));
    await keepNext(trx, { row, timing, now });
    const was = {
      instant: (after as { instant: string }).instant,
      to: before ? (before.to_instant?.toISOString() ?? null) : (after as { instant: string }).instant,
    };
    await recordAudit(trx, actor, { action: 'schedule.occurrence_changed', object: objectOf(row), before: was, after });
    await store.announceSchedules(trx);
    return viewSchedule(actor, (await store.findSchedule(trx, slug)) as store.ScheduleRow);
  });
}

async function keepNext(trx: EngineTransaction, { row, timing, now }: { row: store.ScheduleRow; timing: CompiledTiming; now: number }): Promise<void> {
  if (row.paused_at !== null) return;
  // What is due already stays due.
  const after = row.next_at !== null && row.next_at.getTime() <= now ? row.next_at.getTime() - 1 : now;
  const next = nextAfter(timing, { after, overrides: overridesOf(await store.findChanges(trx, row.id)) });
  await trx.updateTable('schedule').set(next).where('id', '=', row.id).execute();
}

// Fires what is due: the claim, the runs, what became of each moment and the next one, all in one transaction.
import { AppError, toAppError } from '@tidewheel/contract/errors';
import type { Actor } from '../../../base/actor.ts';
import type { Databases } from '../../../storage/database.ts';
import type { TargetPort } from '../../ports.ts';
import type { RunStarter } from '../../runs/run-starter.ts';
import { type AuditedStart, writeStarts } from '../../runs/start-batch.ts';
import type { JobQueue, Runner } from '../../worker/job-queue.ts';
import { nextAfter, overridesOf } from '../planning.ts';
import type { CompiledTiming } from '../timing/compile.ts';
import type { Overrides, Planned } from '../timing/search.ts';
import type { Due } from './due.ts';
import * as store from './firing.store.ts';
import { judge } from './judge.ts';
import { maintenanceOf } from './maintained.ts';
import { ownerOf } from './owner.ts';
import { prepareStart } from './prepare-start.ts';
import type { TimingShelf } from './timing-shelf.ts';

export interface FireServices {
  engine: Databases['engine'];
  queue: JobQueue;
  starter: RunStarter;
  shelf: TimingShelf;
  targets: TargetPort;
}

export interface Fired {
  /** So many schedules were due. */
  claimed: number;
  started: number;
  /** Runs in front of which others are cancelled, in whose name. */
  cancelling: { actor: Actor; run: AuditedStart['run'] }[];
}

interface Outcome {
  firing: store.NewFiring;
  start?: AuditedStart;
  cancelsBefore?: boolean;
  actor?: Actor;
}

/** @throws what the database throws; then nothing of it has happened */
export async function fireDue(services: FireServices, runner: Runner, which: { most: number; only?: string }): Promise<Fired> {
  const due = await store.claimDue(runner, which);
  if (due.length === 0) return { claimed: 0, started: 0, cancelling: [] };
  const [access, changes, timings] = [await accessOf(runner, due), await changesOf(runner, due), await services.shelf.compile(services.engine, due)];
  const work = due.map((schedule) => judged({ schedule, read: timings.get(schedule.id), overrides: changes.get(schedule.id) ?? new Map() }));
  const known = await store.findFired(
    runner,
    work.flatMap(({ schedule, due: { fires, skips } }) =>
      [...fires, ...skips.map(({ moment }) => moment)].map(({ instant }) => ({ schedule: schedule.id, instant: new Date(instant) })),
    ),
  );
  const outcomes = (await Promise.all(work.map((one) => outcomesOf(services, { ...one, known, access })))).flat();
  const started = await writeAll(services.queue, runner, outcomes);
  await store.saveNext(
    runner,
    work.map(({ next }) => next),
  );
  await store.raiseTrouble(runner, troublesOf(work, outcomes));
  const cancelling = outcomes.flatMap(({ cancelsBefore, actor, start, firing }) =>
    cancelsBefore && actor && start && firing.outcome === 'fired' ? [{ actor, run: start.run }] : [],
  );
  return { claimed: due.length, started, cancelling };
}

/** Of one that cannot be fired for a reason of its own: its moment has failed, and it goes on with the next one. */
export async function failDue({ engine, shelf }: FireServices, runner: Runner, { schedule: id, error }: { schedule: string; error: unknown }): Promise<void> {
  const [schedule] = await store.claimDue(runner, { most: 1, only: id });
  if (!schedule) return;
  const [changes, timings] = [await changesOf(runner, [schedule]), await shelf.compile(engine, [schedule])];
  const { next } = judged({ schedule, read: timings.get(id), overrides: changes.get(id) ?? new Map() });
  const instant = schedule.next_at.getTime();
  const why = toAppError(error).message;
  const known = await store.findFired(runner, [{ schedule: id, instant: schedule.next_at }]);
  if (known.size === 0)
    await store.insertFirings(runner, [{ workspace: schedule.workspace_id, schedule: id, instant, planned: instant, outcome: 'failed', why, run: null }]);
  await store.saveNext(runner, [next]);
  await store.raiseTrouble(runner, [{ workspace: schedule.workspace_id, schedule, kind: 'schedule.failed', text: why, instant }]);
}

interface Work {
  schedule: store.DueSchedule;
  due: Due;
  next: store.NextRow;
}

/** What can no longer be read fires no more, and says why. */
function judged({ schedule, read, overrides }: { schedule: store.DueSchedule; read: CompiledTiming | AppError | undefined; overrides: Overrides }): Work {
  try {
    if (read === undefined || read instanceof AppError) throw read ?? new Error('no timing');
    const { due, next } = judge(read, { since: schedule.next_at.getTime(), now: schedule.now.getTime(), overrides });
    return { schedule, due, next: { id: schedule.id, ...next } };
  } catch (error) {
    const why = toAppError(error).message;
    const moment: Planned = { instant: schedule.next_at.getTime(), rules: [], businessDate: '', notes: [], movedFrom: null };
    return { schedule, due: { fires: [], skips: [{ moment, why }] }, next: { id: schedule.id, next_at: null, problem: why } };
  }
}

async function outcomesOf(
  services: FireServices,
  { schedule, due, known, access }: Work & { known: Set<string>; access: Map<string, string> },
): Promise<Outcome[]> {
  const isNew = ({ instant }: Planned) => !known.has(store.momentKey(schedule.id, instant));
  const skips = due.skips
    .filter(({ moment }) => isNew(moment))
    .map(({ moment, why }): Outcome => ({ firing: firingOf(schedule, moment, { outcome: 'skipped', why }) }));
  const fires = await Promise.all(due.fires.filter(isNew).map((moment) => outcomeOf(services, { schedule, moment, access })));
  return [...skips, ...fires];
}

async function outcomeOf(
  { starter, engine, targets }: FireServices,
  { schedule, moment, access }: { schedule: store.DueSchedule; moment: Planned; access: Map<string, string> },
): Promise<Outcome> {
  try {
    const owner = schedule.owner_id === null ? null : (access.get(store.ownerKey(schedule.owner_id, schedule.workspace_id)) ?? null);
    const actor = ownerOf({ ...schedule, access: owner });
    const { start, cancelsBefore, document } = await prepareStart(starter, actor, { schedule, moment, now: schedule.now, engine });
    const maintenance = await maintenanceOf(targets, { workspaceId: schedule.workspace_id, document });
    if (maintenance !== null) return { firing: firingOf(schedule, moment, { outcome: 'skipped', why: maintenance }) };
    const why = moment.notes.length > 0 ? moment.notes.join('. ') : null;
    return { firing: firingOf(schedule, moment, { outcome: 'fired', why, run: start.run.id }), start, cancelsBefore, actor };
  } catch (thrown) {
    const error = toAppError(thrown);
    // What may be gone in a moment is tried again: nothing of this transaction has happened then.
    if (error.retryable) throw error;
    return { firing: firingOf(schedule, moment, { outcome: 'failed', why: error.message }) };
  }
}

function firingOf(
  { id, workspace_id }: store.DueSchedule,
  { instant, movedFrom }: Planned,
  { run = null, ...what }: { outcome: store.NewFiring['outcome']; why: string | null; run?: string | null },
): store.NewFiring {
  return { workspace: workspace_id, schedule: id, instant, planned: movedFrom ?? instant, run, ...what };
}

/** @returns how many runs were started */
async function writeAll(queue: JobQueue, runner: Runner, outcomes: Outcome[]): Promise<number> {
  const starting = outcomes.filter((one): one is Outcome & { start: AuditedStart } => one.start !== undefined);
  const made = starting.length === 0 ? [] : await writeStarts(runner, { starts: starting.map(({ start }) => start), queue });
  for (const [place, outcome] of starting.entries())
    if (made[place] === 'skipped') outcome.firing = { ...outcome.firing, outcome: 'skipped', why: 'An earlier run was not over.', run: null };
  await store.insertFirings(
    runner,
    outcomes.map(({ firing }) => firing),
  );
  return made.filter((one) => typeof one === 'object').length;
}

function troublesOf(work: Work[], outcomes: Outcome[]): store.Trouble[] {
  const bySchedule = new Map(work.map(({ schedule }) => [schedule.id, schedule]));
  const failed = outcomes.filter(({ firing }) => firing.outcome === 'failed').map(({ firing }) => ({ firing, kind: 'schedule.failed' as const }));
  const missed = work.flatMap(({ due: { skips }, schedule }) => {
    const newest = skips.at(-1);
    return newest ? [{ kind: 'schedule.missed' as const, firing: { ...firingOf(schedule, newest.moment, { outcome: 'skipped', why: newest.why }) } }] : [];
  });
  return [...failed, ...missed].flatMap(({ firing, kind }) => {
    const schedule = bySchedule.get(firing.schedule);
    return schedule ? [{ workspace: firing.workspace, schedule, kind, text: firing.why ?? '', instant: firing.instant }] : [];
  });
}

async function accessOf(runner: Runner, due: store.DueSchedule[]): Promise<Map<string, string>> {
  const owners = new Map(
    due.flatMap(({ owner_id, workspace_id }) =>
      owner_id === null ? [] : [[store.ownerKey(owner_id, workspace_id), { user: owner_id, workspace: workspace_id }] as const],
    ),
  );
  return store.findOwnerAccess(runner, [...owners.values()]);
}

async function changesOf(runner: Runner, due: { id: string }[]): Promise<Map<string, Overrides>> {
  const rows = await store.findChangesOf(
    runner,
    due.map(({ id }) => id),
  );
  return new Map([...Map.groupBy(rows, ({ schedule_id }) => schedule_id)].map(([id, some]) => [id, overridesOf(some)]));
}

/** Schedules whose calendars changed are looked at again. @returns how many */
export async function renewOutdated({ engine, shelf }: Pick<FireServices, 'engine' | 'shelf'>, runner: Runner, most: number): Promise<number> {
  const rows = await store.claimOutdated(runner, most);
  if (rows.length === 0) return 0;
  const [changes, timings] = [await changesOf(runner, rows), await shelf.compile(engine, rows)];
  const next = rows.map(({ id, now }): store.NextRow => {
    const read = timings.get(id);
    if (read === undefined || read instanceof AppError) return { id, next_at: null, problem: read?.message ?? null };
    return { id, ...nextAfter(read, { after: now.getTime(), overrides: changes.get(id) ?? new Map() }) };
  });
  await store.saveNext(runner, next);
  return rows.length;
}

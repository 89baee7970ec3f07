// Rows as the contract shows them, cut by what the reader may see.
import type { ChangedOccurrence, Schedule } from '@tidewheel/contract/routes/schedules';
import type { Firing, ScheduleDefinition, ScheduleParameter, ScheduleState } from '@tidewheel/contract/schedule';
import { type Actor, may } from '../../base/actor.ts';
import { maskedParameters, maskedStarter } from '../../base/masked-run.ts';
import { scheduleObject } from './schedule-access.ts';
import type { FiringRow, findChanges, ScheduleRow } from './schedules.store.ts';
import { ruleWords } from './timing/words.ts';
import { localText, offsetAt } from './timing/zone.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;

export function viewSchedule(actor: Actor, row: ScheduleRow): Schedule {
  const definition = definitionOf(row);
  return {
    id: row.id,
    slug: row.slug,
    definition: { ...definition, parameters: shownParameters(actor, row) },
    words: row.timing.rules.map((rule) => ruleWords(rule, row.timing.calendar)),
    flowTitle: row.flow_title,
    kind: row.flow_kind,
    folder: row.folder,
    state: stateOf(row),
    owner: maskedStarter(actor, { startedBy: row.owner_label, object: runObjectOf(row) }),
    nextAt: iso(row.next_at),
    nextLocal: row.next_at === null ? null : localOf(row.timing.timeZone, row.next_at),
    problem: row.problem,
    last: viewLast(actor, row),
    paused: row.paused_at ? { at: row.paused_at.toISOString(), by: row.paused_by ?? '' } : null,
    revision: row.revision,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    archivedAt: iso(row.archived_at),
  };
}

export function definitionOf({ title, description, flow, parameters, timing }: ScheduleRow): ScheduleDefinition {
  return { title, description, flow, parameters, ...timing };
}

/** The values of parameters as the reader may see them; an expression is no value. */
export function shownParameters(actor: Actor, row: ScheduleRow): Record<string, ScheduleParameter> {
  const values = Object.fromEntries(Object.entries(row.parameters).flatMap(([name, one]) => ('value' in one ? [[name, one.value]] : [])));
  const shown = maskedParameters(actor, { parameters: values, object: runObjectOf(row) });
  const kept = Object.entries(row.parameters).filter(([name, one]) => !('value' in one) || name in shown);
  return Object.fromEntries(kept.map(([name, one]) => [name, 'value' in one ? { value: shown[name] } : one]));
}

/** What rules say of the runs that it starts. */
export function runObjectOf(row: ScheduleRow) {
  const { schedule: _slug, ...flow } = scheduleObject(row);
  return { ...flow, startedBy: row.owner_label };
}

function stateOf({ archived_at, paused_at }: ScheduleRow): ScheduleState {
  if (archived_at !== null) return 'archived';
  return paused_at === null ? 'active' : 'paused';
}

function localOf(timeZone: string, at: Date): string {
  const offset = offsetAt(timeZone, at.getTime());
  return localText(at.getTime() + offset, offset);
}

function viewLast(actor: Actor, row: ScheduleRow): Firing | null {
  const { last_instant: instant, last_planned: planned_at, last_outcome: outcome, last_at: at } = row;
  if (!instant || !planned_at || !outcome || !at) return null;
  const { last_why: why, last_by: fired_by, last_run: run, last_number: number, last_state: state, last_started_by: started_by } = row;
  return viewFiring(actor, { schedule: row, row: { instant, planned_at, outcome, at, why, fired_by, run, number, state, started_by } });
}

/** A run is named to those only who may see it. */
export function viewFiring(actor: Actor, { schedule, row }: { schedule: ScheduleRow; row: FiringRow }): Firing {
  const object = { ...runObjectOf(schedule), startedBy: row.started_by ?? '' };
  const isSeen = row.run !== null && row.number !== null && row.state !== null && may(actor, 'run.read', object);
  return {
    instant: row.instant.toISOString(),
    planned: row.planned_at.toISOString(),
    outcome: row.outcome,
    why: row.why,
    at: row.at.toISOString(),
    lateMs: Math.max(0, row.at.getTime() - row.instant.getTime()),
    run: isSeen ? { id: row.run as string, number: row.number as number, state: row.state as string } : null,
    by: maskedStarter(actor, { startedBy: row.fired_by, object }),
  };
}

export function viewChange(
  actor: Actor,
  { schedule, row }: { schedule: ScheduleRow; row: Awaited<ReturnType<typeof findChanges>>[number] },
): ChangedOccurrence {
  return {
    instant: row.instant.toISOString(),
    to: iso(row.to_instant),
    by: maskedStarter(actor, { startedBy: row.changed_by, object: runObjectOf(schedule) }) ?? 'somebody',
    reason: row.reason,
    at: row.at.toISOString(),
  };
}

// The verbs of schedules. The permission check is each function's first line.

import { isDeepStrictEqual } from 'node:util';
import { Conflict } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { Schedule, ScheduleAction } from '@tidewheel/contract/routes/schedules';
import type { ScheduleDefinition, ScheduleParameter } from '@tidewheel/contract/schedule';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { storable, storableJson } from '../../base/text.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { checkTiming, parameterFaults, refused } from './check-schedule.ts';
import { calendarsOf, type NextMoment, overridesOf, plannedNext } from './planning.ts';
import { existingSchedule, scheduleObject } from './schedule-access.ts';
import type { ScheduleDeps } from './schedule-deps.ts';
import { changesBy, none, objectOf, turnIn } from './schedule-states.ts';
import { definitionOf, shownParameters, viewSchedule } from './schedule-view.ts';
import * as store from './schedules.store.ts';
import { ahead } from './timing/search.ts';

export async function listSchedules({ databases }: ScheduleDeps, actor: Actor, query: store.ScheduleQuery): Promise<Page<Schedule>> {
  requirePermission(actor, 'schedule.read');
  const permitted = permittedRows(actor, 'schedule.read', store.scheduleColumns);
  const page = await inWorkspace(databases.app, actor.workspaceId, (trx) => store.pageSchedules(trx, { ...query, permitted }));
  return { ...page, items: page.items.map((row) => viewSchedule(actor, row)) };
}

/** @throws NotFound with the closest slug */
export async function showSchedule({ databases }: ScheduleDeps, actor: Actor, slug: string): Promise<Schedule> {
  requirePermission(actor, 'schedule.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) =>
    viewSchedule(actor, await existingSchedule(trx, actor, { slug, permission: 'schedule.read' })),
  );
}

export type NewSchedule = ScheduleDefinition & { slug: string; active: boolean };

/** @throws InvalidInput `schedule.invalid` with faults by path, also when it can never fire; Conflict when the slug is taken; as starting a run of the flow */
export async function createSchedule(deps: ScheduleDeps, actor: Actor, { slug, active, ...definition }: NewSchedule): Promise<Schedule> {
  requirePermission(actor, 'schedule.edit');
  const flow = await checked(deps, actor, { slug, definition });
  return changed(deps, actor, slug, async (trx) => {
    const now = await store.databaseNow(trx);
    const next = active ? await nextOf(trx, actor, { definition, now, schedule: null }) : none;
    const made = await store.insertSchedule(trx, {
      workspace_id: actor.workspaceId,
      id: newId(),
      slug,
      ...columnsOf(actor, { definition, flowId: flow.flowId, now }),
      ...next,
      paused_at: active ? null : now,
      paused_by: active ? null : actor.label,
    });
    if (!made)
      throw new Conflict('schedule.exists', `There is a schedule "${slug}" already, or an archived one.`, {
        hint: 'Choose another name, or restore that one.',
      });
    return { action: 'schedule.created', before: undefined };
  });
}

/** Whoever changes it is its owner: its runs start in his name from now on. @throws as createSchedule; Conflict `schedule.changed` */
export async function updateSchedule(
  deps: ScheduleDeps,
  actor: Actor,
  { slug, revision, ...given }: ScheduleDefinition & { slug: string; revision?: number | undefined },
): Promise<Schedule> {
  requirePermission(actor, 'schedule.edit');
  const known = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => existingSchedule(trx, actor, { slug, permission: 'schedule.edit' }));
  const definition = { ...given, parameters: meantParameters(actor, known, given.parameters) };
  const flow = await checked(deps, actor, { slug, definition });
  return changed(deps, actor, slug, async (trx) => {
    const row = await existingSchedule(trx, actor, { slug, permission: 'schedule.edit', lock: true });
    if (revision !== undefined && revision !== row.revision)
      throw new Conflict('schedule.changed', `The schedule "${slug}" was changed meanwhile (it is at revision ${row.revision}).`, {
        hint: 'Look at it and try again.',
      });
    const now = await store.databaseNow(trx);
    const next = row.paused_at === null ? await nextOf(trx, actor, { definition, now, schedule: row.id }) : none;
    await store.changeSchedule(trx, row.id, { ...columnsOf(actor, { definition, flowId: flow.flowId, now }), ...next });
    return { action: 'schedule.updated', before: definitionOf(row) };
  });
}

/** What is due meanwhile is not made up for. @throws Conflict `schedule.paused` */
export async function pauseSchedule(deps: ScheduleDeps, actor: Actor, slug: string): Promise<Schedule> {
  requirePermission(actor, 'schedule.edit');
  return turned(deps, actor, { slug, to: 'pause', stands: ['schedule.paused', 'is paused already'] });
}

/** @throws Conflict `schedule.active` */
export async function activateSchedule(deps: ScheduleDeps, actor: Actor, slug: string): Promise<Schedule> {
  requirePermission(actor, 'schedule.edit');
  return turned(deps, actor, { slug, to: 'activate', stands: ['schedule.active', 'is active already'] });
}

/** It starts nothing any more; its history stays. */
export async function archiveSchedule(deps: ScheduleDeps, actor: Actor, slug: string): Promise<Schedule> {
  requirePermission(actor, 'schedule.edit');
  return turned(deps, actor, { slug, to: 'archive', stands: ['schedule.archived', 'is archived already'] });
}

/** Paused, so that nothing starts by surprise. @throws Conflict `schedule.not_archived` */
export async function restoreSchedule(deps: ScheduleDeps, actor: Actor, slug: string): Promise<Schedule> {
  requirePermission(actor, 'schedule.edit');
  return turned(deps, actor, { slug, to: 'restore', stands: ['schedule.not_archived', 'is not archived'] });
}

async function turned(
  { databases }: ScheduleDeps,
  actor: Actor,
  { slug, to: verb, stands: [code, words] }: { slug: string; to: ScheduleAction['do']; stands: [code: string, words: string] },
): Promise<Schedule> {
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const row = await existingSchedule(trx, actor, { slug, permission: 'schedule.edit', lock: true, archived: verb === 'restore' });
    if (!changesBy(row, verb)) throw new Conflict(code, `The schedule "${slug}" ${words}.`, { hint: 'Nothing needs to be done.' });
    await turnIn(trx, actor, { row, verb });
    await store.announceSchedules(trx);
    return viewSchedule(actor, (await store.findSchedule(trx, slug)) as store.ScheduleRow);
  });
}

/** Who may save it may also start what it starts: the flow is asked as by a run. @throws InvalidInput `schedule.invalid` */
async function checked({ databases, runs }: ScheduleDeps, actor: Actor, { slug, definition }: { slug: string; definition: ScheduleDefinition }) {
  const flow = await runs.starter.find(actor, definition.flow);
  requirePermission(actor, 'schedule.edit', { schedule: slug, ...flow.owner });
  const { flow: _flow, parameters, title: _title, description: _description, ...timing } = definition;
  const result = await inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const now = (await store.databaseNow(trx)).getTime();
    const { faults, timing: compiled } = await checkTiming(trx, { workspaceId: actor.workspaceId, timing, now });
    const next = compiled ? ahead(compiled, { from: now, most: 1 }).items[0] : undefined;
    return compiled
      ? [...faults, ...(await parameterFaults(trx, { workspaceId: actor.workspaceId, document: flow.document, parameters, timing: compiled, next }))]
      : faults;
  });
  const faults = result.filter(({ severity }) => severity === 'error');
  if (faults.length > 0) throw refused(faults);
  return flow;
}

async function nextOf(
  trx: WorkspaceTransaction,
  actor: Actor,
  { definition, now, schedule }: { definition: ScheduleDefinition; now: Date; schedule: string | null },
): Promise<NextMoment> {
  const overrides = schedule === null ? new Map() : overridesOf(await store.findChanges(trx, schedule));
  return plannedNext(trx, { workspaceId: actor.workspaceId, timing: definition, after: now.getTime(), overrides });
}

function columnsOf(actor: Actor, { definition, flowId, now }: { definition: ScheduleDefinition; flowId: string; now: Date }) {
  const { title, description, flow: _flow, parameters, ...timing } = definition;
  return {
    title: storable(title),
    description: description === null ? null : storable(description),
    flow_id: flowId,
    timing: storableJson(timing),
    parameters: storableJson(parameters),
    owner_id: actor.userId,
    owner_label: actor.label,
    looked_at: calendarsOf(timing).length === 0 ? null : now,
  };
}

/** Who saves what he sees does not save the masks over the values that they hide. */
function meantParameters(actor: Actor, row: store.ScheduleRow, given: Record<string, ScheduleParameter>): Record<string, ScheduleParameter> {
  const shown = shownParameters(actor, row);
  const hidden = Object.entries(row.parameters).filter(([name, stored]) => !isDeepStrictEqual(shown[name], stored));
  const kept = hidden.filter(([name]) => isDeepStrictEqual(given[name], shown[name]));
  return { ...given, ...Object.fromEntries(kept) };
}

interface Done {
  action: 'schedule.created' | 'schedule.updated';
  before: object | undefined;
}

async function changed({ databases }: ScheduleDeps, actor: Actor, slug: string, work: (trx: WorkspaceTransaction) => Promise<Done>): Promise<Schedule> {
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const { action, before } = await work(trx);
    const row = (await store.findSchedule(trx, slug)) as store.ScheduleRow;
    // As it is now, too: it may have been moved to another flow.
    requirePermission(actor, 'schedule.edit', scheduleObject(row));
    await recordAudit(trx, actor, { action, object: objectOf(row), ...(before ? { before } : {}), after: definitionOf(row) });
    await store.announceSchedules(trx);
    return viewSchedule(actor, row);
  });
}

// The same done to many schedules, or only shown to which. Each that changes has its own entry in the audit trail, and can be taken back alone.
import { type BulkResult, mostChangedAtOnce } from '@tidewheel/contract/bulk-result';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { ScheduleAction, ScheduleChoice } from '@tidewheel/contract/routes/schedules';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { scheduleObject } from './schedule-access.ts';
import type { ScheduleDeps } from './schedule-deps.ts';
import { changesBy, turnIn } from './schedule-states.ts';
import * as store from './schedules.store.ts';

const shown = 500;

/** @throws InvalidInput for more than one call may change */
export async function changeSchedules(
  { databases }: ScheduleDeps,
  actor: Actor,
  { choice, action, dryRun }: { choice: ScheduleChoice; action: ScheduleAction; dryRun: boolean },
): Promise<BulkResult> {
  requirePermission(actor, 'schedule.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const { rows, refused } = await chosen(trx, actor, { choice, lock: !dryRun });
    const changing = rows.filter((row) => changesBy(row, action.do));
    const archived =
      action.do === 'restore' ? [] : rows.filter((row) => row.archived_at !== null).map(({ slug }) => ({ name: slug, reason: 'it is archived' }));
    if (!dryRun) {
      for (const row of changing) await turnIn(trx, actor, { row, verb: action.do });
      await store.announceSchedules(trx);
    }
    return {
      dryRun,
      chosen: rows.length,
      changed: changing.length,
      names: changing.slice(0, shown).map(({ slug }) => slug),
      refused: [...refused, ...archived].slice(0, shown),
    };
  });
}

interface Chosen {
  rows: store.ScheduleRow[];
  /** Named and not there, or not the caller's to change. */
  refused: { name: string; reason: string }[];
}

async function chosen(trx: WorkspaceTransaction, actor: Actor, { choice, lock }: { choice: ScheduleChoice; lock: boolean }): Promise<Chosen> {
  const names = [...new Set(choice.names ?? (await byFilter(trx, actor, choice.filter ?? {})))];
  const found = (await store.findNamedSchedules(trx, names, { lock })).filter((row) => may(actor, 'schedule.read', scheduleObject(row)));
  const known = new Set(found.map(({ slug }) => slug));
  const rows = found.filter((row) => may(actor, 'schedule.edit', scheduleObject(row)));
  const kept = choice.names === undefined ? [] : found.filter((row) => !rows.includes(row));
  return {
    rows,
    refused: [
      ...names.filter((name) => !known.has(name)).map((name) => ({ name, reason: 'there is no such schedule' })),
      ...kept.map(({ slug }) => ({ name: slug, reason: 'you may not change it' })),
    ],
  };
}

async function byFilter(trx: WorkspaceTransaction, actor: Actor, filter: NonNullable<ScheduleChoice['filter']>): Promise<string[]> {
  const permitted = permittedRows(actor, 'schedule.read', store.scheduleColumns);
  const slugs = await store.findSlugsBy(trx, { ...filter, permitted }, mostChangedAtOnce + 1);
  if (slugs.length <= mostChangedAtOnce) return slugs;
  throw new InvalidInput('schedule.too_many', `The filter shows more than ${mostChangedAtOnce.toLocaleString('en')} schedules.`, { hint: 'Narrow it.' });
}

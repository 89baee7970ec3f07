// The same done to many schedules, or only shown to which. Each that changes has its own entry in the audit trail, and can be taken back alone.
import { type BulkResult, mostChangedAtOnce } from '@tidewheel/contract/bulk-result';
import type { ScheduleAction, ScheduleChoice } from '@tidewheel/contract/routes/schedules';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { archivedOf, bulkResult, type Chosen, refuseTooMany, sortChosen } from '../bulk-outcome.ts';
import { scheduleObject } from './schedule-access.ts';
import type { ScheduleDeps } from './schedule-deps.ts';
import { changesBy, turnIn } from './schedule-states.ts';
import * as store from './schedules.store.ts';

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
    if (!dryRun) {
      for (const row of changing) await turnIn(trx, actor, { row, verb: action.do });
      await store.announceSchedules(trx);
    }
    return bulkResult({ dryRun, rows, changed: changing, refused: [...refused, ...(action.do === 'restore' ? [] : archivedOf(rows))] });
  });
}

async function chosen(
  trx: WorkspaceTransaction,
  actor: Actor,
  { choice, lock }: { choice: ScheduleChoice; lock: boolean },
): Promise<Chosen<store.ScheduleRow>> {
  const names = [...new Set(choice.names ?? (await byFilter(trx, actor, choice.filter ?? {})))];
  const found = (await store.findNamedSchedules(trx, names, { lock })).filter((row) => may(actor, 'schedule.read', scheduleObject(row)));
  return sortChosen('schedule', { names: choice.names ? names : null, found, mayEdit: (row) => may(actor, 'schedule.edit', scheduleObject(row)) });
}

async function byFilter(trx: WorkspaceTransaction, actor: Actor, filter: NonNullable<ScheduleChoice['filter']>): Promise<string[]> {
  const permitted = permittedRows(actor, 'schedule.read', store.scheduleColumns);
  const slugs = await store.findSlugsBy(trx, { ...filter, permitted }, mostChangedAtOnce + 1);
  refuseTooMany('schedule', slugs);
  return slugs;
}

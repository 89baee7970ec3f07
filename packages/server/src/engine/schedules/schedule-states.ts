// The turns of a schedule between active, paused and archived, of one by itself or of many, in the transaction of whoever asks.
import type { AuditAction } from '@tidewheel/contract/audit-actions';
import type { ScheduleAction } from '@tidewheel/contract/routes/schedules';
import type { Actor } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { type NextMoment, overridesOf, plannedNext } from './planning.ts';
import { definitionOf } from './schedule-view.ts';
import * as store from './schedules.store.ts';

type Row = store.ScheduleRow;
type Verb = ScheduleAction['do'];

interface Turn {
  action: AuditAction;
  before: { paused: boolean } | { archived: boolean };
  after: { archived: boolean; paused: boolean };
  write(trx: WorkspaceTransaction, actor: Actor, row: Row): Promise<void>;
}

export const none: NextMoment = { next_at: null, problem: null };

const turns: Record<Verb, Turn> = {
  /** From now on: what was due meanwhile is not made up for. */
  activate: {
    action: 'schedule.activated',
    before: { paused: true },
    after: { archived: false, paused: false },
    write: async (trx, _actor, row) => {
      const now = await store.databaseNow(trx);
      const overrides = overridesOf(await store.findChanges(trx, row.id));
      const next = await plannedNext(trx, { workspaceId: row.workspace_id, timing: definitionOf(row), after: now.getTime(), overrides });
      await store.changeSchedule(trx, row.id, { paused_at: null, paused_by: null, ...next });
    },
  },
  pause: {
    action: 'schedule.paused',
    before: { paused: false },
    after: { archived: false, paused: true },
    write: async (trx, actor, row) => store.changeSchedule(trx, row.id, { paused_at: await store.databaseNow(trx), paused_by: actor.label, ...none }),
  },
  /** It starts nothing any more; its history stays. */
  archive: {
    action: 'schedule.archived',
    before: { archived: false },
    after: { archived: true, paused: true },
    write: async (trx, actor, row) => {
      const now = await store.databaseNow(trx);
      await store.changeSchedule(trx, row.id, { archived_at: now, paused_at: row.paused_at ?? now, paused_by: row.paused_by ?? actor.label, ...none });
    },
  },
  /** Paused, so that nothing starts by surprise. */
  restore: {
    action: 'schedule.restored',
    before: { archived: true },
    after: { archived: false, paused: true },
    write: (trx, _actor, row) => store.changeSchedule(trx, row.id, { archived_at: null }),
  },
};

/** Whether it would change anything. */
export function changesBy(row: Row, verb: Verb): boolean {
  if (verb === 'restore') return row.archived_at !== null;
  return row.archived_at === null && (verb === 'archive' || (row.paused_at === null) === (verb === 'pause'));
}

/** The caller holds the row and has asked for the permission. */
export async function turnIn(trx: WorkspaceTransaction, actor: Actor, { row, verb }: { row: Row; verb: Verb }): Promise<void> {
  const { action, before, after, write } = turns[verb];
  await write(trx, actor, row);
  await recordAudit(trx, actor, { action, object: objectOf(row), before, after });
}

export function objectOf({ id, slug }: Pick<Row, 'id' | 'slug'>) {
  return { type: 'schedule', id, title: slug };
}

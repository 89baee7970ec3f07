// A schedule by its name, for who may see or change it.
import type { Attributes } from '@tidewheel/contract/ability';
import { NotFound } from '@tidewheel/contract/errors';
import type { Permission } from '@tidewheel/contract/route';
import type { Actor } from '../../base/actor.ts';
import { requireOn } from '../../base/object-access.ts';
import { closest } from '../../base/text.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { findSchedule, listSlugs, lockSchedule, type ScheduleRow, scheduleColumns } from './schedules.store.ts';

export interface Wanted {
  slug: string;
  permission: Extract<Permission, 'schedule.read' | 'schedule.edit'>;
  /** Nobody else may change it, and nothing fires it, until the transaction ends. */
  lock?: boolean;
  archived?: boolean;
}

/** What rules can say of a schedule: of itself and of its flow. */
export function scheduleObject({ slug, flow, folder, flow_kind }: Pick<ScheduleRow, 'slug' | 'flow' | 'folder' | 'flow_kind'>): Attributes {
  return { schedule: slug, flow, folder, kind: flow_kind };
}

/** @throws NotFound with the closest slug, also for one that the actor may not read; NotAllowed for one that he may only read */
export async function existingSchedule(
  trx: WorkspaceTransaction,
  actor: Actor,
  { slug, permission, lock = false, archived = false }: Wanted,
): Promise<ScheduleRow> {
  if (lock) await lockSchedule(trx, slug);
  const row = await findSchedule(trx, slug);
  const slip = row ? undefined : closest(slug, await listSlugs(trx, permittedRows(actor, 'schedule.read', scheduleColumns)));
  const unknown = () =>
    new NotFound('schedule.unknown', `There is no schedule "${slug}" in this workspace.`, {
      hint: slip ? `Did you mean "${slip}"?` : 'See the list of schedules.',
    });
  if (!row) throw unknown();
  requireOn(actor, { permission, read: 'schedule.read', object: scheduleObject(row), unknown });
  if (row.archived_at !== null && !archived && permission === 'schedule.edit')
    throw new NotFound('schedule.archived', `The schedule "${slug}" was archived.`, { hint: 'Restore it first.' });
  return row;
}

// A trigger by its name, for who may see or change it.
import { NotFound } from '@tidewheel/contract/errors';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { requireOn } from '../../base/object-access.ts';
import { closest } from '../../base/text.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { triggerObject } from './trigger-view.ts';
import { findTrigger, listTriggerSlugs, lockTrigger, type TriggerRow, triggerColumns } from './triggers.store.ts';

export interface Wanted {
  slug: string;
  permission: 'trigger.read' | 'trigger.edit';
  /** Nobody else may change it until the transaction ends. */
  lock?: boolean;
  archived?: boolean;
}

/** @throws NotFound with the closest slug, also for one that the actor may not read; NotAllowed for one that he may only read */
export async function existingTrigger(
  trx: WorkspaceTransaction,
  actor: Actor,
  { slug, permission, lock = false, archived = false }: Wanted,
): Promise<TriggerRow> {
  if (lock) await lockTrigger(trx, slug);
  const row = await findTrigger(trx, slug);
  const slip = row ? undefined : closest(slug, await listTriggerSlugs(trx, permittedRows(actor, 'trigger.read', triggerColumns)));
  const unknown = () => unknownTrigger(slug, slip);
  if (!row) throw unknown();
  const object = triggerObject(row);
  requireOn(actor, { permission, read: 'trigger.read', object, unknown });
  requirePermission(actor, permission, object);
  if (row.archived_at !== null && !archived && permission === 'trigger.edit')
    throw new NotFound('trigger.archived', `The trigger "${slug}" was archived.`, { hint: 'Restore it first.' });
  return row;
}

export function unknownTrigger(slug: string, slip?: string): NotFound {
  return new NotFound('trigger.unknown', `There is no trigger "${slug}" in this workspace.`, {
    hint: slip ? `Did you mean "${slip}"?` : 'See the list of triggers.',
  });
}

// Which hosts somebody may see and change: asked with the row in hand.
import type { Attributes } from '@tidewheel/contract/ability';
import { NotAllowed, NotFound } from '@tidewheel/contract/errors';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { requireOn } from '../../base/object-access.ts';
import { closestName } from '../../base/text.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { findTarget, listNames, type TargetRow } from './targets.store.ts';

export type TargetPermission = 'target.read' | 'target.edit';

export function attributesOf({ name, os, category }: Pick<TargetRow, 'name' | 'os' | 'category'>): Attributes {
  return { target: name, os, category };
}

export interface Wanted {
  /** Name or id. */
  asked: string;
  permission: TargetPermission;
  /** Nobody else may change it until the transaction ends. */
  lock?: boolean;
}

/** Also an archived one. @throws NotFound with the closest name, also for one that the actor may not read; NotAllowed for one that he may only read */
export async function existingFor(trx: WorkspaceTransaction, actor: Actor, { asked, permission, lock = false }: Wanted): Promise<TargetRow> {
  const row = await findTarget(trx, asked, { lock });
  if (row && may(actor, permission, attributesOf(row))) {
    requirePermission(actor, permission, attributesOf(row));
    return row;
  }
  const seen = (await listNames(trx)).filter((one) => may(actor, 'target.read', attributesOf(one))).map(({ name }) => name);
  if (!row) throw unknownTarget(asked, seen);
  requireOn(actor, { permission, read: 'target.read', object: attributesOf(row), unknown: () => unknownTarget(asked, seen) });
  return row;
}

/** @throws NotFound for one that is archived, too */
export async function inUseBy(trx: WorkspaceTransaction, actor: Actor, wanted: Wanted): Promise<TargetRow> {
  return notArchived(await existingFor(trx, actor, wanted));
}

/** For steps of a run: whether its author may use the host was asked when the flow was applied. */
export async function inUse(trx: WorkspaceTransaction, asked: string): Promise<TargetRow> {
  const row = await findTarget(trx, asked);
  if (!row) {
    throw unknownTarget(
      asked,
      (await listNames(trx)).map(({ name }) => name),
    );
  }
  return notArchived(row);
}

function notArchived(row: TargetRow): TargetRow {
  if (row.archived_at === null) return row;
  throw new NotFound('target.archived', `The host "${row.name}" was archived.`, { hint: 'Restore it, or name another one.' });
}

export function unknownTarget(asked: string, seen: readonly string[]): NotFound {
  const close = closestName(asked.toLowerCase(), seen);
  return new NotFound('target.unknown', `There is no host "${asked.slice(0, 253)}" in this workspace.`, {
    hint: close ? `Did you mean "${close}"?` : 'Add it under Connect > Targets first.',
  });
}

/** A group decides which hosts flows touch: who may change some hosts only could take in others by it. */
export function requireEveryTarget(actor: Actor): void {
  requirePermission(actor, 'target.edit');
  if (!actor.ability || actor.ability.canAll('target.edit')) return;
  throw new NotAllowed('target.not_every', 'Groups are changed by who may change every host.', {
    hint: 'Ask an administrator, or use tags on the hosts that you may change.',
    details: { permission: 'target.edit' },
  });
}

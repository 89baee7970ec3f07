// A flow by its name, for who may see or change it.
import { NotFound } from '@tidewheel/contract/errors';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { requireOn } from '../../base/object-access.ts';
import { closest } from '../../base/text.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import * as store from './flows.store.ts';

/** @throws NotFound also for one that the actor may not read, NotAllowed for one that he may only read */
export async function existing(
  trx: WorkspaceTransaction,
  actor: Actor,
  { slug, permission }: { slug: string; permission: 'flow.read' | 'flow.edit' },
): Promise<store.FlowRow> {
  const permitted = permittedTo(actor);
  const row = await store.findFlow(trx, slug, permitted.runs);
  if (row && may(actor, permission, attributesOf(row))) {
    requirePermission(actor, permission, attributesOf(row));
    return row;
  }
  const slip = closest(slug, await store.listSlugs(trx, permitted.flows));
  if (!row) throw unknownFlow(slug, slip);
  requireOn(actor, { permission, read: 'flow.read', object: attributesOf(row), unknown: () => unknownFlow(slug, slip) });
  return row;
}

export function unknownFlow(slug: string, slip?: string): NotFound {
  return new NotFound('flow.unknown', `There is no flow "${slug}".`, slip === undefined ? {} : { hint: `Did you mean "${slip}"?` });
}

export function attributesOf({ slug, folder, kind }: Pick<store.FlowRow, 'slug' | 'folder' | 'kind'>) {
  return { flow: slug, folder, kind };
}

export function permittedTo(actor: Actor): store.Permitted {
  return { flows: permittedRows(actor, 'flow.read', store.flowColumns), runs: permittedRows(actor, 'run.read', store.lastRunColumns) };
}

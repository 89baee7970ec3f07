// The runs that opened a host, of those that the reader may see.
import type { Page } from '@tidewheel/contract/page';
import type { TargetRun } from '@tidewheel/contract/routes/targets';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { inWorkspace } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { existingFor } from './target-access.ts';
import type { TargetDeps } from './targets.service.ts';
import { findTouches, runColumns } from './touches.store.ts';

export async function listTargetRuns({ databases }: TargetDeps, actor: Actor, { asked, ...page }: PageRequest & { asked: string }): Promise<Page<TargetRun>> {
  requirePermission(actor, 'target.read');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const { id } = await existingFor(trx, actor, { asked, permission: 'target.read' });
    return findTouches(trx, { targetId: id, permitted: permittedRows(actor, 'run.read', runColumns) }, page);
  });
}

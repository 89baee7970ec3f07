// The same done to many flows, or only shown to which. Each that changes has its own entry in the audit trail, and can be taken back alone.
import { type BulkResult, mostChangedAtOnce } from '@tidewheel/contract/bulk-result';
import type { FlowAction, FlowChoice } from '@tidewheel/contract/routes/flow-bulk';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { archivedOf, bulkResult, type Chosen, refuseTooMany, sortChosen } from '../bulk-outcome.ts';
import type { FlowDeps } from './flow-checks.ts';
import { attributesOf } from './flow-lookup.ts';
import { archiveIn } from './flows.service.ts';
import * as store from './flows.store.ts';
import { switchIn } from './versions.service.ts';

/** @throws InvalidInput for more than one call may change */
export async function changeFlows(
  { databases }: Pick<FlowDeps, 'databases'>,
  actor: Actor,
  { choice, action, dryRun }: { choice: FlowChoice; action: FlowAction; dryRun: boolean },
): Promise<BulkResult> {
  requirePermission(actor, 'flow.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const { rows, refused } = await chosen(trx, actor, { choice, lock: !dryRun });
    const changing = rows.filter((row) => changesBy(row, action.do));
    if (!dryRun) for (const row of changing) await turn(trx, actor, { row, action });
    return bulkResult({ dryRun, rows, changed: changing, refused: [...refused, ...(action.do === 'restore' ? [] : archivedOf(rows))] });
  });
}

function changesBy(row: store.ChangingFlow, verb: FlowAction['do']): boolean {
  if (verb === 'restore') return row.archived_at !== null;
  if (row.archived_at !== null) return false;
  return verb === 'archive' || (verb === 'off') === (row.off_at === null);
}

async function turn(trx: WorkspaceTransaction, actor: Actor, { row, action }: { row: store.ChangingFlow; action: FlowAction }): Promise<void> {
  // Where the right was lent, the entry says by whom.
  requirePermission(actor, 'flow.edit', attributesOf(row));
  if (action.do === 'archive' || action.do === 'restore') await archiveIn(trx, actor, { row, archived: action.do === 'archive' });
  else await switchIn(trx, actor, { row, off: action.do === 'off' ? { by: actor.label, reason: action.reason } : null });
}

async function chosen(trx: WorkspaceTransaction, actor: Actor, { choice, lock }: { choice: FlowChoice; lock: boolean }): Promise<Chosen<store.ChangingFlow>> {
  const names = choice.names === undefined ? undefined : [...new Set(choice.names)];
  const permitted = permittedRows(actor, 'flow.read', store.flowColumns);
  const found = await store.findChangingFlows(trx, { names, filter: choice.filter ?? {}, permitted, most: mostChangedAtOnce + 1, lock });
  refuseTooMany('flow', found);
  return sortChosen('flow', { names: names ?? null, found, mayEdit: (row) => may(actor, 'flow.edit', attributesOf(row)) });
}

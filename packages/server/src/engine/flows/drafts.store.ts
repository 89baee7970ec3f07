// The SQL of drafts of flows.
import { type Selectable, sql } from 'kysely';
import { storable } from '../../base/text.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import type { FlowDraftTable } from '../../storage/flow-draft-table.ts';
import type { LockedFlow } from './flows.store.ts';

export type DraftRow = Selectable<FlowDraftTable>;

export function findDraft(trx: WorkspaceTransaction, flowId: string): Promise<DraftRow | undefined> {
  return trx.selectFrom('flow_draft').selectAll().where('flow_id', '=', flowId).executeTakeFirst();
}

/** The flow's row must be locked. */
export async function putDraft(
  trx: WorkspaceTransaction,
  { flow, source, errors, savedBy }: { flow: LockedFlow; source: string; errors: number; savedBy: string },
): Promise<DraftRow> {
  const revision = flow.draft_revision + 1;
  const kept = { source, revision, base: flow.newest_version, errors, saved_by: storable(savedBy), saved_at: sql<Date>`now()` };
  await trx.updateTable('flow').set({ draft_revision: revision }).where('id', '=', flow.id).execute();
  return trx
    .insertInto('flow_draft')
    .values({ workspace_id: flow.workspace_id, flow_id: flow.id, ...kept })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'flow_id']).doUpdateSet(kept))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function removeDraft(trx: WorkspaceTransaction, flowId: string): Promise<void> {
  await trx.deleteFrom('flow_draft').where('flow_id', '=', flowId).execute();
}

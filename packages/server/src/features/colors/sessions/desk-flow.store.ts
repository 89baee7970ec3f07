// The only SQL of which flow processes sessions.
import { defaultColorOrder } from '@tidewheel/contract/color-rule';
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';

export async function findDeskFlow(trx: WorkspaceTransaction): Promise<{ slug: string | null; revision: number }> {
  const found = await trx
    .selectFrom('color_settings')
    .leftJoin('flow', 'flow.id', 'color_settings.flow_id')
    .select(['flow.slug', 'color_settings.revision'])
    .executeTakeFirst();
  return found ?? { slug: null, revision: 0 };
}

/** @returns whether nobody changed the settings of the desk meanwhile */
export async function saveDeskFlow(
  trx: WorkspaceTransaction,
  { workspaceId, flowId, revision, by }: { workspaceId: string; flowId: string | null; revision: number; by: string },
): Promise<boolean> {
  const changed = await trx
    .insertInto('color_settings')
    .values({ workspace_id: workspaceId, ranking: JSON.stringify(defaultColorOrder), flow_id: flowId, updated_by: by })
    .onConflict((conflict) =>
      conflict
        .column('workspace_id')
        .doUpdateSet({ flow_id: flowId, revision: sql<number>`color_settings.revision + 1`, updated_at: sql<Date>`now()`, updated_by: by })
        .where('color_settings.revision', '=', revision),
    )
    .returning('revision')
    .execute();
  return changed.length > 0;
}

// The only SQL of retention.
import type { AuditRetention } from '@tidewheel/contract/routes/audit';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import type { Database } from '../../storage/schema.ts';

export async function findRetention(trx: WorkspaceTransaction): Promise<AuditRetention> {
  const row = await trx.selectFrom('audit_retention').selectAll().executeTakeFirst();
  return { days: row?.days ?? null, updatedAt: row?.updated_at.toISOString() ?? null, updatedBy: row?.updated_by ?? null };
}

export async function saveRetention(
  trx: WorkspaceTransaction,
  { workspaceId, days, by }: { workspaceId: string; days: number | null; by: string },
): Promise<void> {
  await trx
    .insertInto('audit_retention')
    .values({ workspace_id: workspaceId, days, updated_by: by })
    .onConflict((conflict) => conflict.column('workspace_id').doUpdateSet({ days, updated_by: by, updated_at: sql<Date>`now()` }))
    .execute();
}

export async function findForgetful(engine: Kysely<Database>): Promise<string[]> {
  const rows = await engine.selectFrom('audit_retention').where('days', 'is not', null).select('workspace_id').execute();
  return rows.map((row) => row.workspace_id);
}

/** The oldest contents that the workspace's rule no longer keeps. `until`: when the newest of them was written. */
export async function eraseContents(
  engine: Transaction<Database>,
  { workspaceId, most }: { workspaceId: string; most: number },
): Promise<{ erased: number; until: Date | null }> {
  const { rows } = await sql<{ erased: number; until: Date | null }>`select * from erase_old_audit(${workspaceId}, ${most})`.execute(engine);
  return rows[0] ?? { erased: 0, until: null };
}

// The SQL of what leads from host to host.
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../storage/database.ts';

export type RelationKind = 'via' | 'dependsOn';

/** Where hosts lead to: one step. */
export async function edgesFrom(trx: WorkspaceTransaction, { kind, ids }: { kind: RelationKind; ids: string[] }): Promise<{ from: string; to: string }[]> {
  if (kind === 'via') {
    const rows = await trx.selectFrom('target').select(['id', 'via_id']).where('id', 'in', ids).where('via_id', 'is not', null).execute();
    return rows.map(({ id, via_id }) => ({ from: id, to: via_id ?? '' }));
  }
  const rows = await trx.selectFrom('target_relation').selectAll().where('target_id', 'in', ids).execute();
  return rows.map(({ target_id, depends_on }) => ({ from: target_id, to: depends_on }));
}

/** Two changes at once could close a circle that neither sees: one waits for the other. */
export async function lockRelations(trx: WorkspaceTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('target.relations:' || current_workspace()::text, 0))`.execute(trx);
}

export async function namesById(trx: WorkspaceTransaction, ids: string[]): Promise<Map<string, string>> {
  const rows = await trx.selectFrom('target').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Of hosts in use. */
export async function idsByName(trx: WorkspaceTransaction, names: string[]): Promise<Map<string, string>> {
  const rows = await trx.selectFrom('target').select(['id', 'name']).where('name', 'in', names).where('archived_at', 'is', null).execute();
  return new Map(rows.map(({ id, name }) => [name, id]));
}

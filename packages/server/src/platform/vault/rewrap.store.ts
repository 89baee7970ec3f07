// The SQL of keys and re-wraps, as the engine role: the vault spans workspaces.
import { type Selectable, sql, type Transaction } from 'kysely';
import type { Databases } from '../../storage/database.ts';
import type { Database } from '../../storage/schema.ts';
import type { VaultRewrapTable } from '../../storage/vault-tables.ts';

export type Rewrap = Selectable<VaultRewrapTable>;
type Trx = Transaction<Database>;
type Db = Databases['engine'];

export async function countDataKeys(db: Db): Promise<{ key: string; count: number }[]> {
  const { rows } = await sql<{ key: string; count: number }>`
    select key_id as key, count(*)::int as count
    from (select key_id from credential where key_id is not null union all select key_id from credential_previous) all_keys
    group by key_id order by key_id`.execute(db);
  return rows;
}

export async function listSeals(db: Db): Promise<{ id: string; generation: number; master_key_id: string }[]> {
  return db.selectFrom('vault_root_key').select(['id', 'generation', 'master_key_id']).orderBy('generation').orderBy('master_key_id').execute();
}

export async function findLastRewrap(db: Db | Trx): Promise<Rewrap | undefined> {
  return db.selectFrom('vault_rewrap').selectAll().orderBy('started_at', 'desc').limit(1).executeTakeFirst();
}

export async function insertRoot(trx: Trx, row: { id: string; generation: number; master_key_id: string; sealed: Buffer }): Promise<void> {
  await trx.insertInto('vault_root_key').values(row).execute();
}

export async function insertRewrap(
  trx: Trx,
  row: { id: string; key_id: string; master_key_id: string; total: number; workspace_id: string; started_by: string; actor: string },
): Promise<void> {
  await trx
    .insertInto('vault_rewrap')
    .values({ ...row, finished_at: null, note: null })
    .execute();
}

export interface WrappedRow {
  workspace_id: string;
  id: string;
  purpose: string;
  wrapped_key: Buffer;
  key_id: string;
}
const tables = { credential: 'id', credential_previous: 'credential_id' } as const;
export type WrappedTable = keyof typeof tables;

/** The next rows that are not under the key yet, after the id given, locked; those that somebody changes right now are left for a later pass. */
export async function lockWrapped(
  trx: Trx,
  { table, key, after, limit }: { table: WrappedTable; key: string; after: string; limit: number },
): Promise<WrappedRow[]> {
  const { rows } = await sql<WrappedRow>`
    select t.workspace_id, t.${sql.ref(tables[table])} as id, t.wrapped_key, t.key_id,
      (select c.purpose from credential c where c.workspace_id = t.workspace_id and c.id = t.${sql.ref(tables[table])}) as purpose
    from ${sql.table(table)} t
    where t.key_id <> ${key} and t.${sql.ref(tables[table])} > ${after}::uuid
    order by t.${sql.ref(tables[table])} limit ${limit} for update of t skip locked`.execute(trx);
  return rows;
}

export async function saveWrapped(
  trx: Trx,
  { table, key, rows }: { table: WrappedTable; key: string; rows: { workspace_id: string; id: string; wrapped: Buffer }[] },
): Promise<void> {
  await sql`
    update ${sql.table(table)} t set key_id = ${key}, wrapped_key = decode(n.wrapped, 'hex')
    from unnest(${rows.map((row) => row.workspace_id)}::uuid[], ${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.wrapped.toString('hex'))}::text[])
      as n(workspace, id, wrapped)
    where t.workspace_id = n.workspace and t.${sql.ref(tables[table])} = n.id`.execute(trx);
}

export async function addProgress(trx: Trx, id: string, { done, failed }: { done: number; failed: number }): Promise<void> {
  await trx
    .updateTable('vault_rewrap')
    .set({ done: sql<number>`done + ${done}`, failed: sql<number>`failed + ${failed}` })
    .where('id', '=', id)
    .execute();
}

export async function resetFailed(db: Db, id: string): Promise<void> {
  await db.updateTable('vault_rewrap').set({ failed: 0 }).where('id', '=', id).execute();
}

export async function endRewrap(trx: Trx, id: string, { state, note }: { state: 'done' | 'failed'; note: string | null }): Promise<void> {
  await trx.updateTable('vault_rewrap').set({ state, note, finished_at: sql<Date>`now()` }).where('id', '=', id).execute();
}

/** Root keys that nothing needs, and every seal and canary by another master key. */
export async function retireKeys(trx: Trx, { key, masterKeyId }: { key: string; masterKeyId: string }): Promise<void> {
  await sql`delete from vault_root_key where id <> ${key} and not is_base and generation > (select min(generation) from vault_root_key)`.execute(trx);
  await sql`
    delete from vault_root_key old where master_key_id <> ${masterKeyId}
      and exists (select from vault_root_key own where own.id = old.id and own.master_key_id = ${masterKeyId})`.execute(trx);
  await sql`
    delete from vault_canary where key_id <> ${masterKeyId} and exists (select from vault_canary own where own.key_id = ${masterKeyId})`.execute(trx);
}

/** Runs the work if no other process does it right now. */
export async function onlyOnce<T>({ enginePool }: Databases, work: () => Promise<T>): Promise<T | undefined> {
  const client = await enginePool.connect();
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock(7283640071) as mine');
    if (!rows[0]?.mine) return undefined;
    try {
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock(7283640071)');
    }
  } finally {
    client.release();
  }
}

export async function eraseOverdue({ engine }: Databases): Promise<void> {
  await engine.deleteFrom('credential_previous').where('erase_at', '<=', sql<Date>`now()`).execute();
}

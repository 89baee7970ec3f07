// The only SQL of the tree: entries that wait for their place, leaves, complete subtrees, checkpoints.
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../storage/schema.ts';
import { keyOf, type Node, type Nodes, type TreeQuestion } from './merkle-tree.ts';

type Db = Kysely<Database> | Transaction<Database>;

/** One sequencer at a time for the whole installation; the others find nothing to do. @returns whether this one may */
export async function lockSequence(trx: Transaction<Database>): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(7283640050) as mine`.execute(trx);
  return rows[0]?.mine === true;
}

export async function findWaitingWorkspaces(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('audit_pending').select('workspace_id').distinct().execute();
  return rows.map((row) => row.workspace_id);
}

export function findWaiting(trx: Transaction<Database>, { workspaceId, limit }: { workspaceId: string; limit: number }) {
  return trx
    .selectFrom('audit_pending as p')
    .innerJoin('audit_entry as e', (join) => join.onRef('e.workspace_id', '=', 'p.workspace_id').onRef('e.id', '=', 'p.entry_id'))
    .where('p.workspace_id', '=', workspaceId)
    .select(['e.id', 'e.at', 'e.action', 'e.payload_hash'])
    .orderBy('p.entry_id')
    .limit(limit)
    .execute();
}

export async function countLeaves(db: Db, workspaceId: string): Promise<number> {
  const row = await db
    .selectFrom('audit_leaf')
    .where('workspace_id', '=', workspaceId)
    .select('leaf_index')
    .orderBy('leaf_index', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? 0 : row.leaf_index + 1;
}

export async function addLeaves(
  trx: Transaction<Database>,
  { workspaceId, size, leaves, nodes }: { workspaceId: string; size: number; leaves: { entryId: string; hash: Buffer }[]; nodes: (Node & { hash: Buffer })[] },
): Promise<void> {
  const ids = leaves.map((leaf) => leaf.entryId);
  await sql`insert into audit_leaf (workspace_id, leaf_index, entry_id, hash)
    select ${workspaceId}, ${size} + n.place - 1, n.id, decode(n.hash, 'hex')
    from unnest(${ids}::uuid[], ${leaves.map((leaf) => leaf.hash.toString('hex'))}::text[]) with ordinality as n(id, hash, place)`.execute(trx);
  await sql`insert into audit_node (workspace_id, level, node_index, hash)
    select ${workspaceId}, n.level, n.index, decode(n.hash, 'hex')
    from unnest(${nodes.map((node) => node.level)}::int[], ${nodes.map((node) => node.index)}::bigint[], ${nodes.map((node) => node.hash.toString('hex'))}::text[]) as n(level, index, hash)`.execute(
    trx,
  );
  await sql`delete from audit_pending where workspace_id = ${workspaceId} and entry_id = any(${ids}::uuid[])`.execute(trx);
}

export async function loadNodes(db: Db, workspaceId: string, wanted: Node[]): Promise<Nodes> {
  const distinct = [...new Map(wanted.map((node) => [keyOf(node), node])).values()];
  const leaves = distinct.filter((node) => node.level === 0).map((node) => node.index);
  const above = distinct.filter((node) => node.level > 0);
  const { rows } = await sql<Node & { hash: Buffer }>`
    select 0 as level, leaf_index as index, hash from audit_leaf where workspace_id = ${workspaceId} and leaf_index = any(${leaves}::bigint[])
    union all
    select a.level, a.node_index, a.hash from unnest(${above.map((node) => node.level)}::int[], ${above.map((node) => node.index)}::bigint[]) as n(level, index)
      join audit_node a on a.workspace_id = ${workspaceId} and a.level = n.level and a.node_index = n.index`.execute(db);
  return new Map(rows.map((row) => [keyOf(row), row.hash]));
}

export async function ask<T>(db: Db, workspaceId: string, question: TreeQuestion<T>): Promise<T> {
  return question.answer(await loadNodes(db, workspaceId, question.needs));
}

export interface StoredCheckpoint {
  size: number;
  root: Buffer;
  note: string;
  signed_at: Date;
}

export async function saveCheckpoint(db: Db, made: { workspaceId: string; size: number; root: Buffer; note: string }): Promise<void> {
  const { workspaceId, size, root, note } = made;
  await db.insertInto('audit_checkpoint').values({ workspace_id: workspaceId, size, root, note }).execute();
}

export function findNewestCheckpoint(db: Db, workspaceId: string): Promise<StoredCheckpoint | undefined> {
  return db
    .selectFrom('audit_checkpoint')
    .where('workspace_id', '=', workspaceId)
    .select(['size', 'root', 'note', 'signed_at'])
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
}

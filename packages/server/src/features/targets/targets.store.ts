// The SQL of hosts: rows, lists and counts. Who may see which is asked by the service or comes in as a condition.
import type { Page } from '@tidewheel/contract/page';
import type { TargetSummary, targetSorts } from '@tidewheel/contract/routes/targets';
import type { TargetFactValues, TargetFilter, TargetState } from '@tidewheel/contract/target';
import { type Expression, type RawBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import type { KnownTarget } from '../../engine/ports.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { TargetTable } from '../../storage/target-tables.ts';

export type TargetRow = Selectable<TargetTable> & {
  credential: string | null;
  via: string | null;
  depends_on: string[];
  groups: string[];
  state: TargetState;
};

/** What rules can say of a host, by the column that holds it. */
export const targetColumns = { target: 'target.name', os: 'target.os', category: 'target.category' };

const isInMaintenance = sql<SqlBool>`(target.maintenance_from <= now() and (target.maintenance_until is null or target.maintenance_until > now()))`;
export const stateOf = sql<TargetState>`case when target.archived_at is not null then 'archived' when ${isInMaintenance} then 'maintenance'
  when target.contact_ok then 'ok' when target.contact_ok = false then 'failed' else 'unknown' end`;

function rows(trx: WorkspaceTransaction) {
  return trx
    .selectFrom('target')
    .selectAll('target')
    .select([
      sql<string | null>`(select c.slug from credential c where c.workspace_id = target.workspace_id and c.id = target.credential_id)`.as('credential'),
      sql<string | null>`(select v.name from target v where v.workspace_id = target.workspace_id and v.id = target.via_id)`.as('via'),
      sql<string[]>`array(select d.name from target_relation r join target d on d.workspace_id = r.workspace_id and d.id = r.depends_on
        where r.workspace_id = target.workspace_id and r.target_id = target.id order by d.name)`.as('depends_on'),
      sql<string[]>`array(select g.slug from target_group_member m join target_group g on g.workspace_id = m.workspace_id and g.id = m.group_id
        where m.workspace_id = target.workspace_id and m.target_id = target.id and g.archived_at is null order by g.slug)`.as('groups'),
      stateOf.as('state'),
    ]);
}

export interface Chosen extends Omit<TargetFilter, 'group'> {
  /** What the caller may see or change: all of these. */
  permitted: readonly Expression<SqlBool>[];
  /** Of a group: its list by id, or the hosts that its query finds. */
  group?: { listed: string } | { ids: readonly string[] } | undefined;
}

function fitting(filter: Chosen): RawBuilder<SqlBool> {
  const conditions: Expression<SqlBool>[] = [...filter.permitted];
  const also = (condition: RawBuilder<SqlBool>) => conditions.push(condition);
  if (filter.state === undefined) also(sql`target.archived_at is null`);
  else also(sql`${stateOf} = ${filter.state}`);
  if (filter.os) also(sql`target.os = ${filter.os}`);
  if (filter.transport) also(sql`target.transport = ${filter.transport}`);
  if (filter.tag) also(sql`${filter.tag} = any(target.tags)`);
  if (filter.category) also(sql`(target.category = ${filter.category} or starts_with(target.category, ${`${filter.category}/`}))`);
  if (filter.credential) also(sql`target.credential_id = (select id from credential where slug = ${filter.credential} and archived_at is null)`);
  if (filter.notSeenDays !== undefined) also(sql`(target.reached_at is null or target.reached_at < now() - ${filter.notSeenDays}::int * interval '1 day')`);
  if (filter.group && 'ids' in filter.group) also(sql`target.id = any(${[...filter.group.ids]}::uuid[])`);
  else if (filter.group)
    also(
      sql`exists (select from target_group_member m where m.workspace_id = target.workspace_id and m.target_id = target.id and m.group_id = ${filter.group.listed})`,
    );
  if (filter.search) {
    const pattern = `%${filter.search.replace(/[\\%_]/g, String.raw`\$&`)}%`;
    also(sql`(target.name ilike ${pattern} or target.title ilike ${pattern} or target.address ilike ${pattern} or target.description ilike ${pattern})`);
  }
  return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

const byId = { column: 'target.id', type: 'uuid', direction: 'asc' } as const;
const never = '-infinity';
const sorts: Record<(typeof targetSorts)[number], Sort> = {
  name: { name: 'name', keys: [{ column: 'target.name', type: 'text', direction: 'asc' }, byId] },
  '-name': { name: '-name', keys: [{ column: 'target.name', type: 'text', direction: 'desc' }, byId] },
  address: { name: 'address', keys: [{ column: 'target.address', type: 'text', direction: 'asc' }, byId] },
  changed: { name: 'changed', keys: [{ column: 'target.updated_at', type: 'timestamptz', direction: 'desc' }, byId] },
  contact: { name: 'contact', keys: [{ column: 'contacted', type: 'timestamptz', direction: 'desc' }, byId] },
};

export async function findTargets(
  trx: WorkspaceTransaction,
  filter: Chosen & { sort: (typeof targetSorts)[number] },
  page: PageRequest,
): Promise<Page<TargetRow>> {
  const where = fitting(filter);
  const counted = sql`select 1 from target where ${where}`;
  if (filter.sort !== 'contact') return readPage({ db: trx, query: rows(trx).where(where), counted, sort: sorts[filter.sort], page });
  // Hosts that nobody reached for come last; a sort value must not be null.
  const withContact = rows(trx).where(where).select(sql<Date>`coalesce(target.contact_at, ${never})`.as('contacted'));
  const query = trx.selectFrom(withContact.as('target')).selectAll('target');
  const found = await readPage({ db: trx, query, counted, sort: sorts.contact, page });
  return { ...found, items: found.items.map(({ contacted: _sorted, ...row }) => row) };
}

/** All of them at once: for bulk actions, export, and who is in a group. */
export function findAllTargets(trx: WorkspaceTransaction, filter: Chosen, most: number): Promise<TargetRow[]> {
  return rows(trx).where(fitting(filter)).orderBy('target.name').orderBy('target.id').limit(most).execute();
}

export async function summarize(trx: WorkspaceTransaction, filter: Chosen): Promise<TargetSummary> {
  const where = fitting(filter);
  const states = await sql<{
    state: TargetState;
    count: number;
  }>`select ${stateOf} as state, count(*)::int as count from target where ${where} group by 1`.execute(trx);
  const tags = await sql<{ name: string; targets: number }>`
    select tag as name, count(*)::int as targets from target, unnest(target.tags) as tag where ${where} group by 1 order by 2 desc, 1 limit 500`.execute(trx);
  const categories = await sql<{ category: string }>`
    select distinct target.category from target where ${where} and target.category is not null order by 1 limit 500`.execute(trx);
  return {
    states: Object.fromEntries(states.rows.map(({ state, count }) => [state, count])),
    tags: tags.rows,
    categories: categories.rows.map(({ category }) => category),
  };
}

const idForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** By id, archived or not; by name the one in use, else the one archived last. */
export function findTarget(trx: WorkspaceTransaction, asked: string, { lock = false }: { lock?: boolean } = {}): Promise<TargetRow | undefined> {
  const isId = idForm.test(asked);
  const query = rows(trx)
    .where(isId ? 'target.id' : 'target.name', '=', asked.toLowerCase())
    .orderBy(sql`target.archived_at desc nulls first`)
    .limit(1);
  return (lock ? query.forUpdate('target') : query).executeTakeFirst();
}

/** Those in use, whole, by name; the order is that of the names. */
export function findNamedTargets(trx: WorkspaceTransaction, names: readonly string[], { lock = false }: { lock?: boolean } = {}): Promise<TargetRow[]> {
  const query = rows(trx)
    .where(sql<SqlBool>`(target.name = any(${[...names]}::text[]) or target.id::text = any(${[...names]}::text[]))`)
    .where('target.archived_at', 'is', null)
    .orderBy('target.name');
  return (lock ? query.forUpdate('target') : query).execute();
}

export function listNames(trx: WorkspaceTransaction): Promise<KnownTarget[]> {
  return trx.selectFrom('target').select(['id', 'name', 'os', 'transport', 'category']).where('archived_at', 'is', null).orderBy('name').execute();
}

/** Hosts that name this one, as what they depend on or as their way in. */
export async function findNeeding(trx: WorkspaceTransaction, id: string): Promise<{ neededBy: string[]; jumpFor: string[] }> {
  const needing = await trx
    .selectFrom('target_relation as r')
    .innerJoin('target as t', (join) => join.onRef('t.workspace_id', '=', 'r.workspace_id').onRef('t.id', '=', 'r.target_id'))
    .select('t.name')
    .where('r.depends_on', '=', id)
    .where('t.archived_at', 'is', null)
    .orderBy('t.name')
    .execute();
  const behind = await trx.selectFrom('target').select('name').where('via_id', '=', id).where('archived_at', 'is', null).orderBy('name').execute();
  return { neededBy: needing.map(({ name }) => name), jumpFor: behind.map(({ name }) => name) };
}

/** What is stored of a host besides its name: null means none. */
export interface TargetValues {
  title: string;
  description: string;
  os: 'linux' | 'windows';
  address: string;
  transport: string;
  settings: Record<string, unknown>;
  credentialId: string | null;
  viaId: string | null;
  category: string | null;
  tags: string[];
  facts: TargetFactValues;
}

function columnsOf({ title, description, os, address, transport, settings, credentialId, viaId, category, tags, facts }: TargetValues) {
  const plain = { title, description, os, address, transport, category, tags };
  return { ...plain, settings: JSON.stringify(settings), credential_id: credentialId, via_id: viaId, facts: JSON.stringify(facts) };
}

/** @returns false when a host in use has the name */
export async function insertTarget(
  trx: WorkspaceTransaction,
  { workspaceId, id, name, createdBy, ...values }: TargetValues & { workspaceId: string; id: string; name: string; createdBy: string },
): Promise<boolean> {
  const made = await trx
    .insertInto('target')
    .values({ workspace_id: workspaceId, id, name, created_by: createdBy, ...columnsOf(values) })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'name']).where('archived_at', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst();
  return made !== undefined;
}

/** `moved`: it leads elsewhere now, so how the last test went says nothing any more. */
export async function changeTarget(trx: WorkspaceTransaction, id: string, { moved, ...values }: TargetValues & { moved: boolean }): Promise<void> {
  const contact = { contact_ok: null, contact_at: null, contact_by: null, contact: null, tested_at: null, tested_by: null };
  const forgotten = { ...contact, reached_at: null, failed_at: null, failed_by: null, failed_why: null };
  await trx
    .updateTable('target')
    .set({ ...columnsOf(values), ...(moved ? forgotten : {}), updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .execute();
}

export async function setRelations(
  trx: WorkspaceTransaction,
  { workspaceId, id, dependsOn }: { workspaceId: string; id: string; dependsOn: readonly string[] },
) {
  await trx
    .deleteFrom('target_relation')
    .where('target_id', '=', id)
    .where(sql<SqlBool>`not depends_on = any(${[...dependsOn]}::uuid[])`)
    .execute();
  if (dependsOn.length === 0) return;
  await trx
    .insertInto('target_relation')
    .values(dependsOn.map((one) => ({ workspace_id: workspaceId, target_id: id, depends_on: one })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function setArchived(trx: WorkspaceTransaction, id: string, isArchived: boolean): Promise<void> {
  await trx
    .updateTable('target')
    .set({ archived_at: isArchived ? sql<Date>`now()` : null, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .execute();
}

export async function keepFound(trx: WorkspaceTransaction, id: string, found: TargetFactValues): Promise<void> {
  await trx
    .updateTable('target')
    .set({ found: JSON.stringify(found), found_at: sql<Date>`now()` })
    .where('id', '=', id)
    .execute();
}

export interface Maintenance {
  from: Date;
  until: Date | null;
  reason: string;
  by: string;
}

/** Null ends it. */
export async function setMaintenance(trx: WorkspaceTransaction, ids: readonly string[], maintenance: Maintenance | null): Promise<void> {
  await trx
    .updateTable('target')
    .set({
      maintenance_from: maintenance?.from ?? null,
      maintenance_until: maintenance?.until ?? null,
      maintenance_reason: maintenance?.reason ?? null,
      maintenance_by: maintenance?.by ?? null,
      updated_at: sql<Date>`now()`,
    })
    .where(sql<SqlBool>`id = any(${[...ids]}::uuid[])`)
    .execute();
}

/** @returns false when another one is pinned */
export async function pinHostKey(trx: WorkspaceTransaction, id: string, hostKey: string): Promise<boolean> {
  const pinned = await trx
    .updateTable('target')
    .set({ settings: sql`settings || ${JSON.stringify({ hostKey })}::jsonb`, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where(sql<SqlBool>`not settings ? 'hostKey'`)
    .returning('id')
    .executeTakeFirst();
  return pinned !== undefined;
}

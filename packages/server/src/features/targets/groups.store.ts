// The SQL of groups of hosts and of what conditions see of hosts.
import type { Page } from '@tidewheel/contract/page';
import type { TargetFactValues } from '@tidewheel/contract/target';
import { type Expression, type Selectable, type SqlBool, sql } from 'kysely';
import { closestName } from '../../base/text.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { TargetTables } from '../../storage/target-tables.ts';
import { refused } from './transports.ts';

export type GroupRow = Selectable<TargetTables['target_group']>;

const bySlug: Sort = { name: 'slug', keys: [{ column: 'slug', type: 'text', direction: 'asc' }] };

export function findGroups(trx: WorkspaceTransaction, { search }: { search?: string | undefined }, page: PageRequest): Promise<Page<GroupRow>> {
  let query = trx.selectFrom('target_group').selectAll().where('archived_at', 'is', null);
  if (search) {
    const pattern = `%${search.replace(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where((is) => is.or([is('slug', 'ilike', pattern), is('title', 'ilike', pattern)]));
  }
  return readPage({ db: trx, query, sort: bySlug, page });
}

/** The one in use. */
export function findGroup(trx: WorkspaceTransaction, slug: string, { lock = false } = {}): Promise<GroupRow | undefined> {
  const query = trx.selectFrom('target_group').selectAll().where('slug', '=', slug).where('archived_at', 'is', null);
  return (lock ? query.forUpdate() : query).executeTakeFirst();
}

export function allGroups(trx: WorkspaceTransaction): Promise<GroupRow[]> {
  return trx.selectFrom('target_group').selectAll().where('archived_at', 'is', null).orderBy('slug').execute();
}

export interface GroupValues {
  title: string;
  description: string;
  query: string | null;
}

/** @returns undefined when a group in use has the slug */
export function insertGroup(trx: WorkspaceTransaction, group: GroupValues & { workspaceId: string; id: string; slug: string }): Promise<GroupRow | undefined> {
  const { workspaceId, id, slug, title, description, query } = group;
  return trx
    .insertInto('target_group')
    .values({ workspace_id: workspaceId, id, slug, title, description, query })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'slug']).where('archived_at', 'is', null).doNothing())
    .returningAll()
    .executeTakeFirst();
}

export function changeGroup(trx: WorkspaceTransaction, id: string, { title, description, query }: GroupValues): Promise<GroupRow> {
  return trx
    .updateTable('target_group')
    .set({ title, description, query, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function archiveGroup(trx: WorkspaceTransaction, id: string): Promise<GroupRow> {
  return trx
    .updateTable('target_group')
    .set({ archived_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Hosts in use by group, for groups with a list. */
export async function listedMembers(trx: WorkspaceTransaction, groupIds: readonly string[], permitted: Expression<SqlBool>) {
  const { rows } = await sql<{ group_id: string; count: number }>`
    select m.group_id, count(*)::int as count from target_group_member m
    join target on target.workspace_id = m.workspace_id and target.id = m.target_id
    where m.group_id = any(${[...groupIds]}::uuid[]) and target.archived_at is null and ${permitted} group by 1`.execute(trx);
  return new Map(rows.map(({ group_id, count }) => [group_id, count]));
}

/** Groups with a list of hosts, by slug. @throws InvalidInput for one that is not there or asks a query */
export async function listedGroupIds(trx: WorkspaceTransaction, slugs: readonly string[]): Promise<string[]> {
  if (slugs.length === 0) return [];
  const rows = await trx
    .selectFrom('target_group')
    .select(['id', 'slug', 'query'])
    .where('slug', 'in', [...slugs])
    .where('archived_at', 'is', null)
    .execute();
  const faults = [...new Set(slugs)].flatMap((slug) => {
    const found = rows.find((row) => row.slug === slug);
    if (!found) return [{ path: 'groups', message: `there is no group "${slug}"` }];
    if (found.query !== null) return [{ path: 'groups', message: `the group "${slug}" asks a query: hosts are in it by what is known of them` }];
    return [];
  });
  if (faults.length > 0) {
    const close = closestName(
      slugs[0] ?? '',
      (await allGroups(trx)).map(({ slug }) => slug),
    );
    throw refused(faults.map((fault, at) => (at === 0 && close ? { ...fault, hint: `Did you mean "${close}"?` } : fault)));
  }
  return rows.map(({ id }) => id);
}

export async function setMemberships(
  trx: WorkspaceTransaction,
  { workspaceId, targetId, groupIds }: { workspaceId: string; targetId: string; groupIds: readonly string[] },
): Promise<void> {
  await trx
    .deleteFrom('target_group_member')
    .where('target_id', '=', targetId)
    .where(sql<SqlBool>`not group_id = any(${[...groupIds]}::uuid[])`)
    .execute();
  if (groupIds.length === 0) return;
  await trx
    .insertInto('target_group_member')
    .values(groupIds.map((group_id) => ({ workspace_id: workspaceId, group_id, target_id: targetId })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** What a condition may ask of a host. */
export interface FactRow {
  id: string;
  name: string;
  os: 'linux' | 'windows';
  address: string;
  transport: string;
  category: string | null;
  tags: string[];
  facts: TargetFactValues;
  in_maintenance: boolean;
}

export interface FactFilter {
  /** Names or ids. */
  names?: readonly string[] | undefined;
  tags?: readonly string[] | undefined;
}

/** Hosts in use with what is known of them, in order of name. What people wrote down wins over what was found. */
export async function findFacts(trx: WorkspaceTransaction, { names, tags }: FactFilter = {}): Promise<FactRow[]> {
  const lower = names?.map((name) => name.toLowerCase());
  const { rows } = await sql<FactRow>`
    select id, name, os, address, transport, category, tags, found || facts as facts,
      coalesce(maintenance_from <= now() and (maintenance_until is null or maintenance_until > now()), false) as in_maintenance
    from target where archived_at is null
      and ${lower ? sql`(name = any(${lower}::text[]) or id::text = any(${lower}::text[]))` : sql`true`}
      and ${tags ? sql`tags @> ${[...tags]}::text[]` : sql`true`}
    order by name`.execute(trx);
  return rows;
}

/** Slugs of the groups with a list that each host is on, by its id. */
export async function listedGroupsByTarget(trx: WorkspaceTransaction): Promise<Map<string, string[]>> {
  const rows = await trx
    .selectFrom('target_group_member as m')
    .innerJoin('target_group as g', (join) => join.onRef('g.workspace_id', '=', 'm.workspace_id').onRef('g.id', '=', 'm.group_id'))
    .select(['m.target_id', 'g.slug'])
    .where('g.archived_at', 'is', null)
    .orderBy('g.slug')
    .execute();
  const groups = new Map<string, string[]>();
  for (const { target_id, slug } of rows) groups.set(target_id, [...(groups.get(target_id) ?? []), slug]);
  return groups;
}

// The SQL of what is around a host.
import type { RelatedTarget, TargetHub, TargetRelation } from '@tidewheel/contract/routes/target-relations';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { stateOf } from './targets.store.ts';

export interface Edge {
  from: string;
  to: string;
  kind: TargetRelation['kind'];
}

/** Every relation that begins or ends at one of them, by id. */
export async function edgesAround(trx: WorkspaceTransaction, ids: readonly string[]): Promise<Edge[]> {
  const around = [...ids];
  const { rows } = await sql<Edge>`
    select target_id as "from", depends_on as "to", 'dependsOn' as kind from target_relation where target_id = any(${around}::uuid[])
    union select target_id, depends_on, 'dependsOn' from target_relation where depends_on = any(${around}::uuid[])
    union select id, via_id, 'via' from target where via_id is not null and archived_at is null and (id = any(${around}::uuid[]) or via_id = any(${around}::uuid[]))`.execute(
    trx,
  );
  return rows;
}

/** Those of them that are in use and may be seen, in order of name. */
export async function hostsById(
  trx: WorkspaceTransaction,
  { ids, permitted }: { ids: readonly string[]; permitted: Expression<SqlBool> },
): Promise<Omit<RelatedTarget, 'distance'>[]> {
  return trx
    .selectFrom('target')
    .select(['target.id', 'target.name', 'target.title', stateOf.as('state')])
    .where(sql<SqlBool>`target.id = any(${[...ids]}::uuid[])`)
    .where('target.archived_at', 'is', null)
    .where(permitted)
    .orderBy('target.name')
    .execute();
}

export async function findHubs(
  trx: WorkspaceTransaction,
  { permitted, search, limit }: { permitted: Expression<SqlBool>; search: string | undefined; limit: number },
): Promise<{ items: TargetHub[]; total: number }> {
  const pattern = `%${(search ?? '').replace(/[\\%_]/g, String.raw`\$&`)}%`;
  const { rows } = await sql<TargetHub & { total: number }>`
    with ends as (
      select r.target_id as id, 1 as depends_on, 0 as needed_by, 0 as jump_for from target_relation r
      union all select r.depends_on, 0, 1, 0 from target_relation r
      union all select t.via_id, 0, 0, 1 from target t where t.via_id is not null and t.archived_at is null
      union all select t.id, 0, 0, 0 from target t where t.via_id is not null and t.archived_at is null
    ), counted as (
      select id, sum(depends_on)::int as "dependsOn", sum(needed_by)::int as "neededBy", sum(jump_for)::int as "jumpFor" from ends group by id
    )
    select target.name, target.title, ${stateOf} as state, "dependsOn", "neededBy", "jumpFor",
      (select v.name from target v where v.workspace_id = target.workspace_id and v.id = target.via_id) as via, count(*) over ()::int as total
    from counted join target on target.id = counted.id
    where target.archived_at is null and target.name ilike ${pattern} and ${permitted}
    order by "dependsOn" + "neededBy" + "jumpFor" desc, target.name limit ${limit}`.execute(trx);
  return { items: rows.map(({ total: _total, ...hub }) => hub), total: rows[0]?.total ?? 0 };
}

// The SQL of triggers as people see and change them.
import type { Page } from '@tidewheel/contract/page';
import type { TriggerFilter } from '@tidewheel/contract/routes/triggers';
import type { RunState } from '@tidewheel/contract/run';
import type { TriggerHealth } from '@tidewheel/contract/trigger';
import { type Expression, type Insertable, type Kysely, type SqlBool, sql, type Transaction, type Updateable } from 'kysely';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { Database } from '../../storage/schema.ts';
import type { FlowTriggerTable } from '../../storage/trigger-tables.ts';

type Reader = Kysely<Database> | Transaction<Database>;
type Trx = Transaction<Database>;

/** What rules can say of a trigger: what they say of its flow. */
export const triggerColumns = { flow: 'flow.slug', folder: 'flow.folder', kind: 'flow.kind' };

function triggers(reader: Reader) {
  return reader
    .selectFrom('flow_trigger as t')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 't.workspace_id').onRef('flow.id', '=', 't.flow_id'))
    .selectAll('t')
    .select(['flow.slug as flow', 'flow.title as flow_title', 'flow.folder', 'flow.kind as flow_kind'])
    .select(
      sql<Date | null>`(select e.at from trigger_event e where e.trigger_id = t.id and e.state = 'fired' order by e.id desc limit 1)`.as('last_fired_at'),
    );
}

export type TriggerRow = NonNullable<Awaited<ReturnType<typeof findTrigger>>>;

export function findTrigger(reader: Reader, slug: string) {
  return triggers(reader).where('t.slug', '=', slug).executeTakeFirst();
}

/** What each trigger that is not archived evaluates. */
export function findExpressions(trx: Trx) {
  return trx
    .selectFrom('flow_trigger as t')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 't.workspace_id').onRef('flow.id', '=', 't.flow_id'))
    .where('t.archived_at', 'is', null)
    .select(['t.slug', 't.title', 't.condition', 't.parameters', 'flow.slug as flow', 'flow.folder', 'flow.kind as flow_kind'])
    .orderBy('t.slug')
    .execute();
}

/** Nobody else may change it until the transaction ends. */
export async function lockTrigger(trx: Trx, slug: string): Promise<void> {
  await trx.selectFrom('flow_trigger').select('id').where('slug', '=', slug).forUpdate().execute();
}

export async function listTriggerSlugs(trx: Trx, permitted: Expression<SqlBool>): Promise<string[]> {
  const rows = await triggers(trx).where('t.archived_at', 'is', null).where(permitted).limit(1_000).execute();
  return rows.map((row) => row.slug);
}

const byTitle: Sort = {
  name: 'title',
  keys: [
    { column: 't.title', type: 'text', direction: 'asc' },
    { column: 't.id', type: 'uuid', direction: 'asc' },
  ],
};

const healthConditions: Record<TriggerHealth, string> = {
  paused: 't.paused_at is not null',
  failing: 't.paused_at is null and t.failing_since is not null',
  idle: `t.paused_at is null and t.kind in ('webhook', 'flow')`,
  healthy: `t.paused_at is null and t.failing_since is null and t.kind not in ('webhook', 'flow')`,
};

type Filter = TriggerFilter & { permitted: Expression<SqlBool> };

function filtered(trx: Trx, { flow, kind, health, search, permitted }: Filter) {
  let query = triggers(trx).where('t.archived_at', 'is', null).where(permitted);
  if (flow !== undefined) query = query.where('flow.slug', '=', flow);
  if (kind !== undefined) query = query.where('t.kind', '=', kind);
  if (health !== undefined) query = query.where(sql<SqlBool>`${sql.raw(healthConditions[health])}`);
  if (search) {
    const pattern = `%${search.replace(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where((is) => is.or([is('t.slug', 'ilike', pattern), is('t.title', 'ilike', pattern)]));
  }
  return query;
}

export function findTriggers(trx: Trx, filter: Filter, page: PageRequest): Promise<Page<TriggerRow>> {
  return readPage({ db: trx, query: filtered(trx, filter), sort: byTitle, page });
}

export async function findSlugsBy(trx: Trx, filter: Filter, most: number): Promise<string[]> {
  const rows = await filtered(trx, filter).clearSelect().select('t.slug').orderBy('t.slug').limit(most).execute();
  return rows.map(({ slug }) => slug);
}

/** In order of their names, in which they are locked as well: two who change many do not wait for each other. */
export async function findNamedTriggers(trx: Trx, slugs: readonly string[], { lock }: { lock: boolean }): Promise<TriggerRow[]> {
  const wanted = sql<SqlBool>`t.slug = any(${slugs}::text[])`;
  if (lock) await trx.selectFrom('flow_trigger as t').select('t.id').where(wanted).orderBy('t.slug').forUpdate().execute();
  return triggers(trx).where(wanted).orderBy('t.slug').execute();
}

/** @returns false when the slug is taken */
export async function insertTrigger(trx: Trx, row: Insertable<FlowTriggerTable>): Promise<boolean> {
  const made = await trx
    .insertInto('flow_trigger')
    .values(row)
    .onConflict((conflict) => conflict.columns(['workspace_id', 'slug']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return made !== undefined;
}

export async function changeTrigger(trx: Trx, id: string, change: Updateable<FlowTriggerTable>): Promise<void> {
  await trx
    .updateTable('flow_trigger')
    .set({ ...change, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .execute();
}

/** What was remembered belongs to other settings: it begins anew. */
export async function forgetSeen(trx: Trx, id: string): Promise<void> {
  await trx.deleteFrom('trigger_item').where('trigger_id', '=', id).execute();
}

/** It waits for nothing any more. */
export async function unwatch(trx: Trx, trigger: string): Promise<void> {
  await trx.deleteFrom('trigger_watch').where('trigger_id', '=', trigger).execute();
}

export type WatchedFlow = Awaited<ReturnType<typeof findFlows>>[number];

export function findFlows(trx: Trx, slugs: string[]) {
  return trx.selectFrom('flow').select(['id', 'slug', 'folder', 'kind']).where('slug', 'in', slugs).where('archived_at', 'is', null).execute();
}

export interface Watched {
  workspaceId: string;
  trigger: string;
  flows: Pick<WatchedFlow, 'id'>[];
  states: RunState[];
}

export async function setWatched(trx: Trx, { workspaceId, trigger, flows, states }: Watched): Promise<void> {
  await unwatch(trx, trigger);
  if (flows.length === 0) return;
  const rows = flows.map((flow) => ({ workspace_id: workspaceId, flow_id: flow.id, trigger_id: trigger, states }));
  await trx.insertInto('trigger_watch').values(rows).execute();
}

// The SQL of schedules as people see and change them.
import type { ScheduleFilter } from '@tidewheel/contract/routes/schedules';
import type { RunState } from '@tidewheel/contract/run';
import type { Firing } from '@tidewheel/contract/schedule';
import { type Expression, type Insertable, type Kysely, type SqlBool, sql, type Transaction, type Updateable } from 'kysely';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { ScheduleTable } from '../../storage/schedule-tables.ts';
import type { Database } from '../../storage/schema.ts';

type Reader = Kysely<Database> | Transaction<Database>;
type Trx = Transaction<Database>;

/** What rules can say of a schedule, by the column that holds it. */
export const scheduleColumns = { schedule: 's.slug', flow: 'flow.slug', folder: 'flow.folder', kind: 'flow.kind' };

function schedules(reader: Reader) {
  return reader
    .selectFrom('schedule as s')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 's.workspace_id').onRef('flow.id', '=', 's.flow_id'))
    .leftJoinLateral(
      (join) =>
        join
          .selectFrom('schedule_firing as f')
          .leftJoin('run', (run) => run.onRef('run.workspace_id', '=', 'f.workspace_id').onRef('run.id', '=', 'f.run_id'))
          .whereRef('f.schedule_id', '=', 's.id')
          .orderBy('f.instant', 'desc')
          .limit(1)
          .select(['f.instant as last_instant', 'f.planned_at as last_planned', 'f.outcome as last_outcome', 'f.why as last_why', 'f.at as last_at'])
          .select(['f.fired_by as last_by', 'run.id as last_run', 'run.number as last_number', 'run.state as last_state', 'run.started_by as last_started_by'])
          .as('last'),
      (join) => join.onTrue(),
    )
    .selectAll('s')
    .select(['flow.slug as flow', 'flow.title as flow_title', 'flow.kind as flow_kind', 'flow.folder'])
    .select(['last_instant', 'last_planned', 'last_outcome', 'last_why', 'last_at', 'last_by', 'last_run', 'last_number', 'last_state', 'last_started_by']);
}

export type ScheduleRow = NonNullable<Awaited<ReturnType<typeof findSchedule>>>;

export function findSchedule(reader: Reader, slug: string) {
  return schedules(reader).where('s.slug', '=', slug).executeTakeFirst();
}

/** Nobody else may change it, and nothing fires it, until the transaction ends. */
export async function lockSchedule(trx: Trx, slug: string): Promise<void> {
  await trx.selectFrom('schedule').select('id').where('slug', '=', slug).forUpdate().execute();
}

export async function listSlugs(trx: Trx, permitted: Expression<SqlBool>): Promise<string[]> {
  const rows = await schedules(trx).where('s.archived_at', 'is', null).where(permitted).limit(1_000).execute();
  return rows.map((row) => row.slug);
}

/** Of all that are not archived, for who looks for what they name. */
export function findTimings(trx: Trx) {
  return trx
    .selectFrom('schedule as s')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 's.workspace_id').onRef('flow.id', '=', 's.flow_id'))
    .where('s.archived_at', 'is', null)
    .select(['s.slug', 's.title', 's.timing', 's.parameters', 'flow.slug as flow', 'flow.folder', 'flow.kind as flow_kind'])
    .orderBy('s.slug')
    .execute();
}

type Order = 'title' | 'next';

const sorts: Record<Order, Sort> = {
  title: {
    name: 'title',
    keys: [
      { column: 's.title', type: 'text', direction: 'asc' },
      { column: 's.id', type: 'uuid', direction: 'asc' },
    ],
  },
  next: {
    name: 'next',
    keys: [
      { column: 's.next_at', type: 'timestamptz', direction: 'asc' },
      { column: 's.id', type: 'uuid', direction: 'asc' },
    ],
  },
};

export type ScheduleQuery = ScheduleFilter & PageRequest & { sort: Order };
type Filter = ScheduleFilter & { permitted: Expression<SqlBool> };

function filtered(reader: Reader, { permitted, flow, state, search }: Filter) {
  let query = schedules(reader)
    .where(permitted)
    .where('s.archived_at', state === 'archived' ? 'is not' : 'is', null);
  if (state === 'active') query = query.where('s.paused_at', 'is', null);
  if (state === 'paused') query = query.where('s.paused_at', 'is not', null);
  if (flow !== undefined) query = query.where('flow.slug', '=', flow);
  if (search !== undefined) query = query.where(sql<SqlBool>`(position(lower(${search}) in lower(s.title)) > 0 or position(lower(${search}) in s.slug) > 0)`);
  return query;
}

export function pageSchedules(reader: Reader, { cursor, limit, sort, ...filter }: Filter & ScheduleQuery) {
  const all = filtered(reader, filter);
  return readPage({ db: reader, query: sort === 'next' ? all.where('s.next_at', 'is not', null) : all, sort: sorts[sort], page: { cursor, limit } });
}

export async function findSlugsBy(reader: Reader, filter: Filter, most: number): Promise<string[]> {
  const rows = await filtered(reader, filter).clearSelect().select('s.slug').orderBy('s.slug').limit(most).execute();
  return rows.map(({ slug }) => slug);
}

/** In order of their names, in which they are locked as well: two who change many do not wait for each other. */
export async function findNamedSchedules(trx: Trx, slugs: readonly string[], { lock }: { lock: boolean }): Promise<ScheduleRow[]> {
  const wanted = sql<SqlBool>`s.slug = any(${slugs}::text[])`;
  if (lock) await trx.selectFrom('schedule as s').select('s.id').where(wanted).orderBy('s.slug').forUpdate().execute();
  return schedules(trx).where(wanted).orderBy('s.slug').execute();
}

/** @returns false when the slug is taken */
export async function insertSchedule(trx: Trx, row: Insertable<ScheduleTable>): Promise<boolean> {
  const made = await trx
    .insertInto('schedule')
    .values(row)
    .onConflict((conflict) => conflict.columns(['workspace_id', 'slug']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return made !== undefined;
}

export async function changeSchedule(trx: Trx, id: string, change: Updateable<ScheduleTable>): Promise<void> {
  await trx
    .updateTable('schedule')
    .set({ ...change, revision: sql<number>`revision + 1`, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .execute();
}

/** Tells whoever fires schedules that the next moment may be another one. */
export async function announceSchedules(trx: Trx): Promise<void> {
  await sql`select pg_notify('tidewheel_schedule', '')`.execute(trx);
}

/** What decides over moments is the clock of the database. */
export async function databaseNow(reader: Reader): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(reader);
  return rows[0]?.now ?? new Date();
}

export function findChanges(reader: Reader, schedule: string) {
  return reader.selectFrom('schedule_change').where('schedule_id', '=', schedule).orderBy('instant').selectAll().execute();
}

export async function saveChange(
  trx: Trx,
  { workspace, schedule, instant, to, by, reason }: { workspace: string; schedule: string; instant: Date; to: Date | null; by: string; reason: string | null },
): Promise<void> {
  await trx
    .insertInto('schedule_change')
    .values({ workspace_id: workspace, schedule_id: schedule, instant, to_instant: to, changed_by: by, reason })
    .onConflict((conflict) => conflict.columns(['schedule_id', 'instant']).doUpdateSet({ to_instant: to, changed_by: by, reason, at: sql<Date>`now()` }))
    .execute();
}

export async function removeChange(trx: Trx, { schedule, instant }: { schedule: string; instant: Date }): Promise<boolean> {
  const gone = await trx
    .deleteFrom('schedule_change')
    .where('schedule_id', '=', schedule)
    .where('instant', '=', instant)
    .returning('instant')
    .executeTakeFirst();
  return gone !== undefined;
}

function firings(reader: Reader, schedule: string) {
  return reader
    .selectFrom('schedule_firing as f')
    .leftJoin('run', (join) => join.onRef('run.workspace_id', '=', 'f.workspace_id').onRef('run.id', '=', 'f.run_id'))
    .where('f.schedule_id', '=', schedule)
    .select(['f.instant', 'f.planned_at', 'f.outcome', 'f.why', 'f.at', 'f.fired_by', 'run.id as run', 'run.number', 'run.state', 'run.started_by']);
}

export interface FiringRow {
  instant: Date;
  planned_at: Date;
  outcome: Firing['outcome'];
  why: string | null;
  at: Date;
  fired_by: string | null;
  run: string | null;
  number: number | null;
  state: RunState | null;
  started_by: string | null;
}

const newestFiring: Sort = { name: 'newest', keys: [{ column: 'f.instant', type: 'timestamptz', direction: 'desc' }] };

export function pageFirings(reader: Reader, { schedule, outcome, cursor, limit }: { schedule: string; outcome?: Firing['outcome'] | undefined } & PageRequest) {
  let query = firings(reader, schedule);
  if (outcome !== undefined) query = query.where('f.outcome', '=', outcome);
  return readPage({ db: reader, query, sort: newestFiring, page: { cursor, limit } });
}

export function firingsBetween(reader: Reader, { schedule, from, to }: { schedule: string; from: Date; to: Date }): Promise<FiringRow[]> {
  return firings(reader, schedule).where('f.instant', '>=', from).where('f.instant', '<', to).orderBy('f.instant', 'desc').limit(1_000).execute();
}

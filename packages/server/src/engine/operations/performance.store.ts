// Performance tests, and what their runs took.
import type { RunState } from '@tidewheel/contract/run';
import { type Expression, type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { Database } from '../../storage/schema.ts';

type Reader = Kysely<Database> | Transaction<Database>;

function tests(reader: Reader) {
  return reader
    .selectFrom('performance_test as test')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'test.workspace_id').onRef('flow.id', '=', 'test.flow_id'))
    .selectAll('test')
    .select(['flow.slug as flow', 'flow.title as flow_title', 'flow.folder', 'flow.kind', 'test.created_by as started_by']);
}

export type PerformanceRow = NonNullable<Awaited<ReturnType<typeof findTest>>>;

/** As rules may speak of a test: like a run that its maker started. */
export const performanceColumns = { flow: 'flow.slug', folder: 'flow.folder', kind: 'flow.kind', startedBy: 'test.created_by' };

export function findTest(reader: Reader, id: string) {
  return tests(reader).where('test.id', '=', id).executeTakeFirst();
}

const newest: Sort = { name: 'newest', keys: [{ column: 'test.id', type: 'uuid', direction: 'desc' }] };

export function pageTests(reader: Reader, { flow, permitted, cursor, limit }: { flow?: string | undefined; permitted: Expression<SqlBool> } & PageRequest) {
  let query = tests(reader).where(permitted);
  if (flow !== undefined) query = query.where('flow.slug', '=', flow);
  return readPage({ db: reader, query, sort: newest, page: { cursor, limit } });
}

/** Those that may be compared with it, newest first. */
export function findBefore(reader: Reader, { id, flow_id, mode, concurrency }: Pick<PerformanceRow, 'id' | 'flow_id' | 'mode' | 'concurrency'>) {
  return tests(reader)
    .where('test.flow_id', '=', flow_id)
    .where('test.id', '<', id)
    .where('test.mode', '=', mode)
    .where('test.concurrency', '=', concurrency)
    .where('test.cancelled_at', 'is', null)
    .orderBy('test.id', 'desc')
    .executeTakeFirst();
}

export function keyOf(id: string, number: number): string {
  return `performance ${id} ${number}`;
}

export interface MeasuredRun {
  id: string;
  number: number;
  state: RunState;
  started_at: Date | null;
  finished_at: Date | null;
}

/** By test. Each run by its key (what a limit makes sure of): the keys are too many to be compared with every run. */
export async function runsOf(reader: Reader, ids: string[]): Promise<Map<string, MeasuredRun[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<MeasuredRun & { of: string }>`select t.id as of, r.id, r.number, r.state, r.started_at, r.finished_at
    from performance_test t cross join lateral generate_series(0, t.runs - 1) as place
      cross join lateral (select id, number, state, started_at, finished_at from run
        where workspace_id = t.workspace_id and flow_id = t.flow_id and idempotency_key = 'performance ' || t.id || ' ' || place limit 1) r
    where t.id = any(${ids}::uuid[]) order by r.id`.execute(reader);
  return Map.groupBy(rows, ({ of }) => of);
}

export interface MeasuredStep {
  step_id: string;
  use: string;
  count: number;
  failed: number;
  retried: number;
  p50: number;
  p95: number;
  most: number;
  /** Milliseconds of all of them together. */
  total: number;
  rows_in: number | null;
  rows_out: number | null;
}

/** Of steps that began and ended. */
export async function measuredSteps(reader: Reader, runs: string[]): Promise<MeasuredStep[]> {
  if (runs.length === 0) return [];
  const { rows } = await sql<MeasuredStep>`
    select step_id, min(use) as use, count(*)::int as count, count(*) filter (where state = 'failed')::int as failed, count(*) filter (where attempt > 1)::int as retried,
      percentile_cont(0.5) within group (order by ms)::float8 as p50, percentile_cont(0.95) within group (order by ms)::float8 as p95, max(ms)::float8 as most, sum(ms)::float8 as total,
      sum((output -> 'counts' ->> 'rowsIn')::float8) as rows_in, sum((output -> 'counts' ->> 'rowsOut')::float8) as rows_out
    from (select *, extract(epoch from finished_at - started_at)::float8 * 1000 as ms from step_run
      where run_id = any(${runs}::uuid[]) and started_at is not null and finished_at is not null and state in ('succeeded', 'failed', 'compensated')) measured
    group by step_id`.execute(reader);
  return rows;
}

export async function insertTest(
  trx: Transaction<Database>,
  row: Pick<PerformanceRow, 'workspace_id' | 'id' | 'flow_id' | 'version' | 'mode' | 'runs' | 'concurrency' | 'created_by'>,
): Promise<void> {
  await trx.insertInto('performance_test').values(row).execute();
}

export async function markCancelled(trx: Transaction<Database>, { id, by }: { id: string; by: string }): Promise<void> {
  await trx
    .updateTable('performance_test')
    .set({ cancelled_at: sql<Date>`now()`, cancelled_by: by, is_cancelling: true })
    .where('id', '=', id)
    .where('cancelled_at', 'is', null)
    .execute();
}

/** Each of its runs was asked to end. */
export async function markAllCancelled(trx: Transaction<Database>, id: string): Promise<void> {
  await trx.updateTable('performance_test').set({ is_cancelling: false }).where('id', '=', id).execute();
}

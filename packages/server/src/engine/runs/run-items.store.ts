// The runs below a step, grouped by what they gave.
import type { RunState } from '@tidewheel/contract/run';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../storage/schema.ts';

type Reader = Kysely<Database> | Transaction<Database>;

interface Of {
  run: string;
  step: string;
}

export interface GroupRow {
  state: RunState;
  count: number;
  value: string | null;
  length: number;
  error: { code: string; message: string } | null;
  items: { run: string; number: number; item: number; value: unknown }[];
  /** Groups in all. */
  different: number;
}

/** A longer value is cut. */
export const longestValue = 8_000;
/** Fields that only say for which item something is, or how long it took: they would make each result one of its own. */
const ownToEach = ['target', 'ms'];
const mostGroups = 100;
const mostItems = 50;

/** Those of the newest attempt, with what each gave: the value of its only last step, or by name when there are several. */
function items({ run, step }: Of) {
  return sql`(select r.id, r.number, r.item, r.state, r.error, r.locals -> 'item' as value,
      case when jsonb_typeof(r.output) = 'object' and (select count(*) from jsonb_object_keys(r.output)) = 1 then (select each.value from jsonb_each(r.output) each) else r.output end as gave
    from run r where r.parent_id = ${run} and r.parent_step = ${step}
      and r.parent_attempt = (select max(parent_attempt) from run where parent_id = ${run} and parent_step = ${step}))`;
}

export async function countItems(reader: Reader, of: Of): Promise<{ total: number; open: number }> {
  const { rows } = await sql<{ total: number; open: number }>`
    select count(*)::int as total, (count(*) filter (where state not in ('succeeded', 'failed', 'cancelled')))::int as open from ${items(of)} item`.execute(
    reader,
  );
  return rows[0] ?? { total: 0, open: 0 };
}

export async function fieldsOf(reader: Reader, of: Of): Promise<string[]> {
  const { rows } = await sql<{ field: string }>`
    select distinct field from ${items(of)} item, jsonb_object_keys(case when jsonb_typeof(item.gave) = 'object' then item.gave else '{}'::jsonb end) field order by field limit 100`.execute(
    reader,
  );
  return rows.map(({ field }) => field);
}

export async function groupItems(reader: Reader, { field, ...of }: Of & { field: string | null }): Promise<GroupRow[]> {
  const { rows } = await sql<GroupRow>`
    with compared as (
      select item.*, (case when ${field}::text is null then case when jsonb_typeof(item.gave) = 'object' then item.gave - ${ownToEach}::text[] else item.gave end when jsonb_typeof(item.gave) = 'object' then item.gave -> ${field}::text end)::text as said, item.error ->> 'code' as code
      from ${items(of)} item where item.state in ('succeeded', 'failed', 'cancelled'))
    select state, count(*)::int as count, left(min(said), ${longestValue}) as value, coalesce(length(min(said)), 0) as length,
      (array_agg(case when error is null then null else jsonb_build_object('code', error ->> 'code', 'message', error ->> 'message') end order by item))[1] as error,
      to_jsonb((array_agg(jsonb_build_object('run', id, 'number', number, 'item', item, 'value', value) order by item))[1:${sql.lit(mostItems)}]) as items,
      (count(*) over ())::int as different
    from compared group by state, md5(coalesce(said, '')), code order by count(*) desc, min(item) limit ${sql.lit(mostGroups)}`.execute(reader);
  return rows;
}

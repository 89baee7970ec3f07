// Hands what waits to a run, exactly once: a row is held by the step that took it until the run ends.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Row } from '@tidewheel/kit/step-context';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Databases, WorkspaceTransaction } from '../../../storage/database.ts';
import { fieldColumns } from './buffer-rows.ts';
import { forgetEndedRuns, isFree, lockBuffer } from './free-rows.store.ts';

export interface Taking {
  workspaceId: string;
  runId: string;
  step: string;
  /** Tells what it would take, and takes nothing. */
  isDry: boolean;
  /** Rows with doubts stay for a person. */
  leaveDoubtful: boolean;
  /** Rows that say what an earlier one says are held, too, and go with it, but are not handed on. */
  leaveDuplicates: boolean;
  /** Only these; empty: all. */
  sources: readonly string[];
}

const batchSize = 2_000;
export const mostTaken = 2_000_000;

/** Rows by the names of the fields, in the order in which they came; those that an earlier attempt of this step took already, if there are any. */
export async function* takeRows({ engine }: Pick<Databases, 'engine'>, taking: Taking): AsyncGenerator<Row[]> {
  if (!taking.isDry) await engine.transaction().execute((trx) => holdFree(trx, taking));
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { rows } = await nextRows(taking, after).execute(engine);
    const given = rows.flatMap(({ _id, _first, ...row }) => (_first ? [row] : []));
    if (given.length > 0) yield given;
    if (rows.length < batchSize) return;
    after = rows.at(-1)?.['_id'] as string;
  }
}

/** One run of a workspace takes at a time: whoever comes second finds what the first left. */
async function holdFree(trx: WorkspaceTransaction, taking: Taking): Promise<void> {
  const { workspaceId, runId, step } = taking;
  await lockBuffer(trx, workspaceId);
  const held = await trx
    .selectFrom('color_buffer')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('taken_by_run', '=', runId)
    .where('taken_by_step', '=', step)
    .limit(1)
    .execute();
  if (held.length > 0) return;
  await forgetEndedRuns(trx, { workspaceId, which: wanted(taking) });
  const { numAffectedRows } = await sql`update color_buffer set taken_by_run = ${runId}, taken_by_step = ${step}, taken_at = now()
    where color_buffer.workspace_id = ${workspaceId} and ${isFree} and ${wanted(taking)}`.execute(trx);
  if (Number(numAffectedRows ?? 0) > mostTaken)
    throw new InvalidInput('color.too_many', `More than ${mostTaken.toLocaleString('en')} colors wait.`, { hint: 'Take them source by source.' });
}

function wanted({ leaveDoubtful, sources }: Taking) {
  const all = [sql<SqlBool>`true`];
  if (leaveDoubtful) all.push(sql<SqlBool>`color_buffer.doubts = '{}'`);
  if (sources.length > 0) all.push(sql<SqlBool>`coalesce(color_buffer.source, '') in (${sql.join(sources)})`);
  return sql<SqlBool>`(${sql.join(all, sql` and `)})`;
}

const shown = sql.join(
  fieldColumns.map(({ name, type }) =>
    type === 'timestamptz' ? sql`to_char(${sql.ref(name)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${sql.ref(name)}` : sql.ref(name),
  ),
);

/** A page is read before anything is looked up for its rows, and each row asks the index for itself: what was just taken is in no statistics, and a join compares each with each. */
export function nextRows(taking: Taking, after: string): RawBuilder<Row> {
  const { workspaceId, runId, step, isDry, leaveDuplicates } = taking;
  const mine = isDry
    ? sql<SqlBool>`(${isFree} and ${wanted(taking)})`
    : sql<SqlBool>`(color_buffer.taken_by_run = ${runId} and color_buffer.taken_by_step = ${step})`;
  // "is not distinct" keeps it from the index of whose rows they are: those are all of the others.
  const among = isDry ? sql<SqlBool>`true` : sql<SqlBool>`earlier.taken_by_run is not distinct from ${runId}::uuid and earlier.taken_by_step = ${step}`;
  const isFirst = leaveDuplicates
    ? sql<boolean>`(select (array_agg(earlier.id order by earlier.id))[1] from color_buffer earlier where earlier.workspace_id = page.workspace_id
        and earlier.sameness = page.sameness and earlier.removed_at is null and ${among}) = page.id`
    : sql<boolean>`true`;
  return sql<Row>`with page as materialized (
      select * from color_buffer where workspace_id = ${workspaceId} and id > ${after} and ${mine} order by id limit ${batchSize})
    select id as _id, ${isFirst} as _first, ${shown}, more::text as more from page order by id`;
}

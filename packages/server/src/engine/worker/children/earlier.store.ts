// The runs below a step of an earlier run, for a run that repeats it from there.
import type { RunMode, RunState } from '@tidewheel/contract/run';
import type pg from 'pg';
import { storableJson } from '../../../base/text.ts';
import { decidedSql } from '../decided-sql.ts';
import type { Runner } from '../job-queue.ts';
import type { EarlierStep } from '../rerun-plan.ts';

export interface EarlierChild {
  id: string;
  number: number;
  item: number;
  state: RunState;
  mode: RunMode;
  version_id: string;
  given: string[] | null;
  parameters: Record<string, unknown>;
  /** The item that it ran for, as Postgres writes it. */
  value: string | null;
}

interface Place {
  run: string;
  step: string;
}

/** Of its newest attempt, those of these items. `values`: null where runs have no item of their own. */
export async function findEarlier(pool: pg.Pool, { run, step, values }: Place & { values: unknown[] | null }): Promise<EarlierChild[]> {
  const { rows } = await pool.query<EarlierChild>(
    `select id, number, item, state, mode, version_id, given, parameters, (locals -> 'item')::text as value from run
     where parent_id = $1 and parent_step = $2 and parent_attempt = (select max(parent_attempt) from run where parent_id = $1 and parent_step = $2)
       and ($3::jsonb[] is null or locals -> 'item' = any($3::jsonb[])) and finished_at is not null order by item`,
    [run, step, values === null ? null : values.map((value) => storableJson(value ?? null))],
  );
  return rows;
}

/** The same text as `EarlierChild.value` for each of these. */
export async function writtenAs(pool: pg.Pool, values: unknown[]): Promise<(string | null)[]> {
  const { rows } = await pool.query<{ value: string | null }>(
    'select v::text as value from unnest($1::jsonb[]) with ordinality as o(v, place) order by place',
    [values.map((value) => storableJson(value ?? null))],
  );
  return rows.map((row) => row.value);
}

export async function readEarlierSteps(pool: pg.Pool, runs: string[]): Promise<Map<string, EarlierStep[]>> {
  const { rows } = await pool.query<EarlierStep & { run_id: string }>(
    `select run_id, step_id, use, state, reason, attempt, output, reused_from, ${decidedSql} as decided from step_run where run_id = any($1)`,
    [runs],
  );
  return Map.groupBy(rows, (row) => row.run_id);
}

/** New runs that are over at once: each has what the run had that it repeats. */
export async function takeOver(runner: Runner, runs: string[]): Promise<void> {
  if (runs.length === 0) return;
  await runner.query(
    `with over as (
       update run r set state = 'succeeded', started_at = now(), finished_at = now(), output = e.output, rows_in = e.rows_in, rows_out = e.rows_out, rejected = e.rejected, event_seq = 2
       from run e where r.id = any($1) and r.state = 'queued' and e.id = r.rerun_of
       returning r.workspace_id, r.id, e.id as earlier, r.rows_in, r.rows_out, r.rejected),
     told as (
       insert into run_event (workspace_id, run_id, seq, at, type, step_id, data)
       select workspace_id, id, 2, now(), 'run.succeeded', null, jsonb_build_object('rowsIn', rows_in, 'rowsOut', rows_out, 'rejected', rejected, 'takenOverFrom', earlier) from over)
     insert into step_run (workspace_id, run_id, step_id, use, state, reason, attempt, finished_at, output, preview, reused_from)
     select over.workspace_id, over.id, s.step_id, s.use, s.state, 'taken over', 0, now(), s.output, s.preview, coalesce(s.reused_from, s.run_id)
     from over join step_run s on s.run_id = over.earlier
     on conflict do nothing`,
    [runs],
  );
}

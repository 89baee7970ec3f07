// A run that repeats another goes on with what that one took: its rows of the buffer become those of this run, or nothing is kept.
import { Conflict } from '@tidewheel/contract/errors';
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { lockBuffer } from '../buffer/free-rows.store.ts';

interface Holding {
  workspaceId: string;
  runId: string;
}

/** @throws Conflict when somebody has changed, taken or processed some of them since */
export async function holdReused(trx: WorkspaceTransaction, { workspaceId, runId }: Holding): Promise<void> {
  const reused = await findReused(trx, runId);
  if (reused.length === 0) return;
  // Nobody takes meanwhile.
  await lockBuffer(trx, workspaceId);
  for (const { step, rows, runs } of reused) {
    const { numAffectedRows } = await sql`update color_buffer set taken_by_run = ${runId}, taken_at = now()
      where workspace_id = ${workspaceId} and taken_by_step = ${step} and taken_by_run = any(${[...runs, runId]}::uuid[])`.execute(trx);
    if (Number(numAffectedRows ?? 0) < rows) throw takenSince(step);
  }
}

/** The steps of this run that took from the buffer in an earlier one: how many rows they handed on, and the runs through which they came. */
async function findReused(trx: WorkspaceTransaction, runId: string): Promise<{ step: string; rows: number; runs: string[] }[]> {
  const { rows } = await sql<{ step: string; rows: number; runs: string[] }>`
    with recursive origin as (
      select step_id, reused_from as run, coalesce((output #>> '{table,rows}')::int, 0) as rows
      from step_run where run_id = ${runId} and use = 'color.take' and reused_from is not null
      union all
      select o.step_id, s.reused_from, o.rows from origin o join step_run s on s.run_id = o.run and s.step_id = o.step_id where s.reused_from is not null)
    select step_id as step, max(rows) as rows, array_agg(run) as runs from origin group by step_id`.execute(trx);
  return rows;
}

function takenSince(step: string): Conflict {
  return new Conflict('color.taken_since', `What ${step} took in the run that this one repeats has been changed, taken or processed since.`, {
    hint: 'Run the flow anew: it takes what waits now.',
  });
}

// What finished steps left, to be the input of others.
import type { StepState } from '@tidewheel/contract/run';
import type pg from 'pg';
import type { StoredOutput } from '../../storage/schema.ts';
import type { Runner } from './job-queue.ts';

export interface FactRow {
  run_id: string;
  step_id: string;
  state: StepState;
  output: StoredOutput | null;
}

/** What finished steps of these runs left, to be the input of others. */
export async function readFacts(runner: Pick<Runner, 'query'> | pg.Pool, runs: string[]): Promise<FactRow[]> {
  if (runs.length === 0) return [];
  const { rows } = await runner.query<FactRow>({
    name: 'facts',
    text: `select run_id, step_id, state, output from step_run where run_id = any($1) and state in ('succeeded', 'failed', 'skipped', 'cancelled', 'compensated')`,
    values: [runs],
  });
  return rows;
}

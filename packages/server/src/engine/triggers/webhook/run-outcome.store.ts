import type { RunState } from '@tidewheel/contract/run';
import type pg from 'pg';

export interface Outcome {
  state: RunState;
  output: Record<string, unknown> | null;
}

export async function findOutcome(pool: pg.Pool, run: string): Promise<Outcome | undefined> {
  const { rows } = await pool.query<Outcome>('select state, output from run where id = $1', [run]);
  return rows[0];
}

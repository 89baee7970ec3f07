// With what a trigger started a run, or the one that it repeats.
import type { FileRef } from '@tidewheel/contract/values';
import type { StartEvent } from '@tidewheel/kit/step-context';
import type pg from 'pg';

export async function findStartEvent(pool: pg.Pool, run: string): Promise<StartEvent | null> {
  const { rows } = await pool.query<{ event: Record<string, unknown> | null; files: FileRef[] | null }>(
    `with recursive chain as (
       select id, rerun_of from run where id = $1
       union all select r.id, r.rerun_of from run r join chain c on r.id = c.rerun_of)
     select e.event, e.files from chain join trigger_event e on e.run_id = chain.id limit 1`,
    [run],
  );
  const [found] = rows;
  return found ? { data: found.event ?? {}, files: found.files ?? [] } : null;
}

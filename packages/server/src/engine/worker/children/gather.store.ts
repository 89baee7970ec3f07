// What the runs below a step left, to be put together.
import type pg from 'pg';
import type { StoredOutput } from '../../../storage/schema.ts';
import type { ParentRef } from './children.store.ts';

/** What a step left in one of the runs below it. */
export type ChildLeft = Pick<StoredOutput, 'table' | 'rejected' | 'files' | 'counts'>;

/** Of the items that succeeded, in their order. */
export async function childrenLeft(pool: pg.Pool, { parent, most }: { parent: ParentRef; most: number }): Promise<ChildLeft[]> {
  const { rows } = await pool.query<ChildLeft>(
    `select s.output -> 'table' as "table", s.output -> 'rejected' as rejected, s.output -> 'files' as files, s.output -> 'counts' as counts
     from run r join step_run s on s.run_id = r.id and s.step_id = $2
     where r.parent_id = $1 and r.parent_step = $2 and r.parent_attempt = $3 and r.state = 'succeeded' and s.state = 'succeeded' order by r.item limit $4`,
    [parent.run, parent.step, parent.attempt, most],
  );
  return rows;
}

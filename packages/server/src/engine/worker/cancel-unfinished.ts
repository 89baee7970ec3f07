// Goes on with a cancellation whose process ended between two of its transactions: what is below a run that is being cancelled is to end with it.
import type pg from 'pg';
import { cancelRun } from './cancel.ts';
import { inTransaction } from './claim.store.ts';
import type { JobQueue } from './job-queue.ts';

interface Unfinished {
  id: string;
  by: string;
  forced: boolean;
}

/** Not at once: whoever cancels is mostly at it. One level at a time, for what is below these is found the next time. */
export async function cancelUnfinished({ pool, queue }: { pool: pg.Pool; queue: JobQueue }): Promise<void> {
  const { rows } = await pool.query<Unfinished>(
    `select c.id, p.cancel_forced as forced,
       coalesce((select e.data ->> 'by' from run_event e where e.run_id = p.id and e.type = 'run.cancelling' order by e.seq desc limit 1), 'tidewheel') as by
     from run p join run c on c.parent_id = p.id and c.finished_at is null
       left join step_wait w on w.run_id = c.parent_id and w.step_id = c.parent_step and w.kind = 'children'
     where p.finished_at is null and p.cancelling_at < now() - interval '10 seconds'
       and case when p.cancel_forced then not c.cancel_forced else c.state <> 'cancelling' and coalesce(w.data -> 'cleansUp' <> 'true', true) end
     limit 100`,
  );
  for (const { id, by, forced } of rows) await inTransaction(pool, (client) => cancelRun(client, { queue, run: id, by, error: null, mayForce: forced }));
}

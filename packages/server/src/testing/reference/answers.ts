// Answers whatever waits for a signal, as people would.
import type pg from 'pg';
import { inTransaction } from '../../engine/worker/claim.store.ts';
import type { JobQueue } from '../../engine/worker/job-queue.ts';
import { endWait } from '../../engine/worker/wait.store.ts';
import { answerTo } from './expressions.ts';

/** @returns how many were answered */
export async function answerAll({ pool, queue }: { pool: pg.Pool; queue: JobQueue }): Promise<number> {
  const { rows } = await pool.query<{ run: string; step: string; name: string }>(
    `select run_id as run, step_id as step, name from step_wait where kind = 'signal' and ended_at is null limit 200`,
  );
  for (const { run, step, name } of rows) {
    const answer = { by: 'answer' as const, answer: answerTo(name), who: 'campaign', at: new Date().toISOString() };
    await inTransaction(pool, async (client) => {
      await client.query('select 1 from run where id = $1 for no key update', [run]);
      await queue.enqueue(client, await endWait(client, { run, step, answer }));
    });
  }
  return rows.length;
}

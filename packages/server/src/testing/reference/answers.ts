// Answers whatever waits for a signal or an approval, as people would.
import type pg from 'pg';
import { inTransaction } from '../../engine/worker/claim.store.ts';
import type { JobQueue } from '../../engine/worker/job-queue.ts';
import { endWait } from '../../engine/worker/wait.store.ts';
import { answerTo, isApproved } from './expressions.ts';

/** @returns how many were answered */
export async function answerAll({ pool, queue }: { pool: pg.Pool; queue: JobQueue }): Promise<number> {
  const { rows } = await pool.query<{ run: string; step: string; name: string | null; kind: 'signal' | 'approval' }>(
    `select run_id as run, step_id as step, name, kind from step_wait where kind in ('signal', 'approval') and ended_at is null limit 200`,
  );
  for (const { run, step, name, kind } of rows) {
    const said = kind === 'signal' ? answerTo(name ?? '') : decisionOn(step);
    const answer = { by: 'answer' as const, answer: said, who: 'campaign', at: new Date().toISOString() };
    await inTransaction(pool, async (client) => {
      await client.query('select 1 from run where id = $1 for no key update', [run]);
      await queue.enqueue(client, await endWait(client, { run, step, answer }));
    });
  }
  return rows.length;
}

/** As the votes of people end an approval. */
function decisionOn(step: string): object {
  const decision = isApproved(step) ? 'approved' : 'rejected';
  const vote = { by: 'ada@example.com', onBehalfOf: null, decision: decision === 'approved' ? 'approve' : 'reject', comment: '', at: new Date().toISOString() };
  return { decision, form: {}, votes: [vote] };
}

// Answers whatever waits for a signal, a callback or an approval, as people and other systems would.

import { callbackAddresses } from '../../engine/callbacks.ts';
import { callBack } from '../../engine/waits/signals.service.ts';
import { inTransaction } from '../../engine/worker/claim.store.ts';
import type { JobQueue } from '../../engine/worker/job-queue.ts';
import { endWait } from '../../engine/worker/wait.store.ts';
import type { Databases } from '../../storage/database.ts';
import { answerTo, isApproved, neverComes } from './expressions.ts';

export interface Answering {
  databases: Databases;
  queue: JobQueue;
}

/** @returns how many were answered */
export async function answerAll({ databases, queue }: Answering): Promise<number> {
  const pool = databases.enginePool;
  const { rows } = await pool.query<{ run: string; step: string; name: string | null; kind: 'signal' | 'callback' | 'approval' }>(
    `select run_id as run, step_id as step, name, kind from step_wait where kind in ('signal', 'callback', 'approval') and ended_at is null limit 200`,
  );
  for (const { run, step, name, kind } of rows) {
    if (name !== null && neverComes(name)) continue;
    if (kind === 'callback') {
      await callBackTo({ databases, queue }, { run, name: name ?? '' });
      continue;
    }
    const said = kind === 'signal' ? answerTo(name ?? '') : decisionOn(step);
    const answer = { by: 'answer' as const, answer: said, who: 'campaign', at: new Date().toISOString() };
    await inTransaction(pool, async (client) => {
      await client.query('select 1 from run where id = $1 for no key update', [run]);
      await queue.enqueue(client, await endWait(client, { run, step, answer }));
    });
  }
  return rows.length;
}

/** As the system does that was given the address: whoever is not sure that it was heard calls again. */
export async function callBackTo({ databases, queue }: Answering, { run, name }: { run: string; name: string }): Promise<void> {
  const key = Buffer.alloc(32, 'campaign');
  const { addressOf } = callbackAddresses({ key, origin: () => 'http://127.0.0.1' });
  const token = addressOf(run).split('/').at(-1) ?? '';
  await callBack({ databases, queue, callbacks: { key, addressOf } }, { token, name, data: answerTo(name), via: undefined });
}

/** As the votes of people end an approval. */
function decisionOn(step: string): object {
  const decision = isApproved(step) ? 'approved' : 'rejected';
  const vote = { by: 'ada@example.com', onBehalfOf: null, decision: decision === 'approved' ? 'approve' : 'reject', comment: '', at: new Date().toISOString() };
  return { decision, form: {}, votes: [vote] };
}

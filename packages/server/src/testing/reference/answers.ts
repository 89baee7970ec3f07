// Answers whatever waits for a signal, a callback or an approval, as people and other systems would.

import { callbackAddresses } from '../../engine/callbacks.ts';
import { callBack } from '../../engine/waits/signals.service.ts';
import { inTransaction } from '../../engine/worker/claim.store.ts';
import type { JobQueue } from '../../engine/worker/job-queue.ts';
import { endWait } from '../../engine/worker/wait.store.ts';
import type { Databases } from '../../storage/database.ts';
import { answerTo, isApproved } from './expressions.ts';

export interface Answering {
  databases: Databases;
  queue: JobQueue;
}

interface Open {
  run: string;
  step: string;
  name: string | null;
  kind: 'signal' | 'callback' | 'approval';
}

/** Whom it does not reach is answered the next time: an answer may be lost, and a run may be ending just now. */
export async function answerAll({ databases, queue }: Answering): Promise<void> {
  const { rows } = await databases.enginePool.query<Open>(
    `select run_id as run, step_id as step, name, kind from step_wait
     where kind in ('signal', 'callback', 'approval') and ended_at is null and (name is null or name not like 'never%') limit 200`,
  );
  for (const open of rows) await answer({ databases, queue }, open).catch(() => {});
}

async function answer({ databases, queue }: Answering, { run, step, name, kind }: Open): Promise<void> {
  if (kind === 'callback') return callBackTo({ databases, queue }, { run, name: name ?? '' });
  const said = kind === 'signal' ? answerTo(name ?? '') : decisionOn(step);
  const told = { by: 'answer' as const, answer: said, who: 'campaign', at: new Date().toISOString() };
  await inTransaction(databases.enginePool, async (client) => {
    await client.query('select 1 from run where id = $1 for no key update', [run]);
    await queue.enqueue(client, await endWait(client, { run, step, answer: told }));
  });
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

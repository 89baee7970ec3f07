// Ends a run that no worker can advance: its plan cannot be made any more, or not even the refusal of a result can be written.

import type { StoredError } from '@tidewheel/contract/errors';
import { finalRunStates } from '@tidewheel/contract/run';
import type pg from 'pg';
import { storableJson } from '../../base/text.ts';
import { cancelRun } from './cancel.ts';
import { inTransaction } from './claim.store.ts';
import { keepDeadLetters } from './dead-letter.store.ts';
import { openGates } from './gate.store.ts';
import type { JobQueue, Runner } from './job-queue.ts';
import { raisingEnds } from './run-news.store.ts';
import { tickParents } from './wait.store.ts';

interface Abandoned {
  workspace_id: string;
  event_seq: number;
  gate: string | null;
  parent_id: string | null;
  parent_step: string | null;
}

/** With all that is queued, held, parked or waited for of it, and the runs that worked for it. */
export async function abandonRun(pool: pg.Pool, { run, error, queue }: { run: string; error: StoredError; queue: JobQueue }): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<Abandoned>(
      `update run set state = 'failed', finished_at = now(), error = $2, event_seq = event_seq + 1, paused_at = null, held_at = null
       where id = $1 and not (state = any($3)) returning workspace_id, event_seq, gate, parent_id, parent_step`,
      [run, storableJson(error), finalRunStates],
    );
    await client.query('delete from lease where run_id = $1', [run]);
    await queue.withdraw(client, run);
    await client.query('delete from parked_job where run_id = $1', [run]);
    await client.query('update step_wait set ended_at = now() where run_id = $1 and ended_at is null', [run]);
    for (const ended of rows) await tell(client, { ended, run, error, queue });
    // What is below these is found by what carries on cancellations.
    for (const id of await workingFor(client, run)) await cancelRun(client, { queue, run: id, by: 'tidewheel', error: null });
  });
}

/** Not what it only started: a flow that is not waited for goes on. */
async function workingFor(runner: Runner, run: string): Promise<string[]> {
  const { rows } = await runner.query<{ id: string }>(
    `select r.id from run r left join step_wait w on w.run_id = r.parent_id and w.step_id = r.parent_step and w.kind = 'children'
     where r.parent_id = $1 and r.finished_at is null and coalesce(w.data #>> '{target,waits}', 'true') = 'true' order by r.id`,
    [run],
  );
  return rows.map(({ id }) => id);
}

async function tell(runner: Runner, { ended, run, error, queue }: { ended: Abandoned; run: string; error: StoredError; queue: JobQueue }): Promise<void> {
  const { workspace_id: workspace, event_seq, gate, parent_id, parent_step } = ended;
  await runner.query(`insert into run_event (workspace_id, run_id, seq, at, type, step_id, data) values ($1, $2, $3, now(), 'run.failed', null, $4)`, [
    workspace,
    run,
    event_seq,
    storableJson({ rowsIn: null, rowsOut: null, rejected: 0, error }),
  ]);
  await keepDeadLetters(runner, [run]);
  const { text, values } = raisingEnds([{ workspace, run }]);
  await runner.query(text, values);
  const parents = parent_id && parent_step ? [{ run: parent_id, step: parent_step, attempt: 0, item: 0 }] : [];
  await queue.enqueue(runner, [...(await tickParents(runner, parents)), ...(await openGates(runner, gate ? [{ workspace, gate }] : []))]);
}

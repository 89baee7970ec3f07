// A vote, and what it decides: one transaction under the lock of the run. The database checks each vote once more by itself (migration 0105).
import type { Decision } from '@tidewheel/contract/approval';
import { Conflict, NotAllowed } from '@tidewheel/contract/errors';
import type { Actor } from '../../base/actor.ts';
import { storableJson } from '../../base/text.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { Databases } from '../../storage/database.ts';
import type { JobQueue, Runner } from '../worker/job-queue.ts';
import { runnerOf } from '../worker/runner-of.ts';
import { endWait } from '../worker/wait.store.ts';
import { type Answerable, isAnswerable } from './answerable.ts';
import { type ApprovalRow, type Decider, findDeciders, findVotes, insertVote, type VoteRow } from './approvals.store.ts';
import { possibleVotes } from './open-approval.ts';

export interface DecideDeps {
  databases: Databases;
  queue: JobQueue;
}

export interface Vote {
  row: ApprovalRow;
  as: Decider;
  decision: Decision;
  hash: string;
  comment: string;
  form: Record<string, unknown>;
}

/** @throws Conflict, NotAllowed */
export async function castVote({ databases, queue }: DecideDeps, actor: Actor, vote: Vote): Promise<void> {
  const { row, as, decision, hash, comment, form } = vote;
  const { workspaceId, label } = actor;
  await databases.engine
    .transaction()
    .execute(async (trx) => {
      const runner = runnerOf(trx);
      const run = await lock(runner, row.run_id);
      const onBehalf = as.forId === null || as.forEmail === null ? null : { id: as.forId, email: as.forEmail };
      await insertVote(trx, { workspaceId, approval: row.id, userId: as.id, label, onBehalf, decision, comment, form, hash });
      const votes = await findVotes(trx, row.id);
      const outcome = await outcomeOf(runner, { workspaceId, row, votes });
      if (outcome) await end(runner, { queue, row, votes, outcome, who: label });
      const approved = votes.filter((one) => one.decision === 'approve').length;
      const told = { by: label, onBehalfOf: onBehalf?.email ?? null, decision, approved, quorum: row.quorum };
      await tell(runner, { run, row, workspaceId, told });
      await recordAudit(trx, actor, {
        action: 'approval.decided',
        object: { type: 'approval', id: row.id, title: row.title },
        before: { approved: row.approved, rejected: row.rejected, quorum: row.quorum },
        after: { decision, onBehalfOf: told.onBehalfOf, comment, form, hash, run: row.run_id, approved, outcome },
      });
    })
    .catch(explain);
}

interface LockedRun extends Answerable {
  event_seq: number;
}

/** As commits lock it, so that nothing of the run changes meanwhile. @throws Conflict */
async function lock(runner: Runner, run: string): Promise<LockedRun> {
  const { rows } = await runner.query<LockedRun>('select event_seq, state, cleans_up, cancel_forced from run where id = $1 for no key update', [run]);
  const [locked] = rows;
  if (locked && isAnswerable(locked)) return locked;
  throw ended();
}

type Outcome = 'approved' | 'rejected';

async function outcomeOf(runner: Runner, { workspaceId, row, votes }: { workspaceId: string; row: ApprovalRow; votes: VoteRow[] }): Promise<Outcome | null> {
  const approved = votes.filter((vote) => vote.decision === 'approve').length;
  if (approved >= row.quorum) return 'approved';
  const rejected = votes.length - approved;
  if (rejected === 0) return null;
  if (row.reject_ends) return 'rejected';
  const deciders = await findDeciders(runner, { workspaceId, ...row });
  const left = deciders.filter((one) => !votes.some((vote) => vote.user_id === one.id || vote.represents === one.represents));
  return approved + possibleVotes(left) < row.quorum ? 'rejected' : null;
}

async function end(
  runner: Runner,
  { queue, row, votes, outcome, who }: { queue: JobQueue; row: ApprovalRow; votes: VoteRow[]; outcome: Outcome; who: string },
): Promise<void> {
  const form = Object.assign({}, ...votes.filter((vote) => vote.decision === 'approve').map((vote) => vote.form)) as Record<string, unknown>;
  const told = votes.map((vote) => ({
    by: vote.user_label,
    onBehalfOf: vote.on_behalf_label,
    decision: vote.decision,
    comment: vote.comment,
    at: vote.at.toISOString(),
  }));
  const answer = { by: 'answer' as const, answer: { decision: outcome, form, votes: told }, who, at: new Date().toISOString() };
  await queue.enqueue(runner, await endWait(runner, { run: row.run_id, step: row.step_id, answer }));
}

async function tell(
  runner: Runner,
  { run, row, workspaceId, told }: { run: LockedRun; row: ApprovalRow; workspaceId: string; told: Record<string, unknown> },
): Promise<void> {
  await runner.query('update run set event_seq = event_seq + 1 where id = $1', [row.run_id]);
  await runner.query(`insert into run_event (workspace_id, run_id, seq, at, type, step_id, data) values ($1, $2, $3, now(), 'step.decided', $4, $5)`, [
    workspaceId,
    row.run_id,
    run.event_seq + 1,
    row.step_id,
    storableJson(told),
  ]);
  await runner.query(`select pg_notify('tidewheel_run', $1)`, [JSON.stringify({ w: workspaceId, r: [row.run_id] })]);
}

/** What only the database could know: it changed between the look and the vote. */
function explain(thrown: unknown): never {
  const { constraint } = thrown as { constraint?: string };
  if (constraint === 'approval_vote_open') throw ended();
  if (constraint === 'approval_vote_once' || constraint === 'approval_vote_represented_once')
    throw new Conflict('approval.decided', 'A decision of this person is there already.', { hint: 'A decision counts once and stays.', cause: thrown });
  if (constraint === 'approval_vote_requester')
    throw new NotAllowed('approval.requester', 'Who asked for an approval, by starting the run, does not decide on it.', { cause: thrown });
  if (constraint === 'approval_vote_decider')
    throw new NotAllowed('approval.not_yours', 'You are not, or no more, one of those who can decide.', { cause: thrown });
  throw thrown;
}

function ended(): Conflict {
  return new Conflict('approval.ended', 'It is decided, or over.', { hint: 'Nothing needs to be done.' });
}

// The SQL of approvals. Lists and pages are read under row-level security; who can decide is known to the engine's role only.
import type { Decision } from '@tidewheel/contract/approval';
import { type Expression, type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
import { newId } from '../../base/ids.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { Database, StoredOutput } from '../../storage/schema.ts';
import type { Runner } from '../worker/job-queue.ts';

type Reader = Kysely<Database> | Transaction<Database>;

/** Of the run: its version, and who is not to decide on what it asks. */
export async function findSubjectOf(runner: Pick<Runner, 'query'>, run: string): Promise<{ version: number; hash: string; requesters: string[] }> {
  const { rows } = await runner.query<{ version: number; hash: string; requesters: string[] }>(
    `select v.version, v.hash, array_remove(array[o.started_by_id, s.owner_id], null) as requesters
     from run r join flow_version v on v.workspace_id = r.workspace_id and v.id = r.version_id join run o on o.id = coalesce(r.root_id, r.id)
       left join identity.service_account s on s.user_id = o.started_by_id
     where r.id = $1`,
    [run],
  );
  return rows[0] ?? { version: 0, hash: '', requesters: [] };
}

/** Somebody who can decide, and for whom. */
export interface Decider {
  id: string;
  email: string;
  name: string;
  /** Who lent him the right; null: it is his own. */
  forId: string | null;
  forEmail: string | null;
  /** Whose vote it is. */
  represents: string;
}

const decidersSql = `select user_id as id, email, name, for_user as "forId", for_email as "forEmail", coalesce(for_user, user_id) as represents
  from identity.deciders($1, $2) where user_id <> all($3::uuid[]) and (for_user is null or for_user <> all($3::uuid[])) order by email, for_email nulls first`;

export async function findDeciders(
  runner: Pick<Runner, 'query'>,
  { workspaceId, approvers, requesters }: { workspaceId: string; approvers: string[]; requesters: string[] },
): Promise<Decider[]> {
  const { rows } = await runner.query<Decider>(decidersSql, [workspaceId, approvers, requesters]);
  return rows;
}

/** Of names that are asked, those that somebody is there for. */
export async function findPresent(
  runner: Pick<Runner, 'query'>,
  { workspaceId, approvers }: { workspaceId: string; approvers: string[] },
): Promise<Set<string>> {
  const { rows } = await runner.query<{ approver: string }>(
    'select approver from unnest($2::text[]) as a(approver) where exists (select from identity.deciders($1, array[a.approver]))',
    [workspaceId, approvers],
  );
  return new Set(rows.map((row) => row.approver));
}

/** Under which names somebody may be asked, and for whom he would decide then. */
export async function findIdentities(engine: Kysely<Database>, { userId, workspaceId }: { userId: string; workspaceId: string }) {
  const { rows } = await sql<{ approver: string; represents: string }>`select approver, represents from identity.decides_as(${userId}, ${workspaceId})`.execute(
    engine,
  );
  return rows;
}

function summaries(reader: Reader) {
  return reader
    .selectFrom('approval')
    .innerJoin('run', (join) => join.onRef('run.workspace_id', '=', 'approval.workspace_id').onRef('run.id', '=', 'approval.run_id'))
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .select([
      'approval.id',
      'approval.run_id',
      'approval.step_id',
      'approval.title',
      'approval.approvers',
      'approval.quorum',
      'approval.opened_at',
      'approval.until_at',
      'approval.ended_at',
      'approval.outcome',
      'run.number',
      'run.started_by',
      'flow.slug as flow',
      'flow.title as flow_title',
      'flow.folder',
      'flow.kind',
    ])
    .select((row) => [votesOf(row.ref('approval.id'), 'approve').as('approved'), votesOf(row.ref('approval.id'), 'reject').as('rejected')]);
}

function votesOf(approval: Expression<string>, decision: Decision) {
  return sql<number>`(select count(*)::int from approval_vote v where v.approval_id = ${approval} and v.decision = ${decision})`;
}

export type SummaryRow = Awaited<ReturnType<typeof listApprovals>>['items'][number];

export interface ApprovalFilter {
  run?: string | undefined;
  which: { state: 'open' | 'decided' } | { state: 'mine'; userId: string; identities: { approver: string; represents: string }[] };
  permitted: Expression<SqlBool>;
}

const newest: Sort = { name: 'newest', keys: [{ column: 'approval.id', type: 'uuid', direction: 'desc' }] };

export function listApprovals(reader: Reader, { run, which, permitted, cursor, limit }: ApprovalFilter & PageRequest) {
  let query = summaries(reader).where(permitted);
  if (run !== undefined) query = query.where('approval.run_id', '=', run);
  if (which.state === 'decided') query = query.where('approval.ended_at', 'is not', null);
  else query = query.where('approval.ended_at', 'is', null);
  if (which.state === 'mine') query = query.where(isMine(which));
  return readPage({ db: reader, query, sort: newest, page: { cursor, limit } });
}

/**
 * Asked of him or of who lent him the right, not by him nor by who lent it, and not decided on by him nor for that person. What is asked under his names
 * is found first, whatever else there is; the rest is looked at of these only.
 */
function isMine({ userId, identities }: { userId: string; identities: { approver: string; represents: string }[] }) {
  const names = sql`${identities.map((one) => one.approver)}::text[]`;
  const people = sql`${identities.map((one) => one.represents)}::uuid[]`;
  return sql<SqlBool>`approval.id in (select a.approval_id from approval_asked a where a.workspace_id = current_workspace() and a.approver = any(${names}))
    and ${userId}::uuid <> all(approval.requesters)
    and not exists (select from approval_vote v where v.approval_id = approval.id and v.user_id = ${userId}::uuid)
    and exists (select from unnest(${names}, ${people}) as me(approver, represents)
      where me.approver = any(approval.approvers) and me.represents <> all(approval.requesters)
        and not exists (select from approval_vote v where v.approval_id = approval.id and v.represents = me.represents))`;
}

export type ApprovalRow = NonNullable<Awaited<ReturnType<typeof findApproval>>>;

export function findApproval(reader: Reader, { workspaceId, id }: { workspaceId: string; id: string }) {
  return summaries(reader)
    .where('approval.workspace_id', '=', workspaceId)
    .where('approval.id', '=', id)
    .select(['approval.description', 'approval.form', 'approval.reject_ends', 'approval.subject', 'approval.subject_hash', 'approval.requesters'])
    .select(['run.parameters', 'run.parent_id'])
    .executeTakeFirst();
}

export type VoteRow = Awaited<ReturnType<typeof findVotes>>[number];

export function findVotes(reader: Reader, approval: string) {
  return reader
    .selectFrom('approval_vote')
    .where('approval_id', '=', approval)
    .select(['user_id', 'user_label', 'on_behalf_label', 'represents', 'decision', 'comment', 'form', 'at'])
    .orderBy('at')
    .orderBy('id')
    .execute();
}

/** Steps that are named, as they are recorded in the run or in those around it. */
export async function findResults(reader: Reader, { run, steps }: { run: string; steps: string[] }) {
  if (steps.length === 0) return [];
  const { rows } = await sql<{ step_id: string; state: string; output: StoredOutput | null; finished_at: Date | null }>`
    with recursive up as (select id, parent_id, 0 as far from run where id = ${run} union all select r.id, r.parent_id, up.far + 1 from run r join up on r.id = up.parent_id)
    select distinct on (s.step_id) s.step_id, s.state, s.output, s.finished_at from step_run s join up on up.id = s.run_id where s.step_id = any(${steps}) order by s.step_id, up.far`.execute(
    reader,
  );
  // As they ended.
  return rows.sort((a, b) => (a.finished_at?.getTime() ?? 0) - (b.finished_at?.getTime() ?? 0));
}

export function findArtifacts(reader: Reader, { run, hashes }: { run: string; hashes: string[] }) {
  if (hashes.length === 0) return Promise.resolve([]);
  return reader.selectFrom('artifact').where('run_id', '=', run).where('sha256', 'in', hashes).select(['id', 'sha256', 'name']).execute();
}

export async function insertVote(
  trx: Transaction<Database>,
  vote: {
    workspaceId: string;
    approval: string;
    userId: string;
    label: string;
    onBehalf: { id: string; email: string } | null;
    decision: Decision;
    comment: string;
    form: Record<string, unknown>;
    hash: string;
  },
): Promise<void> {
  await trx
    .insertInto('approval_vote')
    .values({
      workspace_id: vote.workspaceId,
      id: newId(),
      approval_id: vote.approval,
      user_id: vote.userId,
      user_label: vote.label,
      on_behalf_of: vote.onBehalf?.id ?? null,
      on_behalf_label: vote.onBehalf?.email ?? null,
      decision: vote.decision,
      comment: vote.comment,
      form: JSON.stringify(vote.form),
      subject_hash: vote.hash,
    })
    .execute();
}

// The verbs of approvals: see what waits for a decision, see what it is about, decide.
import { type Decision, formFaults } from '@tidewheel/contract/approval';
import { Conflict, InvalidInput, NotAllowed, NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { Approval, ApprovalSummary } from '@tidewheel/contract/routes/approvals';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { requireOn, requireRead } from '../../base/object-access.ts';
import { inWorkspace } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { runObject } from '../runs/run-object.ts';
import { runColumns } from '../runs/runs.store.ts';
import { type ApprovalParts, viewApproval, viewSummary } from './approval-view.ts';
import * as store from './approvals.store.ts';
import { castVote, type DecideDeps } from './cast-vote.ts';
import { type Eligibility, eligibility, type Refusal, refusalTexts } from './eligibility.ts';

export interface ApprovalQuery extends PageRequest {
  state: 'mine' | 'open' | 'decided';
  run?: string | undefined;
}

export async function listApprovals(deps: DecideDeps, actor: Actor, { state, run, cursor, limit }: ApprovalQuery): Promise<Page<ApprovalSummary>> {
  requirePermission(actor, 'run.read');
  const { userId, workspaceId } = actor;
  if (state === 'mine' && userId === null) return { items: [], next: null, total: 0, totalCapped: false };
  const which =
    state === 'mine' && userId !== null
      ? { state, userId, identities: await store.findIdentities(deps.databases.engine, { userId, workspaceId }) }
      : ({ state: state === 'decided' ? 'decided' : 'open' } as const);
  const permitted = permittedRows(actor, 'run.read', runColumns);
  const page = await inWorkspace(deps.databases.app, workspaceId, (trx) => store.listApprovals(trx, { run, which, permitted, cursor, limit }));
  return { ...page, items: page.items.map((row) => viewSummary(actor, row)) };
}

/** @throws NotFound */
export async function showApproval(deps: DecideDeps, actor: Actor, id: string): Promise<Approval> {
  requirePermission(actor, 'run.read');
  const { parts } = await look(deps, actor, id);
  requireRead(actor, { read: 'run.read', object: runObject(parts.row), unknown: () => unknown(id) });
  return viewApproval(actor, parts);
}

export interface Deciding {
  id: string;
  decision: Decision;
  hash: string;
  comment: string;
  form: Record<string, unknown>;
  onBehalfOf?: string | undefined;
}

/** @throws NotFound, NotAllowed `approval.not_yours`, Conflict `approval.ended`, `approval.stale`, `approval.decided`, InvalidInput `approval.form` */
export async function decide(deps: DecideDeps, actor: Actor, deciding: Deciding): Promise<Approval> {
  requirePermission(actor, 'approval.decide');
  const { id, decision, form } = deciding;
  const { parts } = await look(deps, actor, id);
  requireOn(actor, { permission: 'approval.decide', read: 'run.read', object: runObject(parts.row), unknown: () => unknown(id) });
  if (!parts.eligibility.can) throw refused(parts.eligibility.refusal);
  const { row } = parts;
  if (deciding.hash !== row.subject_hash) throw stale();
  const faults = formFaults(row.form, { values: form, decision });
  if (faults.length > 0)
    throw new InvalidInput('approval.form', `The form does not fit: ${faults.map((fault) => `${fault.path} ${fault.message}`).join('; ')}`, {
      details: { faults: faults.map((fault) => ({ ...fault, severity: 'error' })) },
    });
  await castVote(deps, actor, { ...deciding, row, as: chosen(parts.eligibility.as, deciding.onBehalfOf) });
  return showApproval(deps, actor, id);
}

function chosen(as: store.Decider[], onBehalfOf: string | undefined): store.Decider {
  const one = onBehalfOf === undefined ? (as.find(({ forId }) => forId === null) ?? as[0]) : as.find(({ forEmail }) => forEmail === onBehalfOf.toLowerCase());
  if (one) return one;
  throw new NotAllowed('approval.not_yours', `You cannot decide for ${onBehalfOf?.slice(0, 100)}.`, {
    hint: `You can decide ${as.map(({ forEmail }) => (forEmail === null ? 'for yourself' : `for ${forEmail}`)).join(' or ')}.`,
  });
}

export async function look({ databases }: DecideDeps, actor: Actor, id: string): Promise<{ parts: ApprovalParts }> {
  const { workspaceId, userId } = actor;
  const found = await inWorkspace(databases.app, workspaceId, async (trx) => {
    const row = await store.findApproval(trx, { workspaceId, id });
    if (!row) throw unknown(id);
    const before = Object.keys((row.subject as { before?: object }).before ?? {});
    const results = await store.findResults(trx, { run: row.run_id, steps: before });
    const hashes = results.flatMap(({ output }) => (output?.files ?? []).map((file) => file.sha256));
    return { row, results, votes: await store.findVotes(trx, id), artifacts: await store.findArtifacts(trx, { run: row.run_id, hashes }) };
  });
  const { row, votes } = found;
  const deciders = row.ended_at === null ? await store.findDeciders(databases.enginePool, { workspaceId, ...row }) : [];
  const object = runObject(row);
  const judged: Eligibility = eligibility({
    userId,
    kind: actor.kind,
    requesters: row.requesters,
    own: deciders.filter((one) => one.id === userId),
    votes,
    ended: row.ended_at !== null,
    may: may(actor, 'approval.decide', object),
  });
  const left = deciders.filter((one) => !votes.some((vote) => vote.user_id === one.id || vote.represents === one.represents));
  return { parts: { ...found, deciders: left, eligibility: judged } };
}

function refused(refusal: Refusal): Conflict | NotAllowed {
  const text = refusalTexts[refusal];
  if (refusal === 'ended') return new Conflict('approval.ended', text, { hint: 'Nothing needs to be done.' });
  if (refusal === 'voted' || refusal === 'represented') return new Conflict('approval.decided', text, { hint: 'A decision counts once and stays.' });
  return new NotAllowed(refusal === 'requester' ? 'approval.requester' : 'approval.not_yours', text, { hint: 'The approval names who can decide.' });
}

function stale(): Conflict {
  return new Conflict('approval.stale', 'What is to be approved is not what you saw.', { hint: 'Look at it again, and decide on what is there now.' });
}

function unknown(id: string): NotFound {
  return new NotFound('approval.unknown', `There is no approval ${id} in this workspace.`, { hint: 'See the list of approvals.' });
}

// Approvals as the contract shows them, and as far as masks let somebody see them.
import type { Approval, ApprovalSummary, ApprovedStep } from '@tidewheel/contract/routes/approvals';
import type { StepState } from '@tidewheel/contract/run';
import type { Actor } from '../../base/actor.ts';
import { keepsColumns } from '../../base/masked-run.ts';
import { fieldState, maskedRecord, maskedText, masksAny, type Shown } from '../../base/masked-view.ts';
import { maskedAddress } from '../../platform/identity/masked-person.ts';
import type { StoredOutput } from '../../storage/schema.ts';
import { runObject } from '../runs/run-object.ts';
import type { ApprovalRow, Decider, SummaryRow, VoteRow } from './approvals.store.ts';
import { type Eligibility, refusalTexts } from './eligibility.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;

function shownAs(row: Pick<SummaryRow, 'flow' | 'folder' | 'kind' | 'started_by'>): Shown {
  return { type: 'run', permission: 'run.read', object: runObject(row) };
}

export function viewSummary(actor: Actor, row: SummaryRow): ApprovalSummary {
  const startedBy = masksAny(actor, 'run') ? maskedText(fieldState(actor, shownAs(row), 'startedBy'), row.started_by) : row.started_by;
  return {
    id: row.id,
    title: row.title,
    run: row.run_id,
    runNumber: row.number,
    flow: row.flow,
    flowTitle: row.flow_title,
    step: row.step_id,
    startedBy,
    approvers: row.approvers.map((one) => (one.includes('@') ? maskedAddress(actor, one) : one)),
    quorum: row.quorum,
    approved: row.approved,
    rejected: row.rejected,
    openedAt: row.opened_at.toISOString(),
    until: iso(row.until_at),
    endedAt: iso(row.ended_at),
    outcome: row.outcome,
  };
}

export interface ApprovalParts {
  row: ApprovalRow;
  votes: VoteRow[];
  results: { step_id: string; state: string; output: StoredOutput | null }[];
  artifacts: { id: string; sha256: string; name: string }[];
  deciders: Decider[];
  eligibility: Eligibility;
}

const mostDeciders = 100;

export function viewApproval(actor: Actor, { row, votes, results, artifacts, deciders, eligibility }: ApprovalParts): Approval {
  const shown = shownAs(row);
  const masked = masksAny(actor, 'run');
  const parameters = masked ? maskedRecord(actor, shown, { field: 'parameters', record: row.parameters }) : row.parameters;
  const hidesValues = keepsColumns(actor, runObject(row));
  return {
    ...viewSummary(actor, row),
    description: row.description,
    form: row.form,
    rejectEnds: row.reject_ends,
    hash: row.subject_hash,
    subject: masked ? null : row.subject,
    parameters,
    before: results.map((result) => viewStep(result, { artifacts, hidesValues })),
    votes: votes.map((vote) => ({
      by: maskedAddress(actor, vote.user_label),
      onBehalfOf: vote.on_behalf_label === null ? null : maskedAddress(actor, vote.on_behalf_label),
      decision: vote.decision,
      comment: vote.comment,
      form: vote.form,
      at: vote.at.toISOString(),
    })),
    deciders: deciders.slice(0, mostDeciders).map(({ email, name, forEmail }) => ({
      email: maskedAddress(actor, email),
      name,
      onBehalfOf: forEmail === null ? null : maskedAddress(actor, forEmail),
    })),
    you: eligibility.can
      ? { can: true, why: null, as: eligibility.as.map((one) => one.forEmail) }
      : { can: false, why: refusalTexts[eligibility.refusal], as: [] },
  };
}

function viewStep(
  { step_id, state, output }: ApprovalParts['results'][number],
  { artifacts, hidesValues }: { artifacts: ApprovalParts['artifacts']; hidesValues: boolean },
): ApprovedStep {
  return {
    step: step_id,
    state: state as StepState,
    value: hidesValues ? null : (output?.value ?? null),
    table: output?.table ? { sha256: output.table.sha256, rows: output.table.rows } : null,
    files: (output?.files ?? []).map((file) => ({ ...file, artifact: artifacts.find((one) => one.sha256 === file.sha256)?.id ?? null })),
  };
}

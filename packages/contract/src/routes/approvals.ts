// Approvals: what waits for a decision, what it is about, and the decisions.
import { z } from 'zod';
import { ApprovalOutcome, Decision, FormField } from '../approval.ts';
import { Id, Instant, Sha256, Slug } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { RunStepId, StepState } from '../run.ts';
import { FileRef } from '../values.ts';

export const ApprovalVote = z
  .object({
    by: z.string().describe('The person who decided'),
    onBehalfOf: z.string().nullable().describe('Who lent him the right to'),
    decision: Decision,
    comment: z.string(),
    form: z.record(z.string(), z.unknown()),
    at: Instant,
  })
  .meta({ id: 'ApprovalVote' });
export type ApprovalVote = z.infer<typeof ApprovalVote>;

export const ApprovalSummary = z
  .object({
    id: Id,
    title: z.string(),
    run: Id,
    runNumber: z.number().int(),
    flow: Slug,
    flowTitle: z.string(),
    step: RunStepId,
    startedBy: z.string().nullable().describe('Who started the run, and so cannot decide; null when a role hides it'),
    approvers: z.array(z.string()).describe('Who is asked: addresses, and `role.<name>`'),
    quorum: z.number().int().describe('How many must approve'),
    approved: z.number().int().describe('How many have'),
    rejected: z.number().int(),
    openedAt: Instant,
    until: Instant.nullable().describe('When it expires'),
    endedAt: Instant.nullable(),
    outcome: ApprovalOutcome.nullable().describe('Null while it is open; withdrawn: its run ended without it'),
  })
  .meta({ id: 'ApprovalSummary' });
export type ApprovalSummary = z.infer<typeof ApprovalSummary>;

/** A step that came before, with what it left. */
export const ApprovedStep = z
  .object({
    step: z.string(),
    state: StepState,
    value: z.unknown(),
    table: z.object({ sha256: Sha256, rows: z.number().int() }).nullable(),
    files: z.array(FileRef.extend({ artifact: Id.nullable().describe('To download it') })),
  })
  .meta({ id: 'ApprovedStep' });
export type ApprovedStep = z.infer<typeof ApprovedStep>;

export const Approval = ApprovalSummary.extend({
  description: z.string(),
  form: z.array(FormField),
  rejectEnds: z.boolean().describe('One rejection rejects'),
  hash: Sha256.describe('Of what is approved: of the canonical JSON (RFC 8785) of `subject`. A decision carries the one that was seen'),
  subject: z.record(z.string(), z.unknown()).nullable().describe('What the hash is of; null when a role hides a part of it'),
  parameters: z.record(z.string(), z.unknown()),
  before: z.array(ApprovedStep).describe('The steps before it, with what they left'),
  votes: z.array(ApprovalVote),
  deciders: z.array(z.object({ email: z.string(), name: z.string(), onBehalfOf: z.string().nullable() })).describe('Who can decide now, at most 100'),
  you: z.object({
    can: z.boolean(),
    why: z.string().nullable().describe('Why not'),
    as: z.array(z.string().nullable()).describe('For whom: null for yourself, or the address of who lent you the right'),
  }),
}).meta({ id: 'Approval' });
export type Approval = z.infer<typeof Approval>;

export const listApprovals = defineRoute({
  name: 'approval.list',
  method: 'GET',
  path: '/api/approvals',
  tag: 'Approvals',
  access: 'run.read',
  summary: 'List approvals: those that wait for you, all that are open, or those that were decided',
  query: PageQuery.extend({
    state: z.enum(['mine', 'open', 'decided']).default('mine').describe('mine: open, and yours to decide'),
    run: Id.optional(),
  }),
  response: pageOf(ApprovalSummary),
});
export const showApproval = defineRoute({
  name: 'approval.show',
  method: 'GET',
  path: '/api/approvals/{id}',
  tag: 'Approvals',
  access: 'run.read',
  summary: 'Show an approval: what it is about, its hash, who can decide, the decisions so far',
  params: z.object({ id: Id }),
  response: Approval,
});
export const decideApproval = defineRoute({
  name: 'approval.decide',
  method: 'POST',
  path: '/api/approvals/{id}/decision',
  tag: 'Approvals',
  access: 'approval.decide',
  summary: 'Approve or reject',
  description:
    'Takes approval.decide, and to be one of those who are asked, or to act for one by a delegation. Who started the run never decides, for himself or for another. A decision counts once and stays. 409 `approval.stale` when the hash is not that of what is to be approved.',
  params: z.object({ id: Id }),
  body: z.object({
    decision: Decision,
    hash: Sha256.describe('`hash` of what you saw'),
    comment: z.string().max(4_000).default(''),
    form: z.record(z.string(), z.unknown()).default({}),
    onBehalfOf: z.string().max(320).optional().describe('The address of who lent you the right, when you act for another'),
  }),
  response: Approval,
});

// An approval as it is asked for: bound to what there is to be approved, and honest about whether anybody can decide.
import type { ApprovalAsked } from '@tidewheel/contract/approval';
import { InvalidInput } from '@tidewheel/contract/errors';
import { redactor } from '../../base/redactor.ts';
import { storableJson } from '../../base/text.ts';
import { hashJson } from '../flows/canonical.ts';
import type { PlannedStep } from '../flows/plan.ts';
import type { Runner } from '../worker/job-queue.ts';
import type { LiveRun } from '../worker/live-run.ts';
import { findDeciders, findSubjectOf } from './approvals.store.ts';

/** As the wait keeps it, and the database makes the approval of it. */
export interface OpenedApproval extends ApprovalAsked {
  subject: Record<string, unknown>;
  hash: string;
}

export interface Opening {
  live: LiveRun;
  planned: PlannedStep;
  asked: ApprovalAsked;
  pool: Pick<Runner, 'query'>;
}

export async function openApproval({ live, planned, asked, pool }: Opening): Promise<{ approval: OpenedApproval; shortage: string | null }> {
  const of = await findSubjectOf(pool, live.id);
  const subject = storable({
    flow: live.flow,
    version: of.version,
    versionHash: of.hash,
    part: live.part,
    run: live.id,
    step: planned.id,
    startedBy: live.startedBy,
    parameters: live.parameters,
    locals: live.locals,
    asked,
    before: Object.fromEntries(resultsBefore(live, planned)),
  });
  return { approval: { ...asked, subject, hash: hashJson(subject) }, shortage: await shortageOf({ live, asked, pool, requesters: of.requesters }) };
}

const mostBytes = 4_000_000;

/** What it is once it was stored: the hash must be that of what everybody can read there. @throws InvalidInput */
function storable(subject: Record<string, unknown>): Record<string, unknown> {
  const text = storableJson(redactor.deep(subject));
  if (text.length > mostBytes)
    throw new InvalidInput('approval.too_large', 'What is to be approved, parameters and results of all steps before it, takes more than 4 MB.', {
      hint: 'Let the steps before it make files or tables: these count by their hash.',
    });
  return JSON.parse(text) as Record<string, unknown>;
}

function resultsBefore(live: LiveRun, planned: PlannedStep): [string, unknown][] {
  const before = new Set<string>();
  const queue = [...planned.predecessors];
  for (let step = queue.pop(); step !== undefined; step = queue.pop()) {
    if (before.has(step)) continue;
    before.add(step);
    queue.push(...(live.plan.steps.get(step)?.predecessors ?? []));
  }
  const isOutside = (step: string) => !live.plan.steps.has(step);
  return [...live.facts]
    .filter(([step]) => before.has(step) || isOutside(step))
    .map(([step, { state, output }]) => [
      step,
      {
        state,
        // A value may be 64 KB: what is bound is its hash.
        value: output?.value === undefined ? null : hashJson(output.value),
        table: output?.table ? { sha256: output.table.sha256, rows: output.table.rows } : null,
        rejected: output?.rejected ? { sha256: output.rejected.sha256, rows: output.rejected.rows } : null,
        files: (output?.files ?? []).map(({ name, size, sha256 }) => ({ name, size, sha256 })),
      },
    ]);
}

async function shortageOf({ live, asked, pool, requesters }: Omit<Opening, 'planned'> & { requesters: string[] }): Promise<string | null> {
  const deciders = await findDeciders(pool, { workspaceId: live.workspaceId, approvers: asked.approvers, requesters });
  const votes = possibleVotes(deciders);
  if (votes >= asked.quorum) return null;
  return votes === 0 ? 'but nobody can decide' : `but only ${votes} of ${asked.quorum} can decide`;
}

/** At most as many as there are people to cast one, and people to cast it for. */
export function possibleVotes(deciders: { id: string; represents: string }[]): number {
  return Math.min(new Set(deciders.map((one) => one.id)).size, new Set(deciders.map((one) => one.represents)).size);
}

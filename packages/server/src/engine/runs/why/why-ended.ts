// Pure: why a step was skipped, failed or cancelled, and why a run ended as it did.
import type { WhyReason } from '@tidewheel/contract/routes/run-why';
import type { StepFacts, WhyFacts } from './facts.ts';
import { named, reasonOf } from './reason.ts';

const rerun = 'whoever may run the flow starts it again.';

export function whyFailed(facts: WhyFacts, step: StepFacts): WhyReason {
  const { error, attempt, attempts } = step;
  const tried = error?.retryable && attempts > 1 ? `, at the last of ${attempts} attempts` : '';
  return reasonOf(facts, {
    code: 'failed',
    text: error ? `It failed${tried} (${error.code}): ${error.message}` : `It failed${tried}`,
    since: step.finishedAt,
    change: [`${error?.hint ? `${error.hint} Then ` : 'When the cause is mended, '}${rerun}`, 'flow.run'],
    figures: { attempt, attempts },
  });
}

export function whySkipped(facts: WhyFacts, { step, roots }: { step: StepFacts; roots: StepFacts[] }): WhyReason {
  if (roots.length > 0) {
    const told = roots.map((root) => `${root.id} ${root.state === 'failed' ? 'failed' : root.state === 'cancelled' ? 'was cancelled' : 'was skipped'}`);
    return reasonOf(facts, {
      code: 'predecessor_failed',
      text: `It was skipped because ${named(told)}`,
      since: step.finishedAt,
      change: [`When ${named(roots.map((root) => root.id))} can succeed, ${rerun}`, 'flow.run'],
      figures: { steps: roots.map((root) => root.id) },
    });
  }
  return reasonOf(facts, {
    code: 'condition_false',
    text: step.when === null ? `It was skipped: ${step.reason ?? 'no reason was recorded'}` : `Its condition \`${step.when}\` was false`,
    since: step.finishedAt,
    change: ['Whoever may change the flow can change its condition; other parameters or data may make it true.', 'flow.edit'],
  });
}

/** Why a run was cancelled; its steps that had not ended share the reason. */
export function whyCancelled(facts: WhyFacts): WhyReason {
  const { run, cancel } = facts;
  const since = cancel?.at ?? run.finishedAt;
  if (run.error?.code === 'run.timeout') return whyTimedOut(facts, { since, deadline: run.error.details?.['deadline'] });
  return reasonOf(facts, {
    code: 'cancelled',
    text: cancel ? `${cancel.by} cancelled the run` : 'The run was cancelled',
    since,
    by: cancel?.by ?? null,
    change: ['Whoever may run the flow can start it again.', 'flow.run'],
  });
}

/** `deadline`: the one it was started with, if that was the limit. */
function whyTimedOut(facts: WhyFacts, { since, deadline }: { since: Date | null; deadline: unknown }): WhyReason {
  const isOwn = typeof deadline === 'string';
  return reasonOf(facts, {
    code: 'timed_out',
    text: isOwn ? `The run was not over at the deadline that it was started with, ${deadline}` : 'The run took longer than the time limit of its flow',
    since,
    by: facts.cancel?.by ?? null,
    change: isOwn
      ? ['Whoever may run the flow starts it again with a later deadline, or with none.', 'flow.run']
      : ['Whoever may change the flow can raise its `timeout`.', 'flow.edit'],
  });
}

export function whyCancelling(facts: WhyFacts): WhyReason {
  const running = facts.steps.filter((step) => step.state === 'running').map((step) => step.id);
  const who = facts.cancel?.by ?? 'Somebody';
  return reasonOf(facts, {
    code: 'cancelling',
    text:
      running.length === 0
        ? `${who} cancelled the run; it is ending`
        : `${who} cancelled the run; ${named(running)} still ${running.length === 1 ? 'ends' : 'end'}`,
    since: facts.cancel?.at ?? null,
    by: facts.cancel?.by ?? null,
    change: 'A step that does not heed its signal is left behind after 5 s.',
    figures: { steps: running },
  });
}

/** What succeeded is undone when its run fails or is cancelled. */
export function whyUndone(facts: WhyFacts, step: StepFacts): WhyReason {
  const { run, cancel } = facts;
  const cause = cancel ? `${cancel.by} cancelled the run` : run.error?.code === 'run.timeout' ? 'the run took too long' : failedFor(facts);
  return reasonOf(facts, {
    code: 'undone',
    text: `It had succeeded, and was undone because ${cause}`,
    since: step.finishedAt,
    by: cancel?.by ?? null,
    change: ['Whoever may run the flow can start it again.', 'flow.run'],
  });
}

function failedFor(facts: WhyFacts): string {
  const failed = failedSteps(facts).map((step) => step.id);
  return failed.length === 0 ? 'the run failed' : `${named(failed)} failed`;
}

/** The steps for which the run failed, the first first: not those that may fail. */
export function failedSteps({ steps }: WhyFacts): StepFacts[] {
  const failed = steps.filter((step) => step.state === 'failed' && !step.mayFail);
  return failed.sort((a, b) => (a.finishedAt?.getTime() ?? 0) - (b.finishedAt?.getTime() ?? 0));
}

export function whyNeverReached(facts: WhyFacts): WhyReason {
  return reasonOf(facts, {
    code: 'never_reached',
    text: 'The run ended before it',
    since: facts.run.finishedAt,
    change: ['Whoever may run the flow can start it again.', 'flow.run'],
  });
}

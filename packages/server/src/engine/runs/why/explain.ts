// Pure: from what is known of a run to why each of its steps is not running.
import type { RunWhy, StepWhy, WhyReason } from '@tidewheel/contract/routes/run-why';
import { finalRunStates, finalStepStates } from '@tidewheel/contract/run';
import type { JobFacts, LeaseFacts, ParkedFacts, StepFacts, WaitFacts, WhyFacts } from './facts.ts';
import { named, reasonOf } from './reason.ts';
import { skipRoots } from './skip-roots.ts';
import { failedSteps, whyCancelled, whyCancelling, whyFailed, whyNeverReached, whySkipped, whyUndone } from './why-ended.ts';
import { whyParked, whyRunHeld, whyRunPaused } from './why-held-back.ts';
import { whyHeld, whyPaused, whyQueued } from './why-waiting.ts';
import { whyWaits } from './why-waits.ts';

/** The answer to "why": each reason follows from a row that stands in the database. */
export function explainRun(facts: WhyFacts): RunWhy {
  const { run } = facts;
  const look = lookUp(facts);
  const steps = facts.steps.map((step) => explainStep(facts, { step, look }));
  return {
    id: run.id,
    number: run.number,
    flow: run.flow,
    state: run.state,
    reason: whyRun(facts),
    steps: steps.filter(({ reason, retries }) => reason !== null || retries.length > 0),
  };
}

interface LookUp {
  steps: ReadonlyMap<string, StepFacts>;
  jobs: ReadonlyMap<string, JobFacts>;
  leases: ReadonlyMap<string, LeaseFacts>;
  waits: ReadonlyMap<string, WaitFacts>;
  parked: ReadonlyMap<string, ParkedFacts>;
  rootsOf(step: StepFacts): StepFacts[];
}

function lookUp({ steps, jobs, leases, waits, parked }: WhyFacts): LookUp {
  const all = new Map(steps.map((step) => [step.id, step]));
  return {
    steps: all,
    rootsOf: skipRoots(all),
    jobs: new Map(jobs.map((job) => [job.unit, job])),
    waits: new Map(waits.map((wait) => [wait.step, wait])),
    parked: new Map(parked.map((one) => [one.unit, one])),
    leases: new Map(leases.map((lease) => [lease.unit, lease])),
  };
}

function explainStep(facts: WhyFacts, { step, look }: { step: StepFacts; look: LookUp }): StepWhy {
  const isOver = finalStepStates.includes(step.state) || finalRunStates.includes(facts.run.state);
  const used = Math.max(step.retries.length, step.state === 'running' ? step.retries.length + 1 : 0);
  return {
    step: step.id,
    state: step.state,
    reason: whyStep(facts, { step, look }),
    retries: step.retries,
    attemptsLeft: isOver ? null : Math.max(0, step.attempts - used),
  };
}

function whyStep(facts: WhyFacts, { step, look }: { step: StepFacts; look: LookUp }): WhyReason | null {
  const isOver = finalRunStates.includes(facts.run.state);
  if (step.state === 'succeeded') return null;
  if (step.state === 'failed') return whyFailed(facts, step);
  if (step.state === 'skipped') return whySkipped(facts, { step, roots: look.rootsOf(step) });
  if (step.state === 'compensated') return whyUndone(facts, step);
  // A step without a row is shown as cancelled when its run is over, however that ended.
  if (step.state === 'cancelled' || isOver) return facts.run.state === 'cancelled' || facts.cancel ? whyCancelled(facts) : whyNeverReached(facts);
  if (step.state === 'running') return whyInterrupted(facts);
  if (facts.run.state === 'cancelling') return whyCancelling(facts);
  return whyNotYet(facts, { step, look });
}

/** A step that runs needs no reason, unless the worker that runs it gives no sign of life. */
function whyInterrupted(facts: WhyFacts): WhyReason | null {
  const reasons = facts.leases.map((lease) => whyHeld(facts, lease));
  return reasons.length > 0 && reasons.every(({ code }) => code === 'worker_silent') ? (reasons[0] ?? null) : null;
}

function whyNotYet(facts: WhyFacts, { step, look }: { step: StepFacts; look: LookUp }): WhyReason {
  const wait = look.waits.get(step.id);
  if (wait) return whyWaits(facts, wait);
  const parked = look.parked.get(step.unit);
  if (parked) return whyParked(facts, parked);
  const job = look.jobs.get(step.unit);
  if (job) return whyQueued(facts, { job, step });
  const open = step.predecessors.filter((id) => !finalStepStates.includes(look.steps.get(id)?.state ?? 'pending'));
  const lease = look.leases.get(step.unit);
  if (lease && open.length === 0) return whyHeld(facts, lease);
  if (open.length > 0) return whyBehind(facts, { open, look });
  const any = facts.leases[0];
  return any ? whyHeld(facts, any) : whyFollowing(facts);
}

function whyBehind(facts: WhyFacts, { open, look }: { open: string[]; look: LookUp }): WhyReason {
  const told = open.map((id) => `${id} (${look.steps.get(id)?.state ?? 'pending'})`);
  return reasonOf(facts, {
    code: 'predecessor',
    text: `It waits for ${named(told)}`,
    since: facts.run.startedAt ?? facts.run.createdAt,
    change: `It follows by itself when ${named(open)} ${open.length === 1 ? 'has' : 'have'} ended.`,
    figures: { steps: open },
  });
}

function whyFollowing(facts: WhyFacts): WhyReason {
  const ends = facts.steps.flatMap((step) => step.finishedAt ?? []).map((at) => at.getTime());
  const since = ends.length === 0 ? (facts.run.startedAt ?? facts.run.createdAt) : new Date(Math.max(...ends));
  return reasonOf(facts, { code: 'following', text: 'What it waited for has just ended; it is being queued', since, change: 'It changes by itself, at once.' });
}

/** Why the run as a whole does not go on; null when it does, or succeeded. */
function whyRun(facts: WhyFacts): WhyReason | null {
  const { run, steps, jobs, leases } = facts;
  if (run.state === 'succeeded') return null;
  if (run.state === 'cancelled') return whyCancelled(facts);
  if (run.state === 'cancelling') return whyCancelling(facts);
  if (run.state === 'failed') return whyRunFailed(facts);
  if (steps.some((step) => step.state === 'running') && !whyInterrupted(facts)) return null;
  const hold = whyRunHeld(facts) ?? whyRunPaused(facts);
  if (hold && leases.length === 0) return hold;
  const [job] = jobs;
  if (job && leases.length === 0) return whyQueued(facts, { job, step: steps.find((step) => step.unit === job.unit) ?? null });
  const [wait] = facts.waits;
  if (wait && leases.length === 0) return whyWaits(facts, wait);
  const [parked] = facts.parked;
  if (parked && leases.length === 0) return whyParked(facts, parked);
  const [lease] = leases;
  return lease ? whyHeld(facts, lease) : (whyPaused(facts) ?? whyFollowing(facts));
}

function whyRunFailed(facts: WhyFacts): WhyReason {
  const failed = failedSteps(facts);
  const [first] = failed;
  const { error, finishedAt } = facts.run;
  return reasonOf(facts, {
    code: 'failed',
    text: failed.length > 0 ? `${named(failed.map((step) => step.id))} failed` : error ? `It could not go on (${error.code}): ${error.message}` : 'It failed',
    since: first?.finishedAt ?? finishedAt,
    change: ['When the cause is mended, whoever may run the flow starts it again.', 'flow.run'],
    figures: { steps: failed.map((step) => step.id) },
  });
}

// Pure: why something that is in a queue, or held by a worker, does not run.
import type { WhyReason } from '@tidewheel/contract/routes/run-why';
import { isSilent, type JobFacts, type LeaseFacts, type StepFacts, type WhyFacts, type WorkerFacts } from './facts.ts';
import { counted, named, reasonOf } from './reason.ts';

export function whyPaused(facts: WhyFacts): WhyReason | null {
  const { paused } = facts;
  if (!paused) return null;
  const because = paused.reason === null ? '' : `: ${paused.reason}`;
  return reasonOf(facts, {
    code: 'engine_paused',
    text: `The whole installation takes no work; ${paused.by} stopped it${because}`,
    since: paused.at,
    by: paused.by,
    change: ['Whoever may operate the engine lets it take work again, with `tidewheel engine resume`.', 'system.edit'],
  });
}

/** Why nobody has taken a job yet. `step`: the one that is asked about, where it is about one. */
export function whyQueued(facts: WhyFacts, { job, step }: { job: JobFacts; step: StepFacts | null }): WhyReason {
  const paused = whyPaused(facts);
  if (paused) return paused;
  if (job.at > facts.now) return step?.reason?.startsWith(rateReason) ? whyRated(facts, { job, reason: step.reason }) : whyLater(facts, { job, step });
  const since = new Date(Math.max(job.at.getTime(), job.since.getTime()));
  const alive = facts.workers.filter((worker) => worker.tags.includes(job.tag) && !isSilent(worker, facts.now));
  const taking = alive.filter((worker) => worker.drain === null);
  if (alive.length === 0) return whyNobody(facts, { job, since });
  if (taking.length === 0) return whyDraining(facts, { job, since, alive });
  const places = taking.reduce((sum, worker) => sum + worker.concurrency, 0);
  const held = taking.reduce((sum, worker) => sum + worker.held, 0);
  const ahead = job.ahead === null ? {} : { ahead: job.ahead };
  const figures = { tag: job.tag, workers: taking.length, places, held, ...ahead };
  if (held >= places) {
    const queue = job.ahead === null ? '' : job.ahead === 0 ? '; it is the next' : `; ${counted(job.ahead, 'other goes', 'others go')} first`;
    return reasonOf(facts, {
      code: 'workers_full',
      text: `Every worker with the tag ${job.tag} is full: ${held} of ${counted(places, 'place')} taken${queue}`,
      since,
      change: 'A place becomes free as soon as something ends; further workers with this tag, or a higher TIDEWHEEL_WORKER_CONCURRENCY, help for good.',
      figures,
    });
  }
  return reasonOf(facts, {
    code: 'due',
    text: `A worker with the tag ${job.tag} has a free place and takes it with its next look`,
    since,
    change: 'It changes by itself, within a second.',
    figures,
  });
}

/** As worker/limits.ts writes it. */
const rateReason = 'waits for its turn by the rate of ';

function whyRated(facts: WhyFacts, { job, reason }: { job: JobFacts; reason: string }): WhyReason {
  const key = reason.slice(rateReason.length).replace(/, at \S+$/, '');
  return reasonOf(facts, {
    code: 'rate',
    text: `So many may begin in a time: it has its turn by the rate of ${key}`,
    since: job.since,
    until: job.at,
    change: ['It changes by itself at that time; whoever may change the flow can raise the `rate` of its `limit`.', 'flow.edit'],
    figures: { tag: job.tag, keys: [key] },
  });
}

function whyLater(facts: WhyFacts, { job, step }: { job: JobFacts; step: StepFacts | null }): WhyReason {
  const last = step?.retries.at(-1);
  const figures = { tag: job.tag, ...(step && last ? { attempt: last.attempt, attempts: step.attempts } : {}) };
  return reasonOf(facts, {
    code: 'retry_wait',
    text:
      step && last
        ? `Attempt ${last.attempt} of ${step.attempts} failed (${last.code}): ${last.message}; the next is at ${job.at.toISOString()}`
        : `It waits for its time, ${job.at.toISOString()}`,
    since: job.since,
    until: job.at,
    change: ['It is tried again by itself at that time; whoever may cancel the run can end the waiting.', 'run.cancel'],
    figures,
  });
}

function whyNobody(facts: WhyFacts, { job, since }: { job: JobFacts; since: Date }): WhyReason {
  const silent = facts.workers.filter((worker) => worker.tags.includes(job.tag));
  const text =
    silent.length === 0
      ? `No live worker has the tag ${job.tag}`
      : `No live worker has the tag ${job.tag}; ${counted(silent.length, 'that has it gives', 'that have it give')} no sign of life`;
  return reasonOf(facts, {
    code: 'no_worker',
    text,
    since,
    change: `Whoever runs the hosts starts a worker with TIDEWHEEL_WORKER_TAGS=${job.tag}; or the step gets another \`worker\` in the flow.`,
    figures: { tag: job.tag, workers: 0 },
  });
}

function whyDraining(facts: WhyFacts, { job, since, alive }: { job: JobFacts; since: Date; alive: WorkerFacts[] }): WhyReason {
  const drains = alive.flatMap((worker) => worker.drain ?? []);
  const who = [...new Set(drains.map(({ by }) => by))];
  const last = Math.max(...drains.map(({ at }) => at.getTime()));
  return reasonOf(facts, {
    code: 'workers_draining',
    text: `Every worker with the tag ${job.tag} is drained and takes nothing new; ${named(who)} asked for it`,
    since: new Date(Math.max(last, since.getTime())),
    by: named(who),
    change: ['Whoever may operate the engine lets one take work again with `tidewheel engine undrain`, or starts another worker.', 'system.edit'],
    figures: { tag: job.tag, workers: alive.length },
  });
}

/** Why something that a worker has does not run. */
export function whyHeld(facts: WhyFacts, lease: LeaseFacts): WhyReason {
  if (isSilent(lease, facts.now))
    return reasonOf(facts, {
      code: 'worker_silent',
      text: `Worker ${lease.worker} has it and has given no sign of life since ${lease.beatAt.toISOString()}`,
      since: lease.beatAt,
      change: 'Another worker takes over as soon as the scheduler has declared this one dead, usually within seconds.',
    });
  return reasonOf(facts, {
    code: 'taken',
    text: `Worker ${lease.worker} has taken it and begins`,
    since: lease.claimedAt,
    change: 'It changes by itself, at once.',
  });
}

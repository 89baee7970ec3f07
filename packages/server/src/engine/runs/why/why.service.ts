// Gathers what is known of a run and of those who could work on it, and explains it.
import { NotFound } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { predecessorsOf } from '@tidewheel/contract/flow-steps';
import type { RunWhy, WhyRetry } from '@tidewheel/contract/routes/run-why';
import { finalRunStates, type RunState } from '@tidewheel/contract/run';
import { type Actor, may, requirePermission } from '../../../base/actor.ts';
import { requireRead } from '../../../base/object-access.ts';
import { type Databases, inWorkspace } from '../../../storage/database.ts';
import { partOf } from '../../flows/parts.ts';
import { type Plan, planFlow } from '../../flows/plan.ts';
import type { StepTypes } from '../../ports.ts';
import type { JobQueue } from '../../worker/job-queue.ts';
import { runObject } from '../run-object.ts';
import { findDocument, findRun } from '../runs.store.ts';
import { explainRun } from './explain.ts';
import type { JobFacts, LeaseFacts, StepFacts, WhyFacts } from './facts.ts';
import { heldFacts, nothingHeld } from './held-facts.ts';
import * as store from './why.store.ts';

export interface WhyDependencies {
  databases: Databases;
  queue: JobQueue;
  types: StepTypes;
}

/** So many jobs of a run have what goes before them counted. */
const mostCounted = 10;

/** @throws NotFound for a run that is not there, or that the actor may not see */
export async function whyOfRun(deps: WhyDependencies, actor: Actor, id: string): Promise<RunWhy> {
  requirePermission(actor, 'run.read');
  const unknown = () => new NotFound('run.unknown', `There is no run ${id} in this workspace.`, { hint: 'See the list of runs.' });
  const recorded = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const run = await findRun(trx, id);
    const found = await findDocument(trx, id);
    if (!run || !found) throw unknown();
    requireRead(actor, { read: 'run.read', object: runObject(run), unknown });
    const rows = await store.findStepStates(trx, id);
    const events = await store.findTellingEvents(trx, id);
    // Last, so that a step which runs by now is not shown without its lease.
    const document = found.made ?? (found.part === null ? found.document : partOf(found.document, found.part));
    const object = runObject(run);
    const held = finalRunStates.includes(run.state) ? nothingHeld : await heldFacts(trx, actor, { run: id, object, engine: deps.databases.enginePool });
    return { run, rows, events, document, held, leases: await store.findLeases(trx, id) };
  });
  const { run, document, rows, events } = recorded;
  const steps = stepFacts({ planned: plannedSteps(document, deps.types), rows, retries: retriesOf(events), state: run.state });
  const isOver = finalRunStates.includes(run.state);
  const surroundings = isOver ? await quiet(deps) : await around(deps, { run: id, tags: [...new Set(steps.map((step) => step.tag))], leases: recorded.leases });
  const object = runObject(run);
  const asked = events.find((event) => event.type !== 'step.retrying' && event.data.by !== undefined);
  return explainRun({
    ...surroundings,
    ...recorded.held,
    run: {
      id,
      number: run.number,
      flow: run.flow,
      state: run.state,
      createdAt: run.created_at,
      startedAt: run.started_at,
      finishedAt: run.finished_at,
      error: run.error,
    },
    steps,
    cancel: asked ? { by: asked.data.by ?? '', at: asked.at } : null,
    may: (permission) => may(actor, permission, permission === 'system.edit' ? undefined : object),
  });
}

type Surroundings = Pick<WhyFacts, 'now' | 'jobs' | 'leases' | 'workers' | 'paused'>;

async function around(
  { databases, queue }: WhyDependencies,
  { run, tags, leases }: { run: string; tags: string[]; leases: Awaited<ReturnType<typeof store.findLeases>> },
): Promise<Surroundings> {
  const pool = databases.enginePool;
  const waiting = await queue.waitingOf(pool, { run, tags });
  const [ahead, workers, control] = await Promise.all([
    queue.aheadOf(pool, waiting.slice(0, mostCounted)),
    store.findWorkersWith(databases.engine, tags),
    store.findSwitch(databases.engine),
  ]);
  return {
    now: control.now,
    paused: pausedOf(control),
    jobs: waiting.map((job): JobFacts => ({ unit: job.unit, tag: job.tag, at: job.at, since: job.since, ahead: ahead.get(job.id) ?? null })),
    leases: leases.map((lease): LeaseFacts => ({ unit: lease.unit, claimedAt: lease.claimed_at, worker: lease.worker, beatAt: lease.beat_at })),
    workers: workers.map((worker) => ({
      tags: worker.tags,
      concurrency: worker.concurrency,
      held: worker.held,
      drain: worker.drain_at === null ? null : { at: worker.drain_at, by: worker.drain_by ?? '' },
      beatAt: worker.beat_at,
    })),
  };
}

/** Of a run that is over nobody works. */
async function quiet({ databases }: WhyDependencies): Promise<Surroundings> {
  const { now } = await store.findSwitch(databases.engine);
  return { now, paused: null, jobs: [], leases: [], workers: [] };
}

function pausedOf(control: Awaited<ReturnType<typeof store.findSwitch>>): WhyFacts['paused'] {
  return control.paused_at === null ? null : { at: control.paused_at, by: control.paused_by ?? '', reason: control.pause_reason };
}

function retriesOf(events: store.TellingEvent[]): Map<string, WhyRetry[]> {
  const retries = new Map<string, WhyRetry[]>();
  for (const { type, step_id: step, at, data } of events) {
    if (type !== 'step.retrying' || step === null) continue;
    const retry: WhyRetry = {
      attempt: data.attempt ?? 1,
      at: at.toISOString(),
      nextAt: data.at ?? at.toISOString(),
      code: data.error?.code ?? 'unknown',
      message: data.error?.message ?? '',
    };
    retries.set(step, [...(retries.get(step) ?? []), retry]);
  }
  return retries;
}

type Planned = Pick<StepFacts, 'id' | 'unit' | 'predecessors' | 'tag' | 'when' | 'mayFail' | 'attempts'>;

/** In the order of the document. A document that cannot be planned any more (a step type is gone) still says what its steps wait for. */
function plannedSteps(document: FlowDocument, types: StepTypes): Planned[] {
  const plan = planOrNull(document, types);
  return Object.entries(document.steps).map(([id, step]) => {
    const unit = plan?.units.get(plan.steps.get(id)?.unit ?? '');
    return {
      id,
      unit: unit?.id ?? id,
      predecessors: predecessorsOf(step),
      tag: unit?.tag ?? step.worker ?? 'default',
      when: unit?.when ?? step.when ?? null,
      mayFail: step.mayFail ?? false,
      attempts: unit?.retry.attempts ?? step.retry?.attempts ?? 1,
    };
  });
}

function planOrNull(document: FlowDocument, types: StepTypes): Plan | null {
  try {
    return planFlow(document, types);
  } catch {
    return null;
  }
}

function stepFacts({
  planned,
  rows,
  retries,
  state,
}: {
  planned: Planned[];
  rows: Awaited<ReturnType<typeof store.findStepStates>>;
  retries: Map<string, WhyRetry[]>;
  state: RunState;
}): StepFacts[] {
  const known = new Map(rows.map((row) => [row.step_id, row]));
  return planned.map((step) => {
    const row = known.get(step.id);
    return {
      ...step,
      state: row?.state ?? (finalRunStates.includes(state) ? 'cancelled' : 'pending'),
      reason: row?.reason ?? null,
      attempt: row?.attempt ?? 0,
      startedAt: row?.started_at ?? null,
      finishedAt: row?.finished_at ?? null,
      error: row?.error ?? null,
      retries: retries.get(step.id) ?? [],
    };
  });
}

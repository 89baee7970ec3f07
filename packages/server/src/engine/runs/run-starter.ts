// Starts runs of what may be started: checks, plans and writes them, and answers with the run as it is then.
import { Conflict, InvalidInput, NotFound } from '@tidewheel/contract/errors';
import { durationMs, type FlowDocument, type Overlap } from '@tidewheel/contract/flow-document';
import type { RunMode, RunOrigin, RunSummary } from '@tidewheel/contract/run';
import { type Actor, may } from '../../base/actor.ts';
import type { AuditActor } from '../../base/audit.ts';
import { dateInZone } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { maskedSummary } from '../../base/masked-run.ts';
import { requireOn } from '../../base/object-access.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { resolveParameters, type When } from '../flows/parameters.ts';
import { type Plan, planFlow } from '../flows/plan.ts';
import type { StepTypes } from '../ports.ts';
import { firstJobs } from '../worker/beginning.ts';
import { flowGate } from '../worker/gate.store.ts';
import type { GivenStep, NewRun, RunLimit } from '../worker/new-run.store.ts';
import type { Started } from '../worker/start-runs.ts';
import { type CancelDependencies, cancelAsked } from './cancel-asked.ts';
import { flowObject, runObject } from './run-object.ts';
import { viewQueued, viewSummary } from './run-view.ts';
import * as store from './runs.store.ts';
import { type AuditedStart, StartBatch, type TriggeredStart, writeStarts } from './start-batch.ts';
import { requireStartable, type Startable, startable, unpublished } from './startable.ts';
import { StartableLoader } from './startable-loader.ts';

export interface StarterDependencies extends CancelDependencies {
  types: StepTypes;
}

export interface Starting {
  now: Date;
  idempotencyKey: string | null;
  rerunOf: string | null;
  mode?: RunMode | undefined;
  priority?: number | undefined;
  /** When it is cancelled if it is not over, beside the time limit of the flow. */
  deadline?: RunLimit | undefined;
  /** Results that are there before it begins. */
  given?: GivenStep[] | undefined;
  /** What its expressions see instead of the clock: those of the run whose results it takes over. */
  frozen?: { now: Date; today: string } | undefined;
  /** Steps that take over the runs below them which succeeded in the run that it repeats. */
  reuse?: string[] | undefined;
  /** Instead of what the overlap of its flow says: it waits for its turn there. */
  gate?: NewRun['gate'];
  /** What happens while others go first; unless given, what the overlap of its flow says. */
  overlap?: Overlap['policy'] | undefined;
  /** The schedule or trigger that starts it, in the name of the actor. */
  origin?: RunOrigin | undefined;
}

export class RunStarter {
  readonly #deps: StarterDependencies;
  readonly #starts: StartBatch;
  readonly #startables: StartableLoader;
  readonly #plans = new Map<string, Plan>();

  constructor(deps: StarterDependencies) {
    this.#deps = deps;
    this.#startables = new StartableLoader(deps.databases.enginePool);
    this.#starts = new StartBatch({ pool: deps.databases.enginePool, queue: deps.queue });
  }

  /** The published version of a flow that the actor may run. @throws NotFound, NotAllowed, Conflict */
  async find(actor: Actor, slug: string): Promise<Omit<Startable, 'parameters'>> {
    return this.allowed(actor, { slug, found: await this.#startables.find(actor.workspaceId, slug) });
  }

  allowed(actor: Actor, { slug, found }: { slug: string; found: store.StartableFlow | undefined }): Omit<Startable, 'parameters'> {
    if (!found) throw unknownFlow(slug);
    requireOn(actor, { permission: 'flow.run', read: 'flow.read', object: flowObject({ ...found, flow: slug }), unknown: () => unknownFlow(slug) });
    requireStartable({ ...found, flow: slug });
    const { document, version, version_id } = found;
    if (document === null || version === null || version_id === null) throw unpublished(slug);
    return startable({ ...found, flow: slug, document, version, version_id });
  }

  async start(actor: Actor, start: Startable & Starting): Promise<RunSummary> {
    const { document, version, owner } = start;
    const prepared = this.prepare(actor, start);
    const { run } = prepared;
    const started = await this.#starts.add(prepared);
    if (started === 'existing') return this.#earlier(actor, start);
    if (started === 'skipped') throw overlapping(document.flow);
    if (started.held && overlapOf(start) === 'cancelPrevious') await this.cancelBefore(actor, run);
    const shown = viewQueued({ run, number: started.number, document, version, held: started.held });
    return maskedSummary(actor, { run: shown, object: { ...owner, startedBy: run.startedBy } });
  }

  /** Writes all of them, or none, in the transaction of the caller. Each must have a gate of its own choosing: none is cancelled for them. */
  async startAll(trx: WorkspaceTransaction, actor: Actor, starts: (Startable & Starting)[]): Promise<void> {
    const { queue, runnerOf } = this.#deps;
    await writeStarts(runnerOf(trx), { starts: starts.map((start) => this.prepare(actor, start)), queue });
  }

  /** Writes what was prepared, together with whatever else is being started. */
  add(prepared: TriggeredStart): Promise<Started> {
    return this.#starts.add(prepared);
  }

  /** What is to be written to start it, for `startRuns` in a transaction of the caller's; its audit entry is the caller's to write. */
  prepare(actor: Actor, start: Startable & Starting): AuditedStart {
    const { document, version, given = [], mode = 'normal', priority = 0 } = start;
    const plan = this.planOf({ ...start, given: given.map(({ step }) => step) });
    const run = newRunOf({ actor, start, plan });
    const jobs = firstJobs({ plan, workspace: actor.workspaceId, run: run.id, priority, given });
    const object = { type: 'run', id: run.id, title: document.flow };
    const which = version < 0 ? { draft: -version } : { version };
    const again = run.rerunOf === null ? {} : { rerunOf: run.rerunOf, ...(given.length > 0 ? { takenOver: given.length } : {}) };
    const replaced = given.flatMap(({ step, from }) => (from === null ? [step] : []));
    const how = { ...(mode === 'normal' ? {} : { mode }), ...(replaced.length > 0 ? { testData: replaced } : {}) };
    const origin = start.origin ? { origin: { kind: start.origin.kind, slug: start.origin.slug } } : {};
    const after = { flow: document.flow, ...which, parameters: run.parameters, ...how, ...again, ...origin };
    const record = { action: run.rerunOf === null ? 'run.started' : 'run.rerun', object, after } as const;
    return { run, jobs, skipsWhenHeld: overlapOf(start) === 'skip', audit: { actor, record } };
  }

  planOf({ versionId, document, given = [] }: { versionId: string; document: FlowDocument; given?: string[] }): Plan {
    const key = [versionId, ...given].join();
    const known = this.#plans.get(key);
    if (known) return known;
    const plan = planFlow(document, this.#deps.types, { given });
    if (this.#plans.size >= 500) this.#plans.clear();
    this.#plans.set(key, plan);
    return plan;
  }

  /** Those in front of it at its gate, so that its turn comes. */
  async cancelBefore(actor: AuditActor, { id, flowId, gate }: Pick<NewRun, 'id' | 'flowId' | 'gate'>): Promise<void> {
    const before = await store.findLiveBefore(this.#deps.databases.engine, { flowId, id, gate: gate?.key ?? flowGate(flowId) });
    for (const run of before) await cancelAsked(this.#deps, { actor, run, error: null });
  }

  /** The run that has the key already. Somebody else's that the actor may not read stays unseen: he learns only that the key is taken. */
  async #earlier(actor: Actor, { flowId, idempotencyKey, ...start }: Startable & Starting): Promise<RunSummary> {
    const run = await inWorkspace(this.#deps.databases.app, actor.workspaceId, async (trx) => {
      const found = await store.findByIdempotencyKey(trx, { flowId, key: idempotencyKey ?? '' });
      return found && store.findRun(trx, found.id);
    });
    if (!run) throw new Conflict('run.idempotency', 'A run with this idempotency key was being made at the same moment.', { hint: 'Ask again.' });
    if (run.started_by !== actor.label && !may(actor, 'run.read', runObject(run)))
      throw new Conflict('run.idempotency_taken', 'This idempotency key is taken by a run that you may not see.', { hint: 'Choose another key.' });
    // Whoever started it may have ended before it could cancel those in front of it.
    if (run.held_at !== null && overlapOf(start) === 'cancelPrevious') await this.cancelBefore(actor, { id: run.id, flowId, gate: start.gate ?? null });
    return maskedSummary(actor, { run: viewSummary(run), object: runObject(run) });
  }
}

export interface Checking extends Omit<When, 'timeZone'> {
  document: FlowDocument;
  given: Record<string, unknown>;
}

/** @throws InvalidInput naming each parameter that does not fit */
export function checkedParameters({ document, given, ...when }: Checking): Record<string, unknown> {
  const { values, faults } = resolveParameters({ parameters: document.parameters, given, timeZone: document.timeZone, ...when });
  if (faults.length === 0) return values;
  throw new InvalidInput('run.parameters', `The parameters do not fit: ${faults.map((fault) => `${fault.path}: ${fault.message}`).join('; ')}`, {
    details: { faults },
    hint: 'See `parameters` in the flow document.',
  });
}

function newRunOf({ actor, start, plan }: { actor: Actor; start: Startable & Starting; plan: Plan }): NewRun {
  const { document, now, flowId, versionId, parameters, idempotencyKey, rerunOf } = start;
  return {
    id: newId(),
    workspaceId: actor.workspaceId,
    flowId,
    versionId,
    parameters,
    startedBy: actor.label,
    startedById: actor.userId,
    idempotencyKey,
    rerunOf,
    now: start.frozen?.now ?? now,
    today: start.frozen?.today ?? dateInZone(now, document.timeZone),
    deadline: limitOf(start),
    mode: start.mode ?? 'normal',
    priority: start.priority ?? 0,
    cleansUp: plan.cleansUp,
    gate: start.gate ?? (document.overlap ? { key: flowGate(flowId), most: document.overlap.most } : null),
    given: start.given ?? [],
    cancelsBefore: overlapOf(start) === 'cancelPrevious',
    reuse: start.reuse ?? [],
    origin: start.origin ?? null,
  };
}

function limitOf({ deadline, document }: Startable & Starting): RunLimit | null {
  const durations = [deadline?.withinMs, document.timeout ? durationMs(document.timeout) : undefined].filter((ms) => ms !== undefined);
  return durations.length === 0 ? (deadline ?? null) : { ...deadline, withinMs: Math.min(...durations) };
}

export function overlapOf({ overlap, gate, document }: Pick<Startable & Starting, 'overlap' | 'gate' | 'document'>): Overlap['policy'] {
  return overlap ?? (gate ? 'queue' : (document.overlap?.policy ?? 'queue'));
}

function overlapping(flow: string): Conflict {
  return new Conflict('run.overlap', `The flow "${flow}" is running already, and its \`overlap\` says that further starts are skipped meanwhile.`, {
    hint: 'Start it when the run before is over, or let its `overlap` queue.',
  });
}

function unknownFlow(slug: string): NotFound {
  return new NotFound('flow.unknown', `There is no flow "${slug}" in this workspace.`, { hint: 'See the list of flows for the names that exist.' });
}

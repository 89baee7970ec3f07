// The verbs of runs. The permission check is each function's first line.
import type { Attributes } from '@tidewheel/contract/ability';
import { Conflict, InvalidInput, NotFound, TimedOut, toStoredError } from '@tidewheel/contract/errors';
import { durationMs, type FlowDocument } from '@tidewheel/contract/flow-document';
import type { Page } from '@tidewheel/contract/page';
import type { Artifact, Delivery } from '@tidewheel/contract/routes/runs';
import type { Run, RunEvent, RunMode, RunSummary } from '@tidewheel/contract/run';
import type { Preview, TableRef } from '@tidewheel/contract/values';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import type { AuditActor } from '../../base/audit.ts';
import { dateInZone, systemClock } from '../../base/clock.ts';
import type { Download } from '../../base/endpoint.ts';
import { newId } from '../../base/ids.ts';
import { keepsColumns, maskedEvent, maskedRows, maskedRun, maskedSummary, type RunWithObject } from '../../base/masked-run.ts';
import { refuseWhole } from '../../base/masked-view.ts';
import { requireOn, requireRead } from '../../base/object-access.ts';
import { redactor } from '../../base/redactor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import { verifiedRead } from '../../storage/objects/verified-read.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import type { TableEngine } from '../../storage/tables/table-engine.ts';
import { resolveParameters } from '../flows/parameters.ts';
import { partOf } from '../flows/parts.ts';
import { type Plan, planFlow } from '../flows/plan.ts';
import type { StepTypes } from '../ports.ts';
import { firstJobs } from '../worker/beginning.ts';
import { type Cancelled, cancelBelow, cancelRun } from '../worker/cancel.ts';
import type { JobQueue, Runner } from '../worker/job-queue.ts';
import type { GivenStep, NewRun } from '../worker/new-run.store.ts';
import { type DeliveryConnections, shownDeliveries } from './masked-deliveries.ts';
import { flowObject, runObject } from './run-object.ts';
import * as view from './run-view.ts';
import * as store from './runs.store.ts';
import { StartBatch } from './start-batch.ts';
import { requireStartable, type Startable, startable, unpublished } from './startable.ts';
import { type StartableFlow, StartableLoader } from './startable-loader.ts';

export interface RunsDependencies {
  databases: Databases;
  queue: JobQueue;
  types: StepTypes;
  objects: ObjectStore;
  tables: TableEngine;
  connections: DeliveryConnections;
  /** A statement runner inside a Kysely transaction, for pg-boss (its jobs commit with ours). */
  runnerOf(trx: WorkspaceTransaction): Runner;
}

export interface StartRun {
  slug: string;
  parameters: Record<string, unknown>;
  idempotencyKey?: string | undefined;
  mode?: RunMode | undefined;
  priority?: number | undefined;
  /** When it is cancelled if it is not over, beside the time limit of the flow. */
  deadline?: Date | undefined;
  /** Results that are there before it begins. */
  given?: GivenStep[] | undefined;
}

export interface StartTest extends StartRun {
  /** Of the draft, whose text was kept. */
  revision: number;
}

export class RunsService {
  readonly #deps: RunsDependencies;
  readonly #starts: StartBatch;
  readonly #startables: StartableLoader;
  readonly #plans = new Map<string, Plan>();

  constructor(deps: RunsDependencies) {
    this.#deps = deps;
    this.#startables = new StartableLoader(deps.databases.app);
    this.#starts = new StartBatch({ pool: deps.databases.enginePool, queue: deps.queue });
  }

  async startRun(actor: Actor, { slug, ...start }: StartRun): Promise<RunSummary> {
    requirePermission(actor, 'flow.run');
    const found = await this.#startables.find(actor.workspaceId, slug);
    return this.#startFound(actor, { ...start, slug, found, idempotencyKey: start.idempotencyKey ?? null });
  }

  /** Runs the text that was kept of a draft. @throws as startRun */
  async startTest(actor: Actor, { slug, revision, parameters, idempotencyKey }: StartTest): Promise<RunSummary> {
    requirePermission(actor, 'flow.run');
    const [found] = await this.#read(actor, (trx) => store.findStartables(trx, { slugs: [slug], version: -revision }));
    // A key that starts a run must not answer with a test, nor the other way round.
    const key = idempotencyKey === undefined ? null : `draft ${revision}: ${idempotencyKey}`;
    return this.#startFound(actor, { slug, found, parameters, idempotencyKey: key });
  }

  /** The same version with the same parameters; `now` and `today` are those of the new start. */
  async rerun(actor: Actor, id: string): Promise<RunSummary> {
    requirePermission(actor, 'flow.run');
    const found = await this.#read(actor, (trx) => store.findDocument(trx, id));
    if (!found) throw unknownRun(id);
    requireRead(actor, { read: 'run.read', object: runObject(found), unknown: () => unknownRun(id) });
    requirePermission(actor, 'flow.run', flowObject(found));
    requireStartable(found);
    return this.#start(actor, { ...startable(found), parameters: found.parameters, now: systemClock.now(), idempotencyKey: null, rerunOf: id });
  }

  async cancelRun(actor: Actor, id: string): Promise<RunSummary> {
    requirePermission(actor, 'run.cancel');
    const before = await this.#read(actor, (trx) => store.findRun(trx, id));
    if (!before) throw unknownRun(id);
    requireOn(actor, { permission: 'run.cancel', read: 'run.read', object: runObject(before), unknown: () => unknownRun(id) });
    const asked = await this.#cancel({ actor, run: id, error: null });
    if (!asked) throw new Conflict('run.ended', `Run ${before.number} had ${before.state} already.`, { hint: 'Nothing needs to be done.' });
    return this.#summary(actor, id);
  }

  async listRuns(actor: Actor, query: store.RunFilter & PageRequest): Promise<Page<RunSummary>> {
    requirePermission(actor, 'run.read');
    const permitted = permittedRows(actor, 'run.read', store.runColumns);
    return viewed(await this.#read(actor, (trx) => store.listRuns(trx, { ...query, permitted })), (row) => maskedSummary(actor, withObject(row)));
  }

  async showRun(actor: Actor, id: string): Promise<Run> {
    requirePermission(actor, 'run.read');
    return this.#read(actor, async (trx) => {
      const run = await store.findRun(trx, id);
      const found = await store.findDocument(trx, id);
      if (!run || !found) throw unknownRun(id);
      const object = runObject(run);
      requireRead(actor, { read: 'run.read', object, unknown: () => unknownRun(id) });
      const steps = await store.findSteps(trx, id);
      const document = found.made ?? (found.part === null ? found.document : partOf(found.document, found.part));
      const [waits, below] = [await store.findWaits(trx, id), await store.countBelow(trx, id)];
      return maskedRun(actor, { run: view.viewRun({ run, document, steps, waits, below }), object });
    });
  }

  async listEvents(actor: Actor, query: { run: string; after: number; limit: number }): Promise<RunEvent[]> {
    requirePermission(actor, 'run.read');
    const { object, result } = await this.#ofRun(actor, query.run, (trx) => store.listEvents(trx, query));
    return result.map((row) => maskedEvent(actor, { event: view.viewEvent(row), object }));
  }

  async showPreview(actor: Actor, { run, step }: { run: string; step: string }): Promise<Preview> {
    requirePermission(actor, 'run.read');
    const { object, result: row } = await this.#ofRun(actor, run, (trx) => store.findStep(trx, { run, step }));
    if (!row?.preview)
      throw new NotFound('step.no_preview', `Step ${step} of this run has no rows to show.`, {
        hint: 'Only steps that made a table have a preview, once they succeeded.',
      });
    return maskedRows(actor, { page: row.preview, object });
  }

  async showTable(
    actor: Actor,
    query: { run: string; step: string; which: 'table' | 'rejected'; offset: number; limit: number },
  ): Promise<Preview & { total: number }> {
    requirePermission(actor, 'run.read');
    const { which, ...rows } = query;
    const { object: ofRun, result: table } = await this.#ofRun(actor, query.run, async (trx) => {
      const row = await store.findStep(trx, query);
      const found: TableRef | undefined = which === 'table' ? row?.output?.table : row?.output?.rejected;
      if (!found)
        throw new NotFound('step.no_table', `Step ${query.step} of this run kept no ${which === 'table' ? 'table' : 'rejected rows'}.`, {
          hint: 'Only the ends of a stretch of table steps are kept; the others have a preview.',
        });
      const object = { type: 'run', id: query.run, title: query.step };
      await recordAudit(trx, actor, {
        action: 'rows.read',
        object,
        after: { which, step: rows.step, offset: rows.offset, limit: rows.limit, sha256: found.sha256 },
      });
      return found;
    });
    const path = await this.#deps.objects.localPath(actor.workspaceId, table.sha256);
    return maskedRows(actor, { page: await this.#deps.tables.page(path, { offset: query.offset, limit: query.limit }), object: ofRun });
  }

  async listArtifacts(actor: Actor, query: store.ArtifactFilter & PageRequest): Promise<Page<Artifact>> {
    requirePermission(actor, 'artifact.read');
    const permitted = permittedRows(actor, 'artifact.read', store.runColumns);
    return viewed(await this.#read(actor, (trx) => store.listArtifacts(trx, { ...query, permitted })), (row) => {
      const artifact = view.viewArtifact(row);
      // What a check of the file said may quote any cell of it.
      return keepsColumns(actor, runObject(row)) ? { ...artifact, metadata: {} } : artifact;
    });
  }

  async downloadArtifact(actor: Actor, id: string): Promise<Download> {
    requirePermission(actor, 'artifact.read');
    const artifact = await this.#read(actor, async (trx) => {
      const found = await store.findArtifact(trx, id);
      if (!found) throw unknownArtifact(id);
      const owner = runObject(found);
      requireRead(actor, { read: 'artifact.read', object: owner, unknown: () => unknownArtifact(id) });
      refuseWhole(actor, { type: 'run', permission: 'artifact.read', object: owner, head: 'columns', what: 'the files of this run' });
      const object = { type: 'artifact', id, title: found.name };
      await recordAudit(trx, actor, { action: 'artifact.downloaded', object, after: { sha256: found.sha256, run: found.run_id } });
      return found;
    });
    const stream = verifiedRead(await this.#deps.objects.read(actor.workspaceId, artifact.sha256), artifact.sha256);
    return { stream, mediaType: artifact.media_type, fileName: artifact.name, size: artifact.size, sha256: artifact.sha256 };
  }

  async listDeliveries(actor: Actor, query: store.DeliveryFilter & PageRequest): Promise<Page<Delivery>> {
    requirePermission(actor, 'artifact.read');
    const permitted = permittedRows(actor, 'artifact.read', store.runColumns);
    const page = viewed(await this.#read(actor, (trx) => store.listDeliveries(trx, { ...query, permitted })), view.viewDelivery);
    return { ...page, items: await shownDeliveries(actor, { deliveries: page.items, connections: this.#deps.connections }) };
  }

  /** For the live list: what the runs of these ids look like now, for whoever may see them. */
  async readSummaries(workspaceId: string, ids: string[]): Promise<RunWithObject[]> {
    if (ids.length === 0) return [];
    const rows = await inWorkspace(this.#deps.databases.app, workspaceId, (trx) => store.findRuns(trx, { workspaceId, ids }));
    return rows.map(withObject);
  }

  /** Ends runs whose time is over; the supervisor calls it each round. */
  async cancelOverdue(): Promise<void> {
    for (const { id, workspace_id } of await store.findOverdue(this.#deps.databases.engine)) {
      const error = toStoredError(
        new TimedOut('run.timeout', 'the run took longer than the time limit of its flow', { hint: 'Raise `timeout` in the flow document.' }),
      );
      await this.#cancel({ actor: { userId: null, label: 'time limit', workspaceId: workspace_id }, run: id, error });
    }
  }

  #startFound(
    actor: Actor,
    { slug, found, parameters, ...rest }: Omit<StartRun, 'idempotencyKey'> & { found: StartableFlow | undefined; idempotencyKey: string | null },
  ): Promise<RunSummary> {
    if (!found) throw unknownFlow(slug);
    requireOn(actor, { permission: 'flow.run', read: 'flow.read', object: flowObject({ ...found, flow: slug }), unknown: () => unknownFlow(slug) });
    requireStartable({ ...found, flow: slug });
    const { document, version, version_id } = found;
    if (document === null || version === null || version_id === null) throw unpublished(slug);
    const now = systemClock.now();
    const values = checkedParameters({ document, given: parameters, now });
    return this.#start(actor, {
      ...startable({ ...found, flow: slug, document, version, version_id }),
      parameters: values,
      now,
      ...rest,
      rerunOf: null,
    });
  }

  async #start(actor: Actor, start: Startable & Starting): Promise<RunSummary> {
    const { document, version, owner, given = [], mode = 'normal', priority = 0 } = start;
    const plan = this.#planOf({ ...start, given });
    const run = newRunOf({ actor, start, plan });
    const jobs = firstJobs({ plan, workspace: actor.workspaceId, run: run.id, priority, given });
    const object = { type: 'run', id: run.id, title: document.flow };
    const which = version < 0 ? { draft: -version } : { version };
    const again = run.rerunOf === null ? {} : { rerunOf: run.rerunOf };
    const after = { flow: document.flow, ...which, parameters: run.parameters, ...(mode === 'normal' ? {} : { mode }), ...again };
    const record = { action: run.rerunOf === null ? 'run.started' : 'run.rerun', object, after } as const;
    const skipsWhenHeld = document.overlap?.policy === 'skip';
    const started = await this.#starts.add({ run, jobs, skipsWhenHeld, audit: { actor, record } });
    if (started === 'existing') return this.#earlier(actor, start);
    if (started === 'skipped') throw overlapping(document.flow);
    if (started.held && document.overlap?.policy === 'cancelPrevious') await this.#cancelBefore(actor, run);
    const shown = view.viewQueued({ run, number: started.number, document, version, held: started.held });
    return maskedSummary(actor, { run: shown, object: { ...owner, startedBy: run.startedBy } });
  }

  /** Those of the same flow that began before it, so that its turn comes. */
  async #cancelBefore(actor: Actor, { id, flowId }: { id: string; flowId: string }): Promise<void> {
    const before = await store.findLiveBefore(this.#deps.databases.engine, { flowId, id });
    for (const run of before) await this.#cancel({ actor, run, error: null });
  }

  #planOf({ versionId, document, given = [] }: { versionId: string; document: FlowDocument; given?: GivenStep[] }): Plan {
    const steps = given.map(({ step }) => step);
    const key = [versionId, ...steps].join();
    const known = this.#plans.get(key);
    if (known) return known;
    const plan = planFlow(document, this.#deps.types, { given: steps });
    if (this.#plans.size >= 500) this.#plans.clear();
    this.#plans.set(key, plan);
    return plan;
  }

  /** The run that has the key already. Somebody else's that the actor may not read stays unseen: he learns only that the key is taken. */
  async #earlier(actor: Actor, { flowId, idempotencyKey }: { flowId: string; idempotencyKey: string | null }): Promise<RunSummary> {
    const run = await this.#read(actor, async (trx) => {
      const found = await store.findByIdempotencyKey(trx, { flowId, key: idempotencyKey ?? '' });
      return found && store.findRun(trx, found.id);
    });
    if (!run) throw new Conflict('run.idempotency', 'A run with this idempotency key was being made at the same moment.', { hint: 'Ask again.' });
    if (run.started_by !== actor.label && !may(actor, 'run.read', runObject(run)))
      throw new Conflict('run.idempotency_taken', 'This idempotency key is taken by a run that you may not see.', { hint: 'Choose another key.' });
    return maskedSummary(actor, withObject(run));
  }

  async #cancel({ actor, run, error }: { actor: AuditActor; run: string; error: unknown }): Promise<Cancelled | null> {
    const { databases, queue, runnerOf } = this.#deps;
    const by = actor.label;
    const asked = await databases.engine.transaction().execute(async (trx) => {
      const cancelled = await cancelRun(runnerOf(trx), { queue, run, by, error: error === null ? null : redactor.deep(error) });
      if (!cancelled) return null;
      const { before, state, number, forced } = cancelled;
      const object = { type: 'run', id: run, title: `Run ${number}` };
      await recordAudit(trx, actor, { action: 'run.cancelled', object, before: { state: before }, after: { state, ...(forced ? { forced } : {}) } });
      return cancelled;
    });
    if (asked) await cancelBelow(databases.enginePool, { queue, run, by });
    return asked;
  }

  async #summary(actor: Actor, id: string): Promise<RunSummary> {
    const run = await this.#read(actor, (trx) => store.findRun(trx, id));
    if (!run) throw unknownRun(id);
    return maskedSummary(actor, withObject(run));
  }

  #ofRun<T>(actor: Actor, run: string, read: (trx: WorkspaceTransaction) => Promise<T>): Promise<{ object: Attributes; result: T }> {
    return this.#read(actor, async (trx) => {
      const owner = await store.findRunObject(trx, run);
      if (!owner) throw unknownRun(run);
      const object = runObject(owner);
      requireRead(actor, { read: 'run.read', object, unknown: () => unknownRun(run) });
      return { object, result: await read(trx) };
    });
  }

  #read<T>(actor: Actor, work: (trx: WorkspaceTransaction) => Promise<T>): Promise<T> {
    return inWorkspace(this.#deps.databases.app, actor.workspaceId, work);
  }
}

interface Starting {
  now: Date;
  idempotencyKey: string | null;
  rerunOf: string | null;
  mode?: RunMode | undefined;
  priority?: number | undefined;
  deadline?: Date | undefined;
  given?: GivenStep[] | undefined;
}

function newRunOf({ actor, start, plan }: { actor: Actor; start: Startable & Starting; plan: Plan }): NewRun {
  const { document, now, flowId, versionId, parameters, idempotencyKey, rerunOf } = start;
  const limits = [start.deadline?.getTime(), document.timeout ? now.getTime() + durationMs(document.timeout) : undefined].filter((at) => at !== undefined);
  return {
    id: newId(),
    workspaceId: actor.workspaceId,
    flowId,
    versionId,
    parameters,
    startedBy: actor.label,
    idempotencyKey,
    rerunOf,
    now,
    today: dateInZone(now, document.timeZone),
    deadline: limits.length === 0 ? null : new Date(Math.min(...limits)),
    mode: start.mode ?? 'normal',
    priority: start.priority ?? 0,
    cleansUp: plan.cleansUp,
    gate: document.overlap ? { key: `flow ${flowId}`, most: document.overlap.most } : null,
    given: start.given ?? [],
  };
}

function overlapping(flow: string): Conflict {
  return new Conflict('run.overlap', `The flow "${flow}" is running already, and its \`overlap\` says that further starts are skipped meanwhile.`, {
    hint: 'Start it when the run before is over, or let its `overlap` queue.',
  });
}

function viewed<R, V>(page: Page<R>, view: (row: R) => V): Page<V> {
  return { ...page, items: page.items.map(view) };
}

function withObject(row: store.SummaryRow): RunWithObject {
  return { run: view.viewSummary(row), object: runObject(row) };
}

function unknownFlow(slug: string): NotFound {
  return new NotFound('flow.unknown', `There is no flow "${slug}" in this workspace.`, { hint: 'See the list of flows for the names that exist.' });
}

function unknownArtifact(id: string): NotFound {
  return new NotFound('artifact.unknown', `There is no artifact ${id} in this workspace.`);
}

function unknownRun(id: string): NotFound {
  return new NotFound('run.unknown', `There is no run ${id} in this workspace.`, { hint: 'See the list of runs.' });
}

function checkedParameters({ document, given, now }: { document: FlowDocument; given: Record<string, unknown>; now: Date }): Record<string, unknown> {
  const { values, faults } = resolveParameters({ parameters: document.parameters, given, now, timeZone: document.timeZone });
  if (faults.length === 0) return values;
  throw new InvalidInput('run.parameters', `The parameters do not fit: ${faults.map((fault) => `${fault.path}: ${fault.message}`).join('; ')}`, {
    details: { faults },
    hint: 'See `parameters` in the flow document.',
  });
}

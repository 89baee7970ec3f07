// The verbs of runs. The permission check is each function's first line.
import type { Attributes } from '@tidewheel/contract/ability';
import { Conflict, InvalidInput, NotFound, TimedOut, toStoredError } from '@tidewheel/contract/errors';
import { durationMs, type FlowDocument } from '@tidewheel/contract/flow-document';
import type { Page } from '@tidewheel/contract/page';
import type { Artifact, Delivery } from '@tidewheel/contract/routes/runs';
import type { Run, RunEvent, RunState, RunSummary } from '@tidewheel/contract/run';
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
import { type Plan, planFlow } from '../flows/plan.ts';
import type { StepTypes } from '../ports.ts';
import type { JobQueue, Runner } from '../worker/job-queue.ts';
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

  async startRun(actor: Actor, { slug, parameters, idempotencyKey }: StartRun): Promise<RunSummary> {
    requirePermission(actor, 'flow.run');
    const found = await this.#startables.find(actor.workspaceId, slug);
    return this.#startFound(actor, { slug, found, parameters, idempotencyKey: idempotencyKey ?? null });
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
    const asked = await this.#cancel({ actor, run: id, by: actor.label, error: null });
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
      return maskedRun(actor, { run: view.viewRun({ run, document: found.document, steps }), object });
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
      await this.#cancel({ actor: { userId: null, label: 'time limit', workspaceId: workspace_id }, run: id, by: 'time limit', error });
    }
  }

  #startFound(
    actor: Actor,
    { slug, found, parameters, idempotencyKey }: Omit<StartRun, 'idempotencyKey'> & { found: StartableFlow | undefined; idempotencyKey: string | null },
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
      idempotencyKey,
      rerunOf: null,
    });
  }

  async #start(
    actor: Actor,
    { document, version, now, owner, ...rest }: Startable & { now: Date; idempotencyKey: string | null; rerunOf: string | null },
  ): Promise<RunSummary> {
    const plan = this.#planOf(rest.versionId, document);
    const deadline = document.timeout ? new Date(now.getTime() + durationMs(document.timeout)) : null;
    const run = { ...rest, id: newId(), workspaceId: actor.workspaceId, startedBy: actor.label, now, today: dateInZone(now, document.timeZone), deadline };
    const jobs = plan.roots.map((unit) => ({
      workspace: actor.workspaceId,
      run: run.id,
      unit,
      attempt: 1,
      tag: plan.units.get(unit)?.tag ?? 'default',
      priority: plan.units.get(unit)?.priority ?? 0,
    }));
    const object = { type: 'run', id: run.id, title: document.flow };
    const which = version < 0 ? { draft: -version } : { version };
    const after = { flow: document.flow, ...which, parameters: run.parameters, ...(run.rerunOf === null ? {} : { rerunOf: run.rerunOf }) };
    const record = { action: run.rerunOf === null ? 'run.started' : 'run.rerun', object, after } as const;
    const number = await this.#starts.add({ run, jobs, audit: { actor, record } });
    if (number === null) return this.#earlier(actor, rest);
    return maskedSummary(actor, { run: view.viewQueued({ run, number, document, version }), object: { ...owner, startedBy: run.startedBy } });
  }

  #planOf(versionId: string, document: FlowDocument): Plan {
    const known = this.#plans.get(versionId);
    if (known) return known;
    const plan = planFlow(document, this.#deps.types);
    if (this.#plans.size >= 500) this.#plans.clear();
    this.#plans.set(versionId, plan);
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

  async #cancel({ actor, ...asking }: { actor: AuditActor; run: string; by: string; error: unknown }): Promise<{ state: RunState } | null> {
    const request = { ...asking, workspaceId: actor.workspaceId };
    const { databases, queue, runnerOf } = this.#deps;
    return databases.engine.transaction().execute(async (trx) => {
      const asked = await store.requestCancel(trx, { ...request, error: request.error === null ? null : redactor.deep(request.error) });
      if (!asked) return null;
      const object = { type: 'run', id: request.run, title: `Run ${asked.number}` };
      await recordAudit(trx, actor, { action: 'run.cancelled', object, before: { state: asked.before }, after: { state: asked.state } });
      const runner = runnerOf(trx);
      await queue.withdraw(runner, request.run);
      await runner.query(`select pg_notify('tidewheel_run', $1), pg_notify('tidewheel_cancel', $2)`, [
        JSON.stringify({ w: request.workspaceId, r: [request.run] }),
        request.run,
      ]);
      return asked;
    });
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

// The verbs of runs. The permission check is each function's first line.
import type { Attributes } from '@tidewheel/contract/ability';
import { Conflict, NotFound, toStoredError } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Page } from '@tidewheel/contract/page';
import type { Artifact, Delivery } from '@tidewheel/contract/routes/runs';
import type { Run, RunEvent, RunMode, RunSummary } from '@tidewheel/contract/run';
import type { Deadline, TestData } from '@tidewheel/contract/start-options';
import type { Preview, TableRef } from '@tidewheel/contract/values';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { systemClock } from '../../base/clock.ts';
import type { Download } from '../../base/endpoint.ts';
import { keepsColumns, maskedEvent, maskedRows, maskedRun, maskedSummary, type RunWithObject } from '../../base/masked-run.ts';
import { refuseWhole } from '../../base/masked-view.ts';
import { requireOn, requireRead } from '../../base/object-access.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { verifiedRead } from '../../storage/objects/verified-read.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { calendarsOf } from '../calendars-of.ts';
import { partOf } from '../flows/parts.ts';
import { deadlineOf } from '../operations/deadline.ts';
import { givenOf, type TestDataDependencies } from '../operations/test-data.ts';
import { cancelAsked } from './cancel-asked.ts';
import { type DeliveryConnections, shownDeliveries } from './masked-deliveries.ts';
import { overTime } from './over-time.ts';
import { runObject } from './run-object.ts';
import { type Checking, checkedParameters, RunStarter, type StarterDependencies } from './run-starter.ts';
import * as view from './run-view.ts';
import * as store from './runs.store.ts';
import { unknownRun } from './unknown-run.ts';

/** Of a cell of a table that is looked at. */
const shownCharacters = 20_000;

export interface RunsDependencies extends StarterDependencies, TestDataDependencies {
  connections: DeliveryConnections;
}

export interface StartRun {
  slug: string;
  parameters: Record<string, unknown>;
  idempotencyKey?: string | undefined;
  mode?: RunMode | undefined;
  priority?: number | undefined;
  /** When it is cancelled if it is not over, beside the time limit of the flow. */
  deadline?: Deadline | undefined;
  /** By step: what it is to have given. With it the run is a dry one unless `mode` says otherwise. */
  testData?: Record<string, TestData> | undefined;
}

export interface StartTest extends StartRun {
  /** Of the draft, whose text was kept. */
  revision: number;
}

export class RunsService {
  /** For whatever else starts runs. */
  readonly starter: RunStarter;
  readonly #deps: RunsDependencies;

  constructor(deps: RunsDependencies) {
    this.#deps = deps;
    this.starter = new RunStarter(deps);
  }

  async startRun(actor: Actor, { slug, idempotencyKey, deadline, testData, mode, priority, ...asked }: StartRun): Promise<RunSummary> {
    requirePermission(actor, 'flow.run');
    const flow = await this.starter.find(actor, slug);
    // For real, made-up rows would be delivered: whoever may change the flow could do that anyway.
    if (testData && mode === 'normal') requirePermission(actor, 'flow.edit', flow.owner);
    const now = systemClock.now();
    const parameters = checkedParameters({ ...(await this.#startOf(actor, flow.document, now)), given: asked.parameters });
    const given = testData ? await givenOf(this.#deps, actor, { document: flow.document, testData, mode }) : [];
    const until = deadline === undefined ? undefined : await deadlineOf(deadline, this.#deps.databases.enginePool);
    const how = { mode: mode ?? (given.length > 0 ? 'dry' : 'normal'), priority, deadline: until, given } as const;
    return this.starter.start(actor, { ...flow, ...how, parameters, now, idempotencyKey: idempotencyKey ?? null, rerunOf: null });
  }

  /** Runs the text that was kept of a draft. @throws as startRun */
  async startTest(actor: Actor, { slug, revision, parameters, idempotencyKey }: StartTest): Promise<RunSummary> {
    requirePermission(actor, 'flow.run');
    const [found] = await this.#read(actor, (trx) => store.findStartables(trx, { slugs: [slug], version: -revision }));
    const flow = this.starter.allowed(actor, { slug, found });
    const now = systemClock.now();
    const values = checkedParameters({ ...(await this.#startOf(actor, flow.document, now)), given: parameters });
    // A key that starts a run must not answer with a test, nor the other way round.
    const key = idempotencyKey === undefined ? null : `draft ${revision}: ${idempotencyKey}`;
    return this.starter.start(actor, { ...flow, parameters: values, now, idempotencyKey: key, rerunOf: null });
  }

  async #startOf({ workspaceId }: Actor, document: FlowDocument, now: Date): Promise<Omit<Checking, 'given'>> {
    return { document, now, calendars: await calendarsOf(this.#deps.databases.engine, { workspaceId, document, at: now }) };
  }

  async cancelRun(actor: Actor, id: string): Promise<RunSummary> {
    requirePermission(actor, 'run.cancel');
    const before = await this.#read(actor, (trx) => store.findRun(trx, id));
    if (!before) throw unknownRun(id);
    requireOn(actor, { permission: 'run.cancel', read: 'run.read', object: runObject(before), unknown: () => unknownRun(id) });
    const asked = await cancelAsked(this.#deps, { actor, run: id, error: null, mayForce: true });
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
    return maskedRows(actor, {
      page: await this.#deps.tables.page(path, { offset: query.offset, limit: query.limit, shown: { cell: shownCharacters } }),
      object: ofRun,
    });
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
    for (const { id, workspace_id, ...overdue } of await store.findOverdue(this.#deps.databases.engine)) {
      const error = toStoredError(overTime(overdue));
      await cancelAsked(this.#deps, { actor: { userId: null, label: 'time limit', workspaceId: workspace_id }, run: id, error });
    }
  }

  /** Goes on where whoever started a run that replaces others ended before it had cancelled these; the supervisor calls it now and then. */
  async cancelReplaced(): Promise<void> {
    for (const { id, workspaceId, flowId, gate } of await store.findUnreplaced(this.#deps.databases.engine))
      await this.starter.cancelBefore({ userId: null, label: 'overlap', workspaceId }, { id, flowId, gate });
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

function unknownArtifact(id: string): NotFound {
  return new NotFound('artifact.unknown', `There is no artifact ${id} in this workspace.`);
}

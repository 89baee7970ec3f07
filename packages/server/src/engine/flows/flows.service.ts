// Flows and their versions: made by applying a text, never changed, archived instead of deleted.
import { Conflict, InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Page } from '@tidewheel/contract/page';
import type { Fault } from '@tidewheel/contract/problem';
import type { Flow, FlowSummary } from '@tidewheel/contract/routes/flows';
import type { StepTypeInfo } from '@tidewheel/contract/step-type';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { requireOn } from '../../base/object-access.ts';
import { closest } from '../../base/text.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import type { TableEngine } from '../../storage/tables/table-engine.ts';
import type { ConnectionPort, StepTypes, UploadedFilePort } from '../ports.ts';
import { hashDocument } from './canonical.ts';
import type { Absent } from './check-context.ts';
import { viewFlow, viewSummary } from './flow-view.ts';
import * as store from './flows.store.ts';
import { stepTypeInfo } from './step-type-info.ts';
import { stepVersionsOf } from './upgrade.ts';
import { hasErrors, type Validation, validateFlow } from './validate.ts';

export interface FlowDeps {
  databases: Databases;
  types: StepTypes;
  tableEngine: Pick<TableEngine, 'check'>;
  connections: Pick<ConnectionPort, 'list'>;
  uploads: Pick<UploadedFilePort, 'list'>;
}

export type ApplyOutcome = 'created' | 'updated' | 'unchanged';

/**
 * Creates the flow that the text names, or adds a version to it. The very same text as the newest version makes none; another text of the same
 * meaning (comments, order, spacing) does, with the same hash. It takes flow.edit on the flow as it is and as it will be, and the permission to
 * read every connection and uploaded file that it names: runs use them in its author's name.
 * @throws InvalidInput `flow.invalid` with every fault, Conflict `flow.archived`, TooLarge
 */
export async function applyFlow(deps: FlowDeps, actor: Actor, source: string): Promise<{ flow: Flow; outcome: ApplyOutcome }> {
  requirePermission(actor, 'flow.edit');
  const { document, faults } = await check(deps, actor, { source, for: 'apply' });
  if (document === null || hasErrors(faults)) throw invalid(faults);
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const { outcome, version } = await keep({ trx, actor, source, document, types: deps.types });
    const row = await store.findFlow(trx, document.flow, permittedTo(actor).runs);
    if (!row) throw unknownFlow(document.flow);
    return { outcome, flow: viewFlow({ row, version, types: deps.types, warnings: faults }) };
  });
}

/** Checks a text without keeping it. @throws TooLarge */
export async function validate(deps: FlowDeps, actor: Actor, source: string): Promise<{ valid: boolean; faults: Fault[]; document: FlowDocument | null }> {
  requirePermission(actor, 'flow.read');
  const { document, faults } = await check(deps, actor, { source, for: 'apply' });
  return { valid: document !== null && !hasErrors(faults), faults, document };
}

/** @throws NotFound with the closest slug, or when it has no such version */
export async function showFlow(deps: FlowDeps, actor: Actor, { slug, version }: { slug: string; version?: number | undefined }): Promise<Flow> {
  requirePermission(actor, 'flow.read');
  const found = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await existing(trx, actor, { slug, permission: 'flow.read' });
    const shown = await store.findVersion(trx, { flowId: row.id, version: version ?? row.newest_version });
    if (!shown) throw new NotFound('flow.version_unknown', `The flow "${slug}" has no version ${version}.`, { hint: `Its newest is ${row.newest_version}.` });
    return { row, version: shown };
  });
  return viewFlow({ ...found, types: deps.types, warnings: await warningsOf(deps, actor, found.version) });
}

export async function listFlows(deps: FlowDeps, actor: Actor, query: store.FlowFilter & PageRequest): Promise<Page<FlowSummary>> {
  requirePermission(actor, 'flow.read');
  const page = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => store.findFlows(trx, { ...query, permitted: permittedTo(actor) }, query));
  return { ...page, items: page.items.map(viewSummary) };
}

/** An archived flow starts no runs and takes no versions; what it left behind stays. @throws NotFound */
export async function archiveFlow(deps: FlowDeps, actor: Actor, slug: string): Promise<FlowSummary> {
  requirePermission(actor, 'flow.edit');
  return setArchived(deps, actor, { slug, archived: true });
}

/** @throws NotFound */
export async function restoreFlow(deps: FlowDeps, actor: Actor, slug: string): Promise<FlowSummary> {
  requirePermission(actor, 'flow.edit');
  return setArchived(deps, actor, { slug, archived: false });
}

export interface VersionView {
  version: number;
  hash: string;
  createdAt: string;
  createdBy: string;
  source: string;
}

/** Newest first, at most 20 to a page. @throws NotFound */
export async function listVersions(deps: FlowDeps, actor: Actor, { slug, ...page }: PageRequest & { slug: string }): Promise<Page<VersionView>> {
  requirePermission(actor, 'flow.read');
  const found = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const { id } = await existing(trx, actor, { slug, permission: 'flow.read' });
    return store.findVersions(trx, id, page);
  });
  const items = found.items.map(({ version, hash, created_at, created_by, source }) => ({
    version,
    hash,
    createdAt: created_at.toISOString(),
    createdBy: created_by,
    source,
  }));
  return { ...found, items };
}

export function listStepTypes(deps: FlowDeps, actor: Actor): StepTypeInfo[] {
  requirePermission(actor, 'flow.read');
  return [...deps.types.values()].map(stepTypeInfo);
}

/** `look`: a kept version is shown; what the reader may not use is nothing to him then. */
async function check(deps: FlowDeps, actor: Actor, given: { source: string; for: 'apply' | 'look' }): Promise<Validation> {
  const { types, tableEngine } = deps;
  const [connections, files] = await Promise.all([deps.connections.list(actor.workspaceId), deps.uploads.list(actor.workspaceId)]);
  return validateFlow(given.source, {
    types,
    tableEngine,
    connections: connections.filter(({ slug, folder, type }) => may(actor, 'connection.read', { connection: slug, folder, type })),
    files: files.filter(({ slug, uploadedBy }) => may(actor, 'file.read', { file: slug, uploadedBy })).map(({ slug }) => slug),
    absent: { connections: absentFor(actor, 'connection.read', given.for), files: absentFor(actor, 'file.read', given.for) },
  });
}

function absentFor(actor: Actor, permission: 'connection.read' | 'file.read', purpose: 'apply' | 'look'): Absent[keyof Absent] {
  const everything = actor.ability?.canAll(permission) ?? actor.permissions.has(permission);
  if (everything) return 'warning';
  return purpose === 'apply' ? 'error' : 'nothing';
}

/** What has changed around a version since it was applied. Its SQL has not: the table engine is spared. */
async function warningsOf(deps: FlowDeps, actor: Actor, version: store.VersionRow): Promise<Fault[]> {
  const withoutSql: FlowDeps = { ...deps, tableEngine: { check: async () => [] } };
  return (await check(withoutSql, actor, { source: version.source, for: 'look' })).faults;
}

interface Keeping {
  trx: WorkspaceTransaction;
  actor: Actor;
  source: string;
  document: FlowDocument;
  types: StepTypes;
}

/** Two who apply the same flow at once wait for one another at its row: both texts become versions. */
async function keep({ trx, actor, source, document, types }: Keeping): Promise<{ outcome: ApplyOutcome; version: store.VersionRow }> {
  const { workspaceId, label } = actor;
  requirePermission(actor, 'flow.edit', { flow: document.flow, folder: document.folder ?? null, kind: document.kind });
  const made = (await store.lockFlow(trx, document.flow)) ? undefined : await store.insertFlow(trx, { workspaceId, id: newId(), document });
  const flow = made ?? (await store.lockFlow(trx, document.flow));
  // A name is no secret from who may make flows: it is taken.
  if (flow) requirePermission(actor, 'flow.edit', attributesOf(flow));
  if (!flow) throw new Conflict('flow.changing', `The flow "${document.flow}" is being changed by somebody else.`, { hint: 'Apply it again.' });
  if (flow.archived_at) throw new Conflict('flow.archived', `The flow "${document.flow}" is archived.`, { hint: 'Restore it first, or choose another name.' });
  const newest = made ? undefined : await store.findVersion(trx, { flowId: flow.id, version: flow.newest_version });
  if (newest?.source === source) return { outcome: 'unchanged', version: newest };
  const number = made ? 1 : flow.newest_version + 1;
  const version = await store.insertVersion(trx, {
    workspaceId,
    id: newId(),
    flowId: flow.id,
    version: number,
    source,
    document,
    stepVersions: stepVersionsOf(document, types),
    hash: hashDocument(document),
    createdBy: label,
  });
  if (!made) await store.setNewestVersion(trx, { flowId: flow.id, version: number, document });
  const object = { type: 'flow', id: flow.id, title: document.flow };
  await recordAudit(trx, actor, { action: 'flow.applied', object, before: newest && appliedVersion(newest), after: appliedVersion(version) });
  return { outcome: made ? 'created' : 'updated', version };
}

function appliedVersion({ version, hash, source }: store.VersionRow) {
  return { version, hash, source };
}

function setArchived(deps: FlowDeps, actor: Actor, change: { slug: string; archived: boolean }): Promise<FlowSummary> {
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await existing(trx, actor, { slug: change.slug, permission: 'flow.edit' });
    if (await store.setArchived(trx, change)) {
      const object = { type: 'flow', id: row.id, title: row.slug };
      const action = change.archived ? 'flow.archived' : 'flow.restored';
      await recordAudit(trx, actor, { action, object, before: { archived: !change.archived }, after: { archived: change.archived } });
    }
    return viewSummary(await existing(trx, actor, { slug: change.slug, permission: 'flow.edit' }));
  });
}

/** @throws NotFound also for one that the actor may not read, NotAllowed for one that he may only read */
async function existing(
  trx: WorkspaceTransaction,
  actor: Actor,
  { slug, permission }: { slug: string; permission: 'flow.read' | 'flow.edit' },
): Promise<store.FlowRow> {
  const permitted = permittedTo(actor);
  const row = await store.findFlow(trx, slug, permitted.runs);
  if (row && may(actor, permission, attributesOf(row))) {
    requirePermission(actor, permission, attributesOf(row));
    return row;
  }
  const slip = closest(slug, await store.listSlugs(trx, permitted.flows));
  if (!row) throw unknownFlow(slug, slip);
  requireOn(actor, { permission, read: 'flow.read', object: attributesOf(row), unknown: () => unknownFlow(slug, slip) });
  return row;
}

function unknownFlow(slug: string, slip?: string): NotFound {
  return new NotFound('flow.unknown', `There is no flow "${slug}".`, slip === undefined ? {} : { hint: `Did you mean "${slip}"?` });
}

function attributesOf({ slug, folder, kind }: Pick<store.FlowRow, 'slug' | 'folder' | 'kind'>) {
  return { flow: slug, folder, kind };
}

function permittedTo(actor: Actor): store.Permitted {
  return { flows: permittedRows(actor, 'flow.read', store.flowColumns), runs: permittedRows(actor, 'run.read', store.lastRunColumns) };
}

function invalid(faults: Fault[]): InvalidInput {
  const errors = faults.filter((fault) => fault.severity === 'error');
  const shown = errors.slice(0, 5).map((fault) => `${fault.path}: ${fault.message}`);
  const more = errors.length > shown.length ? ` (and ${errors.length - shown.length} more)` : '';
  const count = errors.length === 1 ? 'a fault' : `${errors.length} faults`;
  return new InvalidInput('flow.invalid', `The flow document has ${count}: ${shown.join('; ')}${more}`, { details: { faults } });
}

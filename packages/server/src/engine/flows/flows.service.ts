// Flows and their versions: made by applying a text, never changed, archived instead of deleted.
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Page } from '@tidewheel/contract/page';
import type { Fault } from '@tidewheel/contract/problem';
import type { Flow, FlowSummary } from '@tidewheel/contract/routes/flows';
import type { StepTypeInfo } from '@tidewheel/contract/step-type';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { check, type FlowDeps, invalid, warningsOf } from './flow-checks.ts';
import { existing, permittedTo, unknownFlow } from './flow-lookup.ts';
import { viewFlow, viewSummary } from './flow-view.ts';
import * as store from './flows.store.ts';
import { type ApplyOutcome, keepVersion } from './keep-version.ts';
import { stepTypeInfo } from './step-type-info.ts';
import { hasErrors } from './validate.ts';

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
    const { outcome, version } = await keepVersion({ trx, actor, source, document, types: deps.types });
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

export interface FlowAsked {
  slug: string;
  version?: number | undefined;
  /** `version` is the revision of a draft that was tested. */
  draft?: boolean | undefined;
}

/** @throws NotFound with the closest slug, or when it has no such version; Conflict `flow.unpublished` when it only has a draft */
export async function showFlow(deps: FlowDeps, actor: Actor, { slug, version, draft }: FlowAsked): Promise<Flow> {
  requirePermission(actor, 'flow.read');
  const found = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await existing(trx, actor, { slug, permission: 'flow.read' });
    if (version === undefined && row.newest_version === 0) throw unpublished(slug);
    const number = version ?? row.newest_version;
    return { row, version: await versionOf(trx, row, draft ? -number : number) };
  });
  return viewFlow({ ...found, types: deps.types, warnings: await warningsOf(deps, actor, found.version) });
}

/** Also of a flow that only has a draft. @throws NotFound */
export function showSummary(deps: FlowDeps, actor: Actor, slug: string): Promise<FlowSummary> {
  requirePermission(actor, 'flow.read');
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => viewSummary(await existing(trx, actor, { slug, permission: 'flow.read' })));
}

/** @throws NotFound */
export async function versionOf(trx: WorkspaceTransaction, row: store.FlowRow, version: number): Promise<store.VersionRow> {
  const found = await store.findVersion(trx, { flowId: row.id, version });
  if (found) return found;
  if (version < 0)
    throw new NotFound('flow.version_unknown', `Revision ${-version} of the draft of "${row.slug}" was not tested.`, { hint: 'Only what was tested is kept.' });
  const hint = row.newest_version === 0 ? 'It only has a draft.' : `Its newest is ${row.newest_version}.`;
  throw new NotFound('flow.version_unknown', `The flow "${row.slug}" has no version ${version}.`, { hint });
}

function unpublished(slug: string): Conflict {
  return new Conflict('flow.unpublished', `The flow "${slug}" only has a draft: no version of it is published.`, { hint: 'Show its draft, or publish it.' });
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

export function listStepTypes(deps: FlowDeps, actor: Actor): StepTypeInfo[] {
  requirePermission(actor, 'flow.read');
  return [...deps.types.values()].map(stepTypeInfo);
}

function setArchived(deps: FlowDeps, actor: Actor, change: { slug: string; archived: boolean }): Promise<FlowSummary> {
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await existing(trx, actor, { slug: change.slug, permission: 'flow.edit' });
    await archiveIn(trx, actor, { row, archived: change.archived });
    return viewSummary(await existing(trx, actor, { slug: change.slug, permission: 'flow.edit' }));
  });
}

/** Of a flow that the actor may change. */
export async function archiveIn(
  trx: WorkspaceTransaction,
  actor: Actor,
  { row, archived }: { row: Pick<store.FlowRow, 'id' | 'slug'>; archived: boolean },
): Promise<void> {
  if (!(await store.setArchived(trx, { slug: row.slug, archived }))) return;
  const object = { type: 'flow', id: row.id, title: row.slug };
  const action = archived ? 'flow.archived' : 'flow.restored';
  await recordAudit(trx, actor, { action, object, before: { archived: !archived }, after: { archived } });
}

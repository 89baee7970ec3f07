// Texts that are no versions yet: one to a flow, with faults if need be. Who saves, publishes or tests one says which revision he has seen.
import { Conflict, InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Fault } from '@tidewheel/contract/problem';
import type { FlowDraft } from '@tidewheel/contract/routes/flow-versions';
import type { Flow, FlowSummary } from '@tidewheel/contract/routes/flows';
import type { RunSummary } from '@tidewheel/contract/run';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import * as drafts from './drafts.store.ts';
import { check, type FlowDeps, invalid } from './flow-checks.ts';
import { attributesOf, existing, permittedTo, unknownFlow } from './flow-lookup.ts';
import { viewFlow, viewSummary } from './flow-view.ts';
import * as store from './flows.store.ts';
import { type ApplyOutcome, keepVersion, newVersion } from './keep-version.ts';
import { parametersSchema } from './parameters.ts';
import { hasErrors, type Validation } from './validate.ts';

/** @throws NotFound */
export async function showDraft(deps: FlowDeps, actor: Actor, slug: string): Promise<FlowDraft> {
  requirePermission(actor, 'flow.read');
  const { row, draft } = await read(deps, actor, { slug, permission: 'flow.read' });
  const purpose = may(actor, 'flow.edit', attributesOf(row)) ? 'apply' : 'look';
  return viewDraft(slug, { draft, checked: await checkDraft(deps, actor, { slug, source: draft.source, for: purpose }) });
}

/**
 * Keeps a text as the flow's draft, whatever its faults; a flow that is not there is made without a version. The same text as the draft changes nothing.
 * @throws Conflict `flow.draft_changed` when the draft is not the revision that was seen, `flow.archived`; TooLarge
 */
export async function saveDraft(deps: FlowDeps, actor: Actor, given: { slug: string; source: string; revision: number }): Promise<FlowDraft> {
  requirePermission(actor, 'flow.edit');
  const { slug, source } = given;
  if (source.includes('\u0000') || !source.isWellFormed())
    throw new InvalidInput('flow.text', 'The text holds a character that cannot be kept (U+0000 or half a surrogate pair).', { hint: 'Take it out.' });
  const checked = await checkDraft(deps, actor, { slug, source, for: 'apply' });
  const draft = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const flow = await lockOrMake(trx, actor, { slug, document: checked.document });
    const before = await drafts.findDraft(trx, flow.id);
    requireSeen(slug, { draft: before, revision: given.revision });
    if (before?.source === source && before.base === flow.newest_version) return before;
    const errors = checked.faults.filter((fault) => fault.severity === 'error').length;
    const saved = await drafts.putDraft(trx, { flow, source, errors, savedBy: actor.label });
    if (flow.newest_version === 0 && checked.document) await store.setSummary(trx, { flow, document: checked.document });
    const object = { type: 'flow', id: flow.id, title: slug };
    await recordAudit(trx, actor, { action: 'flow.draft_saved', object, before: before && keptDraft(before), after: keptDraft(saved) });
    return saved;
  });
  return viewDraft(slug, { draft, checked });
}

/** A flow that never had a version is archived with it. @throws NotFound, Conflict `flow.draft_changed` */
export async function discardDraft(deps: FlowDeps, actor: Actor, given: { slug: string; revision?: number | undefined }): Promise<FlowSummary> {
  requirePermission(actor, 'flow.edit');
  const { slug } = given;
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await existing(trx, actor, { slug, permission: 'flow.edit' });
    await store.lockFlow(trx, slug);
    const draft = await drafts.findDraft(trx, row.id);
    if (!draft) throw noDraft(slug);
    if (given.revision !== undefined) requireSeen(slug, { draft, revision: given.revision });
    await drafts.removeDraft(trx, row.id);
    const object = { type: 'flow', id: row.id, title: slug };
    await recordAudit(trx, actor, { action: 'flow.draft_discarded', object, before: keptDraft(draft) });
    if (row.newest_version === 0 && (await store.setArchived(trx, { slug, archived: true })))
      await recordAudit(trx, actor, { action: 'flow.archived', object, before: { archived: false }, after: { archived: true } });
    return viewSummary(await existing(trx, actor, { slug, permission: 'flow.edit' }));
  });
}

/** @throws InvalidInput `flow.invalid`, NotFound, Conflict `flow.draft_changed`, `flow.draft_outdated`, `flow.archived` */
export async function publishDraft(
  deps: FlowDeps,
  actor: Actor,
  { slug, revision }: { slug: string; revision: number },
): Promise<{ flow: Flow; outcome: ApplyOutcome }> {
  requirePermission(actor, 'flow.edit');
  const { source, document, faults } = await sound(deps, actor, { slug, revision });
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const draft = await lockDraft(trx, { slug, revision });
    const { outcome, version } = await keepVersion({ trx, actor, source, document, types: deps.types, action: 'flow.published' });
    await drafts.removeDraft(trx, draft.flow_id);
    const object = { type: 'flow', id: draft.flow_id, title: slug };
    if (outcome === 'unchanged') await recordAudit(trx, actor, { action: 'flow.draft_discarded', object, before: keptDraft(draft) });
    const row = await store.findFlow(trx, slug, permittedTo(actor).runs);
    if (!row) throw unknownFlow(slug);
    return { outcome, flow: viewFlow({ row, version, types: deps.types, warnings: faults }) };
  });
}

export interface TestAsked {
  slug: string;
  revision: number;
  parameters: Record<string, unknown>;
  idempotencyKey?: string | undefined;
}

/** What starts the run of a text that is kept as a version with a negative number. */
export interface TestStarter {
  startTest(actor: Actor, test: TestAsked): Promise<RunSummary>;
}

/** The text of the draft is kept as it is now: what was tested can be looked up, and a run never changes under way. @throws as publishDraft and startRun */
export async function testDraft(deps: FlowDeps & { runs: TestStarter }, actor: Actor, test: TestAsked): Promise<RunSummary> {
  requirePermission(actor, 'flow.edit');
  requirePermission(actor, 'flow.run');
  const { slug, revision } = test;
  const { source, document } = await sound(deps, actor, { slug, revision });
  await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const flow = await store.lockFlow(trx, slug);
    if (!flow) throw unknownFlow(slug);
    requirePermission(actor, 'flow.run', attributesOf(flow));
    if (await store.findVersion(trx, { flowId: flow.id, version: -revision })) return;
    await store.insertVersion(trx, newVersion({ actor, source, document, types: deps.types }, { flowId: flow.id, number: -revision }));
  });
  return deps.runs.startTest(actor, test);
}

/** The draft of that revision, for who may change the flow as it is and as it will be, without a fault. */
async function sound(
  deps: FlowDeps,
  actor: Actor,
  { slug, revision }: { slug: string; revision: number },
): Promise<{ source: string; document: FlowDocument; faults: Fault[] }> {
  const { draft } = await read(deps, actor, { slug, permission: 'flow.edit' });
  requireSeen(slug, { draft, revision });
  const { document, faults } = await checkDraft(deps, actor, { slug, source: draft.source, for: 'apply' });
  if (document === null || hasErrors(faults)) throw invalid(faults);
  requirePermission(actor, 'flow.edit', attributesOf({ slug, folder: document.folder ?? null, kind: document.kind }));
  return { source: draft.source, document, faults };
}

async function checkDraft(deps: FlowDeps, actor: Actor, given: { slug: string; source: string; for: 'apply' | 'look' }): Promise<Validation> {
  const { document, faults } = await check(deps, actor, given);
  if (document === null || document.flow === given.slug) return { document, faults };
  const message = `names another flow: "${document.flow}", not "${given.slug}"`;
  return {
    document,
    faults: [{ path: 'flow', message, severity: 'error', hint: `Write flow: ${given.slug}, or save it as a draft of ${document.flow}.` }, ...faults],
  };
}

async function lockOrMake(
  trx: WorkspaceTransaction,
  actor: Actor,
  { slug, document }: { slug: string; document: FlowDocument | null },
): Promise<store.LockedFlow> {
  const { folder = null, kind = 'pipeline' } = document ?? {};
  const known = await store.lockFlow(trx, slug);
  if (!known || document) requirePermission(actor, 'flow.edit', { flow: slug, folder, kind });
  const made = known ?? (await store.insertFlow(trx, { workspaceId: actor.workspaceId, id: newId(), slug, document }));
  const flow = made ?? (await store.lockFlow(trx, slug));
  if (!flow) throw new Conflict('flow.changing', `The flow "${slug}" is being changed by somebody else.`, { hint: 'Save it again.' });
  requirePermission(actor, 'flow.edit', attributesOf(flow));
  if (flow.archived_at) throw new Conflict('flow.archived', `The flow "${slug}" is archived.`, { hint: 'Restore it first, or choose another name.' });
  return flow;
}

async function lockDraft(trx: WorkspaceTransaction, { slug, revision }: { slug: string; revision: number }): Promise<drafts.DraftRow> {
  const flow = await store.lockFlow(trx, slug);
  const draft = flow && (await drafts.findDraft(trx, flow.id));
  if (!draft) throw noDraft(slug);
  requireSeen(slug, { draft, revision });
  if (draft.base === flow.newest_version) return draft;
  throw new Conflict('flow.draft_outdated', `Version ${flow.newest_version} of "${slug}" was made since this draft was saved upon version ${draft.base}.`, {
    hint: 'Look at the difference, take over what is to stay, and save the draft again.',
  });
}

function read(
  deps: FlowDeps,
  actor: Actor,
  asked: { slug: string; permission: 'flow.read' | 'flow.edit' },
): Promise<{ row: store.FlowRow; draft: drafts.DraftRow }> {
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await existing(trx, actor, asked);
    const draft = await drafts.findDraft(trx, row.id);
    if (!draft) throw noDraft(asked.slug);
    return { row, draft };
  });
}

function requireSeen(slug: string, { draft, revision }: { draft: drafts.DraftRow | undefined; revision: number }): void {
  if ((draft?.revision ?? 0) === revision) return;
  if (!draft) throw new Conflict('flow.draft_changed', `The draft of "${slug}" is gone: it was published or discarded.`, { hint: 'Look at the flow again.' });
  throw new Conflict('flow.draft_changed', `The draft of "${slug}" was saved by ${draft.saved_by} meanwhile: it is at revision ${draft.revision}.`, {
    hint: 'Look at it, then save with its revision.',
    details: { revision: draft.revision },
  });
}

function noDraft(slug: string): NotFound {
  return new NotFound('flow.no_draft', `The flow "${slug}" has no draft.`);
}

function keptDraft({ revision, base, errors, source }: drafts.DraftRow) {
  return { revision, base, errors, source };
}

function viewDraft(flow: string, { draft, checked }: { draft: drafts.DraftRow; checked: Validation }): FlowDraft {
  const { document, faults } = checked;
  const valid = document !== null && !hasErrors(faults);
  return {
    flow,
    source: draft.source,
    document,
    valid,
    faults,
    parametersSchema: valid ? parametersSchema(document.parameters) : null,
    revision: draft.revision,
    base: draft.base,
    savedBy: draft.saved_by,
    savedAt: draft.saved_at.toISOString(),
  };
}

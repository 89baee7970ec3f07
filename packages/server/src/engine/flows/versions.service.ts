// What is done with the versions of a flow: listed, compared, brought back; and the switch that keeps a flow from running.
import { NotFound } from '@tidewheel/contract/errors';
import { isSameFlow } from '@tidewheel/contract/flow-diff';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Page } from '@tidewheel/contract/page';
import type { FlowComparison, VersionName } from '@tidewheel/contract/routes/flow-versions';
import type { Flow, FlowSummary } from '@tidewheel/contract/routes/flows';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import { diffDocuments } from './diff-documents.ts';
import { diffText } from './diff-text.ts';
import { findDraft } from './drafts.store.ts';
import { check, type FlowDeps, invalid } from './flow-checks.ts';
import { existing, permittedTo, unknownFlow } from './flow-lookup.ts';
import { viewFlow, viewSummary } from './flow-view.ts';
import { versionOf } from './flows.service.ts';
import * as store from './flows.store.ts';
import { type ApplyOutcome, keepVersion } from './keep-version.ts';
import { parseFlow } from './parse.ts';
import { hasErrors } from './validate.ts';

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

interface Side {
  source: string;
  document: FlowDocument | null;
  shown: FlowComparison['from'];
}

/** Unless told: the newest version against the one before it. @throws NotFound */
export async function diffFlow(
  deps: FlowDeps,
  actor: Actor,
  { slug, ...asked }: { slug: string; from?: VersionName | undefined; to?: VersionName | undefined },
): Promise<FlowComparison> {
  requirePermission(actor, 'flow.read');
  const [from, to] = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await existing(trx, actor, { slug, permission: 'flow.read' });
    const to = asked.to ?? row.newest_version;
    const from = asked.from ?? (to === 'draft' ? row.newest_version : to - 1);
    if (to === 0 || from === 0) throw nothingBefore(row);
    return [await sideOf(trx, row, from), await sideOf(trx, row, to)];
  });
  const changes = from.document && to.document && diffDocuments(from.document, to.document);
  return { flow: slug, from: from.shown, to: to.shown, same: changes !== null && isSameFlow(changes), changes, text: diffText(from.source, to.source) };
}

function nothingBefore({ slug, newest_version }: store.FlowRow): NotFound {
  const message = newest_version === 0 ? `The flow "${slug}" has no version to compare with.` : `There is no version before the first of "${slug}".`;
  return new NotFound('flow.version_unknown', message, { hint: 'Say which two to compare: `from` and `to`.' });
}

async function sideOf(trx: WorkspaceTransaction, row: store.FlowRow, name: VersionName): Promise<Side> {
  if (name !== 'draft') {
    const { source, document, version, created_by, created_at } = await versionOf(trx, row, name);
    return { source, document, shown: { version, draft: null, by: created_by, at: created_at.toISOString() } };
  }
  const draft = await findDraft(trx, row.id);
  if (!draft) throw new NotFound('flow.no_draft', `The flow "${row.slug}" has no draft.`);
  const shown = { version: null, draft: draft.revision, by: draft.saved_by, at: draft.saved_at.toISOString() };
  return { source: draft.source, document: parseFlow(draft.source).document, shown };
}

/** The text of that version becomes the newest; it is checked again, for what is there now. @throws NotFound, InvalidInput, Conflict `flow.archived` */
export async function restoreVersion(
  deps: FlowDeps,
  actor: Actor,
  { slug, version }: { slug: string; version: number },
): Promise<{ flow: Flow; outcome: ApplyOutcome }> {
  requirePermission(actor, 'flow.edit');
  const { source } = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) =>
    versionOf(trx, await existing(trx, actor, { slug, permission: 'flow.edit' }), version),
  );
  const { document, faults } = await check(deps, actor, { source, for: 'apply' });
  if (document === null || hasErrors(faults)) throw invalid(faults);
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const kept = await keepVersion({ trx, actor, source, document, types: deps.types, action: 'flow.version_restored' });
    const row = await store.findFlow(trx, slug, permittedTo(actor).runs);
    if (!row) throw unknownFlow(slug);
    return { outcome: kept.outcome, flow: viewFlow({ row, version: kept.version, types: deps.types, warnings: faults }) };
  });
}

/** No run of it starts any more, by nobody. @throws NotFound */
export function switchFlowOff(deps: FlowDeps, actor: Actor, { slug, reason }: { slug: string; reason: string }): Promise<FlowSummary> {
  requirePermission(actor, 'flow.edit');
  return setSwitch(deps, actor, { slug, off: { by: actor.label, reason } });
}

/** @throws NotFound */
export function switchFlowOn(deps: FlowDeps, actor: Actor, slug: string): Promise<FlowSummary> {
  requirePermission(actor, 'flow.edit');
  return setSwitch(deps, actor, { slug, off: null });
}

function setSwitch(deps: FlowDeps, actor: Actor, { slug, off }: { slug: string; off: { by: string; reason: string } | null }): Promise<FlowSummary> {
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    await switchIn(trx, actor, { row: await existing(trx, actor, { slug, permission: 'flow.edit' }), off });
    return viewSummary(await existing(trx, actor, { slug, permission: 'flow.edit' }));
  });
}

/** Of a flow that the actor may change. `off` null: on. */
export async function switchIn(
  trx: WorkspaceTransaction,
  actor: Actor,
  { row, off }: { row: Pick<store.FlowRow, 'id' | 'slug' | 'off_at' | 'off_reason'>; off: { by: string; reason: string } | null },
): Promise<void> {
  if (!(await store.setSwitch(trx, { id: row.id, off }))) return;
  const object = { type: 'flow', id: row.id, title: row.slug };
  const before = { on: row.off_at === null, reason: row.off_reason };
  const action = off ? 'flow.switched_off' : 'flow.switched_on';
  await recordAudit(trx, actor, { action, object, before, after: { on: !off, reason: off?.reason ?? null } });
}

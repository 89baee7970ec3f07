// A text becomes the next version of the flow that it names.
import { Conflict } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import type { StepTypes } from '../ports.ts';
import { hashDocument } from './canonical.ts';
import { attributesOf } from './flow-lookup.ts';
import * as store from './flows.store.ts';
import { stepVersionsOf } from './upgrade.ts';

export type ApplyOutcome = 'created' | 'updated' | 'unchanged';

interface Keeping {
  trx: WorkspaceTransaction;
  actor: Actor;
  source: string;
  document: FlowDocument;
  types: StepTypes;
  /** What the trail calls it; `flow.applied` unless told. */
  action?: 'flow.applied' | 'flow.published' | 'flow.version_restored';
  /** Besides the very same text: what else makes no new version. */
  isSame?: (newest: store.VersionRow) => boolean;
}

/** Two who apply the same flow at once wait for one another at its row: both texts become versions. */
export async function keepVersion(keeping: Keeping): Promise<{ outcome: ApplyOutcome; version: store.VersionRow }> {
  const { trx, actor, source, document } = keeping;
  const flow = await lockOrMake(keeping);
  const newest = await store.findVersion(trx, { flowId: flow.id, version: flow.newest_version });
  if (newest && (newest.source === source || (keeping.isSame ?? never)(newest))) return { outcome: 'unchanged', version: newest };
  const number = flow.newest_version + 1;
  const version = await store.insertVersion(trx, newVersion(keeping, { flowId: flow.id, number }));
  await store.setNewestVersion(trx, { flowId: flow.id, version: number, document });
  const object = { type: 'flow', id: flow.id, title: document.flow };
  const action = keeping.action ?? 'flow.applied';
  await recordAudit(trx, actor, { action, object, before: newest && appliedVersion(newest), after: appliedVersion(version) });
  return { outcome: newest ? 'updated' : 'created', version };
}

function never(): boolean {
  return false;
}

/** The row of a version that is to be kept, or of a draft's text by its negative number. */
export function newVersion({ actor, source, document, types }: Omit<Keeping, 'trx'>, { flowId, number }: { flowId: string; number: number }): store.NewVersion {
  return {
    workspaceId: actor.workspaceId,
    id: newId(),
    flowId,
    version: number,
    source,
    document,
    stepVersions: stepVersionsOf(document, types),
    hash: hashDocument(document),
    createdBy: actor.label,
  };
}

/** The flow that the document names, made when it is not there, and nobody else may change it until the transaction ends. */
async function lockOrMake({ trx, actor, document }: Keeping): Promise<store.LockedFlow> {
  const { workspaceId } = actor;
  requirePermission(actor, 'flow.edit', { flow: document.flow, folder: document.folder ?? null, kind: document.kind });
  const made = (await store.lockFlow(trx, document.flow))
    ? undefined
    : await store.insertFlow(trx, { workspaceId, id: newId(), slug: document.flow, document });
  const flow = made ?? (await store.lockFlow(trx, document.flow));
  // A name is no secret from who may make flows: it is taken.
  if (flow) requirePermission(actor, 'flow.edit', attributesOf(flow));
  if (!flow) throw new Conflict('flow.changing', `The flow "${document.flow}" is being changed by somebody else.`, { hint: 'Apply it again.' });
  if (flow.archived_at) throw new Conflict('flow.archived', `The flow "${document.flow}" is archived.`, { hint: 'Restore it first, or choose another name.' });
  return flow;
}

function appliedVersion({ version, hash, source }: store.VersionRow) {
  return { version, hash, source };
}

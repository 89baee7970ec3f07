// What may be started: of a flow that is there, published and on, in a workspace that is in use.
import type { Attributes } from '@tidewheel/contract/ability';
import { Conflict } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { flowObject, type RunOwner } from './run-object.ts';

export interface Startable {
  /** What rules can say of its flow. */
  owner: Attributes;
  document: FlowDocument;
  /** Below zero: the text of a draft that is tested. */
  version: number;
  flowId: string;
  versionId: string;
  parameters: Record<string, unknown>;
}

export function startable(
  found: Omit<RunOwner, 'started_by'> & { document: FlowDocument; version: number; flow_id: string; version_id: string },
): Omit<Startable, 'parameters'> {
  return { owner: flowObject(found), document: found.document, version: found.version, flowId: found.flow_id, versionId: found.version_id };
}

/** What keeps a flow from starting runs, whichever version. */
export interface FlowHold {
  flow: string;
  archived_at: Date | null;
  workspace_archived_at: Date | null;
  off_at: Date | null;
  off_by: string | null;
  off_reason: string | null;
}

/** @throws Conflict `workspace.archived`, `flow.archived`, `flow.off` */
export function requireStartable({ flow, archived_at, workspace_archived_at, off_at, off_by, off_reason }: FlowHold): void {
  if (workspace_archived_at) throw new Conflict('workspace.archived', 'This workspace is archived: no run starts in it.', { hint: 'Restore it first.' });
  if (archived_at) throw new Conflict('flow.archived', `The flow "${flow}" is archived.`, { hint: 'Restore it first.' });
  if (!off_at) return;
  throw new Conflict('flow.off', `The flow "${flow}" was switched off by ${off_by} at ${off_at.toISOString()}: ${off_reason}`, {
    hint: 'Whoever may change the flow can switch it on again.',
  });
}

export function unpublished(slug: string): Conflict {
  return new Conflict('flow.unpublished', `The flow "${slug}" only has a draft: no version of it is published.`, { hint: 'Publish the draft, or test it.' });
}

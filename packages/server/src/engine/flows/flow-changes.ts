// What the change log may take back of flows.
import { NotFound } from '@tidewheel/contract/errors';
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, type LoggedChange, superseded } from '../../base/change-module.ts';
import { discardDraft, saveDraft, showDraft } from './drafts.service.ts';
import type { FlowDeps } from './flow-checks.ts';
import { applyFlow, archiveFlow, restoreFlow, showFlow, showSummary } from './flows.service.ts';
import { switchFlowOff, switchFlowOn } from './versions.service.ts';

interface AppliedVersion {
  version: number;
}
interface KeptDraft {
  revision: number;
  source: string;
}
interface Switched {
  reason: string | null;
}

export function flowChanges(deps: FlowDeps): ChangeModule {
  return {
    name: 'flows',
    title: 'Flows',
    sees: 'flow.read',
    reverts: {
      'flow.applied': (actor, change) => revertApplied(deps, actor, change),
      'flow.published': (actor, change) => revertApplied(deps, actor, change),
      'flow.version_restored': (actor, change) => revertApplied(deps, actor, change),
      'flow.draft_saved': (actor, change) => revertDraft(deps, actor, change),
      'flow.draft_discarded': (actor, change) => revertDraft(deps, actor, change),
      'flow.switched_off': (actor, change) => setSwitch(deps, actor, { change, on: true }),
      'flow.switched_on': (actor, change) => setSwitch(deps, actor, { change, on: false }),
      'flow.archived': (actor, change) => setArchived(deps, actor, { change, archived: false }),
      'flow.restored': (actor, change) => setArchived(deps, actor, { change, archived: true }),
    },
  };
}

/** The text of the version before becomes the newest one; a flow that the change made is archived. */
async function revertApplied(deps: FlowDeps, actor: Actor, change: LoggedChange): Promise<void> {
  const slug = change.object.title;
  const [before, after] = [change.before as AppliedVersion | null, change.after as AppliedVersion];
  const flow = await showFlow(deps, actor, { slug });
  if (flow.version !== after.version)
    throw superseded(change, `The flow "${slug}" has version ${flow.version} by now; this change made version ${after.version}.`);
  if (before === null) await archiveFlow(deps, actor, slug);
  else await applyFlow(deps, actor, await sourceOf(deps, actor, { slug, version: before.version }));
}

async function sourceOf(deps: FlowDeps, actor: Actor, asked: { slug: string; version: number }): Promise<string> {
  return (await showFlow(deps, actor, asked)).source;
}

/** The text of the draft before is the draft again; without one before, the draft goes. */
async function revertDraft(deps: FlowDeps, actor: Actor, change: LoggedChange): Promise<void> {
  const slug = change.object.title;
  const [before, after] = [change.before as KeptDraft | null, change.after as KeptDraft | null];
  const now = await showDraft(deps, actor, slug).catch((error: unknown) => {
    if (error instanceof NotFound && error.code === 'flow.no_draft') return null;
    throw error;
  });
  if ((now?.revision ?? 0) !== (after?.revision ?? 0)) throw superseded(change, `The draft of "${slug}" was changed since.`);
  if (before === null) await discardDraft(deps, actor, { slug, revision: after?.revision });
  else await saveDraft(deps, actor, { slug, source: before.source, revision: now?.revision ?? 0 });
}

async function setSwitch(deps: FlowDeps, actor: Actor, { change, on }: { change: LoggedChange; on: boolean }): Promise<void> {
  const slug = change.object.title;
  const { off } = await showSummary(deps, actor, slug);
  if ((off === null) === on) throw superseded(change, `The flow "${slug}" is switched ${on ? 'on' : 'off'} already.`);
  if (on) await switchFlowOn(deps, actor, slug);
  else await switchFlowOff(deps, actor, { slug, reason: (change.before as Switched | null)?.reason ?? 'taken back' });
}

async function setArchived(deps: FlowDeps, actor: Actor, { change, archived }: { change: LoggedChange; archived: boolean }): Promise<void> {
  const slug = change.object.title;
  const flow = await showSummary(deps, actor, slug);
  if ((flow.archivedAt !== null) === archived) throw superseded(change, `The flow "${slug}" is ${archived ? 'archived' : 'not archived'} already.`);
  await (archived ? archiveFlow : restoreFlow)(deps, actor, slug);
}

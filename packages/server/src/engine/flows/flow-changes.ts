// What the change log may take back of flows.
import { NotFound } from '@tidewheel/contract/errors';
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, type LoggedChange, superseded } from '../../base/change-module.ts';
import { applyFlow, archiveFlow, type FlowDeps, listVersions, restoreFlow, showFlow } from './flows.service.ts';

interface AppliedVersion {
  version: number;
}

export function flowChanges(deps: FlowDeps): ChangeModule {
  return {
    name: 'flows',
    title: 'Flows',
    sees: 'flow.read',
    reverts: {
      'flow.applied': (actor, change) => revertApplied(deps, actor, change),
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

async function sourceOf(deps: FlowDeps, actor: Actor, { slug, version }: { slug: string; version: number }): Promise<string> {
  let cursor: string | undefined;
  do {
    const page = await listVersions(deps, actor, { slug, limit: 20, cursor });
    const found = page.items.find((one) => one.version === version);
    if (found) return found.source;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  throw new NotFound('flow.version_unknown', `The flow "${slug}" has no version ${version} any more.`);
}

async function setArchived(deps: FlowDeps, actor: Actor, { change, archived }: { change: LoggedChange; archived: boolean }): Promise<void> {
  const slug = change.object.title;
  const flow = await showFlow(deps, actor, { slug });
  if ((flow.archivedAt !== null) === archived) throw superseded(change, `The flow "${slug}" is ${archived ? 'archived' : 'not archived'} already.`);
  await (archived ? archiveFlow : restoreFlow)(deps, actor, slug);
}

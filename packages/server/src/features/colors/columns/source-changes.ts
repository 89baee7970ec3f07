// What the change log may take back of the columns of sources.
import type { ColorColumns } from '@tidewheel/contract/color-columns';
import type { Actor } from '../../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange, superseded } from '../../../base/change-module.ts';
import { inWorkspace } from '../../../storage/database.ts';
import { archiveSource, auditView, restoreSource, type SourceDeps, updateSource } from './sources.service.ts';
import { findSource } from './sources.store.ts';

export function colorSourceChanges(deps: SourceDeps): ChangeModule {
  const present = async (actor: Actor, change: LoggedChange) => {
    const found = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => findSource(trx, change.object.title));
    if (!found || found.id !== change.object.id) throw superseded(change, `The source "${change.object.title}" was archived since.`);
    return found;
  };
  return {
    name: 'color-columns',
    title: 'Color columns',
    sees: 'color.read',
    reverts: {
      'color_source.created': async (actor, change) => void (await archiveSource(deps, actor, (await present(actor, change)).slug)),
      'color_source.restored': async (actor, change) => void (await archiveSource(deps, actor, (await present(actor, change)).slug)),
      'color_source.archived': async (actor, change) => void (await restoreSource(deps, actor, change.object.id)),
      'color_source.updated': async (actor, change) => {
        const source = await present(actor, change);
        const { version: _, ...back } = fieldsBack({ change: { ...change, ...withoutVersions(change) }, present: auditView(source) });
        const { title = source.title, columns = source.columns } = back as { title?: string; columns?: ColorColumns };
        await updateSource(deps, actor, { slug: source.slug, title, columns });
      },
    },
  };
}

/** The version is newer with each change; it is the rest that has to be as the change left it. */
function withoutVersions({ before, after }: LoggedChange): Pick<LoggedChange, 'before' | 'after'> {
  const plain = (value: unknown) => {
    const { version: _, ...rest } = value as Record<string, unknown>;
    return rest;
  };
  return { before: plain(before), after: plain(after) };
}

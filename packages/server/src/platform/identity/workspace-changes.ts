// What the change log may take back of workspaces. They are administered from the main one, so their changes stand in its log.
import { NotFound } from '@tidewheel/contract/errors';
import type { Workspace } from '@tidewheel/contract/routes/workspaces';
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange } from '../../base/change-module.ts';
import type { IdentityDb } from './identity.store.ts';
import { archiveWorkspace, restoreWorkspace, showWorkspace, updateWorkspace } from './workspaces.service.ts';

export function workspaceChanges(db: IdentityDb): ChangeModule {
  const archive = async (actor: Actor, change: LoggedChange) => void (await archiveWorkspace(db, actor, (await workspaceOf(db, actor, change)).slug));
  return {
    name: 'workspaces',
    title: 'Workspaces',
    sees: 'workspace.edit',
    reverts: {
      'workspace.created': archive,
      'workspace.updated': async (actor, change) => {
        const present = await workspaceOf(db, actor, change);
        const changed = fieldsBack({ change, present }) as { slug?: string; title?: string };
        await updateWorkspace(db, actor, { slug: present.slug, changed });
      },
      'workspace.archived': async (actor, change) => void (await restoreWorkspace(db, actor, (await workspaceOf(db, actor, change)).slug)),
      'workspace.restored': archive,
    },
  };
}

// The slug of then leads to it under its name of now; a slug that was given to another since does not.
async function workspaceOf(db: IdentityDb, actor: Actor, { object }: LoggedChange): Promise<Workspace> {
  const found = await showWorkspace(db, actor, object.title);
  if (found.id !== object.id) throw new NotFound('workspace.unknown', `The workspace "${object.title}" of then is no longer there.`);
  return found;
}

// What the change log may take back of uploaded files: their contents stay in the object store under their hash.
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange, superseded } from '../../base/change-module.ts';
import { inWorkspace } from '../../storage/database.ts';
import { type FileDeps, removeFile, uploadFile } from './files.service.ts';
import { findFile } from './files.store.ts';

interface Logged {
  name: string;
  mediaType: string;
  sha256: string;
}

export function fileChanges(deps: FileDeps): ChangeModule {
  return {
    name: 'files',
    title: 'Files',
    sees: 'file.read',
    reverts: {
      'file.uploaded': async (actor, change) => {
        await requireInPlace(deps, actor, change);
        await (change.before === null ? removeFile(deps, actor, change.object.title) : putBack(deps, actor, change));
      },
      'file.removed': async (actor, change) => {
        const slug = change.object.title;
        if (await present(deps, actor, slug)) throw superseded(change, `There is a file "${slug}" again.`);
        await putBack(deps, actor, change);
      },
    },
  };
}

async function requireInPlace(deps: FileDeps, actor: Actor, change: LoggedChange): Promise<void> {
  const slug = change.object.title;
  const row = await present(deps, actor, slug);
  if (!row) throw superseded(change, `The file "${slug}" was removed since.`);
  fieldsBack({ change, present: { name: row.name, mediaType: row.media_type, size: row.size, sha256: row.sha256 } });
}

function present({ databases }: FileDeps, actor: Actor, slug: string) {
  return inWorkspace(databases.app, actor.workspaceId, (trx) => findFile(trx, slug));
}

async function putBack(deps: FileDeps, actor: Actor, { object, before }: LoggedChange): Promise<void> {
  const { name, mediaType, sha256 } = before as Logged;
  await uploadFile(deps, actor, { slug: object.title, name, mediaType, content: await deps.objects.read(actor.workspaceId, sha256) });
}

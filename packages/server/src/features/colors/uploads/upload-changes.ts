// What the change log may take back of uploads and of what people did to the colors that wait.
import type { ColorField } from '@tidewheel/contract/color';
import type { Actor } from '../../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange, superseded } from '../../../base/change-module.ts';
import { inWorkspace } from '../../../storage/database.ts';
import { removeRows, restoreRows, updateRow } from '../buffer/buffer.service.ts';
import { findRow } from '../buffer/buffer.store.ts';
import { colorOfRow } from '../buffer/buffer-rows.ts';
import type { UploadDeps } from './read-upload.ts';
import { readUpload, withdrawUpload } from './uploads.service.ts';

export function colorUploadChanges(deps: UploadDeps): ChangeModule {
  return {
    name: 'color-uploads',
    title: 'Color uploads',
    sees: 'color.read',
    reverts: {
      'color_upload.received': async (actor, change) => void (await withdrawUpload(deps, actor, change.object.id)),
      'color_upload.read': async (actor, change) => void (await withdrawUpload(deps, actor, change.object.id)),
      'color_upload.withdrawn': async (actor, change) => void (await readUpload(deps, actor, { id: change.object.id })),
      'color.changed': (actor, change) => changeBack(deps, actor, change),
      'color.removed': async (actor, change) => {
        const { changed } = await restoreRows(deps, actor, { ids: idsOf(change) });
        if (changed === 0) throw superseded(change, 'None of these colors is out of the buffer any more.');
      },
      'color.restored': async (actor, change) => {
        const { changed } = await removeRows(deps, actor, { ids: idsOf(change) });
        if (changed === 0) throw superseded(change, 'None of these colors waits in the buffer any more.');
      },
    },
    shows: { 'color.repaired': 'Repairs are set back row by row in the buffer, where each color shows what it was.' },
  };
}

function idsOf({ object, after }: LoggedChange): string[] {
  const { ids } = (after ?? {}) as { ids?: string[] };
  return ids ?? [object.id];
}

async function changeBack(deps: UploadDeps, actor: Actor, change: LoggedChange): Promise<void> {
  const row = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => findRow(trx, change.object.id));
  if (!row) throw superseded(change, 'This color was processed since.');
  const { settled: _, ...after } = (change.after ?? {}) as Record<string, unknown>;
  const back = fieldsBack({ change: { ...change, after }, present: colorOfRow(row) });
  const fields = Object.fromEntries(Object.entries(back).map(([field, value]) => [field, value === null || value === undefined ? '' : String(value)]));
  await updateRow(deps, actor, { id: row.id, revision: row.revision, fields: fields as Partial<Record<ColorField, string>>, settled: [] });
}

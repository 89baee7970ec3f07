// How the sheet of the desk looks, and who may say so.
import type { ColorSheet } from '@tidewheel/contract/color-sheet';
import { Conflict } from '@tidewheel/contract/errors';
import type { ColorSheetSettings } from '@tidewheel/contract/routes/color-sheet';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import { findSheet, saveSheet } from './sheet.store.ts';

export interface ColorSheetDeps {
  databases: Databases;
}

export function showSheet({ databases }: ColorSheetDeps, actor: Actor): Promise<ColorSheetSettings> {
  requirePermission(actor, 'color.read');
  return inWorkspace(databases.app, actor.workspaceId, shownSheet);
}

/** @throws Conflict when somebody changed the settings of the desk meanwhile */
export function updateSheet(
  { databases }: ColorSheetDeps,
  actor: Actor,
  { sheet, revision }: { sheet: ColorSheet; revision: number },
): Promise<ColorSheetSettings> {
  requirePermission(actor, 'desk.edit');
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const before = await findSheet(trx);
    const isSaved = before.revision === revision && (await saveSheet(trx, { workspaceId: actor.workspaceId, sheet, revision, by: actor.label }));
    if (!isSaved)
      throw new Conflict('color_desk.changed', 'Somebody changed the settings of the desk meanwhile.', { hint: 'Look at them again, then change them.' });
    const object = { type: 'color_sheet', id: actor.workspaceId, title: 'Sheet of the desk' };
    await recordAudit(trx, actor, { action: 'color_sheet.changed', object, before: before.sheet, after: sheet });
    return shownSheet(trx);
  });
}

async function shownSheet(trx: WorkspaceTransaction): Promise<ColorSheetSettings> {
  const { updatedAt, ...found } = await findSheet(trx);
  return { ...found, updatedAt: updatedAt?.toISOString() ?? null };
}

// The only SQL of how the sheet looks.
import { defaultColorOrder } from '@tidewheel/contract/color-rule';
import { ColorSheet, defaultColorSheet } from '@tidewheel/contract/color-sheet';
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';

export interface SheetRow {
  sheet: ColorSheet;
  revision: number;
  updatedAt: Date | null;
  updatedBy: string | null;
}

export async function findSheet(trx: WorkspaceTransaction): Promise<SheetRow> {
  const found = await trx.selectFrom('color_settings').select(['sheet', 'revision', 'updated_at', 'updated_by']).executeTakeFirst();
  if (!found) return { sheet: defaultColorSheet, revision: 0, updatedAt: null, updatedBy: null };
  const sheet = Object.keys(found.sheet).length === 0 ? defaultColorSheet : ColorSheet.parse(found.sheet);
  return { sheet, revision: found.revision, updatedAt: found.updated_at, updatedBy: found.updated_by };
}

/** @returns whether nobody changed the settings of the desk meanwhile */
export async function saveSheet(
  trx: WorkspaceTransaction,
  { workspaceId, sheet, revision, by }: { workspaceId: string; sheet: ColorSheet; revision: number; by: string },
): Promise<boolean> {
  const content = JSON.stringify(sheet);
  const changed = await trx
    .insertInto('color_settings')
    .values({ workspace_id: workspaceId, ranking: JSON.stringify(defaultColorOrder), sheet: content, updated_by: by, flow_id: null })
    .onConflict((conflict) =>
      conflict
        .column('workspace_id')
        .doUpdateSet({ sheet: content, revision: sql<number>`color_settings.revision + 1`, updated_at: sql<Date>`now()`, updated_by: by })
        .where('color_settings.revision', '=', revision),
    )
    .returning('revision')
    .execute();
  return changed.length > 0;
}

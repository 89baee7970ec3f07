// What the change log may take back of how the sheet looks.
import { ColorSheet } from '@tidewheel/contract/color-sheet';
import { type ChangeModule, fieldsBack } from '../../../base/change-module.ts';
import { type ColorSheetDeps, showSheet, updateSheet } from './sheet.service.ts';

export function colorSheetChanges(deps: ColorSheetDeps): ChangeModule {
  return {
    name: 'color-sheet',
    title: 'Color sheet',
    sees: 'color.read',
    reverts: {
      'color_sheet.changed': async (actor, change) => {
        const { sheet, revision } = await showSheet(deps, actor);
        await updateSheet(deps, actor, { sheet: ColorSheet.parse({ ...sheet, ...fieldsBack({ change, present: sheet }) }), revision });
      },
    },
  };
}

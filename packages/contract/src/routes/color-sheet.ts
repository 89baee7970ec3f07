// How the sheet of the desk looks. RULE-10.
import { z } from 'zod';
import { ColorSheet } from '../color-sheet.ts';
import { Instant } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { Revision } from '../whole-number.ts';

const tag = 'Colors';
export const ColorSheetSettings = z
  .object({ sheet: ColorSheet, revision: z.number().int().describe('0: never changed'), updatedAt: Instant.nullable(), updatedBy: z.string().nullable() })
  .meta({ id: 'ColorSheetSettings' });
export type ColorSheetSettings = z.infer<typeof ColorSheetSettings>;

export const showColorSheet = defineRoute({
  name: 'colorSheet.show',
  method: 'GET',
  path: '/api/color-desk/sheet',
  tag,
  access: 'color.read',
  summary: 'Show the columns of the sheet, and what comes with it',
  response: ColorSheetSettings,
});
export const updateColorSheet = defineRoute({
  name: 'colorSheet.update',
  method: 'PUT',
  path: '/api/color-desk/sheet',
  tag,
  access: 'desk.edit',
  summary: 'Change the columns of the sheet, their order, headers and widths, and what comes with it',
  body: z.object({ sheet: ColorSheet, revision: Revision.describe('Of the settings as they were seen; 0 when they were never changed') }),
  response: ColorSheetSettings,
});

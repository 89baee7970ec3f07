// How the sheet of the desk looks: which columns stand in it, in which order, under which headers, and what comes with it. RULE-10.
import { z } from 'zod';
import { type ColorField, colorFieldNames, colorFields } from './color.ts';
import { slugForm, slugRule } from './slug.ts';

/** What a ranking adds to the fields of a color, as columns of a sheet. */
export const placeColumns = {
  position: { title: 'Line', kind: 'integer' },
  family: { title: 'Family', kind: 'integer' },
  child: { title: 'Child', kind: 'integer' },
  color: { title: 'Color', kind: 'text' },
  rule: { title: 'Rule', kind: 'text' },
} as const;
export type PlaceColumn = keyof typeof placeColumns;

/** Excel takes no longer format, and one in several lines breaks the workbook. */
const Format = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => !/\p{Cc}/u.test(text), 'must be one line');

export const ColorSheetColumn = z
  .strictObject({
    column: z
      .string()
      .max(220)
      .refine(
        (name) => name in colorFields || name in placeColumns || /^more\..{1,200}$/.test(name),
        'is no column of a sheet; a free column is called more.<its header>',
      )
      .describe(
        'A field of a color, more.<header> of a free column, or position, family, child, color, rule: the title of the rule that coloured or excluded it',
      ),
    header: z.string().trim().min(1).max(200).optional().describe('The title of the field when left out'),
    width: z.number().min(1).max(255).optional().describe('In characters'),
    format: Format.optional().describe('As Excel writes formats: #,##0.00'),
  })
  .meta({ id: 'ColorSheetColumn' });
export type ColorSheetColumn = z.infer<typeof ColorSheetColumn>;

export const ColorSheet = z
  .strictObject({
    columns: z
      .array(ColorSheetColumn)
      .min(1)
      .max(200)
      .superRefine((columns, context) => {
        for (const [index, { column }] of columns.entries())
          if (columns.findIndex((other) => other.column === column) < index)
            context.addIssue({ code: 'custom', path: [index, 'column'], message: `${column} stands in the sheet twice` });
      }),
    template: z.string().regex(slugForm, slugRule).nullable().describe('The slug of an uploaded workbook whose header row decides about the columns instead'),
    outline: z.boolean().describe('Children fold away under their parent'),
    excluded: z.boolean().describe('What the rules excluded comes too: in a sheet or file of its own, with the rule'),
  })
  .meta({ id: 'ColorSheet' });
export type ColorSheet = z.infer<typeof ColorSheet>;

const usual: readonly ColorField[] = colorFieldNames.filter((name) => name !== 'level' && name !== 'confidence');
/** Until the desk says otherwise. */
export const defaultColorSheet: ColorSheet = { columns: usual.map((column) => ({ column })), template: null, outline: true, excluded: false };

export function columnTitle(column: string): string {
  if (column in placeColumns) return placeColumns[column as PlaceColumn].title;
  return column in colorFields ? colorFields[column as ColorField].title : column.replace(/^more\./, '');
}

export function columnKind(column: string): (typeof colorFields)[ColorField]['kind'] {
  if (column in placeColumns) return placeColumns[column as PlaceColumn].kind;
  return column in colorFields ? colorFields[column as ColorField].kind : 'text';
}

const kindWidths = { text: 12, number: 11, integer: 8, date: 11, instant: 19 } as const;
const wide: Readonly<Record<string, number>> = { issuer: 32, isin: 15, cusip: 12, sector: 20, rule: 32, bwic: 18 };

/** In characters: its own, or what its values and its header need. */
export function columnWidth({ column, header, width }: ColorSheetColumn): number {
  const title = header ?? columnTitle(column);
  return width ?? Math.max(wide[column] ?? kindWidths[columnKind(column)], Math.min(40, title.length + 3));
}

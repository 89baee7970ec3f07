// Column configuration of a source: which incoming column feeds which field. SCHM-13.
import { z } from 'zod';
import { ColorField } from './color.ts';
import { Id, Instant, Slug } from './identifiers.ts';

/** The header of an incoming column, without regard to case and blanks; `#3` is the third column, for files without headers. */
const Header = z.string().trim().min(1).max(200);
/** What each side of a two-sided quote may have columns of its own for. */
export const sideFields = ['px', 'spread', 'yield', 'size'] as const;
export type SideField = (typeof sideFields)[number];
const Side = z.partialRecord(z.enum(sideFields), Header);

export const ColorColumns = z
  .strictObject({
    fields: z.partialRecord(ColorField, Header).default({}).describe('Field to incoming column'),
    bid: Side.default({}).describe('Columns of the bid where a row has both sides: it becomes two colors'),
    offer: Side.default({}),
    fixed: z.partialRecord(ColorField, z.string().trim().min(1).max(300)).default({}).describe('What holds for every row where its column is empty or missing'),
    headerLine: z.number().int().min(0).max(1_000).nullable().default(null).describe('null: found; 0: there is none'),
    sheet: z.string().max(100).default('').describe('The sheet of a workbook; empty: each that has these columns'),
    dates: z.enum(['auto', 'ymd', 'mdy', 'dmy']).default('auto'),
    decimals: z.enum(['auto', 'point', 'comma']).default('auto'),
    prices: z.enum(['auto', 'decimal', 'ticks']).default('auto').describe('ticks: 98-16+ is 98 and 16.5 of 32'),
    sizes: z.enum(['millions', 'thousands', 'units']).default('millions'),
    others: z.enum(['keep', 'leave']).default('keep').describe('Columns that feed no field'),
  })
  .meta({ id: 'ColorColumns' });
export type ColorColumns = z.infer<typeof ColorColumns>;

export const ColorSourceContent = z.strictObject({ title: z.string().trim().min(1).max(100), columns: ColorColumns });
export type ColorSourceContent = z.infer<typeof ColorSourceContent>;
export const ColorSource = z
  .object({ id: Id, slug: Slug, title: z.string(), version: z.number().int(), columns: ColorColumns, updatedAt: Instant, updatedBy: z.string() })
  .meta({ id: 'ColorSource' });
export type ColorSource = z.infer<typeof ColorSource>;
export const ColorSourceVersion = z
  .object({ version: z.number().int(), columns: ColorColumns, createdAt: Instant, createdBy: z.string() })
  .meta({ id: 'ColorSourceVersion' });
export type ColorSourceVersion = z.infer<typeof ColorSourceVersion>;

import { z } from 'zod';
import { Color, ColorDoubts } from '../color.ts';
import { ColorColumns } from '../color-columns.ts';
import { Id, Instant, Sha256, Slug } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { StoredErrorSchema } from '../run.ts';

export const colorUploadStates = ['receiving', 'held', 'reading', 'ready', 'failed', 'withdrawn'] as const;
export const RefusedColorRow = z.object({ line: z.number().int(), why: z.string(), text: z.string() }).meta({ id: 'RefusedColorRow' });
export type RefusedColorRow = z.infer<typeof RefusedColorRow>;

/** A file, a paste or a table of a flow that came to the buffer. */
export const ColorUpload = z
  .object({
    id: Id,
    kind: z.enum(['file', 'paste', 'step']),
    title: z.string().describe('Of a file its name'),
    source: z.string().nullable().describe('The source by whose columns it is read; null: by what was told from it'),
    columnsVersion: z.number().int().nullable(),
    date: z.iso.date().describe('For which day its rows are where they say none'),
    state: z.enum(colorUploadStates).describe('receiving: chunks come. held: whole, and waits for somebody to have it read'),
    size: z.number().int().describe('Bytes'),
    received: z.number().int().describe('Bytes that are here: where the next chunk begins'),
    sha256: Sha256.nullable(),
    sameAs: Id.nullable().describe('The upload that brought the same content before'),
    rows: z.number().int().describe('That came into the buffer'),
    doubtful: z.number().int(),
    duplicates: z.number().int().describe('Rows that say what an earlier one in the buffer said'),
    refused: z.number().int(),
    refusals: z.array(RefusedColorRow).describe('The first 200 of them'),
    notes: z.array(z.string()).describe('What was noticed of the whole: hidden sheets, formulas, merged cells'),
    error: StoredErrorSchema.nullable(),
    run: Id.nullable(),
    waiting: z.number().int().describe('Its rows that are in the buffer now'),
    createdAt: Instant,
    createdBy: z.string(),
    endedAt: Instant.nullable(),
  })
  .meta({ id: 'ColorUpload' });
export type ColorUpload = z.infer<typeof ColorUpload>;

const ReadColorView = z.object({ line: z.number().int(), color: Color, doubts: ColorDoubts }).meta({ id: 'ReadColor' });
/** What would be read of a content, without keeping any of it. */
export const ColorPreview = z
  .object({
    kind: z.enum(['workbook', 'delimited', 'lines']),
    tables: z.array(
      z.object({
        sheet: z.string().nullable(),
        headerLine: z.number().int().describe('0: there is none'),
        headers: z.array(z.object({ header: z.string(), samples: z.array(z.string()) })),
        columns: ColorColumns,
      }),
    ),
    source: z.string().nullable().describe('Whose columns were taken'),
    rows: z.array(ReadColorView).describe('The first of them'),
    read: z.number().int(),
    doubtful: z.number().int(),
    refused: z.number().int(),
    refusals: z.array(RefusedColorRow),
    notes: z.array(z.string()),
    isPart: z.boolean().describe('There is more than was looked at'),
  })
  .meta({ id: 'ColorPreview' });
export type ColorPreview = z.infer<typeof ColorPreview>;

const tag = 'Colors';
const idParam = z.object({ id: Id });
const how = {
  source: Slug.optional().describe('By whose columns it is read; without one, those that fit are taken, else they are suggested'),
  date: z.iso
    .date()
    .refine((day) => day >= '1900-01-01' && day <= '2199-12-31', 'must be between 1900 and 2199')
    .optional()
    .describe('For which day its rows are where they say none; today'),
};

export const listColorUploads = defineRoute({
  name: 'colorUpload.list',
  method: 'GET',
  path: '/api/color-uploads',
  tag,
  access: 'color.read',
  summary: 'List what was uploaded, newest first',
  query: PageQuery.extend({ state: z.enum(colorUploadStates).optional() }),
  response: pageOf(ColorUpload),
});
export const beginColorUpload = defineRoute({
  name: 'colorUpload.begin',
  method: 'POST',
  path: '/api/color-uploads',
  tag,
  access: 'color.edit',
  summary: 'Begin to upload a file of colors',
  body: z.strictObject({
    name: z.string().min(1).max(255),
    size: z.number().int().min(1),
    hold: z.boolean().default(false).describe('Do not read it once it is whole: it is looked at first'),
    ...how,
  }),
  response: ColorUpload,
  status: 201,
});
export const sendColorUpload = defineRoute({
  name: 'colorUpload.send',
  method: 'PUT',
  path: '/api/color-uploads/{id}/content',
  tag,
  access: 'color.edit',
  summary: 'Send the next chunk of an upload; the last one has it read',
  description:
    'At most 16 MB. After a break ask for the upload: `received` is where the next chunk begins. A chunk that is there already is answered like one that came now.',
  params: idParam,
  query: z.object({ offset: z.coerce.number().int().min(0) }),
  body: z.string(),
  bodyType: 'application/octet-stream',
  response: ColorUpload,
});
export const pasteColors = defineRoute({
  name: 'colorUpload.paste',
  method: 'POST',
  path: '/api/color-pastes',
  tag,
  access: 'color.edit',
  summary: 'Put pasted text into the buffer: rows from a spreadsheet, or a dealer run',
  body: z.strictObject({ text: z.string().min(1).max(1_000_000), title: z.string().trim().max(200).default(''), ...how }),
  response: ColorUpload,
  status: 201,
});
export const previewPaste = defineRoute({
  name: 'colorUpload.previewPaste',
  method: 'POST',
  path: '/api/color-pastes/preview',
  tag,
  access: 'color.edit',
  summary: 'Show what would be read of pasted text',
  body: z.strictObject({ text: z.string().max(1_000_000), columns: ColorColumns.optional(), ...how }),
  response: ColorPreview,
});
export const showColorUpload = defineRoute({
  name: 'colorUpload.show',
  method: 'GET',
  path: '/api/color-uploads/{id}',
  tag,
  access: 'color.read',
  summary: 'Show an upload: how far it is, what came of it, which rows were refused',
  params: idParam,
  response: ColorUpload,
});
export const previewColorUpload = defineRoute({
  name: 'colorUpload.preview',
  method: 'POST',
  path: '/api/color-uploads/{id}/preview',
  tag,
  access: 'color.edit',
  summary: 'Show what would be read of an upload by these columns',
  params: idParam,
  body: z.strictObject({ columns: ColorColumns.optional(), ...how }),
  response: ColorPreview,
});
export const readColorUpload = defineRoute({
  name: 'colorUpload.read',
  method: 'POST',
  path: '/api/color-uploads/{id}/read',
  tag,
  access: 'color.edit',
  summary: 'Read an upload that is held, failed or ready, also by another source: its free rows are read anew',
  params: idParam,
  body: z.strictObject({ ...how }),
  response: ColorUpload,
});
export const withdrawColorUpload = defineRoute({
  name: 'colorUpload.withdraw',
  method: 'DELETE',
  path: '/api/color-uploads/{id}',
  tag,
  access: 'color.edit',
  summary: 'Withdraw an upload: its rows leave the buffer, unless one is being processed',
  params: idParam,
  response: ColorUpload,
});
export const downloadColorUpload = defineRoute({
  name: 'colorUpload.download',
  method: 'GET',
  path: '/api/color-uploads/{id}/content',
  tag,
  access: 'color.read',
  summary: 'Download what was uploaded, as it came',
  params: idParam,
  response: z.string(),
  responseType: 'application/octet-stream',
});

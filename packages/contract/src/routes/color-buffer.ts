import { z } from 'zod';
import { Color, ColorDoubts, ColorField } from '../color.ts';
import { Id, Instant } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { Revision } from '../whole-number.ts';

/** A color that waits to be processed. */
export const WaitingColor = Color.extend({
  id: Id,
  upload: Id,
  line: z.number().int().describe('Of its file'),
  doubts: ColorDoubts,
  duplicateOf: Id.nullable().describe('The row that said the same before'),
  takenBy: z
    .object({ kind: z.enum(['run', 'session']), id: Id })
    .nullable()
    .describe('Who works with it'),
  removedAt: Instant.nullable(),
  removedBy: z.string().nullable(),
  revision: z.number().int(),
}).meta({ id: 'WaitingColor' });
export type WaitingColor = z.infer<typeof WaitingColor>;

export const ColorBufferSummary = z
  .object({
    free: z.number().int().describe('What the next processing takes'),
    taken: z.number().int(),
    removed: z.number().int(),
    doubtful: z.number().int().describe('Of the free ones'),
    duplicates: z.number().int().describe('Of the free ones'),
    repairs: z
      .array(z.object({ field: z.string(), why: z.string(), rows: z.number().int(), offered: z.number().int().describe('Rows that have a repair') }))
      .describe('Doubts of the free rows by kind, most first'),
    sources: z.array(z.object({ source: z.string(), rows: z.number().int() })),
  })
  .meta({ id: 'ColorBufferSummary' });
export type ColorBufferSummary = z.infer<typeof ColorBufferSummary>;

const tag = 'Colors';
const Ids = z.array(Id).min(1).max(1_000);
const Changed = z.object({ changed: z.number().int() });
export const bufferStates = ['free', 'doubtful', 'duplicate', 'taken', 'removed', 'all'] as const;

export const listColorBuffer = defineRoute({
  name: 'colorBuffer.list',
  method: 'GET',
  path: '/api/color-buffer',
  tag,
  access: 'color.read',
  summary: 'List the colors that wait, doubtful ones first',
  query: PageQuery.extend({
    which: z.enum(bufferStates).default('free'),
    upload: Id.optional(),
    source: z.string().max(100).optional(),
    search: z.string().max(200).optional().describe('In CUSIP, ISIN, ticker, issuer and dealer'),
    doubt: z.string().max(100).optional().describe('Only rows with a doubt about this field'),
  }),
  response: pageOf(WaitingColor),
});
export const summarizeColorBuffer = defineRoute({
  name: 'colorBuffer.summary',
  method: 'GET',
  path: '/api/color-buffer/summary',
  tag,
  access: 'color.read',
  summary: 'Count what waits, by state, source and kind of doubt',
  response: ColorBufferSummary,
});
export const updateWaitingColor = defineRoute({
  name: 'colorBuffer.update',
  method: 'PATCH',
  path: '/api/color-buffer/{id}',
  tag,
  access: 'color.edit',
  summary: 'Change fields of a color that waits',
  description: 'A field that is given has its doubt settled. Numbers and dates are given as text and read as those of a file are; empty text clears a field.',
  params: z.object({ id: Id }),
  body: z.strictObject({
    revision: Revision,
    fields: z.partialRecord(ColorField, z.string().max(500)).default({}),
    settled: z.array(ColorField).max(30).default([]).describe('Doubts about these fields are settled as they are'),
  }),
  response: WaitingColor,
});
export const removeWaitingColors = defineRoute({
  name: 'colorBuffer.remove',
  method: 'POST',
  path: '/api/color-buffer/remove',
  tag,
  access: 'color.edit',
  summary: 'Take colors out of the buffer; they can be put back',
  body: z.strictObject({ ids: Ids.optional(), duplicates: z.literal(true).optional().describe('Instead: every free duplicate') }),
  response: Changed,
});
export const restoreWaitingColors = defineRoute({
  name: 'colorBuffer.restore',
  method: 'POST',
  path: '/api/color-buffer/restore',
  tag,
  access: 'color.edit',
  summary: 'Put colors back that were taken out of the buffer',
  body: z.strictObject({ ids: Ids }),
  response: Changed,
});
export const repairWaitingColors = defineRoute({
  name: 'colorBuffer.repair',
  method: 'POST',
  path: '/api/color-buffer/repair',
  tag,
  access: 'color.edit',
  summary: 'Accept every repair of a kind that is offered',
  body: z.strictObject({
    field: ColorField,
    why: z.string().max(500).optional().describe('Only doubts for this reason'),
    ids: Ids.optional().describe('Only these rows'),
  }),
  response: Changed,
});

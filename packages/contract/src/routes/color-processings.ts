// What the desk made: a morning's sheet as it was kept, each row with its reason.
import { z } from 'zod';
import { ShownColor } from '../color.ts';
import { ColorRuleSet } from '../color-rule.ts';
import { Id, Instant } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { Ordinal } from '../whole-number.ts';

const tag = 'Colors';
export const processingKinds = ['automatic', 'manual'] as const;

export const ColorProcessing = z
  .object({
    id: Id,
    number: z.number().int(),
    kind: z.enum(processingKinds).describe('manual: of a session that somebody worked on'),
    date: z.iso.date().describe('The business date of its run'),
    run: z.object({ id: Id, number: z.number().int(), flow: z.string() }).nullable(),
    session: Id.nullable(),
    taken: z.number().int().describe('Rows that came in: excluded and kept'),
    excluded: z.number().int(),
    kept: z.number().int(),
    families: z.number().int().describe('Parents among the kept ones'),
    bySource: z.record(z.string(), z.number().int()).describe('Kept rows by source; those without one under an empty name'),
    startedAt: Instant,
    endedAt: Instant,
    ms: z.number().int(),
    by: z.string(),
  })
  .meta({ id: 'ColorProcessing' });
export type ColorProcessing = z.infer<typeof ColorProcessing>;

export const ColorProcessingDetail = ColorProcessing.extend({
  ruleSet: ColorRuleSet,
  byRule: z
    .array(z.object({ rule: Id, title: z.string(), kind: z.enum(['exclude', 'color']), rows: z.number().int() }))
    .describe('In the order in which they were asked'),
}).meta({ id: 'ColorProcessingDetail' });
export type ColorProcessingDetail = z.infer<typeof ColorProcessingDetail>;

/** A row of a sheet. */
export const ProcessedColor = ShownColor.extend({
  processing: z.number().int(),
  line: z.number().int().describe('Its place in the processing, from 1; excluded rows come last'),
  excludedBy: Id.nullable(),
  position: z.number().int().nullable(),
  family: z.number().int().nullable(),
  child: z.number().int().nullable().describe('0: a parent'),
  color: z.string().nullable(),
  colorBy: Id.nullable(),
}).meta({ id: 'ProcessedColor' });
export type ProcessedColor = z.infer<typeof ProcessedColor>;

export const ProcessedColorWhy = z
  .object({
    line: z.number().int(),
    reasons: z.array(z.object({ what: z.enum(['excluded', 'position', 'family', 'color']), text: z.string(), rule: Id.nullable() })),
  })
  .meta({ id: 'ProcessedColorWhy' });
export type ProcessedColorWhy = z.infer<typeof ProcessedColorWhy>;

const numberParam = z.object({ number: Ordinal });

export const listColorProcessings = defineRoute({
  name: 'colorProcessing.list',
  method: 'GET',
  path: '/api/color-processings',
  tag,
  access: 'color.read',
  summary: 'List what the desk processed, newest first',
  query: PageQuery.extend({ kind: z.enum(processingKinds).optional(), from: z.iso.date().optional(), to: z.iso.date().optional() }),
  response: pageOf(ColorProcessing),
});
export const showColorProcessing = defineRoute({
  name: 'colorProcessing.show',
  method: 'GET',
  path: '/api/color-processings/{number}',
  tag,
  access: 'color.read',
  summary: 'Show a processing with the rules it went by and what each of them did',
  params: numberParam,
  response: ColorProcessingDetail,
});
export const listProcessedColors = defineRoute({
  name: 'colorProcessing.rows',
  method: 'GET',
  path: '/api/color-processings/{number}/rows',
  tag,
  access: 'color.read',
  summary: 'The rows of a processing in the order of its sheet; excluded ones last',
  params: numberParam,
  query: PageQuery.extend({
    which: z.enum(['all', 'kept', 'excluded']).default('kept'),
    rule: Id.optional().describe('Those that this rule excluded or coloured'),
    search: z.string().trim().min(1).max(100).optional().describe('Begins a CUSIP, ISIN or ticker, or is in the name of an issuer'),
  }),
  response: pageOf(ProcessedColor),
});
export const explainProcessedColor = defineRoute({
  name: 'colorProcessing.why',
  method: 'GET',
  path: '/api/color-processings/{number}/rows/{line}/why',
  tag,
  access: 'color.read',
  summary: 'Why a row is where it is: its rule, what it is ranked below, whose child it is',
  params: numberParam.extend({ line: Ordinal }),
  response: ProcessedColorWhy,
});

// The desk's rules: kept in order of priority, tested while they are written, played over past days before they count.
import { z } from 'zod';
import { ShownColor } from '../color.ts';
import { ColorCondition, ColorRule, ColorRuleContent, ColorRuleSet, colorRuleKinds, RowColor } from '../color-rule.ts';
import { Id, Instant } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { Revision } from '../whole-number.ts';

const tag = 'Colors';
const idParam = z.object({ id: Id });
const revision = Revision.describe('That you have seen; another one is refused');
const allowsAll = z.boolean().default(false).describe('Also when the rules then exclude everything that waits; else that is refused with 409');
const Kind = z.enum(colorRuleKinds);

export const ColorRuleList = z.object({ items: z.array(ColorRule) }).meta({ id: 'ColorRuleList' });
export type ColorRuleList = z.infer<typeof ColorRuleList>;

export const ColorDeskSettings = z
  .object({
    order: ColorRuleSet.shape.order,
    revision: z.number().int().describe('0: never changed'),
    updatedAt: Instant.nullable(),
    updatedBy: z.string().nullable(),
  })
  .meta({ id: 'ColorDeskSettings' });
export type ColorDeskSettings = z.infer<typeof ColorDeskSettings>;

/** What a condition finds in the buffer of now, or in what was processed. */
export const ColorRuleTest = z
  .object({
    rows: z.number().int().describe('How many were looked at'),
    matches: z.number().int().describe('How many fulfil the condition'),
    decides: z.number().int().describe('Of these, how many no rule before it takes: what it would really do'),
    left: z.number().int().describe('How many rows all active rules together would leave with it'),
    isCapped: z.boolean().describe('There are more rows than the 200,000 that were looked at'),
    first: z.array(ShownColor).describe('The first 50 of those that fulfil it'),
  })
  .meta({ id: 'ColorRuleTest' });
export type ColorRuleTest = z.infer<typeof ColorRuleTest>;

export const colorDifferences = ['excluded', 'back', 'otherRule', 'color', 'place', 'moved'] as const;
export const ColorDifference = z
  .object({
    what: z
      .enum(colorDifferences)
      .describe(
        'excluded: now taken out. back: no longer. otherRule: out by another rule. color: another colour. place: a parent became a child, or a child a parent. moved: only its position is another',
      ),
    processing: z.number().int(),
    line: z.number().int(),
    row: ShownColor,
    before: z.object({ rule: Id.nullable(), position: z.number().int().nullable(), child: z.number().int().nullable(), color: z.string().nullable() }),
    after: z.object({ rule: Id.nullable(), position: z.number().int().nullable(), child: z.number().int().nullable(), color: z.string().nullable() }),
  })
  .meta({ id: 'ColorDifference' });
export type ColorDifference = z.infer<typeof ColorDifference>;
export const ColorWhatIf = z
  .object({
    processings: z.array(
      z.object({
        number: z.number().int(),
        date: z.iso.date(),
        rows: z.number().int(),
        excluded: z.object({ before: z.number().int(), after: z.number().int() }),
        differ: z.record(z.enum(colorDifferences), z.number().int()),
      }),
    ),
    rows: z.number().int(),
    differ: z.number().int().describe('Without those that only moved'),
    moved: z.number().int(),
    first: z.array(ColorDifference).describe('Of each processing the first 100, in order of its sheet; rows that only moved behind all others'),
    skipped: z.number().int().describe('Processings that were left out: 60 are played at most, each of 200,000 rows at most'),
  })
  .meta({ id: 'ColorWhatIf' });
export type ColorWhatIf = z.infer<typeof ColorWhatIf>;

export const listColorRules = defineRoute({
  name: 'colorRule.list',
  method: 'GET',
  path: '/api/color-rules',
  tag,
  access: 'color.read',
  summary: 'List the rules of the desk in the order in which they are asked',
  query: z.object({ archived: z.stringbool().default(false).describe('Those that are archived instead') }),
  response: ColorRuleList,
});
export const showColorRule = defineRoute({
  name: 'colorRule.show',
  method: 'GET',
  path: '/api/color-rules/{id}',
  tag,
  access: 'color.read',
  summary: 'Show a rule',
  params: idParam,
  response: ColorRule,
});
export const createColorRule = defineRoute({
  name: 'colorRule.create',
  method: 'POST',
  path: '/api/color-rules',
  tag,
  access: 'desk.edit',
  summary: 'Write a rule; the last of its kind unless told',
  body: ColorRuleContent.safeExtend({ priority: z.number().int().min(1).max(10_000).optional(), allowsAll }),
  response: ColorRule,
  status: 201,
});
export const updateColorRule = defineRoute({
  name: 'colorRule.update',
  method: 'PUT',
  path: '/api/color-rules/{id}',
  tag,
  access: 'desk.edit',
  summary: 'Change a rule',
  params: idParam,
  body: ColorRuleContent.safeExtend({ revision, allowsAll }),
  response: ColorRule,
});
export const switchColorRule = defineRoute({
  name: 'colorRule.switch',
  method: 'POST',
  path: '/api/color-rules/{id}/active',
  tag,
  access: 'desk.edit',
  summary: 'Switch a rule on or off',
  params: idParam,
  body: z.object({ active: z.boolean(), revision, allowsAll }),
  response: ColorRule,
});
export const duplicateColorRule = defineRoute({
  name: 'colorRule.duplicate',
  method: 'POST',
  path: '/api/color-rules/{id}/duplicate',
  tag,
  access: 'desk.edit',
  summary: 'Copy a rule, switched off, behind it',
  params: idParam,
  response: ColorRule,
  status: 201,
});
export const reorderColorRules = defineRoute({
  name: 'colorRule.reorder',
  method: 'PUT',
  path: '/api/color-rules',
  tag,
  access: 'desk.edit',
  summary: 'Put the rules of a kind in another order',
  body: z.object({
    kind: Kind,
    ids: z.array(Id).min(1).max(10_000).describe('All that are not archived, first the one that is asked first'),
    seen: z.array(Id).max(10_000).describe('The order that you have seen; when it is another one now the change is refused'),
  }),
  response: ColorRuleList,
});
export const archiveColorRule = defineRoute({
  name: 'colorRule.archive',
  method: 'DELETE',
  path: '/api/color-rules/{id}',
  tag,
  access: 'desk.edit',
  summary: 'Archive a rule; processings that went by it keep it',
  params: idParam,
  response: ColorRule,
});
export const restoreColorRule = defineRoute({
  name: 'colorRule.restore',
  method: 'POST',
  path: '/api/color-rules/{id}/restore',
  tag,
  access: 'desk.edit',
  summary: 'Bring an archived rule back, switched off',
  params: idParam,
  response: ColorRule,
});
export const testColorRule = defineRoute({
  name: 'colorRule.test',
  method: 'POST',
  path: '/api/color-rule-tests',
  tag,
  access: 'color.read',
  summary: 'See what a condition finds in the buffer or in a processing, without keeping it',
  body: z.object({
    kind: Kind.default('exclude'),
    condition: ColorCondition,
    rule: Id.optional().describe('The rule that is being changed: it is tested in its place'),
    processing: Revision.min(1).optional().describe('Over the rows of this one; the buffer without it'),
    today: z.iso.date().optional(),
  }),
  response: ColorRuleTest,
});
const Trial = z.object({
  kind: Kind,
  title: z.string().max(200).default(''),
  condition: ColorCondition,
  color: RowColor.nullable().default(null),
  id: Id.optional(),
});
export const playColorRules = defineRoute({
  name: 'colorRule.play',
  method: 'POST',
  path: '/api/color-rule-plays',
  tag,
  access: 'color.read',
  cost: 'expensive',
  summary: 'See row by row what other rules would have changed in the processings of the last days',
  body: z.object({
    days: z.number().int().min(1).max(60).default(5),
    rules: z.array(Trial).max(1_000).optional().describe('In place of the active ones, in the order in which they are asked'),
    change: Trial.optional().describe('The active rules with this one: in the place of the rule with its id, else the last of its kind'),
    without: Id.optional().describe('The active rules without this one'),
    order: ColorRuleSet.shape.order.optional(),
  }),
  response: ColorWhatIf,
});
export const showColorDeskSettings = defineRoute({
  name: 'colorDesk.show',
  method: 'GET',
  path: '/api/color-desk/order',
  tag,
  access: 'color.read',
  summary: 'Show by what the sheet is sorted',
  response: ColorDeskSettings,
});
export const updateColorDeskSettings = defineRoute({
  name: 'colorDesk.update',
  method: 'PUT',
  path: '/api/color-desk/order',
  tag,
  access: 'desk.edit',
  summary: 'Change by what the sheet is sorted: a direction for date, rank and price',
  body: z.object({ order: ColorRuleSet.shape.order, revision }),
  response: ColorDeskSettings,
});

import { createHash } from 'node:crypto';
import { ColorCondition, type ColorRuleSet, colorRuleKinds, defaultColorOrder, RowColor } from '@tidewheel/contract/color-rule';
import { InvalidInput } from '@tidewheel/contract/errors';
import { Id } from '@tidewheel/contract/identifiers';
import { defineTableStep } from '@tidewheel/kit/define-step';
import { expression } from '@tidewheel/kit/fields';
import type { StepContext } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { oneTable } from '../table/table-fields.ts';
import { keepRuleSet } from './rule-set-file.ts';

const rule = z
  .strictObject({
    id: Id.optional(),
    kind: z.enum(colorRuleKinds),
    title: z.string().trim().min(1).max(200),
    condition: ColorCondition,
    color: RowColor.nullable().default(null),
  })
  .refine(({ kind, color }) => (kind === 'color') === (color !== null), { path: ['color'], message: 'is for coloring rules, and they need one' });
const direction = z.enum(['asc', 'desc']);
const config = z.strictObject({
  rules: z
    .array(rule)
    .max(1_000)
    .optional()
    .meta({ title: 'Rules of its own', description: 'In place of the active rules of the desk, in the order in which they are asked.', widget: 'json' }),
  order: z
    .strictObject({ date: direction, rank: direction, px: direction })
    .optional()
    .meta({ title: 'Order', description: 'In place of the order of the desk: ascending or descending for each of the three columns.' }),
  day: expression({
    title: 'Day',
    description: 'What `today` means in rules; without it the business date of the run.',
    examples: ['businessDate'],
  }).optional(),
  arranged: z.boolean().default(false).meta({
    title: 'Rows have their places',
    description: 'They come with excludedBy, position, family, child, color and colorBy, and are left as they are. It is so by itself for rows of a session.',
  }),
  allowsAll: z
    .boolean()
    .default(false)
    .meta({ title: 'May exclude every row', description: 'Unless this is set, a table of which the rules leave nothing fails the step.' }),
});
type Config = z.output<typeof config>;

export const colorRank = defineTableStep({
  type: 'color.rank',
  version: 1,
  ui: { title: 'Rank colors', group: 'Colors', icon: 'sort-descending-numbers', summary: 'by the rules of the desk' },
  description: `Works out the sheet: the first exclusion rule that a row fulfils takes it out, the rest is sorted by DATE, RANK and PX, rows of one CUSIP stand together (the first is the parent, the
others its children), and the first coloring rule gives a row its colour. Nothing is dropped: excluded rows come last and remember their rule. Adds the columns excludedBy, position, family, child,
color and colorBy. Rows of a session, which people arranged, are left as they are. Goes by the active rules and the order of the desk, or by rules of its own. What it went by stays with the run, so that every row can be explained later.`,
  config,
  inputs: oneTable,
  produces: 'table',
  examples: [
    { title: 'By the rules of the desk', config: {} },
    {
      title: 'By a rule of its own',
      config: { rules: [{ kind: 'exclude', title: 'Without a price', condition: { field: 'px', operator: 'atMost', value: 0 } }] },
    },
  ],
  async prepare(given, ctx) {
    const arranged = await ctx.colors.arranged();
    if (arranged !== null) return { config: { ...given, arranged: true }, files: [await keepRuleSet(ctx, arranged)] };
    const desk = await ctx.colors.ruleSet();
    const rules = given.rules?.map((each, i) => ({ ...each, id: each.id ?? ownId(ctx, { place: i, title: each.title }), revision: 0 })) ?? desk.rules;
    const ruleSet: ColorRuleSet = { rules, order: given.order ?? desk.order };
    const file = await keepRuleSet(ctx, ruleSet);
    const own = rules.map(({ revision: _, ...each }) => each);
    return { config: { ...given, rules: own, order: ruleSet.order, day: dayOf(given, ctx) }, files: [file] };
  },
  relation: ({ rules = [], order = defaultColorOrder, day, allowsAll, arranged }) => ({
    op: 'colors',
    exclusions: rules.flatMap(({ id = '', kind, condition }) => (kind === 'exclude' ? [{ id, when: condition }] : [])),
    colorings: rules.flatMap(({ id = '', condition, color }) => (color === null ? [] : [{ id, when: condition, color }])),
    order,
    ...(day === undefined ? {} : { today: day }),
    allowsAll,
    ...(arranged ? { arranged } : {}),
  }),
});

function dayOf({ day }: Config, ctx: StepContext): string {
  if (day === undefined) return ctx.today;
  const value = ctx.evaluate(day);
  const parsed = z.iso.date().safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInput('color.day', `day gives ${JSON.stringify(value)}, which is no date`, { hint: 'It must give a text like 2026-11-20.' });
}

/** The same for the same place in the same step of the same flow: rules in a document have no id of their own. */
function ownId({ run, step }: StepContext, { place, title }: { place: number; title: string }): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([run.workspaceId, run.flow, step, place, title]))
    .digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

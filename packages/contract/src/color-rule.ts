// Rules of the desk: conditions over the fields of a color, in order of priority. RULE-01 to RULE-06, RULE-09.
import { z } from 'zod';
import { type ColorField, colorFields } from './color.ts';
import { Id, Instant } from './identifiers.ts';

/** What stands between a field and its value. `kinds`: the fields it is for. */
export const colorOperators = {
  equals: { title: 'equals', kinds: ['number', 'date'], values: 1 },
  notEquals: { title: 'does not equal', kinds: ['number', 'date'], values: 1 },
  greater: { title: 'is greater than', kinds: ['number', 'date'], values: 1 },
  atLeast: { title: 'is at least', kinds: ['number', 'date'], values: 1 },
  less: { title: 'is less than', kinds: ['number', 'date'], values: 1 },
  atMost: { title: 'is at most', kinds: ['number', 'date'], values: 1 },
  between: { title: 'is between', kinds: ['number', 'date'], values: 2 },
  is: { title: 'equals', kinds: ['text'], values: 1 },
  contains: { title: 'contains', kinds: ['text'], values: 1 },
  notContains: { title: 'does not contain', kinds: ['text'], values: 1 },
  startsWith: { title: 'starts with', kinds: ['text'], values: 1 },
  endsWith: { title: 'ends with', kinds: ['text'], values: 1 },
} as const satisfies Record<string, { title: string; kinds: readonly ('number' | 'date' | 'text')[]; values: 1 | 2 }>;
export type ColorOperator = keyof typeof colorOperators;
const operatorNames = Object.keys(colorOperators) as [ColorOperator, ...ColorOperator[]];

/** For which operators a field is. Free columns (`more.<header>`) are text. */
export function operatorKind(field: string): 'number' | 'date' | 'text' {
  const kind = field in colorFields ? colorFields[field as ColorField].kind : 'text';
  if (kind === 'integer') return 'number';
  return kind === 'instant' ? 'date' : kind;
}

/** A field of a color, or `more.<header>` of a free column. */
const ConditionField = z
  .string()
  .max(220)
  .refine((field) => field in colorFields || /^more\..{1,200}$/.test(field), 'is no field of a color; a free column is called more.<its header>');
const Value = z.union([z.string().max(500), z.number()]);

/**
 * One comparison. Text compares without regard to case. What is empty fulfils nothing but `notEquals` and `notContains`.
 * Dates are `YYYY-MM-DD`, or `today`, `today-3`, `today+10`: days from the day that is processed.
 */
export const ColorComparison = z
  .strictObject({ field: ConditionField, operator: z.enum(operatorNames), value: Value, to: Value.optional().describe('Of `between` alone; both ends count') })
  .superRefine(({ field, operator, value, to }, context) => {
    const kind = operatorKind(field);
    const { kinds, values } = colorOperators[operator];
    if (!(kinds as readonly string[]).includes(kind))
      return context.addIssue({
        code: 'custom',
        path: ['operator'],
        message: `is not for ${field}, which is a ${kind}; take one of ${operatorsOf(kind).join(', ')}`,
      });
    if ((to !== undefined) !== (values === 2))
      context.addIssue({ code: 'custom', path: ['to'], message: values === 2 ? 'is missing' : 'is for between alone' });
    for (const [name, one] of [['value', value] as const, ...(to === undefined ? [] : [['to', to] as const])]) {
      const fault = valueFault(kind, one);
      if (fault !== undefined) context.addIssue({ code: 'custom', path: [name], message: fault });
    }
  });
export type ColorComparison = z.infer<typeof ColorComparison>;

export function operatorsOf(kind: 'number' | 'date' | 'text'): ColorOperator[] {
  return operatorNames.filter((name) => (colorOperators[name].kinds as readonly string[]).includes(kind));
}

function valueFault(kind: 'number' | 'date' | 'text', value: string | number): string | undefined {
  if (kind === 'number') return typeof value === 'number' && Number.isFinite(value) ? undefined : 'must be a number';
  if (typeof value !== 'string') return kind === 'date' ? 'must be a date: 2026-01-31, or today-3' : 'must be a text';
  if (kind === 'text') return value.trim() === '' ? 'must not be empty' : undefined;
  return /^today([+-]\d{1,5})?$/.test(value) || z.iso.date().safeParse(value).success ? undefined : 'must be a date: 2026-01-31, or today-3';
}

/** Comparisons joined by AND (`all`) or OR (`any`), nested at most eight deep; 500 comparisons at most in one rule. */
export type ColorCondition = ColorComparison | { all: ColorCondition[] } | { any: ColorCondition[] };
const Node: z.ZodType<ColorCondition> = z.lazy(() =>
  z.union([ColorComparison, z.strictObject({ all: z.array(Node).min(1).max(200) }), z.strictObject({ any: z.array(Node).min(1).max(200) })]),
);
export const ColorCondition = Node.superRefine((condition, context) => {
  const { deep, comparisons } = sizeOf(condition);
  if (deep > 8) context.addIssue({ code: 'custom', message: `is ${deep} groups deep; 8 are allowed` });
  if (comparisons > 500) context.addIssue({ code: 'custom', message: `has ${comparisons} comparisons; 500 are allowed` });
}).meta({ id: 'ColorCondition' });

function sizeOf(condition: ColorCondition): { deep: number; comparisons: number } {
  if ('field' in condition) return { deep: 0, comparisons: 1 };
  const inside = ('all' in condition ? condition.all : condition.any).map(sizeOf);
  return { deep: 1 + Math.max(...inside.map(({ deep }) => deep)), comparisons: inside.reduce((sum, { comparisons }) => sum + comparisons, 0) };
}

/** Colours of rows by name, with that of a sheet's cells. Pages have their own tones of them, light and dark. */
export const rowColors = {
  red: 'F8CBCB',
  orange: 'FBDDBF',
  yellow: 'FFF2B3',
  green: 'CFEBD0',
  teal: 'C6EAE6',
  blue: 'CADFF7',
  purple: 'E1D3F4',
  grey: 'E2E2E2',
} as const;
export type RowColor = keyof typeof rowColors;
export const RowColor = z.enum(Object.keys(rowColors) as [RowColor, ...RowColor[]]).meta({ id: 'RowColor' });

export const colorRuleKinds = ['exclude', 'color'] as const;
const content = {
  kind: z.enum(colorRuleKinds).describe('exclude: takes rows out. color: gives what is left a colour'),
  title: z.string().trim().min(1).max(200),
  note: z.string().max(4_000).default(''),
  condition: ColorCondition,
  color: RowColor.nullable().default(null).describe('Of coloring rules alone'),
  active: z.boolean().default(true),
};
/** The first active rule of its kind, in order of priority, decides about a row. */
export const ColorRuleContent = z.strictObject(content).superRefine(({ kind, color }, context) => {
  if ((kind === 'color') === (color === null))
    context.addIssue({ code: 'custom', path: ['color'], message: kind === 'color' ? 'is missing: which colour does it give?' : 'is for coloring rules alone' });
});
export type ColorRuleContent = z.infer<typeof ColorRuleContent>;
export const ColorRule = z
  .object({
    id: Id,
    ...content,
    priority: z.number().int().min(1).describe('1 is asked first; among rules of its kind'),
    revision: z.number().int().describe('Counts its changes'),
    updatedAt: Instant,
    updatedBy: z.string(),
  })
  .meta({ id: 'ColorRule' });
export type ColorRule = z.infer<typeof ColorRule>;

/** What a processing goes by: frozen with it, so that every row can be explained later. */
export const ColorRuleSet = z
  .object({
    rules: z.array(
      z.object({ id: Id, kind: z.enum(colorRuleKinds), title: z.string(), condition: ColorCondition, color: RowColor.nullable(), revision: z.number().int() }),
    ),
    order: z.object({ date: z.enum(['asc', 'desc']), rank: z.enum(['asc', 'desc']), px: z.enum(['asc', 'desc']) }),
  })
  .meta({ id: 'ColorRuleSet' });
export type ColorRuleSet = z.infer<typeof ColorRuleSet>;
/** The fields that decide the order of a sheet, one after the other. */
export const colorOrderFields = ['date', 'rank', 'px'] as const satisfies (keyof ColorRuleSet['order'])[];
/** Newest first, best rank first, highest price first. */
export const defaultColorOrder: ColorRuleSet['order'] = { date: 'desc', rank: 'asc', px: 'desc' };

// What the colors node should do, written as plainly as possible: row by row, rule by rule.
import { type ColorComparison, type ColorCondition, type ColorRuleSet, operatorKind } from '@tidewheel/contract/color-rule';
import type { RelationNode } from '@tidewheel/contract/relation';

/** Values as the engine gives them: numbers as numbers, the time in UTC. */
export type PlainColor = Record<string, string | number | null>;
export type RankedColor = PlainColor & {
  excludedBy: string | null;
  position: number | null;
  family: number | null;
  child: number | null;
  color: string | null;
  colorBy: string | null;
};
type ColorsNode = Extract<RelationNode, { op: 'colors' }>;

export function rankPlainly(rows: PlainColor[], node: ColorsNode & { today: string }): RankedColor[] {
  const marked = rows.map((row) => ({ row, excludedBy: node.exclusions.find(({ when }) => fulfils(row, when, node.today))?.id ?? null }));
  const kept = marked
    .filter(({ excludedBy }) => excludedBy === null)
    .map(({ row }) => row)
    .sort((a, b) => compare(a, b, node.order));
  const families = new Map<string, PlainColor[]>();
  for (const [i, row] of kept.entries()) {
    const key = row['cusip'] ? `C${row['cusip']}` : row['isin'] ? `I${row['isin']}` : `alone ${i}`;
    families.set(key, [...(families.get(key) ?? []), row]);
  }
  const ranked = [...families.values()].flatMap((members, family) => members.map((row, child) => ({ row, family: family + 1, child })));
  return [
    ...ranked.map(({ row, family, child }, i) => {
      const rule = node.colorings.find(({ when }) => fulfils(row, when, node.today));
      return { ...row, excludedBy: null, position: i + 1, family, child, color: rule?.color ?? null, colorBy: rule?.id ?? null };
    }),
    ...marked
      .filter(({ excludedBy }) => excludedBy !== null)
      .map(({ row, excludedBy }) => ({ ...row, excludedBy, position: null, family: null, child: null, color: null, colorBy: null })),
  ];
}

function compare(a: PlainColor, b: PlainColor, order: ColorRuleSet['order']): number {
  const keys: [string, 'asc' | 'desc'][] = [
    ['date', order.date],
    ['rank', order.rank],
    ['px', order.px],
    ['at', 'desc'],
    ...['cusip', 'isin', 'dealer', 'source', 'bias'].map((name): [string, 'asc'] => [name, 'asc']),
  ];
  for (const [name, direction] of keys) {
    const [one, other] = [a[name] ?? null, b[name] ?? null];
    if (one === other) continue;
    if (one === null) return 1;
    if (other === null) return -1;
    return one < other === (direction === 'asc') ? -1 : 1;
  }
  return 0;
}

function fulfils(row: PlainColor, condition: ColorCondition, today: string): boolean {
  if ('all' in condition) return condition.all.every((part) => fulfils(row, part, today));
  if ('any' in condition) return condition.any.some((part) => fulfils(row, part, today));
  return compares(row, condition, today);
}

function compares(row: PlainColor, { field, operator, value, to }: ColorComparison, today: string): boolean {
  const found = field.startsWith('more.') ? ((JSON.parse(String(row['more'])) as Record<string, string>)[field.slice(5)] ?? null) : (row[field] ?? null);
  if (found === null || found === '') return operator === 'notEquals' || operator === 'notContains';
  const kind = operatorKind(field);
  const plain = (one: string | number) => (kind === 'number' ? Number(one) : kind === 'date' ? dayOf(String(one), today) : String(one).toLowerCase());
  const mine = plain(field === 'at' ? String(found).slice(0, 10) : found);
  const [first, last] = [plain(value), to === undefined ? '' : plain(to)];
  const says: Record<typeof operator, () => boolean> = {
    equals: () => mine === first,
    notEquals: () => mine !== first,
    greater: () => mine > first,
    atLeast: () => mine >= first,
    less: () => mine < first,
    atMost: () => mine <= first,
    between: () => mine >= first && mine <= last,
    is: () => mine === String(first).trim(),
    contains: () => String(mine).includes(String(first)),
    notContains: () => !String(mine).includes(String(first)),
    startsWith: () => String(mine).startsWith(String(first)),
    endsWith: () => String(mine).endsWith(String(first)),
  };
  return says[operator]();
}

function dayOf(value: string, today: string): string {
  if (!value.startsWith('today')) return value;
  const days = Number(value.slice('today'.length) || '0');
  return new Date(Date.parse(`${today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

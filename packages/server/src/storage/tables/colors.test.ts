import {
  type ColorComparison,
  ColorCondition,
  type ColorCondition as Condition,
  colorOperators,
  operatorKind,
  operatorsOf,
  rowColors,
} from '@tidewheel/contract/color-rule';
import type { RelationNode } from '@tidewheel/contract/relation';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PlainColor, rankPlainly } from './testing/reference-colors.ts';
import { read, step, type TableHarness, tableHarness } from './testing/table-harness.ts';

let tables: TableHarness;
beforeAll(async () => {
  tables = await tableHarness({ memoryLimit: '256MB' });
});
afterAll(() => tables.close());

type ColorsNode = Extract<RelationNode, { op: 'colors' }>;
const today = '2026-11-20';
const types = {
  date: 'DATE',
  cusip: 'VARCHAR',
  isin: 'VARCHAR',
  ticker: 'VARCHAR',
  dealer: 'VARCHAR',
  px: 'DECIMAL(18,6)',
  rank: 'INTEGER',
  at: 'TIMESTAMPTZ',
  more: 'VARCHAR',
};
const names = Object.keys(types) as (keyof typeof types)[];
const order = { date: 'desc', rank: 'asc', px: 'desc' } as const;

const days = ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-12-31'];
const words = ['Aa', 'aab', 'BAA', 'ba a', "o'b", 'é"ß', 'a%', 'a_b'];
const orNull = <T>(values: T[]) => fc.option(fc.constantFrom(...values), { nil: null });
const color: fc.Arbitrary<PlainColor> = fc.record({
  date: fc.constantFrom(...days.slice(0, 4)),
  cusip: orNull(['000000AA1', '000000BB2', '000000CC3']),
  isin: orNull(['US000000AA11', 'US000000BB22']),
  ticker: orNull(words),
  dealer: orNull(words.slice(0, 4)),
  px: orNull([98.5, 99, 99.25, 100, -1]),
  rank: orNull([1, 2, 3]),
  at: orNull(days.slice(1, 4).map((day) => `${day}T09:30:00.000Z`)),
  more: fc.constantFrom('{}', '{"Desk / ~1":"Aa"}', '{"Desk / ~1":""}'),
});

const values = {
  number: [98.5, 99, 99.25, 100, -1, 1, 2, 0.1234567, 1e21],
  date: [...days, 'today', 'today-1', 'today+41'],
  text: [...words, 'A', ' aa ', '_'],
};
const comparison: fc.Arbitrary<ColorComparison> = fc
  .constantFrom('date', 'cusip', 'ticker', 'dealer', 'px', 'rank', 'at', 'more.Desk / ~1', 'more.none')
  .chain((field) => {
    const kind = operatorKind(field);
    const value = fc.constantFrom<string | number>(...values[kind]);
    return fc
      .tuple(fc.constantFrom(...operatorsOf(kind)), value, value)
      .map(([operator, first, last]) => ({ field, operator, value: first, ...(colorOperators[operator].values === 2 ? { to: last } : {}) }));
  });
const { condition } = fc.letrec<{ condition: Condition }>((tie) => {
  const parts = fc.array(tie('condition'), { minLength: 1, maxLength: 4 });
  return {
    condition: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      comparison,
      parts.map((all) => ({ all })),
      parts.map((any) => ({ any })),
    ),
  };
});
const direction = fc.constantFrom('asc' as const, 'desc' as const);
const colours = Object.keys(rowColors) as (keyof typeof rowColors)[];
const node: fc.Arbitrary<ColorsNode & { today: string }> = fc.record({
  op: fc.constant('colors' as const),
  exclusions: fc.array(condition, { maxLength: 4 }).map((all) => all.map((when, i) => ({ id: `x${i}`, when }))),
  colorings: fc
    .array(fc.tuple(condition, fc.constantFrom(...colours)), { maxLength: 4 })
    .map((all) => all.map(([when, given], i) => ({ id: `c${i}`, when, color: given }))),
  order: fc.record({ date: direction, rank: direction, px: direction }),
  today: fc.constant(today),
  allowsAll: fc.constant(true),
});

let files = 0;
async function rank(rows: PlainColor[], given: ColorsNode): Promise<Record<string, unknown>[]> {
  const cell = (value: string | number | null | undefined) => (value === null || value === undefined ? '' : `"${String(value).replaceAll('"', '""')}"`);
  const csv = [names.join(','), ...rows.map((row) => names.map((name) => cell(row[name])).join(','))].join('\n');
  const file = await tables.file(`colors-${++files}.csv`, `${csv}\n`);
  const job = await tables.run([read('in', file, { csv: { types } }), step('ranked', 'in', given, true)]);
  expect(job.nodes['ranked']?.counts).toEqual({ rowsIn: rows.length, rowsOut: rows.length, dropped: 0, rejected: 0 });
  const found = await tables.rows(job.nodes['ranked']?.table?.path);
  return found.map(({ px, at, ...row }) => ({ ...row, px: px === null ? null : Number(px), at: at === null ? null : new Date(String(at)).toISOString() }));
}

describe('the colors node', () => {
  test('excludes, orders, groups and colours as the plain reading of the rules does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(color, { minLength: 1, maxLength: 40 }), node, async (rows, given) => {
        for (const { when } of [...given.exclusions, ...given.colorings]) ColorCondition.parse(when);
        expect(await rank(rows, given)).toEqual(rankPlainly(rows, given));
      }),
      { numRuns: 50 },
    );
  });

  test('refuses to exclude everything unless that is meant, and names a column that is missing', async () => {
    const all: ColorsNode = { op: 'colors', exclusions: [{ id: 'x', when: { field: 'date', operator: 'atMost', value: 'today' } }], colorings: [], order };
    const row = { date: today, px: 100 };
    await expect(rank([row, row], all)).rejects.toMatchObject({ code: 'color.all_excluded', details: { step: 'ranked', rows: 2 } });
    expect((await rank([row, row], { ...all, allowsAll: true })).map(({ excludedBy }) => excludedBy)).toEqual(['x', 'x']);
    const sector: ColorsNode = { ...all, exclusions: [{ id: 'x', when: { field: 'sector', operator: 'is', value: 'a' } }] };
    await expect(rank([row], sector)).rejects.toMatchObject({ status: 400, details: { step: 'ranked' } });
  });

  test('rows that were ranked before get new places; a rule may have 500 comparisons', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({ date: today, cusip: `0000000${String(i % 90).padStart(2, '0')}`, px: i % 7, rank: null }));
    const any = Array.from({ length: 500 }, (_, i) => ({ field: 'px', operator: 'equals' as const, value: i + 6 }));
    const given: ColorsNode = { op: 'colors', exclusions: [{ id: 'x', when: { any } }], colorings: [], order };
    const file = await tables.file('again.csv', `date,cusip,px,rank\n${rows.map((row) => `${row.date},${row.cusip},${row.px},`).join('\n')}\n`);
    const source = read('in', file, { csv: { types: { date: 'DATE', cusip: 'VARCHAR', px: 'DECIMAL(18,6)', rank: 'INTEGER' } } });
    const job = await tables.run([source, step('first', 'in', given), step('second', 'first', { ...given, order: { ...order, px: 'asc' } }, true)]);
    const found = await tables.rows(job.nodes['second']?.table?.path);
    const plain = rankPlainly(rows, { ...given, order: { ...order, px: 'asc' }, today });
    expect(found.map(({ position, excludedBy, cusip }) => [position, excludedBy, cusip])).toEqual(
      plain.map(({ position, excludedBy, cusip }) => [position, excludedBy, cusip]),
    );
    expect(job.nodes['second']?.table?.columns.map(({ name }) => name)).toEqual([
      ...Object.keys({ date: 0, cusip: 0, px: 0, rank: 0 }),
      'excludedBy',
      'position',
      'family',
      'child',
      'color',
      'colorBy',
    ]);
  });
});

import { defaultColorOrder } from '@tidewheel/contract/color-rule';
import type { StepContext } from '@tidewheel/kit/step-context';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StepBench, stepBench } from '../table/testing/run-table-step.ts';
import { colorRank } from './rank.step.ts';

let bench: StepBench;
beforeAll(async () => {
  bench = await stepBench();
});
afterAll(() => bench.close());

const quotes = `date,cusip,ticker,rank,px
2026-11-20,000000AA1,AAA,2,99
2026-11-20,000000BB2,BBB,1,98
2026-11-20,000000AA1,AAA,1,97
2026-11-19,000000BB2,OLD,1,100
`;

test('sorts by date, rank and price, puts families together, excludes and colours by the first rule', async () => {
  const rules = [
    { id: '019a0000-0000-7000-8000-00000000000a', kind: 'exclude', title: 'Old', condition: { field: 'ticker', operator: 'is', value: 'old' } },
    { id: '019a0000-0000-7000-8000-00000000000b', kind: 'color', title: 'Cheap', condition: { field: 'px', operator: 'less', value: 98 }, color: 'red' },
    { id: '019a0000-0000-7000-8000-00000000000c', kind: 'color', title: 'Rest', condition: { field: 'px', operator: 'greater', value: 0 }, color: 'grey' },
  ] as const;
  const { columns, rows } = await bench.run(colorRank, { rules: [...rules] }, quotes);
  expect(columns.slice(5)).toEqual(['excludedBy', 'position', 'family', 'child', 'color', 'colorBy']);
  expect(rows.map((row) => [row[2], String(row[4]), ...row.slice(5, 10)])).toEqual([
    ['BBB', '98', null, 1, 1, 0, 'grey'],
    ['AAA', '97', null, 2, 2, 0, 'red'],
    ['AAA', '99', null, 3, 2, 1, 'grey'],
    ['OLD', '100', rules[0].id, null, null, null, null],
  ]);
});

const desk = {
  rules: [
    {
      id: '019a0000-0000-7000-8000-00000000000d',
      kind: 'exclude' as const,
      title: 'Yesterday',
      condition: { field: 'date', operator: 'less' as const, value: 'today' },
      color: null,
      revision: 3,
    },
  ],
  order: { ...defaultColorOrder, px: 'asc' as const },
};

function contextOf(kept: string[], value: unknown): StepContext {
  const put = async (file: { name: string }, content: Uint8Array) => {
    kept.push(Buffer.from(content).toString());
    return { kind: 'file', ...file };
  };
  const run = { id: 'r', number: 1, flow: 'f', workspaceId: 'w' };
  return {
    colors: { ruleSet: async () => desk, arranged: async () => null },
    files: { put },
    run,
    step: 'rank',
    today: '2026-11-20',
    evaluate: () => value,
  } as unknown as StepContext;
}

test('takes the rules of the desk unless it has its own, and hands on what it went by', async () => {
  const kept: string[] = [];
  const prepared = await colorRank.prepare?.(colorRank.config.parse({ day: 'parameters.day' }), contextOf(kept, '2026-11-18'));
  expect(prepared?.files).toHaveLength(1);
  expect(JSON.parse(kept[0] ?? '')).toEqual(desk);
  const node = colorRank.relation(prepared?.config as never);
  expect(node).toMatchObject({ op: 'colors', exclusions: [{ id: desk.rules[0]?.id }], order: desk.order, today: '2026-11-18', allowsAll: false });
  const own = { rules: [{ kind: 'exclude', title: 'Own', condition: { field: 'px', operator: 'less', value: 1 } }] } as const;
  const again = () => colorRank.prepare?.(colorRank.config.parse({ ...own }), contextOf([], null));
  const [first, second] = [await again(), await again()];
  expect(first?.config.rules?.[0]?.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(second?.config.rules).toEqual(first?.config.rules);
  expect(first?.config.day).toBe('2026-11-20');
  await expect(colorRank.prepare?.(colorRank.config.parse({ day: 'x' }), contextOf([], 7))).rejects.toMatchObject({ code: 'color.day' });
});

test('leaves rows of a session as people arranged them, and hands on the rules they were ranked by', async () => {
  const kept: string[] = [];
  const ctx = contextOf(kept, null);
  const prepared = await colorRank.prepare?.(colorRank.config.parse({}), { ...ctx, colors: { ...ctx.colors, arranged: async () => desk } });
  expect(JSON.parse(kept[0] ?? '')).toEqual(desk);
  expect(colorRank.relation(prepared?.config as never)).toMatchObject({ op: 'colors', arranged: true });
});

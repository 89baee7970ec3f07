// A table step that looks something up first: what it went by reaches the next step beside its table, and a fault in it fails the step.
import { colorRank } from '@tidewheel/steps/colors/rank.step';
import { tableRead } from '@tidewheel/steps/table/read.step';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';

let bench: EngineBench;
const csv = 'date,cusip,ticker,rank,px\n2026-11-20,000000AA1,AAA,2,99\n2026-11-20,000000AA1,AAA,1,97\n';
beforeAll(async () => {
  bench = await startEngineBench({
    types: [colorRank, tableRead],
    steps: {
      'test.file': async (_config, ctx) => ({ files: [await ctx.files.put({ name: 'colors.csv', mediaType: 'text/csv' }, Buffer.from(csv))] }),
      'test.rules': async (_config, ctx) => {
        const [input] = Object.values(ctx.inputs);
        const [file] = input?.files ?? [];
        const chunks: Uint8Array[] = [];
        if (file) for await (const chunk of ctx.files.read(file)) chunks.push(chunk);
        return { value: { rows: input?.table?.rows ?? null, rules: JSON.parse(Buffer.concat(chunks).toString()) } };
      },
    },
  });
});
afterAll(() => bench?.close());

const ranked = (config: object) => ({
  steps: {
    file: { use: 'test.file' },
    colors: { use: 'table.read', from: 'file', with: { format: 'csv', csv: { types: { cusip: 'VARCHAR' } } } },
    rank: { use: 'color.rank', from: 'colors', with: config },
    rules: { use: 'test.rules', from: 'rank' },
  },
});
const rule = (value: number) => ({ kind: 'exclude', title: 'Cheap', condition: { field: 'px', operator: 'less', value } });

test('what color.rank went by reaches the next step; excluding everything fails it', async () => {
  const good = await bench.ended((await bench.start(ranked({ rules: [rule(98)] }) as never)).id);
  expect(good.state, JSON.stringify(good.error)).toBe('succeeded');
  const value = good.steps.find(({ step }) => step === 'rules')?.value;
  expect(value).toMatchObject({ rows: 2, rules: { rules: [{ title: 'Cheap', kind: 'exclude' }], order: { date: 'desc' } } });
  const bad = await bench.ended((await bench.start(ranked({ rules: [rule(1_000)] }) as never)).id);
  expect(bad.state).toBe('failed');
  expect(bad.steps.find(({ step }) => step === 'rank')?.error).toMatchObject({ code: 'color.all_excluded' });
});

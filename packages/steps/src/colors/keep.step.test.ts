import { defaultColorOrder } from '@tidewheel/contract/color-rule';
import { runStep } from '@tidewheel/kit/harness';
import type { Row } from '@tidewheel/kit/step-context';
import { expect, test } from 'vitest';
import { colorKeep } from './keep.step.ts';

const rules = { rules: [], order: defaultColorOrder };
const rows = [
  { date: '2026-03-02', position: 1 },
  { date: '2026-03-02', position: 2 },
];

test('gives the desk the rows with the rules they went by', async () => {
  const seen: Row[] = [];
  const colors = {
    async keep(ranked: { rules: unknown; rows: AsyncIterable<Row[]> }) {
      expect(ranked.rules).toEqual(rules);
      for await (const batch of ranked.rows) seen.push(...batch);
      return { processing: 7, taken: 2, excluded: 0, kept: 2, families: 2 };
    },
  };
  const inputs = { input: { rows, files: [{ name: 'color-rules.json', content: JSON.stringify(rules) }] } };
  await using outcome = await runStep(colorKeep, {}, { inputs, colors });
  expect(seen).toHaveLength(2);
  expect(outcome.result.value).toEqual({ processing: 7, taken: 2, excluded: 0, kept: 2, families: 2 });
});

test('refuses a table that was not ranked', async () => {
  await expect(runStep(colorKeep, {}, { inputs: { input: { rows } } })).rejects.toMatchObject({ code: 'color.not_ranked' });
});

import { Color } from '@tidewheel/contract/color';
import { expect, it } from 'vitest';
import { syntheticColors } from './synthetic-colors.ts';

it('are the same for the same seed, right by the schema, and have what real days have', () => {
  const colors = [...syntheticColors({ seed: 7, days: 3, perDay: 1_000 })];
  expect([...syntheticColors({ seed: 7, days: 3, perDay: 1_000 })]).toEqual(colors);
  expect([...syntheticColors({ seed: 8, days: 1, perDay: 5 })]).not.toEqual(colors.slice(0, 5));
  expect(colors).toHaveLength(3_000);
  for (const color of colors) expect(Color.parse(color)).toEqual(color);
  expect([...new Set(colors.map(({ date }) => date))]).toEqual(['2026-11-18', '2026-11-19', '2026-11-20']);
  const texts = colors.map((color) => JSON.stringify(color));
  expect(texts.length - new Set(texts).size).toBeGreaterThan(20);
  const ofOneBond = Map.groupBy(
    colors.filter(({ date, cusip }) => date === '2026-11-20' && cusip !== null),
    ({ cusip }) => cusip,
  );
  expect(Math.max(...[...ofOneBond.values()].map((all) => new Set(all.map(({ dealer }) => dealer)).size))).toBeGreaterThan(3);
  expect(colors.some(({ cusip }) => cusip?.startsWith('0'))).toBe(true);
  expect(colors.some(({ at, date }) => at !== null && at.slice(0, 10) < date)).toBe(true);
  expect(colors.every(({ more, issuer }) => more['label'] === 'synthetic' && issuer?.endsWith('(synthetic)'))).toBe(true);
});

import type { PricePoint } from '@tidewheel/contract/routes/color-search';
import { expect, it } from 'vitest';
import { drawPrices } from './price-lines.ts';

const point = (date: string, last: number | null, bias: PricePoint['bias'] = 'bid'): PricePoint => ({ date, bias, low: last, high: last, last, colors: 1 });
const size = { width: 100, height: 50 };

it('draws a line for each bias, days to scale and the highest price above', () => {
  const drawn = drawPrices([point('2026-03-01', 98), point('2026-03-01', 99, 'offer'), point('2026-03-02', null), point('2026-03-05', 100)], size);
  expect(drawn).toMatchObject({ low: 98, high: 100, first: '2026-03-01', last: '2026-03-05' });
  expect(drawn?.lines.map(({ bias, path }) => [bias, path])).toEqual([
    ['bid', 'M0.0 50.0L100.0 0.0'],
    ['offer', 'M0.0 25.0'],
  ]);
});

it('stands in the middle with one price, and is not drawn without any', () => {
  expect(drawPrices([point('2026-03-01', 98)], size)?.lines[0]?.path).toBe('M50.0 25.0');
  expect(drawPrices([point('2026-03-01', null)], size)).toBeNull();
});

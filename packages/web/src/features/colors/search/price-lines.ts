// The lines of a price over time, as paths of a drawing. Pure.
import type { PricePoint } from '@tidewheel/contract/routes/color-search';

export interface PriceLine {
  bias: string;
  path: string;
  points: { x: number; y: number; title: string }[];
}
export interface PriceDrawing {
  lines: PriceLine[];
  low: number;
  high: number;
  first: string;
  last: string;
}

/** Within `width` and `height`: the last price of each day, a line for each bias. Null without prices. */
export function drawPrices(all: readonly PricePoint[], { width, height }: { width: number; height: number }): PriceDrawing | null {
  const priced = all.filter((point): point is PricePoint & { last: number } => point.last !== null);
  const [first, last] = [priced[0]?.date, priced.at(-1)?.date];
  if (first === undefined || last === undefined) return null;
  const values = priced.map((point) => point.last);
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const span = Date.parse(last) - Date.parse(first);
  const x = (date: string) => (span === 0 ? width / 2 : ((Date.parse(date) - Date.parse(first)) / span) * width);
  const y = (price: number) => (high === low ? height / 2 : height - ((price - low) / (high - low)) * height);
  const lines = [...Map.groupBy(priced, ({ bias }) => bias ?? 'no bias')].map(([bias, some]) => {
    const points = some.map((point) => ({ x: x(point.date), y: y(point.last), title: `${point.date} ${bias}: ${point.last}` }));
    return { bias, points, path: points.map((point, index) => `${index === 0 ? 'M' : 'L'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join('') };
  });
  return { lines, low, high, first, last };
}

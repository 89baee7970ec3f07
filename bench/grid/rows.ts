// Synthetic colors of which no two say the same, as the file of a desk.
import type { ColorField } from '@tidewheel/contract/color';
import { syntheticColors } from '../../packages/server/src/features/colors/synthetic/synthetic-colors.ts';

const fields = [
  ...(['date', 'cusip', 'isin', 'ticker', 'issuer', 'coupon', 'maturity', 'sector', 'market', 'currency', 'source', 'dealer', 'bias'] as const),
  ...(['px', 'spread', 'yield', 'size', 'rank', 'level', 'bwic', 'at'] as const),
] satisfies ColorField[];

export function distinctColors(rows: number): string {
  const lines = new Set<string>();
  for (const color of syntheticColors({ seed: 50, days: 20, perDay: Math.ceil(rows / 18), bonds: 5_000 })) {
    lines.add(fields.map((field) => color[field] ?? '').join(';'));
    if (lines.size === rows) break;
  }
  return `${fields.join(';')}\n${[...lines].join('\n')}\n`;
}

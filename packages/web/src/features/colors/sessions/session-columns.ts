// The columns of the grid: fields of a color in the order in which a desk reads them.
import { type ColorField, colorFields } from '@tidewheel/contract/color';
import type { SessionRow } from '@tidewheel/contract/color-session';

export interface GridColumn {
  field: ColorField;
  title: string;
  width: number;
  isNumber: boolean;
}

const widths: Partial<Record<ColorField, number>> = {
  issuer: 180,
  cusip: 100,
  isin: 120,
  at: 170,
  date: 95,
  maturity: 95,
  px: 90,
  rank: 60,
  bias: 70,
  coupon: 75,
};
const shown: ColorField[] = [
  ...(['date', 'cusip', 'ticker', 'rank', 'px', 'bias', 'dealer', 'size', 'spread', 'yield', 'source', 'issuer', 'coupon', 'maturity'] as const),
  ...(['sector', 'market', 'currency', 'level', 'isin', 'bwic', 'at', 'confidence'] as const),
];

export const gridColumns: GridColumn[] = shown.map((field) => {
  const { title, kind } = colorFields[field];
  return { field, title, width: widths[field] ?? 85, isNumber: kind === 'number' || kind === 'integer' };
});
export const headWidth = 112;
export const rowHeight = 28;
export const gridWidth = gridColumns.reduce((sum, { width }) => sum + width, headWidth);

/** Pixels from the left edge of the grid. */
export function leftOf(column: number): number {
  return gridColumns.slice(0, column).reduce((sum, { width }) => sum + width, headWidth);
}

export function cellText(row: SessionRow, field: ColorField): string {
  const value = row[field];
  return value === null ? '' : String(value);
}

export function lineText(row: SessionRow): string {
  if (row.removed) return 'removed';
  if (row.excluded) return row.excludedBy === null ? 'out, by hand' : 'out';
  return String(row.position ?? '');
}

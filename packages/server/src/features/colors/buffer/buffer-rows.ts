// A color as a row of the buffer, and back.
import { createHash } from 'node:crypto';
import { type Color, colorFieldNames, colorFields } from '@tidewheel/contract/color';
import type { ColorBufferRow } from '../../../storage/color-tables.ts';

export type BufferRow = ColorBufferRow;
export type ColorValues = Pick<BufferRow, (typeof colorFieldNames)[number] | 'more'>;

const sqlTypes = { text: 'text', number: 'numeric', integer: 'int', date: 'date', instant: 'timestamptz' } as const;
/** The fields as columns, with their types in the database. */
export const fieldColumns = colorFieldNames.map((name) => ({ name, type: sqlTypes[colorFields[name].kind] }));

/**
 * What makes two rows the same quote: the day, the bond, who said it where and when, and what was said. Who the bond is: its CUSIP, else its ISIN, else ticker, coupon and
 * maturity.
 */
export function samenessOf(color: Color): Buffer {
  const { cusip, isin, ticker, coupon, maturity } = color;
  const bond = cusip ?? isin ?? [ticker?.toLowerCase(), coupon, maturity, color.more['maturity year']];
  const said = [color.bias, color.px, color.spread, color.yield, color.size, color.level];
  const whole = [color.date, bond, color.source, color.dealer?.toLowerCase(), ...said, color.at === null ? null : Date.parse(color.at)];
  return createHash('sha256').update(JSON.stringify(whole)).digest().subarray(0, 16);
}

export function colorOfRow(row: ColorValues): Color {
  const values = Object.fromEntries(
    colorFieldNames.map((name) => {
      const value = row[name];
      if (value === null) return [name, null];
      if (value instanceof Date) return [name, value.toISOString()];
      return [name, colorFields[name].kind === 'number' ? Number(value) : value];
    }),
  );
  return { ...values, more: row.more } as Color;
}

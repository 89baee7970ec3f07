// One row of a table to the colors it says: one, or one for each side that it quotes.

import { type Color, type ColorDoubts, type ColorField, colorFieldNames, colorFields } from '@tidewheel/contract/color';
import { type ColorColumns, type SideField, sideFields } from '@tidewheel/contract/color-columns';
import { plainHeader } from '@tidewheel/contract/color-headers';
import { cusipOfIsin } from '@tidewheel/contract/security-id';
import { type Cell, type IncomingRow, nothing } from '../readers/incoming.ts';
import { type DateOrder, readDay, readMoment } from './read-date.ts';
import { readCusip, readIsin } from './read-identifier.ts';
import { readNumber, readPrice, readSize } from './read-number.ts';
import { readBias, readCurrency, readLevel } from './read-words.ts';
import { doubtful, type Reading, sure, unread } from './reading.ts';

export interface ReadColor {
  line: number;
  color: Color;
  doubts: ColorDoubts;
}
export interface RefusedRow {
  line: number;
  why: string;
  text: string;
}

/** How the rows of one table are read. */
export interface RowPlan {
  columns: ColorColumns;
  /** Column of each field; the rest are free columns. */
  at: Partial<Record<ColorField, number>>;
  bid: Partial<Record<SideField, number>>;
  offer: Partial<Record<SideField, number>>;
  free: { header: string; at: number }[];
  order: DateOrder;
  /** What counts where no column and no fixed value says it. */
  date: string;
  source: string | null;
}

export function planRows({
  columns,
  headers,
  order,
  date,
  source,
}: {
  columns: ColorColumns;
  headers: string[];
  order: DateOrder;
  date: string;
  source: string | null;
}): RowPlan {
  const places = new Map(headers.map((header, at) => [plainHeader(header) || header, at]));
  const find = (header: string) => (/^#\d+$/.test(header) ? Number(header.slice(1)) - 1 : places.get(plainHeader(header) || header));
  const placed = <K extends string>(named: Partial<Record<K, string>>) =>
    Object.fromEntries(Object.entries(named).flatMap(([field, header]) => [[field, find(header as string)]].filter(([, at]) => at !== undefined))) as Partial<
      Record<K, number>
    >;
  const [at, bid, offer] = [placed(columns.fields), placed(columns.bid), placed(columns.offer)];
  const used = new Set<number>([at, bid, offer].flatMap((all) => Object.values(all)));
  const free = columns.others === 'keep' ? headers.flatMap((header, place) => (used.has(place) ? [] : [{ header, at: place }])) : [];
  return { columns, at, bid, offer, free, order, date, source };
}

/** @returns why not, when it names no bond */
export function colorsOf(row: IncomingRow, plan: RowPlan): ReadColor[] | RefusedRow {
  const doubts: ColorDoubts = {};
  const take = <T>(field: ColorField, reading: Reading<T>): T | null => {
    if (reading.doubt) doubts[field] = reading.doubt;
    return reading.value;
  };
  const color = baseOf(row, plan, take);
  if (color.cusip === null && color.isin === null && color.ticker === null && !doubts['cusip'] && !doubts['isin'])
    return { line: row.line, why: 'It names no bond: there is neither CUSIP, ISIN nor ticker.', text: textOf(row) };
  matchIdentifiers(color, doubts);
  const sides = sidesOf(row, plan);
  if (sides.length === 0) return [{ line: row.line, color, doubts }];
  return sides.map(({ values, doubts: own, bias }) => ({ line: row.line, color: { ...color, ...values, bias }, doubts: { ...doubts, ...own } }));
}

export function textOf({ cells }: IncomingRow): string {
  return cells
    .map(({ text }) => text)
    .join(' | ')
    .slice(0, 500);
}

type Take = <T>(field: ColorField, reading: Reading<T>) => T | null;

function baseOf(row: IncomingRow, plan: RowPlan, take: Take): Color {
  const cell = (field: ColorField) => cellAt(row, plan, field);
  const { columns, order } = plan;
  const text = (field: ColorField, most: number) => take(field, readText(cell(field).text, most));
  const date = take('date', readDay(cell('date'), order)) ?? plan.date;
  return {
    date,
    cusip: take('cusip', readCusip(cell('cusip').text)),
    isin: take('isin', readIsin(cell('isin').text)),
    ticker: text('ticker', 40),
    issuer: text('issuer', 300),
    coupon: take('coupon', readNumber(cell('coupon').text, columns.decimals)),
    maturity: take('maturity', readDay(cell('maturity'), order)),
    sector: text('sector', 100),
    market: text('market', 100),
    currency: take('currency', readCurrency(cell('currency').text)),
    source: text('source', 100) ?? plan.source,
    dealer: text('dealer', 100),
    bias: take('bias', readBias(cell('bias').text)),
    px: take('px', readPrice(cell('px').text, columns)),
    spread: take('spread', readNumber(cell('spread').text.replace(/^[A-Z]{1,6}(?=[+-])/i, ''), columns.decimals)),
    yield: take('yield', readNumber(cell('yield').text, columns.decimals)),
    size: take('size', readSize(cell('size').text, columns)),
    rank: take('rank', readRank(cell('rank').text)),
    level: take('level', readLevel(cell('level').text)),
    bwic: text('bwic', 100),
    at: take('at', readMoment(cell('at'), { day: date, order })),
    confidence: take('confidence', readShare(cell('confidence').text)),
    more: freeOf(row, plan),
  };
}

/** A fixed value stands where the column is empty. */
function cellAt(row: IncomingRow, { at, columns }: RowPlan, field: ColorField): Cell {
  const place = at[field];
  const cell = place === undefined ? nothing : (row.cells[place] ?? nothing);
  const fixed = columns.fixed[field];
  return cell.text === '' && fixed !== undefined ? { text: fixed, kind: 'text' } : cell;
}

function freeOf(row: IncomingRow, { free }: RowPlan): Record<string, string> {
  return Object.fromEntries(free.flatMap(({ header, at }) => (row.cells[at]?.text ? [[header, (row.cells[at] as Cell).text.slice(0, 2_000)]] : [])));
}

function sidesOf(row: IncomingRow, plan: RowPlan): { bias: 'bid' | 'offer'; values: Partial<Record<SideField, number | null>>; doubts: ColorDoubts }[] {
  return (['bid', 'offer'] as const).flatMap((bias) => {
    const doubts: ColorDoubts = {};
    const values: Partial<Record<SideField, number | null>> = {};
    for (const field of sideFields) {
      const place = plan[bias][field];
      if (place === undefined) continue;
      const { value, doubt } = readSide(field, row.cells[place]?.text ?? '', plan.columns);
      values[field] = value;
      if (doubt) doubts[field] = doubt;
    }
    const saysSomething = (['px', 'spread', 'yield'] as const).some((field) => values[field] != null || doubts[field] !== undefined);
    return saysSomething ? [{ bias, values, doubts }] : [];
  });
}

function readSide(field: SideField, text: string, columns: ColorColumns): Reading<number> {
  if (field === 'px') return readPrice(text, columns);
  return field === 'size' ? readSize(text, columns) : readNumber(text.replace(/^[A-Z]{1,6}(?=[+-])/i, ''), columns.decimals);
}

function readText(text: string, most: number): Reading<string> {
  const plain = text.replace(/\p{Cc}+/gu, ' ').trim();
  if (plain === '') return unread;
  return plain.length <= most
    ? sure(plain)
    : doubtful({ was: plain, why: `is longer than ${most} characters and was cut`, confidence: 0.5, value: plain.slice(0, most) });
}

function readRank(text: string): Reading<number> {
  const read = readNumber(text);
  if (read.value === null || (Number.isInteger(read.value) && read.value >= 0 && read.value <= 1_000_000)) return read;
  return doubtful({ was: text, why: 'is no whole number from 0', confidence: 0 });
}

function readShare(text: string): Reading<number> {
  const read = readNumber(text);
  if (read.value === null) return read;
  const share = text.includes('%') ? read.value / 100 : read.value;
  return share >= 0 && share <= 1 ? sure(share) : doubtful({ was: text, why: 'is not between 0 and 1', confidence: 0 });
}

/** An ISIN of the United States or Canada holds the CUSIP. */
export function matchIdentifiers(color: Color, doubts: ColorDoubts): void {
  const inside = color.isin === null ? undefined : cusipOfIsin(color.isin);
  if (inside === undefined || color.cusip === inside) return;
  if (color.cusip === null && !doubts['cusip']) color.cusip = inside;
  else if (color.cusip === null)
    doubts['cusip'] = {
      ...(doubts['cusip'] as ColorDoubts[string]),
      why: 'cannot be right; the ISIN beside it holds another',
      confidence: 0.97,
      repair: inside,
    };
  else doubts['cusip'] = { was: color.cusip, why: `is not the one inside the ISIN, ${inside}`, confidence: 0.5, repair: inside };
}

/** A value of a field as a person or a repair gives it. @throws nothing: a doubt says what is wrong */
export function readField(field: ColorField, text: string, date: string): Reading<string | number> {
  const cell: Cell = { text, kind: 'text' };
  const columns = { prices: 'auto', decimals: 'auto', sizes: 'millions' } as const;
  if (field === 'cusip') return readCusip(text);
  if (field === 'isin') return readIsin(text);
  if (field === 'bias') return readBias(text);
  if (field === 'level') return readLevel(text);
  if (field === 'currency') return readCurrency(text);
  if (field === 'px') return readPrice(text, columns);
  if (field === 'size') return readSize(text, columns);
  if (field === 'rank') return readRank(text);
  if (field === 'confidence') return readShare(text);
  const { kind } = colorFields[field];
  if (kind === 'date') return readDay(cell, 'unknown');
  if (kind === 'instant') return readMoment(cell, { day: date, order: 'unknown' });
  if (kind === 'number') return readNumber(text);
  return readText(text, field === 'issuer' ? 300 : field === 'ticker' ? 40 : 100);
}

export const emptyColor = (date: string): Color => ({
  ...(Object.fromEntries(colorFieldNames.map((name) => [name, null])) as unknown as Color),
  date,
  more: {},
});

// A quote line to colors. Who speaks, and when, may stand in a line of its own above: `Dealer: ALDR`, `Date: 11/20/2026`.
import type { Color, ColorDoubts } from '@tidewheel/contract/color';
import type { ColorColumns } from '@tidewheel/contract/color-columns';
import { readDay, readMoment } from '../columns/read-date.ts';
import { emptyColor, matchIdentifiers, type ReadColor, type RefusedRow, readField } from '../columns/row-colors.ts';
import type { IncomingRow } from '../readers/incoming.ts';
import { type QuoteLine, type QuoteSide, readQuoteLine } from './quote-line.ts';

export interface LinePlan {
  fixed: ColorColumns['fixed'];
  date: string;
  source: string | null;
}

/** Reads lines in their order, for those above speak for those below. */
export class LineReader {
  #date: string;
  #dealer: string | null = null;
  readonly #plan: LinePlan;

  constructor(plan: LinePlan) {
    this.#plan = plan;
    this.#date = plan.date;
  }

  /** An empty list: a line that speaks for those below. */
  read(row: IncomingRow): ReadColor[] | RefusedRow {
    const text = row.cells.map((cell) => cell.text).join('  ');
    if (this.#speaksForOthers(text)) return [];
    const quote = readQuoteLine(text);
    if (!quote) return { line: row.line, why: 'No rule reads a bond and a price or spread in it.', text: text.slice(0, 500) };
    return quote.sides.map((side) => this.#colorOf({ row, quote, side, text }));
  }

  #speaksForOthers(text: string): boolean {
    if (/^[-=_*#\s]+$/.test(text)) return true;
    const dealer = /^(?:dealer|from|bank)\s*:\s*(.{1,100})$/i.exec(text)?.[1];
    const date = /^(?:date|as of)\s*:?\s*(\S{6,20})$/i.exec(text)?.[1];
    const day = date === undefined ? null : readDay({ text: date, kind: 'text' }, 'mdy').value;
    if (dealer !== undefined) this.#dealer = dealer.trim();
    if (day !== null) this.#date = day;
    return dealer !== undefined || day !== null;
  }

  #colorOf({ row, quote, side, text }: { row: IncomingRow; quote: QuoteLine; side: QuoteSide; text: string }): ReadColor {
    const doubts = doubtsOf(quote, text);
    const { cusip, isin, ticker, coupon, maturity, level, bwic, dealer } = quote;
    const at = quote.time === null ? null : readMoment({ text: quote.time, kind: 'text' }, { day: this.#date, order: 'mdy' }).value;
    const said: Partial<Color> = { cusip, isin, ticker, coupon, maturity, level, bwic, dealer, at, yield: quote.yield, ...side };
    const color: Color = { ...emptyColor(this.#date), source: this.#plan.source, ...this.#fixed(said), more: moreOf(quote) };
    color.dealer ??= this.#dealer;
    color.confidence = Math.min(0.98, ...Object.values(doubts).map((doubt) => doubt.confidence));
    matchIdentifiers(color, doubts);
    return { line: row.line, color, doubts };
  }

  #fixed(said: Partial<Color>): Partial<Color> {
    const fixed: Record<string, unknown> = {};
    for (const [field, text] of Object.entries(this.#plan.fixed)) fixed[field] = readField(field as never, text as string, this.#date).value;
    return { ...fixed, ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null)) };
  }
}

function doubtsOf(quote: QuoteLine, text: string): ColorDoubts {
  const doubts: ColorDoubts = { ...quote.unsure };
  // A word more is a remark; numbers that no rule reads may be a price.
  if (/\d/.test(quote.rest.replace(/\b144A\b/i, '')))
    doubts['px'] ??= { was: text.slice(0, 500), why: `"${quote.rest.slice(0, 100)}" of the line is not read`, confidence: 0.6 };
  return doubts;
}

function moreOf({ benchmark, maturityYear, rest }: QuoteLine): Record<string, string> {
  return {
    ...(benchmark === null ? {} : { benchmark }),
    ...(maturityYear === null ? {} : { 'maturity year': String(maturityYear) }),
    ...(rest === '' ? {} : { remark: rest.slice(0, 2_000) }),
  };
}

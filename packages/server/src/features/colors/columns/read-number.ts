// Numbers, prices and sizes as desks write them.
import type { ColorColumns } from '@tidewheel/contract/color-columns';
import { doubtful, type Reading, sure, unread } from './reading.ts';

const nothingThere = /^(|-+|n\/?a|na|none|null|nan|\?+|tbd|\.)$/i;

/** `1,234.50`, `(5)`, `4.5%`, `+120`, `12.5 bp`, `4 1/2`. */
export function readNumber(text: string, decimals: ColorColumns['decimals'] = 'auto'): Reading<number> {
  const was = text.trim();
  if (nothingThere.test(was)) return unread;
  const value = numberOf(was.replace(/\s*(%|bps?|pts?)$/i, ''), decimals);
  if (value === null) return doubtful({ was, why: 'is no number', confidence: 0 });
  const ambiguous = decimals === 'auto' && /^\d{1,3},\d{3}$/.test(was);
  return ambiguous ? doubtful({ was, why: `may be ${value} or ${was.replace(',', '.')}`, confidence: 0.6, repair: String(value), value }) : sure(value);
}

function numberOf(text: string, decimals: ColorColumns['decimals']): number | null {
  const negative = /^\((.*)\)$/.exec(text);
  const plain = (negative?.[1] ?? text).replace(/[\s'\u00a0\u202f$€£]/g, '');
  const fraction = /^([+-]?\d+)?\s*(\d{1,2})\/(2|4|8|16|32|64)$/.exec((negative?.[1] ?? text).trim());
  const value = fraction ? Number(fraction[1] ?? 0) + Number(fraction[2]) / Number(fraction[3]) : plainNumber(plain, decimals);
  return value === null || !Number.isFinite(value) || Math.abs(value) > 1e12 ? null : negative ? -value : value;
}

function plainNumber(text: string, decimals: ColorColumns['decimals']): number | null {
  const isComma = decimals === 'comma' || (decimals === 'auto' && (/^[+-]?\d{1,3}(\.\d{3})+,\d+$/.test(text) || /^[+-]?\d+,(\d{1,2}|\d{4,})$/.test(text)));
  const point = isComma ? text.replaceAll('.', '').replace(',', '.') : text.replace(/,(?=\d{3}(\D|$))/g, '');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(point) ? Number(point) : null;
}

/** 98-16+, 98-16 1/4, 98-162 (the third digit: eighths of a tick), 98^16, 98'16. */
export function ticksOf(text: string): number | null {
  const form = /^(\d{1,3})\s*[-^'‑–]\s*(\d{1,2})(?:(\+)|\s(\d)\/(2|4|8)|(\d)(\+)?|(\.\d+))?$/.exec(text.trim());
  if (!form) return null;
  const [, whole, ticks, plus, part, of, eighths, , rest] = form;
  if (Number(ticks) > 31 || Number(eighths ?? 0) > 7) return null;
  const more = plus ? 0.5 : part ? Number(part) / Number(of) : eighths ? Number(eighths) / 8 : rest ? Number(rest) : 0;
  return Number(whole) + (Number(ticks) + more) / 32;
}

export function readPrice(text: string, { prices, decimals }: Pick<ColorColumns, 'prices' | 'decimals'>): Reading<number> {
  const was = text.trim();
  if (nothingThere.test(was)) return unread;
  const ticks = prices === 'decimal' ? null : ticksOf(was);
  if (ticks !== null) return priced(was, ticks);
  const half = /^(\d{1,3})\+$/.exec(was);
  if (half && prices !== 'decimal') return priced(was, Number(half[1]) + 1 / 64);
  const read = readNumber(was.replace(/\s*(px|pts?)$/i, ''), decimals);
  return read.value === null || read.doubt ? read : priced(was, read.value);
}

function priced(was: string, value: number): Reading<number> {
  const px = Number(value.toFixed(6));
  if (px > 0 && px < 250) return sure(px);
  return doubtful({ was, why: px <= 0 ? 'is no price above zero' : 'is high for a price in percent of par', confidence: 0.4, repair: String(px), value: px });
}

const factors = { millions: 1, thousands: 1e-3, units: 1e-6 } as const;

/** Millions: `5MM`, `5m`, `500k`, `2,000,000`, else in the unit of the column. */
export function readSize(text: string, { sizes, decimals }: Pick<ColorColumns, 'sizes' | 'decimals'>): Reading<number> {
  const was = text.trim();
  if (nothingThere.test(was)) return unread;
  const form = /^(.*?)\s*(mm|mn|mio|mil|m|k|b|bn)?$/i.exec(was);
  const read = readNumber(form?.[1] ?? was, decimals);
  if (read.value === null) return read.doubt ? { value: null, doubt: { ...read.doubt, was } } : unread;
  const unit = form?.[2]?.toLowerCase();
  if (unit !== undefined) return sure(rounded(read.value * (unit === 'k' ? 1e-3 : unit.startsWith('b') ? 1e3 : 1)));
  const isUnits = sizes === 'millions' && read.value >= 25_000;
  if (isUnits)
    return doubtful({
      was,
      why: 'is too much for millions; taken as single units',
      confidence: 0.75,
      repair: String(read.value / 1e6),
      value: rounded(read.value / 1e6),
    });
  return { ...read, value: rounded(read.value * factors[sizes]) };
}

function rounded(value: number): number {
  return Number(value.toFixed(6));
}

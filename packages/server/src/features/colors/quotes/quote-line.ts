// A line of a dealer's run as people type it: `XYZ 4.5 27  98-1 / 98-5  5x5  IBVAL+120`. Read by fixed rules from left to right; the same line always gives the same.
import type { ColorBias } from '@tidewheel/contract/color';
import { cusipFault, isinFault } from '@tidewheel/contract/security-id';
import { readDay } from '../columns/read-date.ts';
import { ticksOf } from '../columns/read-number.ts';

export interface QuoteSide {
  bias: ColorBias;
  px: number | null;
  spread: number | null;
  size: number | null;
}
export interface QuoteLine {
  cusip: string | null;
  isin: string | null;
  ticker: string | null;
  coupon: number | null;
  maturity: string | null;
  /** Where a line gives the year alone. */
  maturityYear: number | null;
  yield: number | null;
  benchmark: string | null;
  bwic: string | null;
  level: 'firm' | 'indicative' | null;
  sides: QuoteSide[];
  /** What no rule reads. */
  rest: string;
  /** By field, 0 to 1; fields that are not sure. */
  unsure: Record<string, { confidence: number; why: string; was: string }>;
}

class Line {
  text: string;
  constructor(text: string) {
    this.text = text;
  }
  /** Takes what the pattern fits, wherever it stands, out of the text. */
  take(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.text);
    if (found) this.text = `${this.text.slice(0, found.index)} ${this.text.slice(found.index + found[0].length)}`.replace(/^\s+/, '');
    return found;
  }
}

const number = String.raw`\d{1,3}(?:\.\d{1,6})?`;
const price = String.raw`(?:\d{1,3}[-^']\d{2}(?:\+|\d|\.\d+)?|\d{1,3}[-^']\d(?!\d)\+?|\d{1,3}\s\d{1,2}\/(?:2|4|8|16|32|64)|${number}\+?)`;
const amount = String.raw`(?:\d+(?:\.\d+)?)\s?(?:mm|mn|mio|m|k)?`;
const end = String.raw`(?=\s|$|[,;)])`;
const patterns = {
  isin: /(?<![A-Z0-9])([A-Z]{2}[A-Z0-9]{9}\d)(?![A-Z0-9])/i,
  cusip: /(?<![A-Z0-9])([0-9A-Z]{8}\d)(?![A-Z0-9])/i,
  bwic: /\bBWIC[-\s#:]*([A-Z0-9-]{1,40})?/i,
  level: /\b(firm|indicative|indic|subj(?:ect)?)\b/i,
  sizes: new RegExp(String.raw`(?<![\d.-])(${amount}|-+)\s?[x×]\s?(${amount}|-+)${end}`, 'i'),
  size: new RegExp(String.raw`(?<![\d./+-])(\d+(?:\.\d+)?)\s?(mm|mn|mio|m|k)${end}`, 'i'),
  yield: /(\d{1,2}\.\d{1,4})\s?%?\s?(?:yld|ytw|ytm|yield)\b|\b(?:yld|ytw|ytm|yield)\s?:?\s?(\d{1,2}(?:\.\d{1,4})?)%?/i,
  spread: /(?:(?<![\w.])([A-Z]{1,8}\d{0,2}|\d{1,2}Y))?\s?\+\s?(\d{1,4}(?:\.\d+)?)(?:\s?\/\s?\+?(\d{1,4}(?:\.\d+)?))?(?:\s?bps?)?(?=\s|$|[,;)])/i,
  margin: /\b(DM|OAS|ZS|Z)\s?:?\s?(-?\d{1,4}(?:\.\d+)?)(?:\s?\/\s?(-?\d{1,4}(?:\.\d+)?))?(?:\s?bps?)?(?=\s|$|[,;)])/i,
  basis: /(?<![\d.-])(-?\d{1,4}(?:\.\d+)?)(?:\s?\/\s?(-?\d{1,4}(?:\.\d+)?))?\s?bps?\b/i,
  two: new RegExp(String.raw`(?<![\w.])(${price})\s?(?:\/|\s-\s)\s?(${price})${end}`, 'i'),
  biased: new RegExp(String.raw`\b(bid|offer(?:ed)?|ofr|ask|talk|tlk|pt|cover(?:ed)?|cvr|traded?|trd)\b\s*(?:at|@|:)?\s*(${price})?`, 'i'),
  at: new RegExp(String.raw`@\s?(${price})${end}`, 'i'),
  one: new RegExp(String.raw`(?<![\w.])(${price})${end}`, 'i'),
};
const words: Record<string, ColorBias> = {
  bid: 'bid',
  offer: 'offer',
  offered: 'offer',
  ofr: 'offer',
  ask: 'offer',
  talk: 'talk',
  tlk: 'talk',
  pt: 'talk',
  cover: 'cover',
  covered: 'cover',
  cvr: 'cover',
  trade: 'trade',
  traded: 'trade',
  trd: 'trade',
};

/** @returns null for a line that quotes nothing */
export function readQuoteLine(text: string): QuoteLine | null {
  const line = new Line(
    text
      .replace(/[‐‑–—]/g, '-')
      .replace(/[’‘]/g, "'")
      .replace(/\t/g, '  ')
      .trim(),
  );
  const quote: QuoteLine = {
    cusip: null,
    isin: null,
    ticker: null,
    coupon: null,
    maturity: null,
    maturityYear: null,
    yield: null,
    benchmark: null,
    bwic: null,
    level: null,
    sides: [],
    rest: '',
    unsure: {},
  };
  takeIdentifiers(line, quote);
  takeBond(line, quote);
  if (quote.ticker === null && quote.cusip === null && quote.isin === null) return null;
  takeFacts(line, quote);
  const sizes = takeSizes(line);
  const spreads = takeSpreads(line, quote);
  quote.sides = sidesOf(takePrices(line, quote), spreads, sizes);
  quote.rest = line.text.replace(/\s+/g, ' ').trim();
  return quote.sides.length === 0 || looksLikeDay(quote) ? null : quote;
}

/** `IG RUNS 11/20` heads a run. */
function looksLikeDay({ cusip, isin, coupon, sides }: QuoteLine): boolean {
  const isBare = cusip === null && isin === null && coupon === null;
  return isBare && sides.every(({ px, spread, size }) => px !== null && Number.isInteger(px) && px <= 31 && spread === null && size === null);
}

function takeIdentifiers(line: Line, quote: QuoteLine): void {
  const isin = patterns.isin.exec(line.text)?.[1]?.toUpperCase();
  if (isin !== undefined && isinFault(isin) === undefined) {
    quote.isin = isin;
    line.take(patterns.isin);
  }
  const cusip = patterns.cusip.exec(line.text)?.[1]?.toUpperCase();
  if (cusip !== undefined && cusipFault(cusip) === undefined) {
    quote.cusip = cusip;
    line.take(patterns.cusip);
  }
}

const tickerForm = /^([A-Z][A-Z0-9.]{0,7})(?=\s|$)/;
const couponForm = /^(\d{1,2}(?:\.\d{1,4})?(?:\s\d\/[248])?|\d\/[248])\s?%?s?(?=\s|$|')/i;
const floating = /^(FLT|FRN|float(?:er)?|var)(?=\s|$)/i;
const maturityForm =
  /^(?:'?(\d{2})(?=\s|$)|(20\d{2})(?=\s|$)|(\d{1,2}\/\d{1,2}\/\d{2,4})(?=\s|$)|(\d{1,2})\/(\d{2}|20\d{2})(?=\s|$)|(\d{0,2}-?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*-?'?\d{2,4})(?=\s|$)|(perp)(?=\s|$))/i;

/** Ticker, coupon, maturity: what stands first, in that order. */
function takeBond(line: Line, quote: QuoteLine): void {
  const ticker = tickerForm.exec(line.text)?.[1];
  if (ticker !== undefined && words[ticker.toLowerCase()] === undefined) {
    quote.ticker = ticker;
    line.take(tickerForm);
  }
  const isFloating = line.take(floating) !== null;
  if (!isFloating) {
    const coupon = couponForm.exec(line.text);
    // Without a maturity behind it a number is a price.
    const follows = coupon && maturityForm.test(line.text.slice(coupon[0].length).trimStart());
    if (coupon && follows) {
      line.take(couponForm);
      quote.coupon = couponOf(coupon[1] as string);
    }
  }
  if (quote.coupon !== null || quote.ticker !== null) takeMaturity(line, quote, { yearAlone: isFloating || quote.coupon !== null });
}

function couponOf(text: string): number {
  const [whole, part] = text.includes(' ') ? text.split(' ') : text.includes('/') ? ['0', text] : [text, undefined];
  const [over, under] = (part ?? '0/1').split('/').map(Number) as [number, number];
  return Number(whole) + over / under;
}

function takeMaturity(line: Line, quote: QuoteLine, { yearAlone }: { yearAlone: boolean }): void {
  const form = maturityForm.exec(line.text);
  if (!form || (!yearAlone && form[1] !== undefined)) return;
  line.take(maturityForm);
  const [, two, four, whole, month, year, named] = form;
  if (two !== undefined || four !== undefined) quote.maturityYear = Number(four ?? `20${two}`);
  else if (month !== undefined && year !== undefined) quote.maturityYear = Number(year.length === 4 ? year : `20${year}`);
  else if (whole !== undefined || named !== undefined)
    quote.maturity = readDay({ text: (whole ?? named ?? '').replaceAll("'", ''), kind: 'text' }, 'mdy').value;
}

function takeFacts(line: Line, quote: QuoteLine): void {
  const bwic = line.take(patterns.bwic);
  if (bwic) quote.bwic = (bwic[1] ?? 'BWIC').slice(0, 100);
  const level = line.take(patterns.level);
  if (level) quote.level = /^f/i.test(level[1] as string) ? 'firm' : 'indicative';
  const read = line.take(patterns.yield);
  if (read) quote.yield = Number(read[1] ?? read[2]);
}

function takeSizes(line: Line): [number | null, number | null] {
  const both = line.take(patterns.sizes);
  if (both) return [millions(both[1] as string), millions(both[2] as string)];
  const one = line.take(patterns.size);
  const size = one ? millions(`${one[1]}${one[2]}`) : null;
  return [size, size];
}

function millions(text: string): number | null {
  const form = /^(\d+(?:\.\d+)?)\s?([a-z]*)$/i.exec(text);
  return form ? Number((Number(form[1]) * (form[2]?.toLowerCase() === 'k' ? 1e-3 : 1)).toFixed(6)) : null;
}

function takeSpreads(line: Line, quote: QuoteLine): [number | null, number | null] {
  const named = line.take(patterns.spread) ?? line.take(patterns.margin);
  if (named) {
    quote.benchmark = named[1]?.toUpperCase() ?? null;
    return [Number(named[2]), named[3] === undefined ? Number(named[2]) : Number(named[3])];
  }
  const basis = line.take(patterns.basis);
  return basis ? [Number(basis[1]), Number(basis[2] ?? basis[1])] : [null, null];
}

interface Prices {
  bid: number | null;
  offer: number | null;
  bias: ColorBias | null;
}

function takePrices(line: Line, quote: QuoteLine): Prices {
  const biased = patterns.biased.exec(line.text);
  const bias = biased ? (words[(biased[1] as string).toLowerCase()] ?? null) : null;
  if (biased) line.text = line.text.replace(new RegExp(String.raw`\b${biased[1]}\b\s*(?:at|@|:)?`, 'i'), ' ');
  const two = line.take(patterns.two);
  if (two) return twoPrices(two[1] as string, two[2] as string, { bias, quote });
  const at = line.take(patterns.at);
  if (at) return { bid: null, offer: decimal(at[1] as string, quote), bias: bias ?? 'offer' };
  const one = line.take(patterns.one);
  if (!one) return { bid: null, offer: null, bias };
  if (bias === null) quote.unsure['bias'] = { confidence: 0.5, why: 'is not said in the line; taken as the bid', was: one[0].trim() };
  const px = decimal(one[1] as string, quote);
  return { bid: px, offer: px, bias: bias ?? 'bid' };
}

/** The offer may leave out what it shares with the bid: 98-1/5, 98.25/50. */
function twoPrices(first: string, second: string, { bias, quote }: { bias: ColorBias | null; quote: QuoteLine }): Prices {
  const bid = decimal(first, quote);
  const handle = Math.trunc(bid ?? 0);
  const isShort = /^\d{1,2}\+?$/.test(second) && Number.parseInt(second, 10) < handle - 20;
  const whole = !isShort ? second : /[-^']/.test(first) ? `${handle}-${second}` : `${handle}.${second}`;
  const offer = decimal(whole, quote);
  if (bid !== null && offer !== null && bid > offer) quote.unsure['px'] = { confidence: 0.6, why: 'the bid is above the offer', was: `${first}/${second}` };
  return { bid, offer, bias };
}

function decimal(text: string, quote: QuoteLine): number | null {
  const fraction = /^(\d{1,3})\s(\d{1,2})\/(\d{1,2})$/.exec(text);
  const half = /^(\d{1,3})\+$/.exec(text);
  const value = fraction ? Number(fraction[1]) + Number(fraction[2]) / Number(fraction[3]) : half ? Number(half[1]) + 1 / 64 : (ticksOf(text) ?? Number(text));
  if (!Number.isFinite(value)) return null;
  if (value < 5 || value > 200) quote.unsure['px'] = { confidence: 0.4, why: 'is unusual for a price in percent of par', was: text };
  return Number(value.toFixed(6));
}

function sidesOf({ bid, offer, bias }: Prices, spreads: [number | null, number | null], sizes: [number | null, number | null]): QuoteSide[] {
  const isTwoSided = bid !== null && offer !== null && bid !== offer;
  const spreadsDiffer = spreads[0] !== null && spreads[0] !== spreads[1];
  if (!isTwoSided && !spreadsDiffer) {
    const px = bid ?? offer;
    if (px === null && spreads[0] === null) return [];
    const only = bias ?? 'bid';
    return [{ bias: only, px, spread: spreads[0], size: only === 'offer' ? sizes[1] : sizes[0] }];
  }
  return [
    { bias: bias ?? 'bid', px: bid, spread: spreads[0], size: sizes[0] },
    { bias: bias ?? 'offer', px: offer, spread: spreads[1], size: sizes[1] },
  ];
}

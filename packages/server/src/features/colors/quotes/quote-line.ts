// A line of a dealer's run as people type it: `XYZ 4.5 27  98-1 / 98-5  5x5  IBVAL+120`. Read by fixed rules from left to right; the same line always gives the same.
import type { ColorBias } from '@tidewheel/contract/color';
import { cusipFault, isinFault } from '@tidewheel/contract/security-id';
import { readDay } from '../columns/read-date.ts';
import { isBiasWord, type Prices, takePrices } from './quote-prices.ts';
import { amount, end, Line, type Unsure } from './quote-text.ts';

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
  /** Who speaks, where the line begins with it: `ALDR: XYZ 4.5 27 …`. */
  dealer: string | null;
  /** As it is written. */
  time: string | null;
  /** What no rule reads. */
  rest: string;
  unsure: Unsure;
}

const patterns = {
  isin: /(?:\bISIN[:\s]*)?(?<![A-Z0-9])([A-Z]{2}[A-Z0-9]{9}\d)(?![A-Z0-9])/i,
  cusip: /(?:\bCUSIP[:\s]*)?(?<![A-Z0-9])([0-9A-Z]{8}\d)(?![A-Z0-9])/i,
  time: /^[[(]?(\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?)[\])]?(?=\s)/i,
  dealer: /^[([]?([A-Z][A-Za-z&.-]{1,15}(?:\s[A-Z][A-Za-z&.-]{1,15})?)\s?[:>)\]]\s*(?=\S)/,
  bwic: /\bBWIC\b(?:\s*[-#:]?\s*(?=[A-Z-]*\d)([A-Z0-9-]{1,40}))?\s?:?/i,
  level: /\b(firm|indicative|indic|subj(?:ect)?)\b/i,
  sizes: new RegExp(String.raw`(?<![\d.-])(${amount}|-+)(?:[x×]\s?|\s[x×]\s)(${amount}|-+)${end}`, 'i'),
  bidSize: new RegExp(String.raw`(?<![\d.-])(${amount})\s?[x×]${end}`, 'i'),
  offerSize: new RegExp(String.raw`(?<=^|[\s(])[x×]\s?(${amount})${end}`, 'i'),
  size: new RegExp(String.raw`(?<![\d./+-])(\d+(?:\.\d+)?)\s?(mm|mn|mio|m|k)${end}`, 'i'),
  yield: /(\d{1,2}\.\d{1,4})\s?%?\s?(?:yld|ytw|ytm|yield)\b|\b(?:yld|ytw|ytm|yield)\s?:?\s?(\d{1,2}(?:\.\d{1,4})?)%?/i,
  spread:
    /(?:(?<![\w.])([A-Z]{1,8}\d{0,2}|\d{1,2}Y))?\s?\+\s?(\d{1,4}(?:\.\d+)?)(?:(?:\s?\/\s?|-)(?:[A-Z]{1,8}\d{0,2}\s?(?=\+))?\+?(\d{1,4}(?:\.\d+)?))?(?:\s?bps?)?(?=\s|$|[,;)])/i,
  margin: /\b(DM|OAS|ZS|Z)\s?:?\s?(-?\d{1,4}(?:\.\d+)?)(?:\s?\/\s?(-?\d{1,4}(?:\.\d+)?))?(?:\s?bps?)?(?=\s|$|[,;)])/i,
  basis: /(?<![\d.-])(-?\d{1,4}(?:\.\d+)?)(?:\s?\/\s?(-?\d{1,4}(?:\.\d+)?))?\s?bps?\b/i,
};

/** Nobody quotes in more; some rules take longer than the line is long. */
const longestLine = 2_000;

/** @returns null for a line that quotes nothing */
export function readQuoteLine(text: string): QuoteLine | null {
  if (text.length > longestLine) return null;
  const line = new Line(text);
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
    dealer: null,
    time: null,
    rest: '',
    unsure: {},
  };
  takeHead(line, quote);
  takeIdentifiers(line, quote);
  takeBond(line, quote);
  if (quote.ticker === null && quote.cusip === null && quote.isin === null) return null;
  takeFacts(line, quote);
  const sizes = takeSizes(line);
  const spreads = takeSpreads(line, quote);
  quote.sides = sidesOf(takePrices(line, quote.unsure), { spreads, sizes, unsure: quote.unsure });
  quote.rest = line.text.replace(/\s+/g, ' ').trim();
  return quote.sides.length === 0 || looksLikeDay(quote) ? null : quote;
}

/** `IG RUNS 11/20` heads a run. */
function looksLikeDay({ cusip, isin, coupon, sides }: QuoteLine): boolean {
  const isBare = cusip === null && isin === null && coupon === null;
  return isBare && sides.every(({ px, spread, size }) => px !== null && Number.isInteger(px) && px <= 31 && spread === null && size === null);
}

/** What may stand before a colon and names nobody. */
const heading = /^(cusip|isin|date|as of|ig|hy|em|abs|clo|runs?|axe[sd]?|note|fyi|re|fwd?)$/i;

/** What stands before the bond: the list it is on, a time, who speaks. */
function takeHead(line: Line, quote: QuoteLine): void {
  const bwic = line.take(patterns.bwic);
  if (bwic) quote.bwic = (bwic[1] ?? 'BWIC').slice(0, 100);
  quote.time = line.take(patterns.time)?.[1] ?? null;
  const dealer = patterns.dealer.exec(line.text)?.[1];
  if (dealer === undefined || isBiasWord(dealer) || heading.test(dealer)) return;
  line.take(patterns.dealer);
  quote.dealer = dealer;
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
  const ticker = tickerForm.exec(line.text)?.[1] ?? smallTicker(line.text);
  if (ticker !== undefined && !isBiasWord(ticker)) {
    quote.ticker = ticker.toUpperCase();
    line.text = line.text.slice(ticker.length).trimStart();
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

/** In small letters a word is a ticker where coupon and maturity follow. */
function smallTicker(text: string): string | undefined {
  const word = /^[a-z][a-z0-9.]{0,7}(?=\s)/.exec(text)?.[0];
  const behind = text.slice(word?.length ?? 0).trimStart();
  const coupon = couponForm.exec(behind);
  return word !== undefined && coupon && maturityForm.test(behind.slice(coupon[0].length).trimStart()) ? word : undefined;
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
  const level = line.take(patterns.level);
  if (level) quote.level = /^f/i.test(level[1] as string) ? 'firm' : 'indicative';
  const read = line.take(patterns.yield);
  if (read) quote.yield = Number(read[1] ?? read[2]);
}

function takeSizes(line: Line): [number | null, number | null] {
  const both = line.take(patterns.sizes);
  if (both) return [millions(both[1] as string), millions(both[2] as string)];
  const [bid, offer] = [line.take(patterns.bidSize), line.take(patterns.offerSize)];
  if (bid || offer) return [bid && millions(bid[1] as string), offer && millions(offer[1] as string)];
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

interface Beside {
  spreads: [number | null, number | null];
  sizes: [number | null, number | null];
  unsure: Unsure;
}

function sidesOf({ bias, found }: Prices, { spreads, sizes, unsure }: Beside): QuoteSide[] {
  const [first] = found;
  if (found.length > 1)
    return found.map(({ bias: own, px, side }) => ({ bias: own ?? (side === 0 ? 'bid' : 'offer'), px, spread: spreads[side], size: sizes[side] }));
  const px = first?.px ?? null;
  if (spreads[0] !== null && spreads[0] !== spreads[1])
    return [
      { bias: bias ?? 'bid', px, spread: spreads[0], size: sizes[0] },
      { bias: bias ?? 'offer', px, spread: spreads[1], size: sizes[1] },
    ];
  if (px === null && spreads[0] === null) return [];
  const only = first?.bias ?? bias;
  if (only === null) unsure['bias'] = { confidence: 0.5, why: 'is not said in the line; taken as the bid', was: `+${spreads[0]}` };
  return [{ bias: only ?? 'bid', px, spread: spreads[0], size: sizes[only === 'offer' ? 1 : 0] ?? sizes[0] ?? sizes[1] }];
}

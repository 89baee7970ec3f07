// The prices of a quote line and whose they are: both sides, one of them, or words each with its price.
import type { ColorBias } from '@tidewheel/contract/color';
import { ticksOf } from '../columns/read-number.ts';
import { end, type Line, price, type Unsure } from './quote-text.ts';

export interface Priced {
  /** null: by its side. */
  bias: ColorBias | null;
  px: number | null;
  /** Whose spread and size go with it: 0 the bid's, 1 the offer's. */
  side: 0 | 1;
}
export interface Prices {
  bias: ColorBias | null;
  found: Priced[];
}

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
  cov: 'cover',
  trade: 'trade',
  traded: 'trade',
  trd: 'trade',
};
const word = String.raw`\b(${Object.keys(words)
  .sort((a, b) => b.length - a.length)
  .join('|')})\b`;
/** A dash stands between prices where it cannot be one of ticks. */
const between = String.raw`(?:\s?\/\s?|\s-\s|(?<=\.\d{1,6})-(?=\d)|-(?=[5-9]\d(?:\.\d+)?(?:\s|$|[,;)])))`;
const patterns = {
  pieces: new RegExp(String.raw`${word}|(?<![\w.])(${price})(?=\s|$|[,;)/])`, 'gi'),
  words: new RegExp(String.raw`${word}\s*(?:at\b|@|:)?`, 'gi'),
  two: new RegExp(String.raw`(?<![\w.])(${price})${between}(${price})${end}`, 'i'),
  at: new RegExp(String.raw`@\s?(${price})${end}`, 'i'),
  bidAlone: new RegExp(String.raw`(?<![\w.])(${price})\s?\/(?:\s?-+)?(?=\s|$)`, 'i'),
  offerAlone: new RegExp(String.raw`(?<=^|\s)-*\s?\/\s?(${price})${end}`, 'i'),
  one: new RegExp(String.raw`(?<![\w.])(${price})${end}`, 'i'),
};

export function isBiasWord(text: string): boolean {
  return words[text.toLowerCase()] !== undefined;
}

export function takePrices(line: Line, unsure: Unsure): Prices {
  const named = takeNamed(line, unsure);
  if (named) return { bias: null, found: named };
  const bias = takeBias(line);
  const one = (found: RegExpExecArray, side: 0 | 1, meant: ColorBias) => ({
    bias,
    found: [{ bias: bias ?? meant, px: decimal(found[1] as string, unsure), side }],
  });
  const two = line.take(patterns.two);
  if (two) return { bias, found: twoPrices(two[1] as string, two[2] as string, { bias, unsure }) };
  const at = line.take(patterns.at) ?? line.take(patterns.offerAlone);
  if (at) return one(at, 1, 'offer');
  const bid = line.take(patterns.bidAlone);
  if (bid) return one(bid, 0, 'bid');
  const only = line.take(patterns.one);
  if (!only) return { bias, found: [] };
  if (bias === null) unsure['bias'] = { confidence: 0.5, why: 'is not said in the line; taken as the bid', was: only[0].trim() };
  return one(only, bias === 'offer' ? 1 : 0, 'bid');
}

/** `bid 98.25 ask 98.75`, `98.25 bid 98.75 ask`, `cover 98-16, traded 98-20`. null unless there are several words and each has its price. */
function takeNamed(line: Line, unsure: Unsure): Priced[] | null {
  const pieces = [...line.text.matchAll(patterns.pieces)].map((found) => ({
    word: found[1],
    price: found[2],
    from: found.index,
    to: found.index + found[0].length,
  }));
  const used = new Set<number>();
  const pairs: { bias: ColorBias; price: string }[] = [];
  const isNext = (a: number, b: number) => /^[\s:@,/-]*(?:at\s+)?$/i.test(line.text.slice(pieces[a]?.to, pieces[b]?.from));
  for (const [at, piece] of pieces.entries()) {
    if (piece.word === undefined) continue;
    const mine = [at - 1, at + 1].find((other) => pieces[other]?.price !== undefined && !used.has(other) && isNext(Math.min(at, other), Math.max(at, other)));
    if (mine === undefined) return null;
    used.add(mine);
    used.add(at);
    pairs.push({ bias: words[piece.word.toLowerCase()] as ColorBias, price: pieces[mine]?.price as string });
  }
  if (pairs.length < 2) return null;
  const spans = [...used].sort((a, b) => b - a);
  for (const at of spans) line.text = `${line.text.slice(0, pieces[at]?.from)} ${line.text.slice(pieces[at]?.to)}`;
  line.text = line.text.replace(/(?<=^|\s)(?:[@:,/]|at)(?=\s|$)/gi, ' ');
  return pairs.map(({ bias, price: text }) => ({ bias, px: decimal(text, unsure), side: bias === 'offer' ? 1 : 0 }));
}

/** The word that says whose the prices are; none where it names both sides: `98.25/98.75 bid/ask`. */
function takeBias(line: Line): ColorBias | null {
  const said = [...line.text.matchAll(patterns.words)].map((found) => words[(found[1] as string).toLowerCase()] as ColorBias);
  const [first] = said;
  if (first === undefined) return null;
  line.text = line.text.replace(patterns.words, ' ').replace(/(?<=^|\s)\/(?=\s|$)/g, ' ');
  return said.includes('bid') && said.includes('offer') ? null : first;
}

/** The offer may leave out what it shares with the bid: 98-1/5, 98.25/50. */
function twoPrices(first: string, second: string, { bias, unsure }: { bias: ColorBias | null; unsure: Unsure }): Priced[] {
  const bid = decimal(first, unsure);
  const handle = Math.trunc(bid ?? 0);
  const isShort = /^\d{1,2}\+?$/.test(second) && Number.parseInt(second, 10) < handle - 20;
  const whole = !isShort ? second : /[-^']/.test(first) ? `${handle}-${second}` : `${handle}.${second}`;
  const offer = decimal(whole, unsure);
  if (bid !== null && offer !== null && bid > offer) unsure['px'] = { confidence: 0.6, why: 'the bid is above the offer', was: `${first}/${second}` };
  if (bid === offer) return [{ bias: bias ?? 'bid', px: bid, side: bias === 'offer' ? 1 : 0 }];
  return [
    { bias, px: bid, side: 0 },
    { bias, px: offer, side: 1 },
  ];
}

function decimal(text: string, unsure: Unsure): number | null {
  const fraction = /^(\d{1,3})\s(\d{1,2})\/(\d{1,2})$/.exec(text);
  const half = /^(\d{1,3})\+$/.exec(text);
  const value = fraction ? Number(fraction[1]) + Number(fraction[2]) / Number(fraction[3]) : half ? Number(half[1]) + 1 / 64 : (ticksOf(text) ?? Number(text));
  if (!Number.isFinite(value)) return null;
  if (value < 5 || value > 200) unsure['px'] = { confidence: 0.4, why: 'is unusual for a price in percent of par', was: text };
  return Number(value.toFixed(6));
}

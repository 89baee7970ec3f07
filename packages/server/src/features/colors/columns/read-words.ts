import type { ColorBias, ColorLevel } from '@tidewheel/contract/color';
import { doubtful, type Reading, sure, unread } from './reading.ts';

const biases: Record<string, ColorBias> = {
  b: 'bid',
  bid: 'bid',
  bids: 'bid',
  'bid wanted': 'bid',
  buy: 'bid',
  buyer: 'bid',
  o: 'offer',
  a: 'offer',
  ask: 'offer',
  asks: 'offer',
  offer: 'offer',
  offers: 'offer',
  offered: 'offer',
  ofr: 'offer',
  off: 'offer',
  sell: 'offer',
  seller: 'offer',
  talk: 'talk',
  tlk: 'talk',
  pt: 'talk',
  'price talk': 'talk',
  guidance: 'talk',
  ipt: 'talk',
  cover: 'cover',
  cvr: 'cover',
  cov: 'cover',
  'cover bid': 'cover',
  trade: 'trade',
  traded: 'trade',
  trd: 'trade',
  trades: 'trade',
  print: 'trade',
  done: 'trade',
  dnt: 'talk',
  pxd: 'trade',
};

export function readBias(text: string): Reading<ColorBias> {
  const was = text.trim();
  if (was === '' || /^(-+|n\/?a)$/i.test(was)) return unread;
  const known = biases[was.toLowerCase().replace(/[.:]$/, '')];
  return known ? sure(known) : doubtful({ was, why: 'is none of bid, offer, talk, cover and trade', confidence: 0 });
}

export function readLevel(text: string): Reading<ColorLevel> {
  const was = text.trim();
  if (was === '' || /^(-+|n\/?a)$/i.test(was)) return unread;
  if (/^(f|firm|live|yes)$/i.test(was)) return sure('firm');
  if (/^(i|ind|indic|indicative|indication|subject|subj|no)$/i.test(was)) return sure('indicative');
  return doubtful({ was, why: 'is neither firm nor indicative', confidence: 0 });
}

const signs: Record<string, string> = { $: 'USD', '€': 'EUR', '£': 'GBP', '¥': 'JPY', US: 'USD', EURO: 'EUR', STG: 'GBP' };

export function readCurrency(text: string): Reading<string> {
  const was = text.trim().toUpperCase();
  if (was === '' || was === '-') return unread;
  const code = signs[was] ?? was;
  return /^[A-Z]{3}$/.test(code) ? sure(code) : doubtful({ was: text.trim(), why: 'is no currency of three letters', confidence: 0 });
}

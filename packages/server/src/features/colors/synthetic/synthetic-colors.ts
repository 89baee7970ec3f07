// Days of colors as a desk receives them, from a seed. None of it is real: no dealer's quotes are public.
import type { Color } from '@tidewheel/contract/color';
import { type Random, randomFrom } from './random.ts';
import { rounded, type SyntheticBond, syntheticBonds, syntheticDealers } from './synthetic-bonds.ts';

export interface SyntheticDays {
  seed: number;
  /** Business days, the last of them `until`. */
  days: number;
  perDay: number;
  until?: string;
  /** How many bonds are quoted at all. */
  bonds?: number;
}

/**
 * Colors in order of day: bonds quoted by clusters of dealers, a few of them often; prices that walk from day to day; and what goes wrong:
 * one in 50 said twice, one in 60 stale (yesterday's price at yesterday's time), one in 90 crossed (the bid above the offer), one in 40 without its CUSIP.
 * `more.label` is `synthetic` in each.
 */
export function* syntheticColors({ seed, days, perDay, until = '2026-11-20', bonds = 900 }: SyntheticDays): Generator<Color> {
  const random = randomFrom(seed);
  const all = syntheticBonds(random, bonds).map((bond) => ({ bond, px: bond.px, spread: bond.spread, before: bond.px }));
  for (const date of businessDays(until, days)) {
    for (const one of all) {
      one.before = one.px;
      one.px = rounded(Math.min(140, Math.max(12, one.px + random.bell() * 0.4)), 3);
      one.spread = Math.max(5, Math.round(one.spread + random.bell() * 4));
    }
    yield* dayOf({ random, all, date, perDay });
  }
}

interface Quoted {
  bond: SyntheticBond;
  px: number;
  spread: number;
  before: number;
}

function* dayOf({ random, all, date, perDay }: { random: Random; all: Quoted[]; date: string; perDay: number }): Generator<Color> {
  let last: Color | null = null;
  for (let made = 0; made < perDay; made++) {
    if (last && random.once(50)) {
      yield { ...last };
      continue;
    }
    // Squared: a few bonds are talked of all day, most once or never.
    const quoted = all[Math.floor(random.next() ** 2 * all.length)] as Quoted;
    last = colorOf({ random, quoted, date });
    yield last;
  }
}

function colorOf({ random, quoted, date }: { random: Random; quoted: Quoted; date: string }): Color {
  const { bond } = quoted;
  const dealer = random.pick(bond.dealers);
  const bias = random.pick(['bid', 'bid', 'bid', 'offer', 'offer', 'talk', 'cover', 'trade'] as const);
  const isStale = random.once(60);
  const half = random.once(90) ? -0.4 : 0.125 + random.next() * 0.4;
  const middle = isStale ? quoted.before : quoted.px;
  const px = rounded(eighths(middle + random.bell() * 0.15 + (bias === 'bid' ? -half : bias === 'offer' ? half : 0)), 6);
  const spread = quoted.spread + (bias === 'bid' ? 4 : bias === 'offer' ? -4 : 0);
  return {
    date,
    cusip: random.once(40) ? null : bond.cusip,
    isin: random.once(3) ? null : bond.isin,
    ticker: bond.ticker,
    issuer: bond.issuer,
    coupon: bond.coupon,
    maturity: bond.maturity,
    sector: bond.sector,
    market: bond.market,
    currency: bond.currency,
    source: random.pick(['runs', 'axes', 'bwic-talk']),
    dealer,
    bias,
    px,
    spread,
    yield: rounded(Math.max(0.5, bond.coupon + (100 - px) / 7), 3),
    size: random.pick([0.25, 0.5, 1, 1, 2, 2, 3, 5, 5, 10, 25]),
    rank: 1 + (syntheticDealers.indexOf(dealer as (typeof syntheticDealers)[number]) % 5),
    level: random.once(4) ? 'firm' : 'indicative',
    bwic: bias === 'talk' || bias === 'cover' ? `BWIC-${date.replaceAll('-', '')}-${random.int(1, 20)}` : null,
    at: momentOf(random, isStale ? dayBefore(date) : date),
    confidence: 1,
    more: { label: 'synthetic' },
  };
}

function momentOf(random: Random, date: string): string {
  const seconds = random.int(11 * 3600, 21 * 3600);
  return new Date(Date.parse(`${date}T00:00:00Z`) + seconds * 1_000).toISOString();
}

function eighths(value: number): number {
  return Math.round(value * 32) / 32;
}

function dayBefore(date: string): string {
  return businessDays(date, 2)[0] as string;
}

function businessDays(until: string, count: number): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${until}T00:00:00Z`); days.length < count; at -= 86_400_000) {
    const day = new Date(at);
    if (day.getUTCDay() !== 0 && day.getUTCDay() !== 6) days.push(day.toISOString().slice(0, 10));
  }
  return days.reverse();
}

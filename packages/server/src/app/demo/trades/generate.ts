// Makes a synthetic trading day: the same bytes for the same date, rows and seed, on every machine.
import { Bug } from '@tidewheel/contract/errors';
import { castOf } from './cast.ts';
import { faultKinds } from './faults.ts';
import { makeTrade } from './make-trade.ts';
import { type Random, seededRandom } from './random.ts';
import { type Trade, tradeColumns } from './trade.ts';

export interface SeededFault {
  /** `synthetic_row` of the faulty row, from 1. */
  row: number;
  rule: string;
}
export interface TradingDay {
  businessDate: string;
  trades: Trade[];
  /** By row. */
  faults: SeededFault[];
}

// 07:00 to 15:30 UTC, the hours of the European exchanges in winter.
const opensMicros = 7 * 3_600_000_000;
const openForMs = 8.5 * 3_600_000;

function tradingTimes(random: Random, rows: number): number[] {
  const times = Array.from({ length: rows }, () => opensMicros + random.integer(openForMs) * 1_000 + random.integer(1_000));
  return times.sort((a, b) => a - b);
}

/** `rows` must leave room for the seeded faults: at least 1,000. The number of faults does not depend on it. */
export function generateTradingDay({ businessDate, rows = 10_000, seed = 20_590 }: { businessDate: string; rows?: number; seed?: number }): TradingDay {
  const random = seededRandom(seed);
  const cast = castOf(random);
  const trades = tradingTimes(random, rows).map((micros, index) => makeTrade(random, { cast, row: index + 1, businessDate, micros }));
  return { businessDate, trades, faults: seedFaults(random, trades) };
}

function seedFaults(random: Random, trades: Trade[]): SeededFault[] {
  const taken = new Map<number, string>();
  // Row 1 stays good, so that every row has a good one before it.
  for (const kind of faultKinds) {
    for (let left = kind.count; left > 0; ) {
      const index = 1 + random.integer(trades.length - 1);
      const trade = trades[index];
      if (!trade) throw new Bug('demo.rows', 'the trading day has fewer rows than faults');
      if (taken.has(index) || !kind.fits(trade)) continue;
      taken.set(index, kind.rule);
      left--;
    }
  }
  for (const [index, rule] of taken) spoilRow(random, { trades, taken, index, rule });
  return [...taken].map(([index, rule]) => ({ row: index + 1, rule })).sort((a, b) => a.row - b.row);
}

function spoilRow(random: Random, { trades, taken, index, rule }: { trades: Trade[]; taken: ReadonlyMap<number, string>; index: number; rule: string }): void {
  let earlier = random.integer(index);
  while (taken.has(earlier)) earlier--;
  const kind = faultKinds.find((candidate) => candidate.rule === rule);
  const trade = trades[index];
  const good = trades[earlier];
  if (kind && trade && good) Object.assign(trade, kind.spoil(random, { trade, earlier: good }));
}

const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function* tradesCsv({ trades }: TradingDay): Generator<string> {
  yield `${tradeColumns.join(',')}\n`;
  for (const trade of trades) yield `${tradeColumns.map((column) => cell(trade[column])).join(',')}\n`;
}

/** The faults as a file beside the trades, for people who want to check the flow's verdict. */
export function faultManifest({ businessDate, trades, faults }: TradingDay): string {
  const counts = Object.fromEntries(faultKinds.map((kind) => [kind.rule, faults.filter((fault) => fault.rule === kind.rule).length]));
  return `${JSON.stringify({ synthetic: true, businessDate, rows: trades.length, faulty: faults.length, byRule: counts, faults }, null, 1)}\n`;
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { faultKinds } from './faults.ts';
import { faultManifest, generateTradingDay, tradesCsv } from './generate.ts';
import { isinOf, leiOf } from './identifiers.ts';
import { decimalText } from './make-trade.ts';
import type { Trade } from './trade.ts';

const day = generateTradingDay({ businessDate: '2026-11-18' });
const demo = path.join(import.meta.dirname, '..');
const firstColumn = (file: string) =>
  new Set(
    readFileSync(path.join(demo, 'data', file), 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]),
  );
const micColumn = new Set(
  readFileSync(path.join(demo, 'data/iso10383_mic_2021.csv'), 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => /^"[^"]*","[^"]*","([A-Z0-9]{4})"/.exec(line)?.[1]),
);
const currencies = firstColumn('iso4217_currencies.csv');

// What each rule means, written again in another language than the flow's: the two must agree.
const leiHolds = (lei: string) => /^[A-Z0-9]{18}[0-9]{2}$/.test(lei) && leiOf(lei.slice(0, 18)) === lei;
const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const references = new Set<string>();
const holds: Record<string, (trade: Trade) => boolean> = {
  lei_check_digits: (trade) =>
    leiHolds(trade.executing_entity_lei) &&
    (trade.buyer_id_type !== 'LEI' || leiHolds(trade.buyer_id)) &&
    (trade.seller_id_type !== 'LEI' || leiHolds(trade.seller_id)),
  isin_check_digit: (trade) => isinOf(trade.instrument_isin.slice(0, 11)) === trade.instrument_isin,
  venue_in_iso_10383: (trade) => micColumn.has(trade.venue_mic),
  price_not_negative: (trade) => Number(trade.price) >= 0,
  quantity_above_zero: (trade) => Number(trade.quantity) > 0,
  timestamp_rts22_format: (trade) => timeForm.test(trade.trading_datetime),
  timestamp_on_business_date: (trade) => !/^\d{4}-\d\d-\d\d/.test(trade.trading_datetime) || trade.trading_datetime.startsWith('2026-11-18'),
  buyer_present: (trade) => trade.buyer_id !== '' && trade.buyer_id_type !== '',
  reference_unique: (trade) => !references.has(trade.transaction_reference) && references.add(trade.transaction_reference) !== undefined,
  currency_in_iso_4217: (trade) => trade.price_type === 'PERC' || currencies.has(trade.price_currency),
};

test('every faulty row breaks its rule and no other, and every other row breaks none', () => {
  const broken = day.trades.flatMap((trade) =>
    Object.entries(holds).flatMap(([rule, check]) => (check(trade) ? [] : [{ row: Number(trade.synthetic_row), rule }])),
  );
  expect(broken).toEqual(day.faults);
});

test('ten kinds in known numbers', () => {
  expect(JSON.parse(faultManifest(day))).toMatchObject({
    synthetic: true,
    rows: 10_000,
    faulty: 210,
    byRule: {
      lei_check_digits: 37,
      isin_check_digit: 31,
      venue_in_iso_10383: 29,
      price_not_negative: 13,
      quantity_above_zero: 17,
      timestamp_rts22_format: 23,
      timestamp_on_business_date: 11,
      buyer_present: 19,
      reference_unique: 14,
      currency_in_iso_4217: 16,
    },
  });
});

test('the file is the same bytes every time, and another seed makes another', () => {
  const hash = (input: Parameters<typeof generateTradingDay>[0]) =>
    createHash('sha256')
      .update([...tradesCsv(generateTradingDay(input))].join(''))
      .digest('hex');
  expect(hash({ businessDate: '2026-11-18' })).toBe('40d72a26102defb692a09fcc5468ad8504424d5db11cb5359b7c8e7715721b9c');
  expect(hash({ businessDate: '2026-11-18', seed: 1 })).not.toBe(hash({ businessDate: '2026-11-18' }));
});

test('the header says that the trades are synthetic', () => {
  expect(tradesCsv(day).next().value).toMatch(/^synthetic_row,transaction_reference,/);
});

test('the rules of the flow are the kinds of fault, by name', () => {
  const flow = parse(readFileSync(path.join(demo, 'mifir-daily.yaml'), 'utf8')) as { steps: Record<string, { with: { checks?: { name: string }[] } }> };
  expect(flow.steps.checks?.with.checks?.map((check) => check.name)).toEqual(faultKinds.map((kind) => kind.rule));
});

test('decimals are exact', () => {
  expect(decimalText(5n, 4)).toBe('0.0005');
  expect(decimalText(2_616_050n, 4)).toBe('261.605');
  expect(decimalText(20_000n, 4)).toBe('2');
  expect(decimalText(90_071_992_547_409_931_234n, 4)).toBe('9007199254740993.1234');
});

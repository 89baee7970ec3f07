import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type QuoteLine, readQuoteLine } from './quote-line.ts';

const short = (quote: QuoteLine | null) => quote?.sides.map(({ bias, px, spread, size }) => `${bias} ${px ?? '-'} ${spread ?? '-'} ${size ?? '-'}`);

it.each<[string, string[], Partial<QuoteLine>]>([
  [
    'XYZ 4.5 27  98-1 / 98-5  5x5  IBVAL+120',
    ['bid 98.03125 120 5', 'offer 98.15625 120 5'],
    { ticker: 'XYZ', coupon: 4.5, maturityYear: 2027, benchmark: 'IBVAL' },
  ],
  ['XYZ 4.5 27 98-16+/98-20 2x10', ['bid 98.515625 - 2', 'offer 98.625 - 10'], { ticker: 'XYZ' }],
  ['XYZ 4 1/2 5/15/27 98 5/8 / 98 7/8', ['bid 98.625 - -', 'offer 98.875 - -'], { coupon: 4.5, maturity: '2027-05-15' }],
  ["XYZ 4.5% '27 98-162 bid 5mm", ['bid 98.507813 - 5'], { maturityYear: 2027 }],
  ['ABC 5.125 2031 101.25/50 5x5', ['bid 101.25 - 5', 'offer 101.5 - 5'], { coupon: 5.125, maturityYear: 2031 }],
  ['ABC 6 30 T+145/140 3x3', ['bid - 145 3', 'offer - 140 3'], { ticker: 'ABC', benchmark: 'T' }],
  ['037833100 AAPL 2.4 23 99.5 offer', ['offer 99.5 - -'], { cusip: '037833100', ticker: 'AAPL' }],
  ['US0378331005 AAPL 98-5 talk BWIC-12', ['talk 98.15625 - -'], { isin: 'US0378331005', bwic: '12' }],
  ['CLOX FLT 34 DM 145 covered 99.25', ['cover 99.25 145 -'], { ticker: 'CLOX', benchmark: 'DM', coupon: null, maturityYear: 2034 }],
  ['ABC 6 30 @ 99.75 firm', ['offer 99.75 - -'], { level: 'firm' }],
  ['ABC 6 30 traded 99.75 500k', ['trade 99.75 - 0.5'], {}],
  ['ABC 6 Mar30 97.5/98.25 7.12% ytw', ['bid 97.5 - -', 'offer 98.25 - -'], { yield: 7.12 }],
  ['F 4.346 12/08/26 99.25-99.50 2x2', ['bid 99.25 - 2', 'offer 99.5 - 2'], { coupon: 4.346 }],
  ['JPM 3.782 28 T+85 / T+80', ['bid - 85 -', 'offer - 80 -'], { benchmark: 'T' }],
  ['JPM 4.25 27 bid 98.25 ask 98.75', ['bid 98.25 - -', 'offer 98.75 - -'], { rest: '' }],
  ['JPM 4.25 27 98.25 bid / 98.75 offer', ['bid 98.25 - -', 'offer 98.75 - -'], { rest: '' }],
  ['JPM 4.25 27 98.25/98.75 bid/ask', ['bid 98.25 - -', 'offer 98.75 - -'], { rest: '' }],
  ['JPM 4.25 27 98.25b/98.5a 5x3', ['bid 98.25 - 5', 'offer 98.5 - 3'], { rest: '' }],
  ['GM 5.4 4/1/48 +165a 5mm', ['offer - 165 5'], { unsure: {} }],
  ['XYZ 4.5 27 98.5/ 5x', ['bid 98.5 - 5'], { unsure: {} }],
  ['XYZ 4.5 27 -/98.5 x5', ['offer 98.5 - 5'], { unsure: {} }],
  ['XYZ 4.5 27 cov 98-16, traded 98-20', ['cover 98.5 - -', 'trade 98.625 - -'], { unsure: {} }],
  ['BWIC #123: XYZ 4.5 27 5mm talk 98-99', ['talk 98 - 5', 'talk 99 - 5'], { ticker: 'XYZ', bwic: '123' }],
  ['10:32 ALDR: xyz 4.5 27 98-1/98-5', ['bid 98.03125 - -', 'offer 98.15625 - -'], { ticker: 'XYZ', dealer: 'ALDR', time: '10:32' }],
  ['CUSIP: 037833100 98.5 bid', ['bid 98.5 - -'], { cusip: '037833100', ticker: null, dealer: null }],
])('%s', (line, sides, facts) => {
  const quote = readQuoteLine(line);
  expect(short(quote)).toEqual(sides);
  expect(quote).toMatchObject(facts);
});

it('says what is not sure', () => {
  expect(readQuoteLine('ABC 6 30 98.5')?.unsure).toMatchObject({ bias: { confidence: 0.5 } });
  expect(readQuoteLine('ABC 6 30 T+145')?.unsure).toMatchObject({ bias: { confidence: 0.5 } });
  expect(readQuoteLine('ABC 6 30 99/98.5')?.unsure).toMatchObject({ px: { why: 'the bid is above the offer' } });
});

it.each(['Good morning', 'IG RUNS 11/20', '', '98-5', 'ABC', '===== 12 ====='])('finds no quote in %j', (line) => {
  expect(readQuoteLine(line)).toBeNull();
});

it('ends on any text, the same way each time, with numbers that are numbers', () => {
  const piece = fc.constantFrom(
    'XYZ',
    '4.5',
    '27',
    '98-5',
    '/',
    '98-16+',
    '5x5',
    'T+120',
    '+',
    '-',
    'bid',
    '@',
    '1/8',
    'perp',
    '037833100',
    ' ',
    "'",
    'mm',
    '\u2013',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.array(piece, { maxLength: 30 }).map((all) => all.join(' ')),
      ),
      (text) => {
        const quote = readQuoteLine(text);
        expect(readQuoteLine(text)).toEqual(quote);
        for (const side of quote?.sides ?? [])
          for (const value of [side.px, side.spread, side.size]) if (value !== null) expect(Number.isFinite(value)).toBe(true);
      },
    ),
  );
});

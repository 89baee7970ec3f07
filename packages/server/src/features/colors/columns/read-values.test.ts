import { expect, it } from 'vitest';
import { orderOfDates, readDay, readMoment } from './read-date.ts';
import { readCusip, readIsin } from './read-identifier.ts';
import { readNumber, readPrice, readSize } from './read-number.ts';

const auto = { prices: 'auto', decimals: 'auto', sizes: 'millions' } as const;

it.each([
  ['037833100', '037833100', undefined],
  [' 037833-10-0 ', '037833100', undefined],
  ['CUSIP: 037833100', '037833100', undefined],
  ['US0378331005', '037833100', undefined],
  ['37833100', null, '037833100'],
  ['03783310', null, '037833100'],
  ['O37833IOO', null, '037833100'],
  ['3.7833100E+07', null, '037833100'],
  ['3.78E+07', null, undefined],
  ['594918104.0', '594918104', undefined],
  // Without its point it would be 378335970, which is another bond.
  ['37833597.0', null, '037833597'],
  ['n/a', null, undefined],
  ['12345678X', null, undefined],
])('CUSIP %s', (text, value, repair) => {
  const read = readCusip(text);
  expect(read.value).toBe(value);
  expect(read.doubt?.repair).toBe(repair);
});

it('CUSIPs with an E come back from the number that Excel made of them', () => {
  // 12345E10 and its check digit.
  expect(readCusip('12345E106').value ?? readCusip('12345E106').doubt).toBeTruthy();
  for (const cusip of ['12345E103', '98765E206', '00123E209'].map((text) => text.slice(0, 8))) {
    const whole = [...'0123456789'].map((digit) => cusip + digit).find((text) => readCusip(text).value === text) as string;
    const asNumber = Number(whole).toExponential().toUpperCase();
    const read = readCusip(asNumber);
    expect(read.value).toBeNull();
    expect(read.doubt?.repair ?? whole).toBe(whole);
  }
});

it('ISINs', () => {
  expect(readIsin('US0378331005').value).toBe('US0378331005');
  expect(readIsin('US037833100').doubt?.repair).toBe('US0378331005');
  expect(readIsin('US0378331006').doubt).toMatchObject({ confidence: 0 });
});

it.each([
  ['1,234.50', 1234.5],
  ['1.234,50', 1234.5],
  ['98,5', 98.5],
  ['(5)', -5],
  ['4.5%', 4.5],
  ['+120', 120],
  ['4 1/2', 4.5],
  ['12.5 bps', 12.5],
  ['-', null],
  ['abc', null],
])('number %s', (text, value) => expect(readNumber(text).value).toBe(value));

it.each([
  ['98-16+', 98.515625],
  ['98-5', 98.15625],
  ['98-162', 98.507813],
  ['98^08', 98.25],
  ['98 5/8', 98.625],
  ['98+', 98.015625],
  ['101.25', 101.25],
  ['98-40', null],
])('price %s', (text, value) => expect(readPrice(text, auto).value).toBe(value));
it('prices that cannot be are marked', () => expect(readPrice('9812', auto).doubt).toMatchObject({ confidence: 0.4 }));

it.each([
  ['5MM', 5],
  ['500k', 0.5],
  ['2,000,000', 2],
  ['1bn', 1_000],
  ['3', 3],
])('size %s', (text, value) => expect(readSize(text, auto).value).toBe(value));

it('days in every order, ambiguous ones marked', () => {
  const text = (value: string) => ({ text: value, kind: 'text' as const });
  expect(readDay(text('11/20/2026'), 'unknown').value).toBe('2026-11-20');
  expect(readDay(text('20.11.26'), 'unknown').value).toBe('2026-11-20');
  expect(readDay(text('20-Nov-26'), 'unknown').value).toBe('2026-11-20');
  expect(readDay(text('Nov 20, 2026'), 'unknown').value).toBe('2026-11-20');
  expect(readDay(text('20261120'), 'unknown').value).toBe('2026-11-20');
  expect(readDay(text('46346'), 'unknown')).toMatchObject({ value: '2026-11-20', doubt: { confidence: 0.8 } });
  expect(readDay(text('3/4/2026'), 'unknown').doubt).toMatchObject({ why: 'may be 2026-03-04 or 2026-04-03' });
  expect(readDay(text('3/4/2026'), 'dmy')).toEqual({ value: '2026-04-03' });
  expect(readDay(text('2/30/2026'), 'mdy').value).toBeNull();
  expect(orderOfDates(['3/4/2026', '13/4/2026'])).toBe('dmy');
  expect(orderOfDates(['3/4/2026', '4/13/2026'])).toBe('mdy');
  expect(readMoment(text('2:30 PM'), { day: '2026-11-20', order: 'mdy' }).value).toBe('2026-11-20T14:30:00.000Z');
  expect(readMoment({ text: '2026-11-20T14:30:00', kind: 'date' }, { day: '2026-11-19', order: 'mdy' }).value).toBe('2026-11-20T14:30:00.000Z');
});

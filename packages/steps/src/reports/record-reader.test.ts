import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalDecimal, RecordReader } from './record-reader.ts';

const limits = { totalDigits: 18, fractionDigits: 5 };
function read(value: unknown, use: (reader: RecordReader) => unknown) {
  const reader = new RecordReader(new Map([['f', 'column']]));
  reader.next({ column: value });
  return { value: use(reader), faults: reader.faults.map((fault) => `${fault.field} ${fault.message}`) };
}

describe('decimals', () => {
  test.each([
    ['261.605000', '261.605'],
    ['1500.0000', '1500'],
    ['007', '7'],
    ['-0.0', '0'],
    ['+3.', '3'],
    ['0.5', '0.5'],
    ['9007199254740993.12', '9007199254740993.12'],
  ])('%s is written as %s', (text, written) => expect(read(text, (reader) => reader.decimal('f', limits))).toEqual({ value: written, faults: [] }));

  test.each(['1e5', '1,5', '.5', 'NaN', 'Infinity', '0x10', ' 1', '1_000', '--1'])('%s is refused', (text) => {
    expect(read(text, (reader) => reader.decimal('f', limits)).faults).toEqual([`f is ${JSON.stringify(text)}; it must be a plain decimal number`]);
  });

  test('digits beyond the limits are refused, never rounded away', () => {
    expect(read('1.123456', (reader) => reader.decimal('f', limits)).faults[0]).toContain('at most 5 digits after the point');
    expect(read('12345678901234.56789', (reader) => reader.decimal('f', limits)).faults[0]).toContain('at most 18 digits');
    expect(read('1234567890123.56789', (reader) => reader.decimal('f', limits)).value).toBe('1234567890123.56789');
    expect(read('0.12345', (reader) => reader.decimal('f', { totalDigits: 5, fractionDigits: 5 })).value).toBe('0.12345');
  });

  test('zero and negative where they may not be', () => {
    expect(read('0.000', (reader) => reader.decimal('f', { ...limits, above: 'zero' })).faults[0]).toContain('must be above zero');
    expect(read('-1', (reader) => reader.decimal('f', { ...limits, atLeast: 'zero' })).faults[0]).toContain('must not be negative');
  });

  test('the value survives whatever the zeros around it', () => {
    const text = fc.tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: 0, max: 17 }), fc.integer({ min: 0, max: 4 }));
    fc.assert(
      fc.property(text, ([negative, units, scale, zeros]) => {
        const digits = units.toString().padStart(scale + 1, '0');
        const plain = `${digits.slice(0, digits.length - scale)}${scale ? `.${digits.slice(digits.length - scale)}` : ''}`;
        const canonical = canonicalDecimal(`${negative ? '-' : ''}${'0'.repeat(zeros)}${plain}`) ?? '';
        const [whole = '', fraction = ''] = canonical.replace('-', '').split('.');
        expect(BigInt(whole + fraction.padEnd(scale, '0'))).toBe(units);
        expect(canonical).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
      }),
    );
  });
});

test.each([
  ['2026-11-18T09:15:22.123456Z', true],
  ['2026-11-18T09:15:22Z', true],
  ['2026-02-29T09:15:22Z', false],
  ['2026-11-18 09:15:22.123456Z', false],
  ['2026-11-18T09:15:22.123456+00:00', false],
  ['2026-11-18T25:15:22Z', false],
])('the instant %s: %s', (text, good) => expect(read(text, (reader) => reader.instant('f')).faults.length).toBe(good ? 0 : 1));

test('a missing value, an unknown code, a control character', () => {
  expect(read('', (reader) => reader.required('f')).faults).toEqual(['f is missing']);
  expect(read('X', (reader) => reader.code('f', ['A', 'B'])).faults).toEqual(['f is "X"; it must be one of A, B']);
  expect(read('a\u0001b', (reader) => reader.required('f')).faults).toEqual(['f holds a control character, which XML cannot carry: "a\\u0001b"']);
  expect(read(true, (reader) => reader.flag('f')).value).toBe('true');
  expect(read('yes', (reader) => reader.flag('f')).faults).toEqual(['f is "yes"; it must be true or false']);
});

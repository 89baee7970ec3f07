import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cusipCheckDigit, cusipFault, cusipOfIsin, isinCheckDigit, isinFault } from './security-id.ts';

test.each(['037833100', '594918104', '38259P508', '68389X105'])('%s is a CUSIP', (cusip) => {
  expect(cusipFault(cusip)).toBeUndefined();
  expect(cusipFault(` ${cusip.toLowerCase()} `)).toBeUndefined();
});
test.each(['US0378331005', 'US5949181045', 'GB0002634946', 'DE000BAY0017', 'CA0679011084'])('%s is an ISIN', (isin) => {
  expect(isinFault(isin)).toBeUndefined();
});
test('says what is wrong', () => {
  expect(cusipFault('37833100')).toContain('it has 8');
  expect(cusipFault('037833101')).toContain('check digit is 0');
  expect(isinFault('US0378331006')).toContain('check digit is 5');
  expect(isinFault('037833100')).toContain('two letters');
});
test('the CUSIP of an ISIN of the US and Canada, of no other', () => {
  expect(cusipOfIsin('US0378331005')).toBe('037833100');
  expect(cusipOfIsin('CA0679011084')).toBe('067901108');
  expect(cusipOfIsin('GB0002634946')).toBeUndefined();
  expect(cusipOfIsin('US0378331006')).toBeUndefined();
});
test('every one wrong letter is seen', () => {
  const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const eight = fc.array(fc.constantFrom(...letters), { minLength: 8, maxLength: 8 }).map((all) => all.join(''));
  fc.assert(
    fc.property(eight, fc.nat(8), fc.constantFrom(...'0123456789'), (begin, at, digit) => {
      const cusip = begin + cusipCheckDigit(begin);
      const isin = `US${cusip}`;
      expect([cusipFault(cusip), isinFault(isin + isinCheckDigit(isin))]).toEqual([undefined, undefined]);
      if (!/\d/.test(cusip[at] ?? '') || cusip[at] === digit) return;
      expect(cusipFault(cusip.slice(0, at) + digit + cusip.slice(at + 1))).toBeDefined();
    }),
  );
});

import { expect, test } from 'vitest';
import { cusipOf, isinOf, leiOf } from './identifiers.ts';

// Real identifiers, as their registrars publish them.
test.each([
  ['GLEIF', '506700GE1G29325QX363'],
  ['Bloomberg Finance', '5493001KJTIIGC8Y1R12'],
  ['Commerzbank', '851WYGNLUQLFZBSYGB56'],
  ['Bundesbank', '529900T8BM49AURSDO55'],
])('the LEI of %s', (_name, lei) => expect(leiOf(lei.slice(0, 18))).toBe(lei));

test.each([
  ['Apple', 'US0378331005'],
  ['BAE Systems', 'GB0002634946'],
  ['Treasury Corporation of Victoria', 'AU0000XVGZA3'],
  ['SAP', 'DE0007164600'],
  ['LVMH', 'FR0000121014'],
])('the ISIN of %s', (_name, isin) => expect(isinOf(isin.slice(0, 11))).toBe(isin));

test.each([
  ['Apple', '037833100'],
  ['Cisco', '17275R102'],
  ['Alphabet', '38259P508'],
  ['Oracle', '68389X105'],
])('the CUSIP of %s', (_name, cusip) => expect(cusipOf(cusip.slice(0, 8))).toBe(cusip));

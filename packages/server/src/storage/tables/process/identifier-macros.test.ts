// The macros beside plain implementations of the standards, on published identifiers and on a seeded crowd with single faults.

import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { identifierMacros } from './identifier-macros.ts';

let answer: (call: string, values: (string | null)[]) => Promise<unknown[]>;

beforeAll(async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(identifierMacros);
  answer = async (call, values) => {
    const list = values.map((value) => `(${value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`}::VARCHAR)`).join(', ');
    return (await connection.runAndReadAll(`SELECT ${call}(v) FROM (VALUES ${list}) t(v)`)).getRowsJson().map((row) => row[0]);
  };
});

const expanded = (text: string) => [...text].map((character) => Number.parseInt(character, 36)).join('');
const mod97 = (digits: string) => [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);
const isLei = (text: string) => /^[0-9A-Z]{18}[0-9]{2}$/.test(text) && mod97(expanded(text)) === 1;
const luhn = (digits: string) =>
  [...digits].reverse().reduce((sum, digit, i) => sum + (i % 2 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)]! : Number(digit)), 0) % 10 === 0;
const isIsin = (text: string) => /^[A-Z]{2}[0-9A-Z]{9}[0-9]$/.test(text) && luhn(expanded(text));
function isCusip(text: string): boolean {
  if (!/^[0-9A-Z*@#]{8}[0-9]$/.test(text)) return false;
  let sum = 0;
  for (let i = 0; i < 8; i++) {
    const special = '*@#'.indexOf(text[i]!);
    const product = (special >= 0 ? 36 + special : Number.parseInt(text[i]!, 36)) * (i % 2 ? 2 : 1);
    sum += Math.floor(product / 10) + (product % 10);
  }
  return (10 - (sum % 10)) % 10 === Number(text[8]);
}

test('published identifiers', async () => {
  expect(
    await answer('lei_valid', [
      '529900T8BM49AURSDO55',
      'INR2EJN1ERAN0W5ZP974',
      '7LTWFZYICNSX8D621K86',
      '529900T8BM49AURSDO56',
      'short',
      '',
      null,
      '529900T8BM49AURSDO5ü',
    ]),
  ).toEqual([true, true, true, false, false, false, null, false]);
  expect(await answer('isin_valid', ['US0378331005', 'AU0000XVGZA3', 'GB0002634946', 'DE000BAY0017', 'US0378331006', 'us0378331005', null])).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    null,
  ]);
  expect(await answer('cusip_valid', ['037833100', '17275R102', '38259P508', '68389X105', '68389X106', '0378331', null])).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    null,
  ]);
});

const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const text = (length: number, characters = alphabet) =>
  fc.array(fc.constantFrom(...characters), { minLength: length, maxLength: length }).map((list) => list.join(''));
const digits = [...'0123456789'];

test.each([
  ['lei_valid', isLei, fc.tuple(text(18), text(2, digits)).map((parts) => parts.join(''))],
  ['isin_valid', isIsin, fc.tuple(text(2, alphabet.slice(10)), text(9), text(1, digits)).map((parts) => parts.join(''))],
  ['cusip_valid', isCusip, fc.tuple(text(8, [...alphabet, '*', '@', '#']), text(1, digits)).map((parts) => parts.join(''))],
] as const)('%s agrees with the standard on random texts', async (call, reference, arbitrary) => {
  const values = fc.sample(arbitrary, { numRuns: 5_000, seed: 20_261_120 });
  const expected = values.map(reference);
  expect(expected.filter(Boolean).length).toBeGreaterThan(10);
  expect(await answer(call, values)).toEqual(expected);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellsOf, textOfCells } from './grid-clipboard.ts';

test('reads what spreadsheets put on the clipboard', () => {
  expect(cellsOf('a\tb\r\nc\t\r\n')).toEqual([
    ['a', 'b'],
    ['c', ''],
  ]);
  expect(cellsOf('"a ""b""\nc"\td')).toEqual([['a "b"\nc', 'd']]);
  expect(cellsOf('98"\t1')).toEqual([['98"', '1']]);
  expect(cellsOf('98-16+')).toEqual([['98-16+']]);
  expect(cellsOf('')).toEqual([]);
});

test('what is copied is pasted as it was', () => {
  const cell = fc.stringMatching(/^[a-z"\t\n ,]{0,6}$/).filter((text) => text !== '');
  const block = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(block, (lines) => {
      expect(cellsOf(textOfCells(lines))).toEqual(lines);
    }),
  );
});

import { expect, test } from 'vitest';
import { tableLines } from './table.ts';
import { columnsOf, count, cut, duration, plain, size } from './text.ts';

const rows = [
  { id: 'a', text: 'short', n: 5 },
  { id: 'a-long-id', text: 'a text that is much too long for a narrow terminal', n: 1_234_567 },
];
const columns = [
  { title: 'Id', value: (row: (typeof rows)[number]) => row.id, whole: true },
  { title: 'Text', value: (row: (typeof rows)[number]) => row.text },
  { title: 'N', value: (row: (typeof rows)[number]) => count(row.n), align: 'right' as const },
];

test('aligns columns and cuts nothing where output is no terminal', () => {
  expect(tableLines(columns, rows, null)).toEqual([
    'Id         Text                                                        N',
    'a          short                                                       5',
    'a-long-id  a text that is much too long for a narrow terminal  1,234,567',
  ]);
});

test('cuts the widest flexible column to the terminal, never ids or numbers', () => {
  const lines = tableLines(columns, rows, 40);
  expect(lines.every((line) => columnsOf(line) <= 40)).toBe(true);
  expect(lines[2]).toBe('a-long-id  a text that is mu…  1,234,567');
});

test('optional columns go where even the narrowest form has no room, the last first', () => {
  const wide = (title: string, optional: boolean) => ({ title, value: () => '0123456789', whole: true, optional });
  const three = [wide('A', true), wide('B', false), wide('C', true)];
  expect([null, 40, 30, 12].map((width) => tableLines(three, [1], width)[0]?.replaceAll(/ +/g, ' '))).toEqual(['A B C', 'A B C', 'A B', 'B']);
});

test('colour codes do not count as columns', () => {
  const painted = tableLines(
    [
      { title: 'A', value: () => 'xy', paint: (text: string) => `\u001b[31m${text}\u001b[39m` },
      { title: 'B', value: () => 'z' },
    ],
    [1],
    null,
  );
  expect(painted[1]).toBe('\u001b[31mxy\u001b[39m  z');
});

test('wide and combined characters are measured and cut whole', () => {
  expect(columnsOf('日本')).toBe(4);
  expect(cut('日本語表', 5)).toBe('日本…');
  expect(cut('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
});

test('text from elsewhere cannot drive the terminal', () => {
  expect(plain('a\u001b[2Jb\rc\u0007\nd')).toBe('ab c d');
});

test('sizes and durations as people say them', () => {
  expect([0, 999, 1_000, 1_536, 12_345_678, 10 ** 12].map(size)).toEqual(['0 B', '999 B', '1.0 kB', '1.5 kB', '12 MB', '1.0 TB']);
  expect([5, 1_500, 61_000, 3_720_000].map(duration)).toEqual(['5 ms', '1.5 s', '1 min 1 s', '1 h 2 min']);
});

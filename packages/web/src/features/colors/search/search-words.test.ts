import { expect, test } from 'vitest';
import { turnedRound } from './search-words.ts';

test('a range that ends before it begins is told, by its name and both ends', () => {
  expect(turnedRound({ from: '2026-11-01', to: '2026-11-01', pxFrom: 9, pxTo: 10, rankFrom: 2 })).toEqual([]);
  expect(turnedRound({ from: '2026-11-30', to: '2026-11-01', pxFrom: 100, pxTo: 99.5, spreadFrom: 0, spreadTo: -5 })).toEqual([
    'Nothing can match: the day is to be from 2026-11-30, and to 2026-11-01.',
    'Nothing can match: the PX is to be from 100, and to 99.5.',
    'Nothing can match: the spread is to be from 0, and to -5.',
  ]);
});

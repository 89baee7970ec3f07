import { expect, test } from 'vitest';
import { leftWords, progressWords } from './progress-words.ts';

const format = { count: (value: number) => value.toLocaleString('en'), size: (bytes: number) => `${bytes / 1e9} GB` };

test('a known end gives percentage, share and the time that is left', () => {
  const progress = { bytes: 1_200_000_000, total: 2_700_000_000, unit: 'bytes', percent: 44.4, remainingMs: 118_000, attempt: 1 } as const;
  expect(progressWords(progress, format)).toBe('44 %, 1.2 GB of 2.7 GB, about 2 min left');
});
test('without one it counts', () => expect(progressWords({ rows: 12_000, items: 3, attempt: 1 }, format)).toBe('12,000 rows, 3 items'));
test('time is rounded as a guess is', () => {
  expect([900, 21_000, 600_000, 9_000_000].map(leftWords)).toEqual(['a moment left', 'about 25 s left', 'about 10 min left', 'about 3 h left']);
});

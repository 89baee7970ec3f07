import { expect, test } from 'vitest';
import { leftText, progressText } from './progress-text.ts';

test('a known end gives percentage, share and the time that is left', () => {
  expect(progressText({ bytes: 1_200_000_000, total: 2_700_000_000, unit: 'bytes', percent: 44.4, remainingMs: 118_000, attempt: 1 })).toBe(
    '44 %, 1.2 GB of 2.7 GB, about 2 min left',
  );
});
test('without one it counts', () => expect(progressText({ rows: 12_000, items: 3, attempt: 1 })).toBe('12,000 rows, 3 items'));
test('time is rounded as a guess is', () => {
  expect([900, 21_000, 600_000, 9_000_000].map(leftText)).toEqual(['a moment left', 'about 25 s left', 'about 10 min left', 'about 3 h left']);
});

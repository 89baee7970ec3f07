import { expect, test } from 'vitest';
import { elapsedMs, formatBytes, formatCell, formatCount, formatDuration, formatRelative, formatTotal, formatUtc } from './format.ts';

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [1_000, '1.0 s'],
  [59_940, '59.9 s'],
  [60_000, '1 min 00 s'],
  [3_599_999, '59 min 59 s'],
  [3_600_000, '1 h 00 min'],
  [47 * 3_600_000, '47 h 00 min'],
  [76 * 3_600_000, '3 d 4 h'],
  [-5, '0 ms'],
])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.00 kB'],
  [12_345, '12.3 kB'],
  [9_740_000, '9.74 MB'],
  [5_000_000_000_000_000, '5000.0 TB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test('numbers are grouped, and a capped total says so', () => {
  expect(formatCount(3_003_376)).toBe('3,003,376');
  expect(formatTotal({ total: 1, capped: false, one: 'run', many: 'runs' })).toBe('1 run');
  expect(formatTotal({ total: 10_000, capped: true, one: 'run', many: 'runs' })).toBe('10,000+ runs');
});

test.each([
  [-2_000, 'just now'],
  [2_000, 'just now'],
  [-30_000, '30 seconds ago'],
  [-90_000, '1 minute ago'],
  [-26 * 3_600_000, 'yesterday'],
  [3 * 86_400_000, 'in 3 days'],
  [-65 * 86_400_000, '2 months ago'],
])('%d ms from now is %s', (distance, text) => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  expect(formatRelative(new Date(now + distance).toISOString(), now)).toBe(text);
});

test('UTC is the same wherever it is read', () => expect(formatUtc('2026-11-20T12:00:00.123Z')).toBe('2026-11-20 12:00:00 UTC'));
test('null is empty, nested values are JSON, 64-bit integers stay as they came', () => {
  expect([null, undefined, 0, false, '9007199254740993', { a: [1] }].map(formatCell)).toEqual(['', '', '0', 'false', '9007199254740993', '{"a":[1]}']);
});
test('what runs has taken the time until now; what has not started none', () => {
  const startedAt = new Date(1_000).toISOString();
  expect(elapsedMs({ startedAt, finishedAt: null }, 4_000)).toBe(3_000);
  expect(elapsedMs({ startedAt, finishedAt: new Date(2_000).toISOString() }, 4_000)).toBe(1_000);
  expect(elapsedMs({ startedAt: null, finishedAt: null }, 4_000)).toBeNull();
});

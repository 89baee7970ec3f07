import { expect, test } from 'vitest';
import { belowOf, belowWords } from './below.ts';

const children = { total: null, running: 1, succeeded: 6, failed: 1, cancelled: 1 };

test('what is known of the runs below a step, while it waits and when it has ended', () => {
  expect(belowOf({ children: null, value: null })).toBeNull();
  expect(belowOf({ children: { ...children, total: 16 }, value: null })).toEqual({ total: 16, done: 8, failed: 2, percent: 50 });
  expect(belowOf({ children, value: { total: 8 } })).toMatchObject({ total: 8, percent: 100 });
  expect(belowOf({ children, value: { times: 3 } })?.total).toBe(3);
  expect(belowOf({ children, value: 7 })).toMatchObject({ total: null, percent: null });
});
test('in words', () => {
  expect(belowWords({ total: 10, done: 7, failed: 2, percent: 70 })).toBe('7 of 10 done, 2 failed');
  expect(belowWords({ total: null, done: 7, failed: 0, percent: null })).toBe('7 done');
});

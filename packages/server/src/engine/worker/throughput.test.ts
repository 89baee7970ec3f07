import { expect, test } from 'vitest';
import { Throughput } from './throughput.ts';

const minute = 60_000;

test('counts by tag, over the time that there was so far', () => {
  const throughput = new Throughput(0);
  throughput.add('default', 30, 0);
  throughput.add('default', 30, minute - 1);
  throughput.add('windows', 6, minute - 1);
  expect(throughput.perMinute(minute)).toEqual({ default: 60, windows: 6 });
  expect(throughput.perMinute(2 * minute)).toEqual({ default: 30, windows: 3 });
});

test('forgets what is older than five minutes', () => {
  const throughput = new Throughput(0);
  throughput.add('default', 600, 0);
  throughput.add('default', 5, 4 * minute);
  expect(throughput.perMinute(5 * minute - 1)).toEqual({ default: 121 });
  expect(throughput.perMinute(6 * minute)).toEqual({ default: 1 });
  expect(throughput.perMinute(60 * minute)).toEqual({ default: 0 });
});

test('a worker of a moment is not taken for a fast one', () => {
  const throughput = new Throughput(0);
  throughput.add('default', 1, 5);
  expect(throughput.perMinute(5)).toEqual({ default: 6 });
});

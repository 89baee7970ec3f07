import type { Each } from '@tidewheel/contract/flow-document';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemsToBegin, wavesOf } from './waves.ts';

const each = (more: Partial<Each>): Each => ({ concurrency: 10, onFailure: 'continue', mayFail: 0, ...more });
const begin = (rule: Each, total: number, started: number, live = 0, failed = 0) =>
  itemsToBegin(rule, { total, counts: { started, live, failed, succeeded: started - live - failed, cancelled: 0 } });

test('a canary, then tenths of all: the last size goes on', () => {
  expect(wavesOf([1, '10%'], 50)).toEqual([1, 6, 11, 16, 21, 26, 31, 36, 41, 46, 50]);
  expect(wavesOf(['10%'], 3)).toEqual([1, 2, 3]);
  expect(wavesOf([100], 3)).toEqual([3]);
  expect(wavesOf([1], 0)).toEqual([]);
});

test('the next wave begins when all of the one before have ended, however many could run at once', () => {
  const rule = each({ waves: [1, 4] });
  expect(begin(rule, 9, 0)).toBe(1);
  expect(begin(rule, 9, 1, 1)).toBe(0);
  expect(begin(rule, 9, 1)).toBe(4);
  expect(begin(rule, 9, 5, 1)).toBe(0);
  expect(begin(rule, 9, 5)).toBe(4);
  expect(begin(each({ waves: [1, 4], concurrency: 2 }), 9, 1)).toBe(2);
  expect(begin(each({ waves: [1, 4], concurrency: 2 }), 9, 3, 1)).toBe(1);
});

test('a wave in which more failed than may ends it; within a wave `onFailure` says', () => {
  const rule = each({ waves: [2, 4], mayFail: 1 });
  expect(begin(rule, 9, 2, 0, 1)).toBe(4);
  expect(begin(rule, 9, 2, 0, 2)).toBe(0);
  expect(begin(each({ waves: [4], concurrency: 1 }), 9, 1, 0, 1)).toBe(1);
  expect(begin(each({ waves: [4], concurrency: 1, onFailure: 'stop' }), 9, 1, 0, 1)).toBe(0);
});

test('whatever the waves are, all items begin in the end, never more than may at once nor beyond a wave that runs', () => {
  const sizes = fc.array(
    fc.oneof(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 100 }).map((percent) => `${percent}%`),
    ),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(sizes, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 8 }), fc.infiniteStream(fc.nat(7)), (waves, total, concurrency, ends) => {
      const rule = each({ waves, concurrency });
      const limits = wavesOf(waves, total);
      let started = 0;
      let live = 0;
      for (let look = 0; started < total || live > 0; look++) {
        const next = begin(rule, total, started, live);
        const running = limits.find((end) => end > started - (live > 0 ? 1 : 0)) ?? total;
        expect(live + next).toBeLessThanOrEqual(concurrency);
        if (live > 0) expect(started + next).toBeLessThanOrEqual(running);
        started += next;
        live += next;
        live -= Math.min(live, (ends.next().value % live) + 1 || 1);
        expect(look).toBeLessThan(1_000);
      }
      expect(started).toBe(total);
    }),
  );
});

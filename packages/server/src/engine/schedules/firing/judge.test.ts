import { ScheduleTiming } from '@tidewheel/contract/schedule';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextAfter } from '../planning.ts';
import { compileTiming } from '../timing/compile.ts';
import { dueMoments } from './due.ts';
import { judge } from './judge.ts';

const overrides = new Map();
const start = Date.parse('2026-10-25T00:40:00Z');

test('what was worked out for one of them holds for another only where it would come out the same', () => {
  const rules = fc.constantFrom('*/10 * * * * *', '0 */20 * * * *', '30 0 1,2 * * *');
  const misfires = fc.constantFrom('skip', 'runOnce', 'runAll');
  const looks = fc.array(fc.record({ since: fc.integer({ min: 0, max: 240 }), wait: fc.integer({ min: 0, max: 90_000 }) }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(rules, misfires, fc.integer({ min: 1, max: 60 }), looks, (expression, misfire, graceSeconds, asked) => {
      const policies = { misfire, graceSeconds, catchUp: 3 };
      const timing = compileTiming(
        ScheduleTiming.parse({ timeZone: 'Europe/Paris', rules: [{ kind: 'cron', expression }], policies: { ...policies } }),
        new Map(),
      );
      for (const { since: tens, wait } of asked) {
        const since = start + tens * 10_000;
        const now = since + wait;
        const fresh = { due: dueMoments(timing, { since, now, overrides }), next: nextAfter(timing, { after: now, overrides }) };
        const { due, next } = judge(timing, { since, now, overrides });
        expect({ due, next }).toEqual(fresh);
        // Another one that says the same, a moment later.
        const later = now + 700;
        const again = judge(timing, { since, now: later, overrides });
        expect({ due: again.due, next: again.next }).toEqual({
          due: dueMoments(timing, { since, now: later, overrides }),
          next: nextAfter(timing, { after: later, overrides }),
        });
      }
    }),
    { numRuns: 60 },
  );
});

test('it holds until the next moment has come', () => {
  const timing = compileTiming(ScheduleTiming.parse({ timeZone: 'UTC', rules: [{ kind: 'cron', expression: '*/10 * * * * *' }] }), new Map());
  const fires = (now: number) => judge(timing, { since: start, now, overrides }).due.fires.length;
  expect([fires(start + 100), fires(start + 9_999), fires(start + 10_000), fires(start + 10_001), fires(start + 100)]).toEqual([1, 1, 2, 2, 1]);
});

test('what somebody decided about a moment of one is for that one alone', () => {
  const timing = compileTiming(ScheduleTiming.parse({ timeZone: 'UTC', rules: [{ kind: 'cron', expression: '0 * * * * *' }] }), new Map());
  const at = { since: start, now: start + 100 };
  const judged = (one: Map<number, { to: number | null }>) => judge(timing, { ...at, overrides: one }).due.fires.map(({ instant }) => instant);
  expect(judged(new Map())).toEqual([start]);
  expect(judged(new Map([[start, { to: null }]]))).toEqual([]);
  expect(judged(new Map())).toEqual([start]);
});

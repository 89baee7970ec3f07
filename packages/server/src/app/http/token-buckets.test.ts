import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBuckets } from './token-buckets.ts';

const rate = { perSecond: 10, burst: 20 };

describe('token buckets', () => {
  it('let a burst through, then the rate, and say how long to wait', () => {
    const buckets = new TokenBuckets({ mostKeys: 10 });
    for (let n = 0; n < 20; n++) expect(buckets.take('a', rate, { now: 0 }).allowed).toBe(true);
    const refused = buckets.take('a', rate, { now: 0 });
    expect(refused).toMatchObject({ allowed: false, remaining: 0, retryAfterSeconds: 0.1, resetSeconds: 2 });
    expect(buckets.take('a', rate, { now: 99 }).allowed).toBe(false);
    expect(buckets.take('a', rate, { now: 100 }).allowed).toBe(true);
    expect(buckets.take('b', rate, { now: 100 }).allowed).toBe(true);
  });

  it('never let more through than burst and rate allow, whatever the times', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 300 }), fc.double({ min: 0.05, max: 1, noNaN: true }), (gaps, share) => {
        const buckets = new TokenBuckets({ mostKeys: 10 });
        let now = 0;
        let passed = 0;
        for (const gap of gaps) {
          now += gap;
          if (buckets.take('a', rate, { now, share }).allowed) passed++;
        }
        return passed <= Math.max(1, rate.burst * share) + (now / 1000) * rate.perSecond * share + 1e-6;
      }),
    );
  });

  it('hold a bounded number of callers, and forget those that left', () => {
    const buckets = new TokenBuckets({ mostKeys: 100 });
    for (let n = 0; n < 1_000; n++) buckets.take(`k${n}`, rate, { now: n });
    expect(buckets.size).toBe(100);
    buckets.forget(950);
    expect(buckets.size).toBe(50);
  });

  it('count who asked how often since the last count', () => {
    const buckets = new TokenBuckets({ mostKeys: 10 });
    for (let n = 0; n < 30; n++) buckets.take('busy', rate, { now: 0 });
    buckets.take('quiet', rate, { now: 0 });
    expect([...buckets.countAsked(() => 2)]).toEqual([['busy', 30]]);
    expect([...buckets.countAsked(() => 0)]).toEqual([]);
  });
});

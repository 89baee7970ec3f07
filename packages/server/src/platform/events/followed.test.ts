import { describe, expect, it } from 'vitest';
import { FollowedRun } from './followed.ts';
import type { RunNews } from './run-events.store.ts';

const news = (more: boolean): RunNews => ({ object: {}, events: [], lines: [], more, ended: false });

describe('a followed run', () => {
  it('is looked at once for all readers at the same place, until it rings', async () => {
    const run = new FollowedRun();
    let looks = 0;
    const look = async () => {
      looks++;
      return news(false);
    };
    await Promise.all(Array.from({ length: 50 }, () => run.read({ event: 3, log: 1 }, look)));
    expect(looks).toBe(1);
    await run.read({ event: 2, log: 1 }, look);
    expect(looks).toBe(2);
    run.ring();
    await run.read({ event: 3, log: 1 }, look);
    expect(looks).toBe(3);
  });
  it('keeps no full pages and no failed looks', async () => {
    const run = new FollowedRun();
    let looks = 0;
    const full = async () => {
      looks++;
      return news(true);
    };
    await run.read({ event: 0, log: 0 }, full);
    await run.read({ event: 0, log: 0 }, full);
    expect(looks).toBe(2);
    await expect(run.read({ event: 1, log: 0 }, () => Promise.reject(new RangeError('down')))).rejects.toThrow('down');
    await expect(run.read({ event: 1, log: 0 }, async () => news(false))).resolves.toMatchObject({ more: false });
  });
  it('wakes who waits, and whoever looked before a ring does not wait at all', async () => {
    const { bell } = new FollowedRun();
    const never = new AbortController().signal;
    const seen = bell.rung;
    bell.ring();
    await bell.after(seen, never);
    const waiting = bell.after(bell.rung, never);
    bell.ring();
    await waiting;
    const stop = new AbortController();
    const stopped = bell.after(bell.rung, stop.signal);
    stop.abort();
    await stopped;
  });
});

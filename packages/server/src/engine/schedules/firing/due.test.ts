// What becomes of moments that are due, on time and after a time in which nothing could fire.
import { describe, expect, it } from 'vitest';
import { at, timingOf } from '../timing/testing/timing-of.ts';
import { dueMoments } from './due.ts';

const every = (expression: string, policies = {}) => timingOf({ rules: [{ kind: 'cron', expression }], policies });
const noon = at('2026-11-20T12:00:00Z');
const due = (timing: ReturnType<typeof every>, { since, now }: { since: string; now: number }) => {
  const { fires, skips } = dueMoments(timing, { since: at(since), now, overrides: new Map() });
  return { fires: fires.map(({ instant }) => new Date(instant).toISOString().slice(11, 19)), skips };
};

describe('on time', () => {
  it('what is due fires, each moment once, within the grace too', () => {
    expect(due(every('0 12 * * *'), { since: '2026-11-20T12:00:00Z', now: noon })).toEqual({ fires: ['12:00:00'], skips: [] });
    expect(due(every('*/10 * * * * *'), { since: '2026-11-20T11:59:40Z', now: noon }).fires).toEqual(['11:59:40', '11:59:50', '12:00:00']);
  });
  it('nothing that is not planned any more', () => {
    expect(due(every('0 13 * * *'), { since: '2026-11-20T12:00:00Z', now: noon }).fires).toEqual([]);
  });
});

describe('after hours in which nothing could fire', () => {
  const since = '2026-11-20T07:30:00Z';
  const late = noon + 30 * 60_000;
  it.each([
    ['runOnce', {}, ['12:00:00'], 4],
    ['runAll', { misfire: 'runAll' }, ['08:00:00', '09:00:00', '10:00:00', '11:00:00', '12:00:00'], 0],
    ['runAll, at most two', { misfire: 'runAll', catchUp: 2 }, ['11:00:00', '12:00:00'], 3],
    ['skip', { misfire: 'skip' }, [], 5],
    ['skip, with a grace of an hour', { misfire: 'skip', graceSeconds: 3_600 }, ['12:00:00'], 4],
  ])('%s', (_, policies, fires, skipped) => {
    const found = due(every('0 * * * *', policies), { since, now: late });
    expect(found.fires).toEqual(fires);
    expect(found.skips).toHaveLength(skipped);
  });
  it('millions that were missed are neither looked at nor kept one by one', () => {
    const found = due(every('* * * * * *'), { since: '2026-01-01T00:00:00Z', now: noon });
    expect(found.fires).toHaveLength(61 + 1);
    expect(found.skips).toHaveLength(100);
    expect(found.skips[0]?.why).toContain('more than');
  });
});

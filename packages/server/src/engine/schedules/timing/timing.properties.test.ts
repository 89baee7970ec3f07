// Every kind of rule in zones with every kind of clock, held against a walk through all minutes: in order, nothing twice, nothing left out but by a policy.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { occurrences } from './occurrences.ts';
import { ahead } from './search.ts';
import { timingOf } from './testing/timing-of.ts';
import { dayOfWall, timeText, weekdayName } from './wall.ts';
import { dayMs, instantOf, offsetAt, stretches, wallAt } from './zone.ts';

const minute = 60_000;
const zones = [
  'Europe/London',
  'Europe/Dublin',
  'America/New_York',
  'America/Sao_Paulo',
  'America/Havana',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Karachi',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
  'America/St_Johns',
  'Asia/Tehran',
  'UTC',
];
/** Apia leapt over 30 December 2011; Sao Paulo, Tehran and Karachi had summer time before 2023. */
const spanOf = fc.record({ zone: fc.constantFrom(...zones), from: fc.integer({ min: Date.UTC(2008, 0, 1) / minute, max: Date.UTC(2030, 0, 1) / minute }) });
/** A few days that begin shortly before a change of the clocks, where the zone has one within a year. */
const nearChange = spanOf.map(({ zone, from }) => {
  const [, second] = [...stretches(zone, { from: from * minute, to: from * minute + 400 * dayMs })];
  const change = second ? Math.floor(second.from / minute) - (from % 1_440) : from;
  return { zone, from: change * minute, to: change * minute + 3 * dayMs };
});
const policies = fc.record({ gap: fc.constantFrom('runAfter' as const, 'skip' as const), overlap: fc.constantFrom('once' as const, 'twice' as const) });
const clock = fc.integer({ min: 0, max: 1_439 }).map((value) => timeText(value * 60));

interface Walk {
  zone: string;
  from: number;
  to: number;
  isNamed: (wall: number) => boolean;
  gap: string;
  overlap: string;
}

/** All minutes whose wall time is named, as the policies want it: a slow and plain second opinion. */
function walk({ zone, from, to, isNamed, gap, overlap }: Walk): number[] {
  const offset = (instant: number) => offsetAt(zone, instant);
  const shown = new Set<number>();
  for (let instant = from - 25 * 60 * minute; instant < from; instant += minute) shown.add(instant + offset(instant));
  const found = new Set<number>();
  for (let instant = from; instant < to; instant += minute) {
    const wall = instant + offset(instant);
    for (let leapt = instant + offset(instant - minute); gap === 'runAfter' && leapt < wall; leapt += minute) if (isNamed(leapt)) found.add(instant);
    if (isNamed(wall) && (overlap === 'twice' || !shown.has(wall))) found.add(instant);
    shown.add(wall);
  }
  return [...found].sort((a, b) => a - b);
}

const instants = (moments: Iterable<{ instant: number }>) => [...moments].map(({ instant }) => instant);

describe('rules of wall times', () => {
  it.each([
    ['cron', (time: string) => ({ kind: 'cron' as const, expression: `${Number(time.slice(3))} ${Number(time.slice(0, 2))} * * *` })],
    ['rrule', (time: string) => ({ kind: 'rrule' as const, rule: 'FREQ=DAILY', start: `2000-01-01T${time}` })],
    ['businessDays', (time: string) => ({ kind: 'businessDays' as const, at: [time], calendar: 'TARGET' })],
    ['afterPeriod', (time: string) => ({ kind: 'afterPeriod' as const, period: 'day' as const, days: 1, at: [time], calendar: 'TARGET' })],
  ])('%s: every minute that is named, and no other', (kind, ruleOf) => {
    fc.assert(
      fc.property(nearChange, clock, policies, ({ zone, from, to }, time, policy) => {
        const timing = timingOf({ timeZone: zone, rules: [ruleOf(time)], policies: policy });
        const business = timingOf({ rules: [{ kind: 'businessDays', at: ['00:00'], calendar: 'TARGET' }] });
        const isOpen = (day: number) => ['cron', 'rrule'].includes(kind) || [...(business.rules[0]?.times.times(day, { from: 0, to: 1 }) ?? [])].length > 0;
        const isNamed = (wall: number) => timeText((wall - dayOfWall(wall) * dayMs) / 1_000) === time && isOpen(dayOfWall(wall));
        expect(instants(occurrences(timing, { from, to }))).toEqual(walk({ zone, from, to, isNamed, ...policy }));
      }),
      { numRuns: 12 },
    );
  });

  it('many times a day, with windows and weekdays', () => {
    fc.assert(
      fc.property(nearChange, fc.integer({ min: 1, max: 59 }), clock, clock, policies, ({ zone, from, to }, step, begin, end, policy) => {
        fc.pre(begin < end);
        const timing = timingOf({
          timeZone: zone,
          rules: [{ kind: 'cron', expression: `*/${step} * * * 1-6` }],
          windows: [{ from: begin, to: end }],
          policies: policy,
        });
        const isNamed = (wall: number) => {
          const time = timeText((wall - dayOfWall(wall) * dayMs) / 1_000);
          return Number(time.slice(3)) % step === 0 && time >= begin && time < end && weekdayName(dayOfWall(wall)) !== 'sunday';
        };
        expect(instants(occurrences(timing, { from, to }))).toEqual(walk({ zone, from, to, isNamed, ...policy }));
      }),
      { numRuns: 12 },
    );
  });
});

it('an interval keeps its distance, whatever the clocks do', () => {
  fc.assert(
    fc.property(nearChange, fc.integer({ min: 1, max: 600 }), ({ zone, from, to }, every) => {
      const found = instants(occurrences(timingOf({ timeZone: zone, rules: [{ kind: 'interval', every, unit: 'minutes' }] }), { from, to }));
      expect(found.length).toBeGreaterThanOrEqual(Math.floor((to - from) / (every * minute)));
      for (const [place, instant] of found.entries()) if (place > 0) expect(instant - (found[place - 1] as number)).toBe(every * minute);
    }),
    { numRuns: 50 },
  );
});

it('an interval of seconds: every one that is open and in a window, and no other', () => {
  const oneDay = nearChange.map(({ zone, from }) => ({ zone, from: from + 1_000, to: from + dayMs / 2 }));
  fc.assert(
    fc.property(oneDay, fc.integer({ min: 1, max: 90 }), clock, clock, ({ zone, from, to }, every, begin, end) => {
      fc.pre(begin !== end);
      const timing = timingOf({
        timeZone: zone,
        rules: [{ kind: 'interval', every, unit: 'seconds' }],
        windows: [{ from: begin, to: end }],
        calendar: 'TARGET',
      });
      const start = instantOf(zone, Date.parse('2000-01-01'));
      const expected: number[] = [];
      for (let instant = from; instant < to; instant += 1_000) {
        const wall = wallAt(zone, instant);
        const time = timeText(Math.floor((wall - dayOfWall(wall) * dayMs) / 60_000) * 60);
        const isWindow = begin < end ? time >= begin && time < end : time >= begin || time < end;
        if ((instant - start) % (every * 1_000) === 0 && isWindow && timing.closed.why(dayOfWall(wall)) === null) expected.push(instant);
      }
      expect(instants(occurrences(timing, { from, to }))).toEqual(expected);
    }),
    { numRuns: 8 },
  );
});

const anyRule = fc.oneof(
  fc.record({
    kind: fc.constant('cron' as const),
    expression: fc.constantFrom('*/7 * * * *', '30 2 * * *', '0 0 L * *', '15 9 15W * *', '0 12 * * 5#2', '59 23 29 2 *', '5 */20 1 * * *'),
  }),
  fc.record({
    kind: fc.constant('rrule' as const),
    rule: fc.constantFrom('FREQ=MONTHLY;BYDAY=-1FR', 'FREQ=DAILY;BYHOUR=1,2,3', 'FREQ=WEEKLY;INTERVAL=2'),
    start: fc.constant('2007-05-05T02:30'),
  }),
  fc.record({ kind: fc.constant('businessDays' as const), at: fc.array(clock, { minLength: 1, maxLength: 3 }), calendar: fc.constantFrom('TARGET', 'NYSE') }),
  fc.record({
    kind: fc.constant('nthBusinessDay' as const),
    nth: fc.constantFrom(1, 5, -1, -3, 23),
    at: fc.array(clock, { minLength: 1, maxLength: 2 }),
    calendar: fc.constant('TARGET'),
  }),
  fc.record({
    kind: fc.constant('afterPeriod' as const),
    period: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
    days: fc.integer({ min: -3, max: 5 }),
    at: fc.array(clock, { minLength: 1, maxLength: 1 }),
    calendar: fc.constant('TARGET'),
  }),
  fc.record({ kind: fc.constant('interval' as const), every: fc.integer({ min: 5, max: 500 }), unit: fc.constant('minutes' as const) }),
  fc.record({ kind: fc.constant('interval' as const), every: fc.integer({ min: 100, max: 10_000 }), unit: fc.constant('seconds' as const) }),
);
const anyTiming = fc.record({
  rules: fc.array(anyRule, { minLength: 1, maxLength: 4 }),
  calendar: fc.constantFrom(null, 'TARGET'),
  nonBusinessDay: fc.constantFrom(
    'run' as const,
    'skip' as const,
    'following' as const,
    'modifiedFollowing' as const,
    'preceding' as const,
    'modifiedPreceding' as const,
  ),
  policies,
});

describe('any schedule', () => {
  it('is strictly in order, and the same however the time is cut', () => {
    fc.assert(
      fc.property(nearChange, anyTiming, fc.double({ min: 0, max: 1, noNaN: true }), ({ zone, from }, given, cut) => {
        const timing = timingOf({ timeZone: zone, ...given });
        const to = from + 20 * dayMs;
        const middle = Math.floor(from + cut * (to - from));
        const whole = instants(occurrences(timing, { from, to }));
        expect(whole).toEqual([...new Set(whole)].sort((a, b) => a - b));
        expect([...instants(occurrences(timing, { from, to: middle })), ...instants(occurrences(timing, { from: middle, to }))]).toEqual(whole);
        expect(instants(ahead(timing, { from, most: 3 }).items)).toEqual(whole.length >= 3 ? whole.slice(0, 3) : expect.arrayContaining(whole));
      }),
      { numRuns: 30 },
    );
  });

  it('fires on no day that is off, and rolling loses no day that is not crowded', () => {
    fc.assert(
      fc.property(spanOf, anyTiming, ({ zone, from }, given) => {
        const timing = timingOf({ timeZone: zone, ...given });
        for (const { instant, notes } of occurrences(timing, { from: from * minute, to: from * minute + 30 * dayMs })) {
          const leapt = notes.some((note) => note.includes('leap over'));
          if (given.nonBusinessDay !== 'run' && !leapt) expect(timing.closed.why(dayOfWall(wallAt(zone, instant)))).toBeNull();
        }
      }),
      { numRuns: 30 },
    );
  });
});

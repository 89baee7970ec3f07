import type { CalendarRule } from '@tidewheel/contract/calendar';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalendarBook } from './book.ts';
import { toDate, toDay } from './day-number.ts';

function of(...rules: CalendarRule[]) {
  return new CalendarBook(new Map([['own', { rules }]])).find('own');
}
const weekend: CalendarRule = { kind: 'weekend', days: ['saturday', 'sunday'] };
const target = new CalendarBook(new Map()).find('TARGET');

const dates = fc.integer({ min: toDay('2003-01-01'), max: toDay('2098-12-31') }).map(toDate);
/** Calendars of all sorts, none of which closes for longer than a month. */
const calendars = fc
  .record({
    weekend: fc.subarray(['monday', 'wednesday', 'saturday', 'sunday'] as const, { minLength: 1 }),
    easter: fc.integer({ min: -60, max: 60 }),
    fixed: fc.record({ month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 28 }) }),
    observed: fc.constantFrom('none', 'nearestWeekday', 'sundayToMonday', 'nextWeekday'),
    shift: fc.integer({ min: -400, max: 400 }).map((days) => Math.max(-366, Math.min(366, days))),
  })
  .map(({ weekend: days, easter, fixed, observed, shift }) =>
    of(
      { kind: 'weekend', days },
      { kind: 'easter', name: 'Easter', days: easter },
      { kind: 'fixed', name: 'Fixed', ...fixed, observed: observed as 'none' },
      { kind: 'shift', days: shift, rule: { kind: 'calendar', calendar: 'NYSE' } },
    ),
  );

describe('business days, whatever the calendar', () => {
  it('next and previous are the nearest business days on their sides', () => {
    fc.assert(
      fc.property(calendars, dates, (days, date) => {
        const [next, previous] = [days.next(date), days.previous(date)];
        expect(next > date && previous < date).toBe(true);
        expect(days.isBusinessDay(next) && days.isBusinessDay(previous)).toBe(true);
        for (let at = toDay(previous) + 1; at < toDay(next); at++) expect(at === toDay(date) || !days.isBusinessDay(toDate(at))).toBe(true);
      }),
    );
  });
  it('add is next so many times, and the number between gives it back', () => {
    fc.assert(
      fc.property(calendars, dates, fc.integer({ min: -40, max: 40 }), (days, date, count) => {
        const reached = days.add(date, count);
        expect(days.isBusinessDay(reached)).toBe(true);
        if (count === 0) {
          expect(reached).toBe(days.roll(date, 'following'));
          return;
        }
        let step = date;
        for (let left = Math.abs(count); left > 0; left--) step = count > 0 ? days.next(step) : days.previous(step);
        expect(reached).toBe(step);
        expect(days.between(date, reached)).toBe(count);
      }),
    );
  });
  it('there and back is the same day, from a business day', () => {
    fc.assert(
      fc.property(calendars, dates, fc.integer({ min: 0, max: 40 }), (days, date, count) => {
        const start = days.roll(date, 'following');
        expect(days.add(days.add(start, count), -count)).toBe(start);
      }),
    );
  });
  it('rolls to a business day on the side that the convention says, and modified ones stay in the month', () => {
    fc.assert(
      fc.property(calendars, dates, (days, date) => {
        expect(days.roll(date, 'none')).toBe(date);
        expect(days.roll(date, 'following') >= date).toBe(true);
        expect(days.roll(date, 'preceding') <= date).toBe(true);
        for (const convention of ['modifiedFollowing', 'modifiedPreceding'] as const) {
          const rolled = days.roll(date, convention);
          expect(days.isBusinessDay(rolled)).toBe(true);
          if (days.nthOfMonth(date.slice(0, 7), 1) !== null) expect(rolled.slice(0, 7)).toBe(date.slice(0, 7));
        }
      }),
    );
  });
  it('the nth business days of a month are its business days in order, from both ends', () => {
    fc.assert(
      fc.property(calendars, dates, (days, date) => {
        const month = date.slice(0, 7);
        const first = toDay(`${month}-01`);
        const open = Array.from({ length: 31 }, (_, index) => toDate(first + index)).filter((day) => day.startsWith(month) && days.isBusinessDay(day));
        expect(open.map((_, index) => days.nthOfMonth(month, index + 1))).toEqual(open);
        expect(open.map((_, index) => days.nthOfMonth(month, -index - 1))).toEqual(open.toReversed());
        expect(days.nthOfMonth(month, open.length + 1)).toBeNull();
      }),
    );
  });
  it('a day is open exactly when nothing says why it is not', () => {
    fc.assert(fc.property(calendars, dates, (days, date) => days.isBusinessDay(date) === (days.why(date) === null)));
  });
});

describe('business days that people ask for', () => {
  it('says why a day is none', () => {
    expect(target.why('2026-12-25')).toBe('Christmas Day');
    expect(target.why('2026-12-26')).toBe('Christmas Holiday, Saturday');
    expect(of({ kind: 'blackout', from: '2026-12-28', to: '2026-12-31', reason: 'year end close' }).why('2026-12-30')).toBe('blackout: year end close');
    expect(target.why('2026-12-28')).toBeNull();
  });
  it('settles two days after a date over Easter', () => {
    expect(target.add('2026-04-02', 2)).toBe('2026-04-08');
    expect(target.previous('2027-01-04')).toBe('2026-12-31');
    expect(target.roll('2026-05-31', 'modifiedFollowing')).toBe('2026-05-29');
    expect(target.between('2026-12-24', '2026-12-28')).toBe(1);
  });
});

describe('what cannot be answered', () => {
  it('a calendar without any business day is an error, not a loop', () => {
    const closed = of({ kind: 'weekend', days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] });
    expect(() => closed.next('2026-01-01')).toThrowError(expect.objectContaining({ code: 'calendar.no_business_day' }));
    expect(() => closed.roll('2026-01-01', 'preceding')).toThrowError(expect.objectContaining({ code: 'calendar.no_business_day' }));
    expect(closed.nthOfMonth('2026-01', 1)).toBeNull();
    expect(closed.between('2026-01-01', '2026-12-31')).toBe(0);
  });
  it.each(['2027-02-29', '2026-13-01', '0000-01-01', 'today', '2026-1-1', '', '+012026-01-01'])('"%s" is no date', (date) => {
    for (const ask of [() => target.next(date), () => target.why(date), () => target.roll(date, 'none'), () => target.between(date, '2026-01-01')])
      expect(ask).toThrowError(expect.objectContaining({ code: 'calendar.date' }));
  });
  it.each(['0001-01-01', '1899-12-31', '9999-12-31', '2001-06-01', '2200-01-01'])('%s is outside of the years that it is known for', (date) => {
    expect(() => target.isBusinessDay(date)).toThrowError(expect.objectContaining({ code: 'calendar.years' }));
    expect(() => target.next(date)).toThrowError(expect.objectContaining({ code: 'calendar.years' }));
  });
  it('nor can what leads too far', () => {
    expect(() => target.add('2026-01-01', 10_001)).toThrowError(expect.objectContaining({ code: 'calendar.too_far' }));
    expect(() => target.add('2026-01-01', 1.5)).toThrowError(expect.objectContaining({ code: 'calendar.too_far' }));
    expect(() => target.between('2003-01-01', '2198-01-01')).toThrowError(expect.objectContaining({ code: 'calendar.too_far' }));
    expect(() => target.nthOfMonth('2026-01', 0)).toThrowError(expect.objectContaining({ code: 'calendar.nth' }));
    expect(() => of(weekend).add('2199-12-01', 100)).toThrowError(expect.objectContaining({ code: 'calendar.years' }));
  });
});

// Business-day arithmetic over whatever says which days are off. Every search is bounded: a calendar without business days is an error, never a loop.
import type { DayOff, RollConvention } from '@tidewheel/contract/calendar';
import { firstYear, lastYear } from '@tidewheel/contract/calendar-limits';
import { InvalidInput } from '@tidewheel/contract/errors';
import { toDate, toDay, yearOf } from './day-number.ts';

/** Dates are `YYYY-MM-DD`. Every function throws InvalidInput: `calendar.date`, `calendar.years` (the calendar is not known for that year), `calendar.no_business_day`, `calendar.too_far`. */
export interface BusinessDays {
  isBusinessDay(date: string): boolean;
  /** Why it is none: 'Christmas Day', 'Saturday', 'blackout: year end close'; null when it is one. */
  why(date: string): string | null;
  /** The first business day after the date. */
  next(date: string): string;
  /** The last business day before the date. */
  previous(date: string): string;
  /** The nth business day after the date, or before it when `days` is negative; 0: the date itself, or the next business day when it is none. */
  add(date: string, days: number): string;
  /** `month` is `YYYY-MM`; `n` counts from 1, or from the end when negative. @returns null when the month has fewer */
  nthOfMonth(month: string, n: number): string | null;
  roll(date: string, convention: RollConvention): string;
  /** Business days after `from` up to and including `to`, so that between(d, add(d, n)) is n; negative when `to` is earlier. */
  between(from: string, to: string): number;
  /** The days off of a year, by date. */
  daysOff(year: number): ReadonlyMap<string, readonly DayOff[]>;
}

/** Which days are off, asked for year by year. */
export interface DaysOffSource {
  /** As it stands in messages, e.g. `the calendar "TARGET"`. */
  label: string;
  days(year: number): ReadonlyMap<number, readonly DayOff[]>;
  /** Says so when it does not know that year. */
  unknownYear(year: number): string | null;
}

/** Without a business day for so long there is none. */
const longestBreak = 1_000;
/** How far one question may lead: about forty years of business days. */
export const mostDays = 10_000;
const mostYearsBetween = 50;

export function businessDays(source: DaysOffSource): BusinessDays {
  const years = new Map<number, ReadonlyMap<number, readonly DayOff[]>>();
  const ofYear = (year: number): ReadonlyMap<number, readonly DayOff[]> => {
    const known = years.get(year);
    if (known) return known;
    const found = checkedYear(source, year);
    years.set(year, found);
    return found;
  };
  const reasons = (day: number): readonly DayOff[] | undefined => ofYear(yearOf(day)).get(day);
  const isOpen = (day: number): boolean => reasons(day) === undefined;

  /** The first open day from `day` on in that direction, itself included. */
  const seek = (day: number, direction: 1 | -1): number => {
    for (let at = day, seen = 0; seen <= longestBreak; at += direction, seen++) if (isOpen(at)) return at;
    throw new InvalidInput('calendar.no_business_day', `${sentence(source.label)} has no business day within ${longestBreak} days of ${toDate(day)}.`, {
      hint: 'Look at the year in the calendar: its rules leave no day open.',
    });
  };

  const add = (date: string, days: number): string => {
    if (!Number.isInteger(days) || Math.abs(days) > mostDays)
      throw tooFar(`${days} business days`, `At most ${mostDays.toLocaleString('en')}, and whole ones.`);
    const direction = days < 0 ? -1 : 1;
    let at = toDay(date);
    if (days === 0) return toDate(seek(at, 1));
    for (let left = Math.abs(days); left > 0; left--) at = seek(at + direction, direction);
    return toDate(at);
  };

  const between = (from: string, to: string): number => {
    const [first, last] = [toDay(from), toDay(to)];
    if (first > last) return 0 - countOpen(last - 1, first - 1);
    return countOpen(first, last);
  };
  const countOpen = (after: number, upTo: number): number => {
    if (yearOf(upTo) - yearOf(after) > mostYearsBetween) throw tooFar('the days between', `At most ${mostYearsBetween} years apart.`);
    let count = 0;
    for (let at = after + 1; at <= upTo; at++) if (isOpen(at)) count++;
    return count;
  };

  const roll = (date: string, convention: RollConvention): string => {
    const day = toDay(date);
    if (convention === 'none') return date;
    const forward = convention === 'following' || convention === 'modifiedFollowing';
    const rolled = toDate(seek(day, forward ? 1 : -1));
    const isModified = convention === 'modifiedFollowing' || convention === 'modifiedPreceding';
    return isModified && rolled.slice(0, 7) !== date.slice(0, 7) ? toDate(seek(day, forward ? -1 : 1)) : rolled;
  };

  return {
    isBusinessDay: (date) => isOpen(toDay(date)),
    why: (date) => told(reasons(toDay(date))),
    next: (date) => add(date, 1),
    previous: (date) => add(date, -1),
    add,
    between,
    roll,
    nthOfMonth: (month, n) => nthOpen({ month, n, isOpen }),
    daysOff: (year) => new Map([...ofYear(year)].sort(([a], [b]) => a - b).map(([day, off]) => [toDate(day), off])),
  };
}

/** One text of all reasons: 'Christmas Day, Saturday'. */
export function told(reasons: readonly DayOff[] | undefined): string | null {
  return reasons ? reasons.map(({ kind, name }) => (kind === 'blackout' ? `blackout: ${name}` : name)).join(', ') : null;
}

function checkedYear(source: DaysOffSource, year: number): ReadonlyMap<number, readonly DayOff[]> {
  const fault = year < firstYear || year > lastYear ? `calendars speak of the years ${firstYear} to ${lastYear}` : source.unknownYear(year);
  if (fault !== null)
    throw new InvalidInput('calendar.years', `${sentence(source.label)} says nothing about ${year}: ${fault}.`, {
      hint: 'Change the years it is known for, or ask about another one.',
    });
  return source.days(year);
}

function nthOpen({ month, n, isOpen }: { month: string; n: number; isOpen: (day: number) => boolean }): string | null {
  const first = toDay(`${month}-01`);
  if (!Number.isInteger(n) || n === 0)
    throw new InvalidInput('calendar.nth', `There is no business day number ${n} of a month.`, { hint: 'Count from 1, or from -1 backwards from the end.' });
  const start = new Date(`${month}-01T00:00:00Z`);
  const length = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate();
  const open = Array.from({ length }, (_, index) => first + index).filter(isOpen);
  const found = open.at(n > 0 ? n - 1 : n);
  return found === undefined ? null : toDate(found);
}

function tooFar(what: string, hint: string): InvalidInput {
  return new InvalidInput('calendar.too_far', `${sentence(what)} is further than one question may lead.`, { hint });
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// Business days in expressions: `calendar("TARGET").add(today, 2)`. Which calendars there are is told before each evaluation, as with the budget:
// evaluations are synchronous and none starts another one.
import { type CelFunc, type CelMap, CelScalar, celFunc, celMap, celMethod, mapType } from '@bufbuild/cel';
import type { RollConvention } from '@tidewheel/contract/calendar';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import { builtInBook, type CalendarBook } from '../../platform/calendars/book.ts';
import type { BusinessDays } from '../../platform/calendars/business-days.ts';
import { spend } from './budget.ts';

const { INT, STRING, BOOL, DYN } = CelScalar;
/** What `calendar(…)` gives: a map of its name, on which the functions below are methods. */
const CALENDAR = mapType(STRING, STRING);

export const calendarFunction = 'calendar';

/** What an evaluation sees of calendars. */
export type Calendars = Pick<CalendarBook, 'find'>;

let seen: Calendars = builtInBook;

export function seeCalendars(calendars: Calendars | undefined): void {
  seen = calendars ?? builtInBook;
}

function find(name: string): BusinessDays {
  try {
    return seen.find(name);
  } catch (thrown) {
    if (!(thrown instanceof NotFound)) throw thrown;
    throw new InvalidInput(thrown.code, thrown.message, thrown.hint === undefined ? {} : { hint: thrown.hint });
  }
}

function daysOf(calendar: CelMap): BusinessDays {
  spend(20);
  const name = calendar.get('calendar');
  if (typeof name !== 'string') throw new InvalidInput('expression.calendar', 'This is no calendar.', { hint: 'Write calendar("TARGET").add(today, 2).' });
  return find(name);
}

/** A count is the work to be done. */
function counted(days: bigint): number {
  const count = Number(days);
  spend(Math.min(Math.abs(count), 100_000) / 2);
  return count;
}

const conventions: readonly string[] = ['following', 'modifiedFollowing', 'preceding', 'modifiedPreceding', 'none'] satisfies RollConvention[];
function conventionOf(text: string): RollConvention {
  if (conventions.includes(text)) return text as RollConvention;
  throw new InvalidInput('expression.convention', `"${text.slice(0, 40)}" is no way to roll a date.`, { hint: `Write one of ${conventions.join(', ')}.` });
}

/** Days apart, at a fraction of a microsecond each. */
function costOfSpan(from: string, to: string): void {
  const days = Math.abs(Date.parse(to) - Date.parse(from)) / 86_400_000;
  spend(Number.isNaN(days) ? 1 : days / 2);
}

export const calendarFunctions: CelFunc[] = [
  celFunc(calendarFunction, [STRING], CALENDAR, (name) => {
    find(name);
    return celMap(new Map([['calendar', name]]));
  }),
  celMethod('isBusinessDay', CALENDAR, [STRING], BOOL, function (date) {
    return daysOf(this).isBusinessDay(date);
  }),
  celMethod('why', CALENDAR, [STRING], DYN, function (date) {
    return daysOf(this).why(date);
  }),
  celMethod('next', CALENDAR, [STRING], STRING, function (date) {
    return daysOf(this).next(date);
  }),
  celMethod('previous', CALENDAR, [STRING], STRING, function (date) {
    return daysOf(this).previous(date);
  }),
  celMethod('add', CALENDAR, [STRING, INT], STRING, function (date, days) {
    return daysOf(this).add(date, counted(days));
  }),
  celMethod('nth', CALENDAR, [STRING, INT], DYN, function (month, n) {
    spend(30);
    return daysOf(this).nthOfMonth(month.slice(0, 7), Number(n));
  }),
  celMethod('roll', CALENDAR, [STRING, STRING], STRING, function (date, convention) {
    return daysOf(this).roll(date, conventionOf(convention));
  }),
  celMethod('between', CALENDAR, [STRING, STRING], INT, function (from, to) {
    costOfSpan(from, to);
    return BigInt(daysOf(this).between(from, to));
  }),
];

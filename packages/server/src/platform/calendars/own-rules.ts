// The rules that people write themselves, for one year each.
import type { CalendarRule, DayOff, Observance, Weekday } from '@tidewheel/contract/calendar';
import { weekdays } from '@tidewheel/contract/calendar-limits';
import { dayOf, firstDayOf, weekdayNumber, yearOf } from './day-number.ts';
import { orthodoxEaster, westernEaster } from './easter.ts';

type Days = ReadonlyMap<number, readonly DayOff[]>;
type RuleOf<K extends CalendarRule['kind']> = Extract<CalendarRule, { kind: K }>;

export function weekendDays(days: readonly Weekday[], year: number): Days {
  const off = new Set(days.map((day) => weekdays.indexOf(day)));
  const found = new Map<number, DayOff[]>();
  for (let day = firstDayOf(year); day < firstDayOf(year + 1); day++) {
    const number = weekdayNumber(day);
    if (off.has(number)) found.set(day, [{ kind: 'weekend', name: capital(weekdays[number] as Weekday) }]);
  }
  return found;
}

/** Its neighbours count too: 1 January on a Saturday may be observed in the year before. */
export function fixedDays(rule: RuleOf<'fixed'>, year: number): Days {
  const found = new Map<number, DayOff[]>();
  const put = (day: number, name: string): void => {
    if (yearOf(day) === year) found.set(day, [{ kind: 'holiday', name }]);
  };
  for (const holding of [year - 1, year, year + 1]) {
    const day = occurrence(rule, holding);
    if (day === null) continue;
    put(day, rule.name);
    const observed = day + movedBy(rule.observed, weekdayNumber(day));
    if (observed !== day) put(observed, `${rule.name} (observed)`);
  }
  return found;
}

/** @returns null in a year without it: 29 February, and years in which the rule does not hold */
export function occurrence(rule: RuleOf<'fixed'>, year: number): number | null {
  if (!holdsIn(rule, year)) return null;
  const day = dayOf({ year, month: rule.month, day: rule.day });
  return new Date(day * 86_400_000).getUTCDate() === rule.day ? day : null;
}

const saturday = 5;
const sunday = 6;
export function isWeekend(day: number): boolean {
  return weekdayNumber(day) >= saturday;
}

function movedBy(observed: Observance | undefined, weekday: number): number {
  if (weekday === sunday && (observed === 'nearestWeekday' || observed === 'sundayToMonday')) return 1;
  return weekday === saturday && observed === 'nearestWeekday' ? -1 : 0;
}

export function nthWeekdayDays(rule: RuleOf<'nthWeekday'>, year: number): Days {
  if (!holdsIn(rule, year)) return new Map();
  const first = dayOf({ year, month: rule.month, day: 1 });
  const next = rule.month === 12 ? dayOf({ year: year + 1, month: 1, day: 1 }) : dayOf({ year, month: rule.month + 1, day: 1 });
  const wanted = weekdays.indexOf(rule.weekday);
  const fits: number[] = [];
  for (let day = first; day < next; day++) if (weekdayNumber(day) === wanted) fits.push(day);
  const day = fits.at(rule.nth > 0 ? rule.nth - 1 : rule.nth);
  return day === undefined ? new Map() : new Map([[day, [{ kind: 'holiday', name: rule.name }]]]);
}

export function easterDays(rule: RuleOf<'easter'>, year: number): Days {
  const found = new Map<number, DayOff[]>();
  for (const holding of [year - 1, year, year + 1]) {
    if (!holdsIn(rule, holding)) continue;
    const day = (rule.church === 'orthodox' ? orthodoxEaster(holding) : westernEaster(holding)) + rule.days;
    if (yearOf(day) === year) found.set(day, [{ kind: 'holiday', name: rule.name }]);
  }
  return found;
}

function holdsIn({ from, to, except }: { from?: number | undefined; to?: number | undefined; except?: number[] | undefined }, year: number): boolean {
  return year >= (from ?? year) && year <= (to ?? year) && !except?.includes(year);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

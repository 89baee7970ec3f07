// Days given instead of a holiday on a weekend, as in the United Kingdom: the next weekday that is no day off already.
import type { CalendarRule, DayOff } from '@tidewheel/contract/calendar';
import { yearOf } from './day-number.ts';
import { isWeekend, occurrence } from './own-rules.ts';

interface Substitutes {
  /** Those that are moved to the next free weekday. */
  moving: readonly Extract<CalendarRule, { kind: 'fixed' }>[];
  year: number;
  /** All days off besides the substitutes. */
  base: (year: number) => ReadonlyMap<number, unknown>;
}

export function substitutesOf({ moving, year, base }: Substitutes): (readonly [number, DayOff])[] {
  const taken = new Map<number, DayOff>();
  const falling = [year - 1, year].flatMap((of) => moving.flatMap((rule) => ({ day: occurrence(rule, of), name: rule.name })));
  for (const { day, name } of falling.sort((a, b) => (a.day ?? 0) - (b.day ?? 0))) {
    if (day === null || !isWeekend(day)) continue;
    const free = freeAfter(day, (at) => taken.has(at) || base(yearOf(at)).has(at));
    if (free !== null) taken.set(free, { kind: 'holiday', name: `${name} (substitute day)` });
  }
  return [...taken].filter(([day]) => yearOf(day) === year);
}

/** Within a month: where everything is off there is no day to give. */
function freeAfter(day: number, isTaken: (day: number) => boolean): number | null {
  for (let at = day + 1; at <= day + 31; at++) if (!isWeekend(at) && !isTaken(at)) return at;
  return null;
}

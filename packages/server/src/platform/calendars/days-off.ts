// From the rules of a calendar to its days off, year by year. Every part of the tree is a set of days with their reasons.
import type { CalendarDefinition, CalendarRule, DayOff } from '@tidewheel/contract/calendar';
import { countryDays, weekendOf } from './country-holidays.ts';
import { firstDayOf, toDay, yearOf } from './day-number.ts';
import { easterDays, fixedDays, nthWeekdayDays, weekendDays } from './own-rules.ts';
import { substitutesOf } from './substitutes.ts';

export type DayMap = ReadonlyMap<number, readonly DayOff[]>;

export interface DaysOff {
  days(year: number): DayMap;
  /** Why it does not know that year; null when it does. */
  unknownYear(year: number): string | null;
}

/** `calendar` finds the days off of another calendar, and refuses circles. */
export function daysOffOf(definition: CalendarDefinition, calendar: (name: string) => DaysOff): DaysOff {
  const all = unionOf(definition.rules, calendar);
  const { from, to } = definition.years ?? {};
  return {
    days: all.days,
    unknownYear(year) {
      if (from !== undefined && year < from) return `it is known from ${from} on`;
      if (to !== undefined && year > to) return `it is known until ${to}`;
      return all.unknownYear(year);
    },
  };
}

function partOf(rule: CalendarRule, calendar: (name: string) => DaysOff): DaysOff {
  switch (rule.kind) {
    case 'weekend':
      return always((year) => weekendDays(rule.days, year));
    case 'countryWeekend':
      return always((year) => weekendDays(weekendOf(rule.country), year));
    case 'country':
      return always((year) => countryDays(rule, year));
    case 'fixed':
      return always((year) => fixedDays(rule, year));
    case 'nthWeekday':
      return always((year) => nthWeekdayDays(rule, year));
    case 'easter':
      return always((year) => easterDays(rule, year));
    case 'dates':
      return listed(rule.dates.map(({ date, name }) => [toDay(date), { kind: 'holiday', name }]));
    case 'blackout':
      return always((year) => blackoutDays({ from: toDay(rule.from), to: toDay(rule.to), reason: rule.reason }, year));
    case 'calendar':
      return namedPart(rule.calendar, calendar(rule.calendar));
    case 'union':
      return unionOf(rule.of, calendar);
    case 'intersection':
      return intersectionOf(rule.of.map((inner) => partOf(inner, calendar)));
    case 'minus':
      return minusOf(
        partOf(rule.from, calendar),
        rule.without.map((inner) => partOf(inner, calendar)),
      );
    case 'shift':
      return shiftedBy(rule.days, partOf(rule.rule, calendar));
  }
}

function always(days: (year: number) => DayMap): DaysOff {
  return { days: remembered(days), unknownYear: () => null };
}

function remembered(days: (year: number) => DayMap): (year: number) => DayMap {
  const known = new Map<number, DayMap>();
  return (year) => {
    const found = known.get(year) ?? days(year);
    known.set(year, found);
    return found;
  };
}

function listed(entries: readonly (readonly [number, DayOff])[]): DaysOff {
  const byYear = Map.groupBy(entries, ([day]) => yearOf(day));
  return always((year) => collected(byYear.get(year) ?? []));
}

function blackoutDays({ from, to, reason }: { from: number; to: number; reason: string }, year: number): DayMap {
  const last = Math.min(to, firstDayOf(year + 1) - 1);
  const entries: [number, DayOff][] = [];
  for (let day = Math.max(from, firstDayOf(year)); day <= last; day++) entries.push([day, { kind: 'blackout', name: reason }]);
  return collected(entries);
}

function namedPart(name: string, { days, unknownYear }: DaysOff): DaysOff {
  return {
    days,
    unknownYear(year) {
      const reason = unknownYear(year);
      return reason === null ? null : `of "${name}", which it is made of, ${reason}`;
    },
  };
}

/** Reasons of the same day stand side by side, each once. */
export function collected(entries: Iterable<readonly [number, DayOff]>): DayMap {
  const all = new Map<number, DayOff[]>();
  for (const [day, off] of entries) {
    const there = all.get(day);
    if (!there) all.set(day, [off]);
    else if (!there.some(({ kind, name }) => kind === off.kind && name === off.name)) there.push(off);
  }
  for (const reasons of all.values()) if (reasons.length > 1) reasons.sort((a, b) => weightOf(a) - weightOf(b));
  return all;
}

/** What people want to be told first. */
function weightOf({ kind }: DayOff): number {
  return { blackout: 0, holiday: 1, weekend: 2 }[kind];
}

function* entriesOf(map: DayMap): Generator<readonly [number, DayOff]> {
  for (const [day, reasons] of map) for (const off of reasons) yield [day, off];
}

function unionOf(rules: readonly CalendarRule[], calendar: (name: string) => DaysOff): DaysOff {
  const parts = rules.map((rule) => partOf(rule, calendar));
  const base = remembered((year) => collected(parts.flatMap((part) => [...entriesOf(part.days(year))])));
  const moving = rules.filter((rule) => rule.kind === 'fixed' && rule.observed === 'nextWeekday') as Extract<CalendarRule, { kind: 'fixed' }>[];
  const days = moving.length === 0 ? base : remembered((year) => collected([...entriesOf(base(year)), ...substitutesOf({ moving, year, base })]));
  return { days, unknownYear: firstUnknown(parts) };
}

function intersectionOf(parts: readonly DaysOff[]): DaysOff {
  const days = remembered((year) => {
    const maps = parts.map((part) => part.days(year));
    const common = [...(maps[0]?.keys() ?? [])].filter((day) => maps.every((map) => map.has(day)));
    return collected(common.flatMap((day) => maps.flatMap((map) => (map.get(day) ?? []).map((off) => [day, off] as const))));
  });
  return { days, unknownYear: firstUnknown(parts) };
}

function minusOf(from: DaysOff, without: readonly DaysOff[]): DaysOff {
  const days = remembered((year) => {
    const excepted = without.map((part) => part.days(year));
    return new Map([...from.days(year)].filter(([day]) => !excepted.some((map) => map.has(day))));
  });
  return { days, unknownYear: firstUnknown([from, ...without]) };
}

function shiftedBy(distance: number, part: DaysOff): DaysOff {
  const sign = distance < 0 ? '-' : '+';
  const renamed = ({ kind, name }: DayOff): DayOff => ({ kind, name: `${name} ${sign}${Math.abs(distance)}` });
  const days = remembered((year) => {
    const [first, last] = [firstDayOf(year), firstDayOf(year + 1) - 1];
    const entries: [number, DayOff][] = [];
    for (let from = yearOf(first - distance); from <= yearOf(last - distance); from++)
      for (const [day, off] of entriesOf(part.days(from))) if (day + distance >= first && day + distance <= last) entries.push([day + distance, renamed(off)]);
    return collected(entries);
  });
  return { days, unknownYear: part.unknownYear };
}

function firstUnknown(parts: readonly DaysOff[]): DaysOff['unknownYear'] {
  return (year) => {
    for (const part of parts) {
      const reason = part.unknownYear(year);
      if (reason !== null) return reason;
    }
    return null;
  };
}

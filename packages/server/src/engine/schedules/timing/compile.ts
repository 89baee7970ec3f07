// A timing with its rules read and its calendars at hand.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { ScheduleRule, ScheduleTiming } from '@tidewheel/contract/schedule';
import type { BusinessDays } from '../../../platform/calendars/business-days.ts';
import { type ClosedDays, closedDays } from './closed-days.ts';
import { type RuleTimes, ruleTimes } from './rule-times.ts';
import { toDay } from './wall.ts';
import { type DayRange, windowRanges } from './windows.ts';
import { ruleWords } from './words.ts';

export type Calendars = ReadonlyMap<string, BusinessDays>;

export interface CompiledRule {
  place: number;
  /** Said only to people: finding them costs more than firing. */
  words(): string;
  times: RuleTimes;
}
export interface IntervalRule {
  place: number;
  words(): string;
  everyMs: number;
  /** Wall time from which it counts. */
  from: string;
}

export interface CompiledTiming {
  timeZone: string;
  policies: ScheduleTiming['policies'];
  rules: CompiledRule[];
  intervals: IntervalRule[];
  closed: ClosedDays;
  /** Whether it may fire at all on the date. */
  isValid(day: number): boolean;
  /** The times between which it may fire on the date. */
  ranges(day: number): DayRange[];
  /** As it was given, for what explains it. */
  timing: ScheduleTiming;
}

/** @throws InvalidInput naming the rule that cannot be read or the calendar that is not there */
export function compileTiming(timing: ScheduleTiming, calendars: Calendars): CompiledTiming {
  const named = (name: string): BusinessDays => {
    const found = calendars.get(name);
    if (found) return found;
    throw new InvalidInput('schedule.calendar', `There is no calendar "${name}".`, { hint: 'See the list of calendars for the names that exist.' });
  };
  const businessDays = (name: string | undefined): BusinessDays => {
    const meant = name ?? timing.calendar;
    if (meant !== null) return named(meant);
    throw new InvalidInput('schedule.no_calendar', 'The rule counts business days, and no calendar says which days those are.', {
      hint: 'Choose a calendar for the rule or for the schedule.',
    });
  };
  const [from, to] = [timing.from === null ? -Infinity : toDay(timing.from), timing.to === null ? Infinity : toDay(timing.to)];
  const rules: CompiledRule[] = [];
  const intervals: IntervalRule[] = [];
  for (const [place, rule] of timing.rules.entries()) {
    const words = () => ruleWords(rule, timing.calendar);
    if (rule.kind === 'interval') intervals.push({ place, words, everyMs: rule.every * unitMs(rule), from: rule.from });
    else rules.push({ place, words, times: ruleTimes(rule, { timeZone: timing.timeZone, businessDays }) });
  }
  return {
    timeZone: timing.timeZone,
    policies: timing.policies,
    rules,
    intervals,
    closed: closedDays(timing, named),
    isValid: (day) => day >= from && day <= to,
    ranges: windowRanges(timing.windows),
    timing,
  };
}

function unitMs({ unit }: Extract<ScheduleRule, { kind: 'interval' }>): number {
  return { seconds: 1_000, minutes: 60_000, hours: 3_600_000 }[unit];
}

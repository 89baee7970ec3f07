// What one rule names on one date: times of the day, before anything is said of days that are off, windows and clocks.
import type { ScheduleRule } from '@tidewheel/contract/schedule';
import type { BusinessDays } from '../../../platform/calendars/business-days.ts';
import { cronTimes } from './cron-times.ts';
import { periodEnds } from './periods.ts';
import { recurrenceTimes } from './recurrence-times.ts';
import { secondsOf, toDate, weekdayName } from './wall.ts';

export interface RuleTimes {
  /** Times on the date within [from, to) seconds, ascending. */
  times(day: number, within: { from: number; to: number }): Iterable<number>;
  /** The date that a run of this day is about, when that is another one. */
  businessDate?(day: number): string | null;
  /** Why it names nothing on the date. */
  whyNot(day: number): string;
}

export interface RuleContext {
  timeZone: string;
  /** Business days of a calendar by name. */
  businessDays(name: string | undefined): BusinessDays;
}

type WallRule = Exclude<ScheduleRule, { kind: 'interval' }>;

/** @throws InvalidInput when the rule cannot be read, or names a calendar that is not there */
export function ruleTimes(rule: WallRule, context: RuleContext): RuleTimes {
  switch (rule.kind) {
    case 'cron':
      return cronTimes(rule.expression);
    case 'rrule':
      return recurrenceTimes({ ...rule, timeZone: context.timeZone });
    case 'businessDays':
      return businessDayTimes(rule, context);
    case 'nthBusinessDay':
      return nthTimes(rule, context);
    case 'afterPeriod':
      return afterPeriodTimes(rule, context);
  }
}

function fixed(at: string[]): (within: { from: number; to: number }) => number[] {
  const times = [...new Set(at.map(secondsOf))].sort((a, b) => a - b);
  return ({ from, to }) => times.filter((time) => time >= from && time < to);
}

function businessDayTimes(rule: Extract<ScheduleRule, { kind: 'businessDays' }>, { businessDays }: RuleContext): RuleTimes {
  const days = businessDays(rule.calendar);
  const times = fixed(rule.at);
  const isNamed = (day: number) => rule.weekdays === undefined || rule.weekdays.includes(weekdayName(day));
  return {
    times: (day, within) => (isNamed(day) && days.isBusinessDay(toDate(day)) ? times(within) : []),
    whyNot: (day) => (isNamed(day) ? `it is no business day: ${days.why(toDate(day))}` : `it is a ${weekdayName(day)}`),
  };
}

function nthTimes(rule: Extract<ScheduleRule, { kind: 'nthBusinessDay' }>, { businessDays }: RuleContext): RuleTimes {
  const days = businessDays(rule.calendar);
  const times = fixed(rule.at);
  const byMonth = new Map<string, string | null>();
  const nthOf = (month: string) => {
    if (rule.months !== undefined && !rule.months.includes(Number(month.slice(5)))) return null;
    const known = byMonth.get(month);
    if (known !== undefined) return known;
    const found = days.nthOfMonth(month, rule.nth);
    byMonth.set(month, found);
    return found;
  };
  return {
    times: (day, within) => (nthOf(toDate(day).slice(0, 7)) === toDate(day) ? times(within) : []),
    whyNot: (day) => {
      const found = nthOf(toDate(day).slice(0, 7));
      if (found !== null) return `in that month the day is ${found}`;
      return rule.months?.includes(Number(toDate(day).slice(5, 7))) === false ? 'not in that month' : 'that month has fewer business days';
    },
  };
}

function afterPeriodTimes(rule: Extract<ScheduleRule, { kind: 'afterPeriod' }>, { businessDays }: RuleContext): RuleTimes {
  const days = businessDays(rule.calendar);
  const times = fixed(rule.at);
  const { endAt } = periodEnds({ period: rule.period, offset: rule.days, days });
  return {
    times: (day, within) => (endAt(day) === null ? [] : times(within)),
    businessDate: endAt,
    whyNot: () => `it is not ${Math.abs(rule.days)} business days ${rule.days < 0 ? 'before' : 'after'} the end of a ${rule.period}`,
  };
}

// T+n: which date lies so many business days after the last business day of a period.
import type { ScheduleRule } from '@tidewheel/contract/schedule';
import type { BusinessDays } from '../../../platform/calendars/business-days.ts';
import { toDate, toDay } from './wall.ts';

type Period = Extract<ScheduleRule, { kind: 'afterPeriod' }>['period'];

export interface PeriodEnds {
  /** The last business day of the period for whose end this date is T+n; null when it is none's. */
  endAt(day: number): string | null;
}

export function periodEnds({ period, offset, days }: { period: Period; offset: number; days: BusinessDays }): PeriodEnds {
  return {
    endAt: (day) => {
      const date = toDate(day);
      if (!days.isBusinessDay(date)) return null;
      // The business day from which so many lead here: it ends its period when the next one lies in another.
      const end = shifted(days, { date, by: -offset });
      return periodOf(period, end) === periodOf(period, days.next(end)) ? null : end;
    },
  };
}

function shifted(days: BusinessDays, { date, by }: { date: string; by: number }): string {
  return by === 0 ? date : days.add(date, by);
}

/** A name that all dates of one period share. */
function periodOf(period: Period, date: string): string {
  switch (period) {
    case 'day':
      return date;
    case 'week':
      return String(Math.floor((toDay(date) + 3) / 7));
    case 'month':
      return date.slice(0, 7);
    case 'quarter':
      return `${date.slice(0, 4)} ${Math.floor((Number(date.slice(5, 7)) - 1) / 3)}`;
    case 'year':
      return date.slice(0, 4);
  }
}

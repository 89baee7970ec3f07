// Dates as days since 1970-01-01, so that they can be counted.
import { InvalidInput } from '@tidewheel/contract/errors';

const dayMs = 86_400_000;

/** @throws InvalidInput `calendar.date` when there is no such date */
export function toDay(date: string): number {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) / dayMs : Number.NaN;
  if (Number.isNaN(day) || toDate(day) !== date || date < '0001')
    throw new InvalidInput('calendar.date', `There is no date "${date.slice(0, 40)}".`, { hint: 'Write dates as YYYY-MM-DD.' });
  return day;
}

export function toDate(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

export function yearOf(day: number): number {
  return new Date(day * dayMs).getUTCFullYear();
}

export function firstDayOf(year: number): number {
  return Date.UTC(year, 0, 1) / dayMs;
}

export function dayOf({ year, month, day }: { year: number; month: number; day: number }): number {
  return Date.UTC(year, month - 1, day) / dayMs;
}

/** 0 is Monday. 1970-01-01 was a Thursday. */
export function weekdayNumber(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

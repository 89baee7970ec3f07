// Pure: the dates of a range.
import { InvalidInput } from '@tidewheel/contract/errors';
import { type BackfillRange, mostOfBackfill } from '@tidewheel/contract/routes/backfills';

const dayMs = 86_400_000;

/** @throws InvalidInput `backfill.range` for one that ends before it begins, or has too many dates */
export function datesOf({ from, to, every }: Pick<BackfillRange, 'from' | 'to' | 'every'>): string[] {
  if (to < from) throw new InvalidInput('backfill.range', `The range ends on ${to}, before it begins on ${from}.`, { hint: 'Give the earlier date first.' });
  const dates: string[] = [];
  for (let step = 0; ; step++) {
    const date = every === 'month' ? monthsAfter(from, step) : daysAfter(from, every === 'week' ? step * 7 : step);
    if (date > to) return dates;
    if (every !== 'weekday' || isWeekday(date)) dates.push(date);
    if (dates.length > mostOfBackfill)
      throw new InvalidInput('backfill.range', `From ${from} to ${to} there are more than ${mostOfBackfill} dates.`, { hint: 'Do a part of it first.' });
  }
}

function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The same day of a later month, or the last one that it has. */
function monthsAfter(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10);
}

function isWeekday(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return day >= 1 && day <= 5;
}

// The times of the day between which a schedule may fire.
import type { ScheduleWindow } from '@tidewheel/contract/schedule';
import { secondsOf, weekdayName } from './wall.ts';

/** Seconds of a day, half open. */
export interface DayRange {
  from: number;
  to: number;
}
const wholeDay = 86_400;

/** By date, in order and apart. Without windows it is the whole day. A window over midnight belongs to the day on which it begins. */
export function windowRanges(windows: readonly ScheduleWindow[]): (day: number) => DayRange[] {
  if (windows.length === 0) return () => [{ from: 0, to: wholeDay }];
  const all = windows.map(({ from, to, weekdays }) => ({
    from: secondsOf(from),
    to: secondsOf(to),
    isOn: (day: number) => weekdays === undefined || weekdays.includes(weekdayName(day)),
  }));
  return (day) =>
    apart(
      all.flatMap(({ from, to, isOn }) => {
        if (from < to) return isOn(day) ? [{ from, to }] : [];
        return [...(isOn(day - 1) ? [{ from: 0, to }] : []), ...(isOn(day) ? [{ from, to: wholeDay }] : [])];
      }),
    );
}

export function isWithin(ranges: readonly DayRange[], second: number): boolean {
  return ranges.some(({ from, to }) => second >= from && second < to);
}

export function intersection(ranges: readonly DayRange[], within: DayRange): DayRange[] {
  return ranges.map(({ from, to }) => ({ from: Math.max(from, within.from), to: Math.min(to, within.to) })).filter(({ from, to }) => from < to);
}

function apart(ranges: DayRange[]): DayRange[] {
  const found: DayRange[] = [];
  for (const range of ranges.sort((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else found.push({ ...range });
  }
  return found;
}

// Easter Sunday: the western one by Gauss's rule as Meeus and Butcher wrote it down, the orthodox one by Meeus's for the Julian calendar, moved to the Gregorian one.
import { dayOf } from './day-number.ts';

export function westernEaster(year: number): number {
  const a = year % 19;
  const century = Math.floor(year / 100);
  const rest = year % 100;
  const correction = Math.floor((8 * century + 13) / 25);
  const h = (19 * a + century - Math.floor(century / 4) - correction + 15) % 30;
  const l = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - h - (rest % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return dayOf({ year, month: Math.floor(sum / 31), day: (sum % 31) + 1 });
}

export function orthodoxEaster(year: number): number {
  const d = (19 * (year % 19) + 15) % 30;
  const e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
  const sum = d + e + 114;
  const julianGap = Math.floor(year / 100) - Math.floor(year / 400) - 2;
  return dayOf({ year, month: Math.floor(sum / 31), day: (sum % 31) + 1 }) + julianGap;
}

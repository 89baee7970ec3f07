// Public holidays and weekends of countries: date-holidays (its data CC BY 3.0, named in docs/calendars.md) and Unicode CLDR.
import type { DayOff, Weekday } from '@tidewheel/contract/calendar';
import { weekdays } from '@tidewheel/contract/calendar-limits';
import { InvalidInput } from '@tidewheel/contract/errors';
import Holidays from 'date-holidays';
import { closest } from '../../base/text.ts';
import { toDay, yearOf } from './day-number.ts';

export interface CountryHolidays {
  country: string;
  region?: string | undefined;
  bank?: boolean | undefined;
}

/** A year of a country costs up to 70 ms (moons); it is the same for everybody. */
const years = new Map<string, ReadonlyMap<number, readonly DayOff[]>>();
const mostYears = 5_000;
const shelves = new Map<string, Holidays>();

export function countryDays(which: CountryHolidays, year: number): ReadonlyMap<number, readonly DayOff[]> {
  const key = `${which.country} ${which.region ?? ''} ${which.bank ?? false} ${year}`;
  const known = years.get(key);
  if (known) return known;
  const found = collect(which, year);
  if (years.size >= mostYears) years.clear();
  years.set(key, found);
  return found;
}

/** Days that begin at midnight only: an afternoon off is a business day still. */
function collect(which: CountryHolidays, year: number): ReadonlyMap<number, readonly DayOff[]> {
  const found = new Map<number, DayOff[]>();
  for (const { date, start, end, name, type } of shelfOf(which).getHolidays(year, 'en')) {
    if (!(type === 'public' || (type === 'bank' && which.bank)) || !date.slice(11).startsWith('00:00')) continue;
    const first = toDay(date.slice(0, 10));
    const length = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000));
    for (let day = first; day < first + length; day++) {
      if (yearOf(day) !== year) continue;
      const there = found.get(day) ?? [];
      if (!there.some((off) => off.name === name)) found.set(day, [...there, { kind: 'holiday', name }]);
    }
  }
  return found;
}

function shelfOf({ country, region }: CountryHolidays): Holidays {
  const key = `${country} ${region ?? ''}`;
  const known = shelves.get(key);
  if (known) return known;
  const made = region === undefined ? new Holidays(country) : new Holidays(country, region);
  made.setLanguages('en');
  shelves.set(key, made);
  return made;
}

export interface CountryInfo {
  country: string;
  title: string;
  regions: { region: string; title: string }[];
  weekend: Weekday[];
}

let countries: CountryInfo[] | undefined;

/** All that date-holidays knows, by name. */
export function listCountries(): CountryInfo[] {
  countries ??= Object.entries(new Holidays().getCountries('en'))
    .map(([country, title]) => ({ country, title, regions: regionsOf(country), weekend: weekendOf(country) }))
    .sort((a, b) => a.title.localeCompare(b.title, 'en'));
  return countries;
}

function regionsOf(country: string): CountryInfo['regions'] {
  const regions: Record<string, string> = new Holidays().getStates(country, 'en') ?? {};
  return Object.entries(regions).map(([region, title]) => ({ region, title }));
}

/** @throws InvalidInput `calendar.country`, `calendar.region` */
export function requireCountry({ country, region }: Pick<CountryHolidays, 'country' | 'region'>): void {
  const found = listCountries().find((one) => one.country === country);
  if (!found) {
    const slip = closest(
      country,
      listCountries().map((one) => one.country),
    );
    throw new InvalidInput('calendar.country', `The holidays of "${country}" are not known${slip ? `; did you mean "${slip}"?` : '.'}`, {
      hint: 'Give its days as rules of your own, or import them.',
    });
  }
  if (region === undefined || found.regions.some((one) => one.region === region)) return;
  const hint = found.regions.length === 0 ? 'It has none.' : `It has ${found.regions.map((one) => one.region).join(', ')}.`;
  throw new InvalidInput('calendar.region', `${found.title} has no region "${region}".`, { hint });
}

export function weekendOf(country: string): Weekday[] {
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getWeekInfo(): { weekend: number[] } };
  return locale.getWeekInfo().weekend.map((number) => weekdays[number - 1] as Weekday);
}

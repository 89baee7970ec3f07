import { describe, expect, it } from 'vitest';
import { CalendarBook } from './book.ts';
import { builtInCalendars } from './built-in.ts';
import { toDate } from './day-number.ts';
import { westernEaster } from './easter.ts';

const book = new CalendarBook(new Map());

/** Days off on weekdays, as the markets publish them. */
function holidays(name: string, year: number): string[] {
  return [...book.find(name).daysOff(year)].flatMap(([date, reasons]) => (reasons.some(({ kind }) => kind === 'weekend') ? [] : [date.slice(5)]));
}

/** As published by the European Central Bank, ICE, the Federal Reserve, OPM and gov.uk. */
const published: Record<string, Record<number, string>> = {
  TARGET: {
    2022: '04-15 04-18 12-26',
    2023: '04-07 04-10 05-01 12-25 12-26',
    2024: '01-01 03-29 04-01 05-01 12-25 12-26',
    2025: '01-01 04-18 04-21 05-01 12-25 12-26',
    2026: '01-01 04-03 04-06 05-01 12-25',
    2027: '01-01 03-26 03-29',
  },
  NYSE: {
    2021: '01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24',
    2022: '01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26',
    2023: '01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25',
    2024: '01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25',
    2025: '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25',
    2026: '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25',
    2027: '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24',
  },
  US: {
    2021: '01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31',
    2025: '01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25',
    2026: '01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25',
    2027: '01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31',
  },
  FEDWIRE: {
    2026: '01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25',
    2027: '01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25',
  },
  UK: {
    2010: '01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28',
    2011: '01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27',
    2012: '01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26',
    2020: '01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28',
    2021: '01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28',
    2022: '01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27',
    2023: '01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26',
    2025: '01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26',
    2026: '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28',
    2027: '01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28',
  },
};

describe('built-in calendars', () => {
  const years = Object.entries(published).flatMap(([name, tables]) => Object.entries(tables).map(([year, days]) => [name, Number(year), days] as const));
  it.each(years)('%s in %i', (name, year, days) => expect(holidays(name, year).join(' ')).toBe(days));

  it("New Year's Day 2022, a Saturday, closed the federal offices on the Friday before and left the stock exchange open", () => {
    expect(book.find('US').why('2021-12-31')).toBe("New Year's Day (observed)");
    expect(book.find('NYSE').isBusinessDay('2021-12-31')).toBe(true);
  });
  it('Juneteenth is kept by the stock exchange from 2022 on', () => {
    expect(book.find('NYSE').isBusinessDay('2021-06-18')).toBe(true);
    expect(book.find('NYSE').why('2022-06-20')).toBe('Juneteenth National Independence Day (observed)');
  });
  it('each can be asked about each of its years', () => {
    for (const { slug, definition } of builtInCalendars.values())
      for (let year = definition.years?.from ?? 1900; year <= 2199; year += 7) expect(book.find(slug).daysOff(year).size).toBeGreaterThan(100);
  });
  it('the London Stock Exchange and Euronext keep the days of their countries', () => {
    for (const year of [2024, 2026, 2030]) {
      expect(holidays('LSE', year)).toEqual(holidays('UK', year));
      expect(holidays('EURONEXT', year)).toEqual(holidays('TARGET', year));
    }
  });
  it('Easter falls on its earliest and latest days in the years known for it', () => {
    expect([1943, 1961, 2000, 2008, 2038, 2049].map((year) => toDate(westernEaster(year)))).toEqual([
      '1943-04-25',
      '1961-04-02',
      '2000-04-23',
      '2008-03-23',
      '2038-04-25',
      '2049-04-18',
    ]);
  });
});

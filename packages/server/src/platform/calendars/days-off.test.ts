import type { CalendarDefinition, CalendarRule } from '@tidewheel/contract/calendar';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalendarBook } from './book.ts';
import { listCountries, requireCountry } from './country-holidays.ts';

function days(rules: CalendarRule[], others: Record<string, CalendarDefinition> = {}) {
  return new CalendarBook(new Map(Object.entries({ ...others, own: { rules } }))).find('own');
}
const dates = (...list: string[]): CalendarRule => ({ kind: 'dates', dates: list.map((date) => ({ date, name: date })) });
const off = (rules: CalendarRule[], year = 2026) => [...days(rules).daysOff(year).keys()];

describe('rules', () => {
  it('29 February is a day off in leap years only', () => {
    const leap: CalendarRule = { kind: 'fixed', name: 'Leap day', month: 2, day: 29, observed: 'nextWeekday' };
    expect(off([leap], 2027)).toEqual([]);
    expect(off([leap], 2028)).toEqual(['2028-02-29']);
    expect(off([leap], 2032)).toEqual(['2032-02-29', '2032-03-01']);
    expect(off([leap], 2100)).toEqual([]);
  });
  it('the fifth Monday is there in some months only, the last one always', () => {
    const fifth = (nth: number): CalendarRule => ({ kind: 'nthWeekday', name: 'Monday', month: 6, weekday: 'monday', nth });
    expect(off([fifth(5)], 2026)).toEqual(['2026-06-29']);
    expect(off([fifth(5)], 2027)).toEqual([]);
    expect(off([fifth(-1)], 2027)).toEqual(['2027-06-28']);
    expect(off([fifth(-5)], 2026)).toEqual(['2026-06-01']);
  });
  it('a rule holds in its years', () => {
    const rule: CalendarRule = { kind: 'fixed', name: 'Day', month: 6, day: 1, from: 2025, to: 2028, except: [2027] };
    expect([2024, 2025, 2026, 2027, 2028, 2029].filter((year) => off([rule], year).length > 0)).toEqual([2025, 2026, 2028]);
  });
  it('orthodox Easter', () => {
    const easter = (year: number) => off([{ kind: 'easter', name: 'Pascha', days: 0, church: 'orthodox' }], year)[0];
    expect([2023, 2024, 2025, 2026].map(easter)).toEqual(['2023-04-16', '2024-05-05', '2025-04-20', '2026-04-12']);
  });
  it('a substitute goes past the days off that are there, also over the end of the year', () => {
    const eve: CalendarRule = { kind: 'fixed', name: 'Eve', month: 12, day: 31, observed: 'nextWeekday' };
    expect(off([eve, dates('2023-01-02', '2023-01-03')], 2023)).toEqual(['2023-01-02', '2023-01-03', '2023-01-04', '2023-12-31']);
  });
  it('overlapping blackouts both say why', () => {
    const rules: CalendarRule[] = [
      { kind: 'blackout', from: '2025-12-20', to: '2026-01-05', reason: 'year end' },
      { kind: 'blackout', from: '2026-01-04', to: '2026-01-06', reason: 'move' },
    ];
    expect(days(rules).why('2026-01-04')).toBe('blackout: year end, blackout: move');
    expect(off(rules)).toHaveLength(6);
  });
});

describe('combinations', () => {
  const a = fc.subarray(['2026-03-01', '2026-03-02', '2026-03-03', '2026-12-31']);
  it('are those of sets', () => {
    fc.assert(
      fc.property(a, a, a, (one, two, three) => {
        const [x, y, z] = [dates(...one), dates(...two), dates(...three)];
        const sorted = (list: Iterable<string>) => [...new Set(list)].sort();
        expect(off([{ kind: 'union', of: [x, y] }])).toEqual(sorted([...one, ...two]));
        expect(off([{ kind: 'intersection', of: [x, y] }])).toEqual(sorted(one.filter((day) => two.includes(day))));
        expect(off([{ kind: 'minus', from: x, without: [y, z] }])).toEqual(sorted(one.filter((day) => !two.includes(day) && !three.includes(day))));
      }),
    );
  });
  it('shifting there and back changes nothing, over the ends of years', () => {
    fc.assert(
      fc.property(fc.integer({ min: -366, max: 366 }), fc.integer({ min: 2003, max: 2050 }), (distance, year) => {
        const nyse: CalendarRule = { kind: 'calendar', calendar: 'NYSE' };
        const there = days([{ kind: 'shift', days: -distance, rule: { kind: 'shift', days: distance, rule: nyse } }]).daysOff(year);
        expect([...there.keys()]).toEqual([...days([nyse]).daysOff(year).keys()]);
      }),
      { numRuns: 50 },
    );
  });
  it('a working Saturday is a weekend without it', () => {
    const rules: CalendarRule[] = [{ kind: 'minus', from: { kind: 'weekend', days: ['saturday', 'sunday'] }, without: [dates('2026-02-14')] }];
    expect(days(rules).isBusinessDay('2026-02-14')).toBe(true);
    expect(days(rules).why('2026-02-15')).toBe('Sunday');
  });
  it('a year that one part does not know is not known to the whole, which says so', () => {
    const short = { own: { rules: [] }, short: { rules: [], years: { from: 2025, to: 2026 } } };
    const whole = days([{ kind: 'calendar', calendar: 'short' }], short);
    expect(whole.isBusinessDay('2026-12-31')).toBe(true);
    expect(() => whole.next('2026-12-31')).toThrowError(/of "short", which it is made of, it is known until 2026/);
  });
  it('circles are refused by name, and towers too', () => {
    const ring = { a: { rules: [{ kind: 'calendar', calendar: 'b' }] }, b: { rules: [{ kind: 'calendar', calendar: 'own' }] } } as Record<
      string,
      CalendarDefinition
    >;
    expect(() => days([{ kind: 'calendar', calendar: 'a' }], ring)).toThrowError(/own -> a -> b -> own/);
    const tower = Object.fromEntries(
      Array.from({ length: 50 }, (_, level) => [`level-${level}`, { rules: [{ kind: 'calendar', calendar: level === 49 ? 'TARGET' : `level-${level + 1}` }] }]),
    ) as Record<string, CalendarDefinition>;
    expect(() => days([{ kind: 'calendar', calendar: 'level-0' }], tower)).toThrowError(expect.objectContaining({ code: 'calendar.too_deep' }));
  });
  it('what is not there is named with what comes closest', () => {
    expect(() => days([{ kind: 'calendar', calendar: 'target' }])).toThrowError(/did you mean "TARGET"/);
    expect(() => days([{ kind: 'calendar', calendar: 'NYS' }])).toThrowError(/did you mean "NYSE"/);
  });
});

describe('countries', () => {
  it('have their holidays and weekends', () => {
    const saudi = days([
      { kind: 'countryWeekend', country: 'SA' },
      { kind: 'country', country: 'DE', region: 'BY' },
    ]);
    expect(saudi.why('2026-02-13')).toBe('Friday');
    expect(saudi.why('2026-06-04')).toBe('Corpus Christi');
    expect(days([{ kind: 'country', country: 'DE' }]).isBusinessDay('2026-06-04')).toBe(true);
    expect(days([{ kind: 'countryWeekend', country: 'PK' }]).why('2026-02-14')).toBe('Saturday');
  });
  it('each of them can be asked, in years at both ends', () => {
    for (const { country } of listCountries())
      for (const year of [1900, 2026, 2199]) expect(() => days([{ kind: 'country', country }]).daysOff(year)).not.toThrow();
  });
  it('afternoons off are business days, holidays of several days are all of them', () => {
    expect(days([{ kind: 'country', country: 'DE', bank: true }]).isBusinessDay('2026-12-24')).toBe(true);
    const eid = off([{ kind: 'country', country: 'SA' }]).filter((date) => date.startsWith('2026-03'));
    expect(eid).toEqual(['2026-03-19', '2026-03-20', '2026-03-21', '2026-03-22']);
  });
  it('unknown ones are refused', () => {
    expect(() => requireCountry({ country: 'XX' })).toThrowError(expect.objectContaining({ code: 'calendar.country' }));
    expect(() => requireCountry({ country: 'DE', region: 'XX' })).toThrowError(expect.objectContaining({ code: 'calendar.region' }));
  });
});

import { describe, expect, it } from 'vitest';
import { toCsv, toIcs } from './export.ts';
import { importCsv } from './import-csv.ts';
import { importIcs } from './import-ics.ts';

const range = { from: 2025, to: 2027 };
const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT'].join('\r\n');
const calendar = (...events: string[]) => ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events, 'END:VCALENDAR', ''].join('\r\n');
const dates = async (...lines: string[]) => (await importIcs(calendar(event(...lines)), range)).dates.map(({ date }) => date);

describe('CSV', () => {
  it.each([
    ['commas', 'date,name\n2026-12-25,Christmas\n2026-01-01,New Year\n'],
    ['a byte order mark, semicolons and CRLF', '\uFEFFDatum;Name\r\n25.12.2026;Christmas\r\n1.1.2026;New Year\r\n'],
    ['tabs without a head', '20261225\tChristmas\n20260101\tNew Year'],
    ['pipes and columns the other way round', 'holiday|date\nChristmas|2026-12-25\nNew Year|2026-01-01'],
    ['quotes', '"2026-12-25","Christmas"\n"2026-01-01","New\nYear"'],
  ])('with %s', (_, text) => {
    expect(importCsv(text)).toEqual({
      dates: [
        { date: '2026-01-01', name: 'New Year' },
        { date: '2026-12-25', name: 'Christmas' },
      ],
      faults: [],
      faultCount: 0,
    });
  });
  it('names the lines that it leaves out, and keeps the others', () => {
    const { dates: found, faults } = importCsv('date,name\n2026-02-30,No\n03/04/2026,Which\n,Nothing\n1066-10-14,Hastings\n2026-05-01,\n2026-05-01,May\n');
    expect(found).toEqual([{ date: '2026-05-01', name: 'Holiday, May' }]);
    expect(faults).toEqual([
      { line: 2, message: 'there is no 2026-02-30 in the calendar' },
      { line: 3, message: '"03/04/2026" is not a date: write 2026-12-31 or 31.12.2026' },
      { line: 4, message: 'has no date' },
      { line: 5, message: '1066-10-14 is outside of the years 1900 to 2199' },
    ]);
  });
  it('a quote that never closes, binary rubbish and nothing at all are told, not thrown', () => {
    expect(importCsv('2026-01-01,"New Year').faultCount).toBe(1);
    expect(importCsv('\u0000\u0001,\u0002').faultCount).toBe(1);
    expect(importCsv('')).toEqual({ dates: [], faults: [], faultCount: 0 });
  });
  it('takes as many dates as a rule can list', () => {
    const many = Array.from({ length: 10_050 }, (_, day) => new Date(Date.UTC(2000, 0, 1 + day)).toISOString().slice(0, 10)).join('\n');
    expect(importCsv(many)).toMatchObject({ dates: { length: 10_000 }, faultCount: 50 });
  });
});

describe('ICS', () => {
  it('whole days, days of several, and events by the date that they are written with', async () => {
    expect(await dates('DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227', 'SUMMARY:Christmas')).toEqual(['2026-12-24', '2026-12-25', '2026-12-26']);
    expect(await dates('DTSTART;TZID=Asia/Karachi:20260205T000000', 'DTEND;TZID=Asia/Karachi:20260206T000000')).toEqual(['2026-02-05']);
    expect(await dates('DTSTART:20260205T230000Z', 'DURATION:PT2H')).toEqual(['2026-02-05', '2026-02-06']);
    expect(await dates('DTSTART;VALUE=DATE:20260205')).toEqual(['2026-02-05']);
  });
  it('recurring ones are expanded over the years asked for', async () => {
    expect(await dates('DTSTART;VALUE=DATE:19990501', 'RRULE:FREQ=YEARLY')).toEqual(['2025-05-01', '2026-05-01', '2027-05-01']);
    expect(await dates('DTSTART;VALUE=DATE:20251127', 'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=2')).toEqual(['2025-11-27', '2026-11-26']);
    expect(await dates('DTSTART;VALUE=DATE:20250501', 'RRULE:FREQ=YEARLY;UNTIL=20260501', 'EXDATE;VALUE=DATE:20260501', 'RDATE;VALUE=DATE:20260504')).toEqual([
      '2025-05-01',
      '2026-05-04',
    ]);
    expect(await dates('DTSTART;VALUE=DATE:20240229', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29')).toEqual([]);
    expect(await dates('DTSTART;VALUE=DATE:20250501', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30')).toEqual([]);
  });
  it('one that was moved is where it was moved to', async () => {
    const moved = event('DTSTART;VALUE=DATE:20260504', 'RECURRENCE-ID;VALUE=DATE:20260501', 'SUMMARY:May, later');
    const { dates: found } = await importIcs(calendar(event('DTSTART;VALUE=DATE:20250501', 'RRULE:FREQ=YEARLY', 'SUMMARY:May'), moved), range);
    expect(found).toEqual([
      { date: '2025-05-01', name: 'May' },
      { date: '2026-05-04', name: 'May, later' },
      { date: '2027-05-01', name: 'May' },
    ]);
  });
  it('what cannot be read is told with the line of its event', async () => {
    const broken = [
      event('SUMMARY:When?'),
      event('DTSTART;VALUE=DATE:20269999'),
      event('DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=SECONDLY'),
      event('DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=NEVER'),
      event('DTSTART;VALUE=DATE:20200101', 'DTEND;VALUE=DATE:20300101'),
      event('DTSTART;VALUE=DATE:20260102', 'STATUS:CANCELLED'),
      event('DTSTART;VALUE=DATE:20260103', 'SUMMARY:Good'),
    ];
    const { dates: found, faults } = await importIcs(calendar(...broken, 'BEGIN:VEVENT'), range);
    expect(found).toEqual([{ date: '2026-01-03', name: 'Good' }]);
    expect(faults.map(({ line }) => line)).toEqual([3, 7, 11, 16, 21, 36]);
    expect((await importIcs('no calendar', range)).faults).toEqual([{ line: 1, message: 'there is no event in it' }]);
  });
  it('stops at as many recurring events as a calendar of holidays may have', async () => {
    const many = Array.from({ length: 205 }, () => event('DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=YEARLY'));
    expect((await importIcs(calendar(...many), range)).faultCount).toBe(5);
  });
});

describe('what is exported', () => {
  const off = [
    ['2026-12-25', [{ kind: 'holiday', name: 'Christmas, "Noël"' }]],
    ['2026-12-31', [{ kind: 'blackout', name: 'year end' }]],
  ] as const;
  it('comes back by import', async () => {
    const names = [
      { date: '2026-12-25', name: 'Christmas, "Noël"' },
      { date: '2026-12-31', name: 'blackout: year end' },
    ];
    expect(importCsv(toCsv(off))).toEqual({ dates: names, faults: [], faultCount: 0 });
    const text = toIcs(off, { slug: 'own', title: 'Own', at: new Date('2026-11-20T12:00:00Z') });
    expect(await importIcs(text, range)).toEqual({ dates: names, faults: [], faultCount: 0 });
  });
  it('a name cannot become a formula', () => {
    expect(toCsv([['2026-01-01', [{ kind: 'holiday', name: '=cmd()' }]]])).toContain("'=cmd()");
  });
});

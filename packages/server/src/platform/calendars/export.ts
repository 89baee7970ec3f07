// The days off of some years as files that others read: CSV, and iCalendar (RFC 5545) with events of whole days.
import type { DayOff } from '@tidewheel/contract/calendar';
import ICAL from 'ical.js';
import { told } from './business-days.ts';
import { toDate, toDay } from './day-number.ts';

export type DaysOff = readonly (readonly [date: string, reasons: readonly DayOff[]])[];

export function toCsv(days: DaysOff): string {
  const lines = days.map(([date, reasons]) => [date, told(reasons) ?? '', reasons[0]?.kind ?? ''].map(field).join(','));
  return ['date,name,kind', ...lines, ''].join('\r\n');
}

/** Formulas are text to whoever opens it in a spreadsheet. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function toIcs(days: DaysOff, { slug, title, at }: { slug: string; title: string; at: Date }): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.updatePropertyWithValue('version', '2.0');
  calendar.updatePropertyWithValue('prodid', '-//Tidewheel//Calendars//EN');
  calendar.updatePropertyWithValue('x-wr-calname', title);
  for (const [date, reasons] of days) {
    const event = new ICAL.Component('vevent');
    event.updatePropertyWithValue('uid', `${date}@${slug}.tidewheel`);
    event.updatePropertyWithValue('dtstamp', ICAL.Time.fromJSDate(at, true));
    event.updatePropertyWithValue('dtstart', ICAL.Time.fromDateString(date));
    event.updatePropertyWithValue('dtend', ICAL.Time.fromDateString(toDate(toDay(date) + 1)));
    event.updatePropertyWithValue('summary', told(reasons) ?? '');
    event.updatePropertyWithValue('transp', 'TRANSPARENT');
    calendar.addSubcomponent(event);
  }
  return `${calendar.toString()}\r\n`;
}

// What the addresses of calendars may carry after their question marks.
import { firstYear, lastYear } from '@tidewheel/contract/calendar-limits';

type Raw = Record<string, unknown>;

function whole(value: unknown, { from, to }: { from: number; to: number }): number | undefined {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= from && number <= to ? number : undefined;
}
const yearOf = (value: unknown) => whole(value, { from: firstYear, to: lastYear });
const versionOf = (value: unknown) => whole(value, { from: 1, to: 2_147_483_647 });

export interface CalendarsSearch {
  q?: string | undefined;
  archived?: true | undefined;
}
export function calendarsSearch({ q, archived }: Raw): CalendarsSearch {
  return { ...(typeof q === 'string' && q !== '' ? { q } : {}), ...(archived === true ? { archived } : {}) };
}

export interface CalendarSearch {
  year?: number | undefined;
  version?: number | undefined;
}
export function calendarSearch(raw: Raw): CalendarSearch {
  const [year, version] = [yearOf(raw['year']), versionOf(raw['version'])];
  return { ...(year === undefined ? {} : { year }), ...(version === undefined ? {} : { version }) };
}

export interface CompareSearch {
  from?: number | undefined;
  to?: number | undefined;
  year?: number | undefined;
}
export function compareSearch(raw: Raw): CompareSearch {
  const [from, to, year] = [versionOf(raw['from']), versionOf(raw['to']), yearOf(raw['year'])];
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), ...(year === undefined ? {} : { year }) };
}

export interface EditCalendarSearch {
  import?: true | undefined;
}
export function editCalendarSearch(raw: Raw): EditCalendarSearch {
  return raw['import'] === true ? { import: true } : {};
}

// Days out of an iCalendar file (RFC 5545). An event counts on the dates that it is written with, in whatever zone; recurring ones are expanded.
import { setImmediate } from 'node:timers/promises';
import { firstYear, lastYear } from '@tidewheel/contract/calendar-limits';
import type { ImportPreview } from '@tidewheel/contract/routes/calendars';
import ICAL from 'ical.js';
import { RRuleTemporal } from 'rrule-temporal';
import { dayOf, toDate, toDay } from './day-number.ts';
import { Imported } from './imported.ts';

export interface IcsRange {
  from: number;
  to: number;
}

/** Expanding one takes some milliseconds. A file of holidays has a few dozen. */
const mostRecurring = 200;
/** An event that takes longer is no day off but somebody's project. */
const longestEvent = 366;

interface Block {
  line: number;
  text: string;
}

export async function importIcs(text: string, range: IcsRange): Promise<ImportPreview> {
  const imported = new Imported();
  const blocks = eventsIn(text, imported);
  if (blocks.length === 0) imported.fault(1, 'there is no event in it');
  const events = blocks.flatMap(({ line, text: block }) => readEvent({ line, text: block }, imported) ?? []);
  const moved = new Set(events.flatMap(({ uid, replaces }) => (replaces === null ? [] : [`${uid} ${replaces}`])));
  let recurring = 0;
  for (const event of events) {
    if (event.rule === null && event.extra.length === 0) put(imported, event, event.first);
    else if (++recurring > mostRecurring) imported.fault(event.line, `is beyond the ${mostRecurring} recurring events that one file may have`);
    else {
      for (const first of occurrences(event, range, imported)) if (!moved.has(`${event.uid} ${toDate(first)}`)) put(imported, event, first);
      // Others wait meanwhile.
      await setImmediate();
    }
  }
  return imported.result();
}

/** Each event by itself, so that one which cannot be read costs the others nothing. */
function eventsIn(text: string, imported: Imported): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; lines: string[] } | null = null;
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (/^BEGIN:VEVENT\s*$/i.test(line)) {
      if (open) imported.fault(open.line, 'this event never ends');
      open = { line: index + 1, lines: [] };
    }
    open?.lines.push(line);
    if (open && /^END:VEVENT\s*$/i.test(line)) {
      blocks.push({ line: open.line, text: open.lines.join('\r\n') });
      open = null;
    }
  }
  if (open) imported.fault(open.line, 'this event never ends');
  return blocks;
}

interface ReadEvent {
  line: number;
  uid: string;
  name: string;
  /** Its first day, and how many there are. */
  first: number;
  length: number;
  rule: string | null;
  excluded: ReadonlySet<number>;
  /** Days that are named besides its rule. */
  extra: number[];
  /** The day of the recurrence that it stands for. */
  replaces: string | null;
}

function readEvent({ line, text }: Block, imported: Imported): ReadEvent | null {
  try {
    const calendar = new ICAL.Component(ICAL.parse(`BEGIN:VCALENDAR\r\n${text}\r\nEND:VCALENDAR`));
    const event = calendar.getFirstSubcomponent('vevent');
    const start = event?.getFirstPropertyValue('dtstart');
    if (!event || !(start instanceof ICAL.Time)) {
      imported.fault(line, 'this event has no date (DTSTART)');
      return null;
    }
    if (String(event.getFirstPropertyValue('status') ?? '').toUpperCase() === 'CANCELLED') return null;
    const [first] = daysIn(event, 'dtstart') as [number];
    const [replaced] = daysIn(event, 'recurrence-id');
    return {
      line,
      uid: String(event.getFirstPropertyValue('uid') ?? line),
      name: String(event.getFirstPropertyValue('summary') ?? ''),
      first,
      length: lengthOf(event, { start, first }),
      rule: event.getFirstPropertyValue('rrule')?.toString() ?? null,
      excluded: new Set(daysIn(event, 'exdate')),
      extra: daysIn(event, 'rdate'),
      replaces: replaced === undefined ? null : toDate(replaced),
    };
  } catch (thrown) {
    imported.fault(line, `this event cannot be read: ${(thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 200)}`);
    return null;
  }
}

/** The dates as they are written: what the library makes of a 99th day would be some other day. @throws InvalidInput */
function daysIn(event: ICAL.Component, name: string): number[] {
  const written = event.getAllProperties(name).flatMap((property) => (property.toJSON() as unknown[]).slice(3));
  return written.flatMap((value) => (typeof value === 'string' ? [toDay(value.slice(0, 10))] : []));
}

/** An end at midnight, and that of whole days, is no part of it. */
function lengthOf(event: ICAL.Component, { start, first }: { start: ICAL.Time; first: number }): number {
  const end = event.getFirstPropertyValue('dtend') ?? durationEnd(event, start);
  if (!(end instanceof ICAL.Time)) return 1;
  const endsAtMidnight = end.isDate || (end.hour === 0 && end.minute === 0 && end.second === 0);
  return Math.max(1, dayOf(end) - first + (endsAtMidnight ? 0 : 1));
}
function durationEnd(event: ICAL.Component, start: ICAL.Time): ICAL.Time | null {
  const duration = event.getFirstPropertyValue('duration');
  if (!(duration instanceof ICAL.Duration)) return null;
  const end = start.clone();
  end.addDuration(duration);
  return end;
}

function put(imported: Imported, { line, name, length }: ReadEvent, first: number): void {
  if (length > longestEvent) {
    imported.fault(line, `takes ${length} days; at most ${longestEvent} are taken for days off`);
    return;
  }
  for (let day = first; day < first + length; day++) imported.add({ line, date: toDate(day), name });
}

function occurrences({ line, first, rule, extra, excluded }: ReadEvent, range: IcsRange, imported: Imported): number[] {
  const named = [first, ...extra];
  if (rule === null) return [...new Set(named)].filter((day) => !excluded.has(day));
  if (!/FREQ=(YEARLY|MONTHLY|WEEKLY)\b/i.test(rule)) {
    imported.fault(line, 'recurs more often than weekly: no day off does');
    return [];
  }
  try {
    // As dates: what it says of hours is left out.
    const dates = new RRuleTemporal({
      rruleString: `DTSTART;TZID=UTC:${toDate(first).replaceAll('-', '')}T000000\nRRULE:${rule.replace(/UNTIL=(\d{8})T[^;]*/i, 'UNTIL=$1T000000Z')}`,
    });
    const [from, to] = [Math.max(range.from, firstYear), Math.min(range.to, lastYear)];
    const found = dates.between(new Date(Date.UTC(from, 0, 1)), new Date(Date.UTC(to, 11, 31)), true);
    const days = found.map(({ year, month, day }) => dayOf({ year, month, day }));
    return [...new Set([...days, ...extra])].filter((day) => !excluded.has(day));
  } catch (thrown) {
    imported.fault(line, `its rule cannot be read: ${(thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 200)}`);
    return [];
  }
}

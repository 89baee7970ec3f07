// Days and moments as files have them. What two people would read differently is marked.
import type { ColorColumns } from '@tidewheel/contract/color-columns';
import type { Cell } from '../readers/incoming.ts';
import { dateOf } from '../readers/workbook.ts';
import { doubtful, type Reading, sure, unread } from './reading.ts';

export type DateOrder = Exclude<ColorColumns['dates'], 'auto'> | 'unknown';
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const numeric = /^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?=[T\s]|$)/;

/** The order that the texts of a column prove; unknown when each could be read both ways. */
export function orderOfDates(texts: Iterable<string>): DateOrder {
  for (const text of texts) {
    const form = numeric.exec(text.trim());
    if (!form || (form[1] as string).length === 4) continue;
    if (Number(form[1]) > 12) return 'dmy';
    if (Number(form[2]) > 12) return 'mdy';
  }
  return 'unknown';
}

export function readDay(cell: Cell, order: DateOrder): Reading<string> {
  const was = cell.text.trim();
  if (/^(|-+|n\/?a|none|null|\?+)$/i.test(was)) return unread;
  if (cell.kind === 'date') return checked(was, was.slice(0, 10));
  if (/^\d{8}$/.test(was)) return checked(was, `${was.slice(0, 4)}-${was.slice(4, 6)}-${was.slice(6)}`);
  if (/^\d{5}(\.\d+)?$/.test(was)) {
    const day = dateOf(Math.floor(Number(was)));
    return doubtful({ was, why: 'is a number; as Excel counts days it is this one', confidence: 0.8, repair: day, value: day });
  }
  const named =
    /^(\d{1,2})[\s-]?([a-z]{3})[a-z]*\.?[\s,-]*(\d{2}|\d{4})\b/i.exec(was) ??
    swapped(/^([a-z]{3})[a-z]*\.?[\s-]?(\d{1,2})(?:st|nd|rd|th)?[\s,-]+(\d{2}|\d{4})\b/i.exec(was));
  if (named) return checked(was, dayText(yearOf(named[3] as string), months.indexOf((named[2] as string).toLowerCase()) + 1, Number(named[1])));
  const form = numeric.exec(was);
  return form ? byOrder(was, form, order) : doubtful({ was, why: 'is no date', confidence: 0 });
}

function swapped(form: RegExpExecArray | null): [string, string, string, string] | null {
  return form ? [form[0], form[2] as string, form[1] as string, form[3] as string] : null;
}

function byOrder(was: string, form: RegExpExecArray, order: DateOrder): Reading<string> {
  const [one, two, three] = [form[1], form[2], form[3]] as [string, string, string];
  if (one.length >= 3 || order === 'ymd') return checked(was, dayText(yearOf(one), Number(two), Number(three)));
  const [mdy, dmy] = [dayText(yearOf(three), Number(one), Number(two)), dayText(yearOf(three), Number(two), Number(one))];
  if (order === 'dmy' || (order === 'unknown' && Number(one) > 12)) return checked(was, dmy);
  if (order === 'mdy' || Number(two) > 12 || mdy === dmy) return checked(was, mdy);
  return doubtful({ was, why: `may be ${mdy} or ${dmy}`, confidence: 0.6, repair: mdy, value: mdy });
}

function yearOf(text: string): number {
  const year = Number(text);
  return text.length > 2 ? year : year + (year < 80 ? 2_000 : 1_900);
}

function dayText(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function checked(was: string, day: string): Reading<string> {
  const at = new Date(`${day}T00:00:00Z`);
  const isDay = !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === day;
  return isDay && day >= '1900-01-01' && day <= '2199-12-31' ? sure(day) : doubtful({ was, why: 'is no day between 1900 and 2199', confidence: 0 });
}

/** A moment. A time without a day is on that of the color; without a zone it is taken as UTC. */
export function readMoment(cell: Cell, { day, order }: { day: string; order: DateOrder }): Reading<string> {
  const was = cell.text.trim();
  if (was === '') return unread;
  const time = /(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap]m)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(was);
  if (!time) return doubtful({ was, why: 'is no time', confidence: 0 });
  const head = was.slice(0, time.index).replace(/[T\s]+$/, '');
  const on = head === '' ? sure(day) : readDay({ text: head, kind: cell.kind }, order);
  // A cell with a time alone is on the first day that Excel knows.
  const date = on.value !== null && on.value < '1905' ? day : on.value;
  const hour = (Number(time[1]) % (time[4] ? 12 : 24)) + (time[4]?.toLowerCase() === 'pm' ? 12 : 0);
  const zone = (time[5] ?? 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const at = new Date(`${date}T${String(hour).padStart(2, '0')}:${time[2]}:${time[3] ?? '00'}${zone.toUpperCase()}`);
  return date === null || Number.isNaN(at.getTime()) ? doubtful({ was, why: 'is no time', confidence: 0 }) : sure(at.toISOString());
}

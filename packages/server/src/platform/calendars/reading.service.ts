// What calendars say: years, differences between versions, business days counted, files of days off. Nothing is changed here.
import { Readable } from 'node:stream';
import type { CalendarDefinition, RollConvention } from '@tidewheel/contract/calendar';
import { InvalidInput, TooLarge } from '@tidewheel/contract/errors';
import type { CalendarAnswer, CalendarComparison, CalendarYear, CountryInfo, calendarQuestions, ImportPreview } from '@tidewheel/contract/routes/calendars';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { systemClock } from '../../base/clock.ts';
import type { Download } from '../../base/endpoint.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { builtInCalendars } from './built-in.ts';
import { type BusinessDays, told } from './business-days.ts';
import { type CalendarAsked, type CalendarDeps, otherDefinitions, unknownVersion, versionOf } from './calendars.service.ts';
import { listCountries } from './country-holidays.ts';
import { compileDraft } from './definition-faults.ts';
import { toCsv, toIcs } from './export.ts';
import { importCsv } from './import-csv.ts';
import { importIcs } from './import-ics.ts';
import { loadBook } from './load-calendars.ts';

export function listAllCountries(actor: Actor): CountryInfo[] {
  requirePermission(actor, 'calendar.read');
  return listCountries();
}

/** What an older version is made of counts as it is now. @throws NotFound, InvalidInput `calendar.years` */
export async function showYear({ databases }: CalendarDeps, actor: Actor, { year, ...asked }: CalendarAsked & { year: number }): Promise<CalendarYear> {
  requirePermission(actor, 'calendar.read');
  const { days, version } = await inWorkspace(databases.app, actor.workspaceId, (trx) => daysOf(trx, actor, asked));
  return yearOf(days, { year, version });
}

export async function previewYear(
  { databases }: CalendarDeps,
  actor: Actor,
  { slug, definition, year }: { slug?: string | undefined; definition: CalendarDefinition; year: number },
): Promise<CalendarYear> {
  requirePermission(actor, 'calendar.read');
  const name = slug ?? null;
  const others = await inWorkspace(databases.app, actor.workspaceId, (trx) => otherDefinitions(trx, name));
  return yearOf(compileDraft({ slug: name, definition, others }), { year, version: 0 });
}

export interface Comparing {
  slug: string;
  from: number;
  to: number;
  year?: number | undefined;
  years: number;
}

export async function compareVersions({ databases }: CalendarDeps, actor: Actor, asked: Comparing): Promise<CalendarComparison> {
  requirePermission(actor, 'calendar.read');
  const { slug, from, to, year = systemClock.now().getUTCFullYear() } = asked;
  return inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const [before, after] = [await daysOf(trx, actor, { slug, version: from }), await daysOf(trx, actor, { slug, version: to })];
    const years = Array.from({ length: asked.years }, (_, index) => year + index);
    const result: CalendarComparison = { from, to, years, closed: [], opened: [], reasons: [] };
    for (const one of years) compareYear(result, before.days.daysOff(one), after.days.daysOff(one));
    return result;
  });
}

type Year = ReturnType<BusinessDays['daysOff']>;

function compareYear({ closed, opened, reasons }: CalendarComparison, before: Year, after: Year): void {
  for (const [date, off] of after) if (!before.has(date)) closed.push({ date, reasons: [...off] });
  for (const [date, off] of before) {
    const then = after.get(date);
    if (!then) opened.push({ date, reasons: [...off] });
    else if (told(off) !== told(then)) reasons.push({ date, before: told(off) ?? '', after: told(then) ?? '' });
  }
}

export interface Question extends CalendarAsked {
  question: (typeof calendarQuestions)[number];
  date: string;
  days?: number | undefined;
  until?: string | undefined;
  convention?: RollConvention | undefined;
}

/** @throws InvalidInput when something is missing for the question, or it leads outside of what the calendar knows */
export async function askCalendar({ databases }: CalendarDeps, actor: Actor, asked: Question): Promise<CalendarAnswer> {
  requirePermission(actor, 'calendar.read');
  const { days } = await inWorkspace(databases.app, actor.workspaceId, (trx) => daysOf(trx, actor, asked));
  return { result: answer(days, asked), why: days.why(asked.date) };
}

function answer(days: BusinessDays, { question, date, days: count, until, convention }: Question): CalendarAnswer['result'] {
  switch (question) {
    case 'isBusinessDay':
      return days.isBusinessDay(date);
    case 'next':
      return days.next(date);
    case 'previous':
      return days.previous(date);
    case 'add':
      return days.add(date, given(count, { question, field: 'days' }));
    case 'nth':
      return days.nthOfMonth(date.slice(0, 7), given(count, { question, field: 'days' }));
    case 'roll':
      return days.roll(date, given(convention, { question, field: 'convention' }));
    case 'between':
      return days.between(date, given(until, { question, field: 'until' }));
  }
}

function given<T>(value: T | undefined, { question, field }: { question: string; field: string }): T {
  if (value !== undefined) return value;
  throw new InvalidInput('calendar.question', `The question "${question}" needs ${field}.`, {
    details: { faults: [{ path: `query.${field}`, message: 'is missing', severity: 'error' }] },
  });
}

const importLimitBytes = 5 * 1024 ** 2;

export interface Importing {
  content: AsyncIterable<Uint8Array>;
  format?: 'csv' | 'ics' | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

/** @throws TooLarge above 5 MB */
export async function previewImport(actor: Actor, { content, format, from, to }: Importing): Promise<ImportPreview> {
  requirePermission(actor, 'calendar.read');
  const text = textOf(await readWithin(content));
  const isIcs = format === undefined ? /^\s*BEGIN:VCALENDAR/i.test(text) : format === 'ics';
  if (!isIcs) return importCsv(text);
  const thisYear = systemClock.now().getUTCFullYear();
  const first = from ?? thisYear - 1;
  return importIcs(text, { from: first, to: Math.min(to ?? thisYear + 5, first + 100) });
}

async function readWithin(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.byteLength;
    if (size > importLimitBytes)
      throw new TooLarge('calendar.import_too_large', 'A file of dates may have at most 5 MB.', {
        hint: 'Leave out what is no day off, or old years.',
        details: { limitBytes: importLimitBytes },
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** UTF-8, or UTF-16 by its mark; what is neither comes from a spreadsheet on Windows. */
function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

export interface Exporting extends CalendarAsked {
  format: 'csv' | 'ics';
  from?: number | undefined;
  to?: number | undefined;
  weekends: boolean;
}

const mostYears = 50;

export async function exportCalendar({ databases }: CalendarDeps, actor: Actor, asked: Exporting): Promise<Download> {
  requirePermission(actor, 'calendar.read');
  const { slug, format, weekends } = asked;
  const from = asked.from ?? systemClock.now().getUTCFullYear();
  const to = asked.to ?? from + 1;
  if (to < from || to - from >= mostYears)
    throw new InvalidInput('calendar.export_years', `The years ${from} to ${to} cannot be exported.`, { hint: `Give a range of at most ${mostYears} years.` });
  const { days, title } = await inWorkspace(databases.app, actor.workspaceId, (trx) => daysOf(trx, actor, asked));
  const all = Array.from({ length: to - from + 1 }, (_, index) => [...days.daysOff(from + index)]).flat();
  const shown = weekends ? all : all.filter(([, reasons]) => reasons.some(({ kind }) => kind !== 'weekend'));
  const text = format === 'csv' ? toCsv(shown) : toIcs(shown, { slug, title, at: systemClock.now() });
  const content = Buffer.from(text);
  return {
    stream: Readable.from([content]),
    mediaType: format === 'csv' ? 'text/csv; charset=utf-8' : 'text/calendar; charset=utf-8',
    fileName: `${slug}-${from}-${to}.${format}`,
    size: content.byteLength,
  };
}

function yearOf(days: BusinessDays, { year, version }: { year: number; version: number }): CalendarYear {
  const off = days.daysOff(year);
  const length = (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / 86_400_000;
  return { year, version, businessDays: length - off.size, daysOff: [...off].map(([date, reasons]) => ({ date, reasons: [...reasons] })) };
}

interface Found {
  days: BusinessDays;
  version: number;
  title: string;
}

async function daysOf(trx: WorkspaceTransaction, { workspaceId }: Actor, asked: CalendarAsked): Promise<Found> {
  const { slug } = asked;
  const builtIn = builtInCalendars.get(slug);
  if (builtIn && asked.version !== undefined) throw unknownVersion({ slug, newest: 0, version: asked.version });
  if (builtIn) return { days: (await loadBook(trx, { workspaceId, slugs: [] })).find(slug), version: 0, title: builtIn.title };
  const { row, version } = await versionOf(trx, asked);
  if (version.version === row.newest_version) {
    const book = await loadBook(trx, { workspaceId, slugs: [slug] });
    return { days: book.find(slug), version: version.version, title: row.title };
  }
  const others = await otherDefinitions(trx, slug);
  return { days: compileDraft({ slug, definition: version.definition, others }), version: version.version, title: row.title };
}

import { z } from 'zod';
import { CalendarDate, CalendarDefinition, DayOff, RollConvention, Weekday } from '../calendar.ts';
import { firstYear, lastYear } from '../calendar-limits.ts';
import { Id, Instant, Slug } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { Ordinal, Revision } from '../whole-number.ts';

/** One's own is lower case; those that are built in are upper case: TARGET, NYSE. */
export const CalendarName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/, 'must be the name of a calendar: letters, digits and -');

const described = {
  title: z.string().trim().min(1).max(200),
  description: z.string().max(2_000),
  note: z.string().max(500).describe('Why it is as it is, or was changed'),
};

export const CalendarSummary = z
  .object({
    id: Id.nullable().describe('Null for one that is built in'),
    slug: CalendarName,
    title: z.string(),
    description: z.string(),
    builtIn: z.boolean(),
    version: z.number().int().describe('The newest one; 0 for one that is built in'),
    updatedAt: Instant.nullable(),
    updatedBy: z.string().nullable(),
    archivedAt: Instant.nullable(),
  })
  .meta({ id: 'CalendarSummary' });
export type CalendarSummary = z.infer<typeof CalendarSummary>;

/** A calendar as one of its versions has it. */
export const Calendar = CalendarSummary.extend({
  definition: CalendarDefinition,
  shown: z.number().int().describe('The version whose rules these are'),
  note: z.string(),
}).meta({ id: 'Calendar' });
export type Calendar = z.infer<typeof Calendar>;

export const CalendarVersion = z
  .object({ version: z.number().int(), note: z.string(), createdAt: Instant, createdBy: z.string() })
  .meta({ id: 'CalendarVersion' });
export type CalendarVersion = z.infer<typeof CalendarVersion>;

const DayReasons = z.object({ date: z.iso.date(), reasons: z.array(DayOff) });

/** A year: its days off with why; every other day is a business day. */
export const CalendarYear = z
  .object({ year: z.number().int(), version: z.number().int(), businessDays: z.number().int(), daysOff: z.array(DayReasons) })
  .meta({ id: 'CalendarYear' });
export type CalendarYear = z.infer<typeof CalendarYear>;

export const CalendarComparison = z
  .object({
    from: z.number().int(),
    to: z.number().int(),
    years: z.array(z.number().int()),
    closed: z.array(DayReasons).describe('Business days in the first, off in the second; why they are off'),
    opened: z.array(DayReasons).describe('Off in the first, business days in the second; why they were off'),
    reasons: z.array(z.object({ date: z.iso.date(), before: z.string(), after: z.string() })).describe('Off in both, for other reasons'),
  })
  .meta({ id: 'CalendarComparison' });
export type CalendarComparison = z.infer<typeof CalendarComparison>;

export const CalendarUsage = z
  .object({
    uses: z.array(z.object({ kind: z.string().describe('flow, calendar, schedule, trigger'), slug: z.string(), title: z.string() })),
    hidden: z.number().int().describe('How many more there are that you may not see'),
  })
  .meta({ id: 'CalendarUsage' });
export type CalendarUsage = z.infer<typeof CalendarUsage>;

export const CountryInfo = z
  .object({
    country: z.string(),
    title: z.string(),
    regions: z.array(z.object({ region: z.string(), title: z.string() })),
    weekend: z.array(Weekday),
  })
  .meta({ id: 'CalendarCountry' });
export type CountryInfo = z.infer<typeof CountryInfo>;

export const ImportPreview = z
  .object({
    dates: z.array(z.object({ date: z.iso.date(), name: z.string() })).describe('What would be kept, by date, each once'),
    faults: z.array(z.object({ line: z.number().int(), message: z.string() })).describe('Lines that were left out, with why; the first 1,000'),
    faultCount: z.number().int(),
  })
  .meta({ id: 'CalendarImport' });
export type ImportPreview = z.infer<typeof ImportPreview>;

export const calendarQuestions = ['isBusinessDay', 'next', 'previous', 'add', 'roll', 'nth', 'between'] as const;
export const CalendarAnswer = z
  .object({
    result: z.union([z.string(), z.boolean(), z.number(), z.null()]).describe('A date, true or false, a number of days, or null when there is none'),
    why: z.string().nullable().describe('Why the date asked about is no business day; null when it is one'),
  })
  .meta({ id: 'CalendarAnswer' });
export type CalendarAnswer = z.infer<typeof CalendarAnswer>;

const Year = z.coerce.number().int().min(firstYear).max(lastYear);
const Version = Ordinal.optional().describe('The newest one without it');
const slugParam = z.object({ slug: CalendarName });
const tag = 'Calendars';

export const listCalendars = defineRoute({
  name: 'calendar.list',
  method: 'GET',
  path: '/api/calendars',
  tag,
  access: 'calendar.read',
  summary: 'List the calendars of the workspace',
  query: PageQuery.extend({ search: z.string().max(200).optional(), archived: z.stringbool().default(false).describe('Those that are archived instead') }),
  response: pageOf(CalendarSummary),
});
export const listBuiltInCalendars = defineRoute({
  name: 'calendar.builtIn',
  method: 'GET',
  path: '/api/calendar-presets',
  tag,
  access: 'calendar.read',
  summary: 'List the calendars that are built in',
  response: z.array(CalendarSummary),
});
export const listCalendarCountries = defineRoute({
  name: 'calendar.countries',
  method: 'GET',
  path: '/api/calendar-countries',
  tag,
  access: 'calendar.read',
  summary: 'List the countries and regions whose holidays are known',
  response: z.array(CountryInfo),
});
export const showCalendar = defineRoute({
  name: 'calendar.show',
  method: 'GET',
  path: '/api/calendars/{slug}',
  tag,
  access: 'calendar.read',
  summary: 'Show a calendar with its rules',
  params: slugParam,
  query: z.object({ version: Version }),
  response: Calendar,
});
export const createCalendar = defineRoute({
  name: 'calendar.create',
  method: 'POST',
  path: '/api/calendars',
  tag,
  access: 'calendar.edit',
  status: 201,
  summary: 'Create a calendar',
  body: z.strictObject({
    slug: Slug,
    title: described.title,
    description: described.description.default(''),
    note: described.note.default(''),
    definition: CalendarDefinition,
  }),
  response: Calendar,
});
export const changeCalendar = defineRoute({
  name: 'calendar.change',
  method: 'PUT',
  path: '/api/calendars/{slug}',
  tag,
  access: 'calendar.edit',
  summary: 'Change a calendar; other rules make a new version',
  params: slugParam,
  body: z.strictObject({
    title: described.title.optional(),
    description: described.description.optional(),
    note: described.note.optional(),
    definition: CalendarDefinition.optional(),
    version: Revision.optional().describe('The version that was changed: refused when there is a newer one by now'),
  }),
  response: Calendar,
});
export const archiveCalendar = defineRoute({
  name: 'calendar.archive',
  method: 'DELETE',
  path: '/api/calendars/{slug}',
  tag,
  access: 'calendar.edit',
  summary: 'Archive a calendar that nothing uses',
  params: slugParam,
  response: Calendar,
});
export const restoreCalendar = defineRoute({
  name: 'calendar.restore',
  method: 'POST',
  path: '/api/calendars/{slug}/restore',
  tag,
  access: 'calendar.edit',
  summary: 'Bring an archived calendar back',
  params: slugParam,
  response: Calendar,
});
export const listCalendarVersions = defineRoute({
  name: 'calendar.versions',
  method: 'GET',
  path: '/api/calendars/{slug}/versions',
  tag,
  access: 'calendar.read',
  summary: 'List the versions of a calendar, the newest first',
  params: slugParam,
  query: PageQuery,
  response: pageOf(CalendarVersion),
});
export const showCalendarYear = defineRoute({
  name: 'calendar.year',
  method: 'GET',
  path: '/api/calendars/{slug}/years/{year}',
  tag,
  access: 'calendar.read',
  summary: 'Show the days off of a year with their reasons',
  params: slugParam.extend({ year: Year }),
  query: z.object({ version: Version }),
  response: CalendarYear,
});
export const compareCalendar = defineRoute({
  name: 'calendar.compare',
  method: 'GET',
  path: '/api/calendars/{slug}/compare',
  tag,
  access: 'calendar.read',
  summary: 'Compare two versions of a calendar by the days of some years',
  params: slugParam,
  query: z.object({
    from: Ordinal,
    to: Ordinal,
    year: Year.optional().describe('The first year; this one without it'),
    years: z.coerce.number().int().min(1).max(20).default(2),
  }),
  response: CalendarComparison,
});
export const showCalendarUsage = defineRoute({
  name: 'calendar.usage',
  method: 'GET',
  path: '/api/calendars/{slug}/usage',
  tag,
  access: 'calendar.read',
  summary: 'Show what uses a calendar',
  params: slugParam,
  response: CalendarUsage,
});
export const askCalendar = defineRoute({
  name: 'calendar.ask',
  method: 'GET',
  path: '/api/calendars/{slug}/business-days',
  tag,
  access: 'calendar.read',
  summary: 'Count business days',
  params: slugParam,
  query: z.object({
    question: z.enum(calendarQuestions).default('isBusinessDay'),
    date: CalendarDate,
    days: z.coerce.number().int().min(-10_000).max(10_000).optional().describe('add: how many; nth: which business day of the month of the date, -1 the last'),
    until: CalendarDate.optional().describe('between: up to and including'),
    convention: RollConvention.optional().describe('roll: how'),
    version: Version,
  }),
  response: CalendarAnswer,
});
export const previewCalendar = defineRoute({
  name: 'calendar.preview',
  method: 'POST',
  path: '/api/calendar-previews',
  tag,
  access: 'calendar.read',
  summary: 'Show a year of rules that are not saved',
  body: z.strictObject({
    slug: Slug.optional().describe('The calendar that they would become: it must not be made of itself'),
    definition: CalendarDefinition,
    year: z.number().int().min(firstYear).max(lastYear),
  }),
  response: CalendarYear,
});
export const previewCalendarImport = defineRoute({
  name: 'calendar.importPreview',
  method: 'POST',
  path: '/api/calendar-imports',
  cost: 'expensive',
  tag,
  access: 'calendar.read',
  summary: 'Read dates out of a CSV or ICS file; nothing is saved',
  query: z.object({
    format: z.enum(['csv', 'ics']).optional().describe('By its first line without it'),
    from: Year.optional().describe('Recurring events from this year on; last year without it'),
    to: Year.optional().describe('Until this year; five years on without it'),
  }),
  body: z.string(),
  bodyType: 'application/octet-stream',
  response: ImportPreview,
});
export const exportCalendar = defineRoute({
  name: 'calendar.export',
  method: 'GET',
  path: '/api/calendars/{slug}/export',
  tag,
  access: 'calendar.read',
  summary: 'Download the days off of some years as CSV or ICS',
  params: slugParam,
  query: z.object({
    format: z.enum(['csv', 'ics']).default('csv'),
    from: Year.optional().describe('This year without it'),
    to: Year.optional().describe('The year after the first without it; at most 50 years'),
    weekends: z.stringbool().default(false).describe('Also days that are off by the weekend alone'),
    version: Version,
  }),
  response: z.string(),
  responseType: 'application/octet-stream',
});

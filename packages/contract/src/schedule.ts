// Schedules: when a flow starts by itself. Rules name local times of the schedule's zone; what happens where the clocks change, on days that are off, after a
// time in which nothing could fire, and while earlier runs are not over, is said by policies and left to no library.
import { z } from 'zod';
import { CalendarDate, RollConvention, Weekday } from './calendar.ts';
import { overlapPolicies } from './flow-document.ts';
import { Id, Instant, Slug } from './identifiers.ts';

/** `18:00`, or with seconds. */
export const ClockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/, 'must be a time such as 18:00');
/** A time on the clocks of the schedule's zone, `2026-12-31T18:00`. */
export const LocalDateTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/, 'must be a date and time such as 2026-12-31T18:00');
const isZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /[a-z]/i.test(name);
  } catch {
    return false;
  }
};
export const TimeZone = z.string().max(64).refine(isZone, 'must be a time zone of the IANA list such as Europe/Paris');
/** The name of a calendar: one's own or a built-in one. */
export const CalendarName = z.string().min(1).max(63);

const Times = z.array(ClockTime).min(1).max(96).describe('Times of the day');
const months = z.array(z.number().int().min(1).max(12)).min(1).max(12).optional().describe('Only in these months');
const calendar = CalendarName.optional().describe('Whose business days; the calendar of the schedule when left out');

export const intervalUnits = ['seconds', 'minutes', 'hours'] as const;

/** One reason to fire. A moment that several rules name fires once. */
export const ScheduleRule = z
  .discriminatedUnion('kind', [
    z
      .strictObject({ kind: z.literal('cron'), expression: z.string().trim().min(1).max(200) })
      .describe('Five fields (minute hour day month weekday), or six with the second first; L, W and # as well'),
    z
      .strictObject({
        kind: z.literal('rrule'),
        rule: z.string().trim().min(1).max(1_000).describe('As RFC 5545 has it: FREQ=MONTHLY;BYDAY=-1FR'),
        start: LocalDateTime.describe('The first occurrence, from which the others are counted'),
      })
      .describe('A recurrence rule of iCalendar'),
    z
      .strictObject({ kind: z.literal('businessDays'), at: Times, weekdays: z.array(Weekday).min(1).max(7).optional(), calendar })
      .describe('Every business day'),
    z
      .strictObject({
        kind: z.literal('nthBusinessDay'),
        nth: z
          .number()
          .int()
          .min(-23)
          .max(23)
          .refine((nth) => nth !== 0, 'must be 1 to 23, or -1 to -23 counted from the end'),
        at: Times,
        months,
        calendar,
      })
      .describe('The nth business day of a month; -1 is the last'),
    z
      .strictObject({
        kind: z.literal('afterPeriod'),
        period: z.enum(['day', 'week', 'month', 'quarter', 'year']),
        days: z.number().int().min(-60).max(250).describe('Business days after the last one of the period; 0 is that day itself'),
        at: Times,
        calendar,
      })
      .describe('T+n: so many business days after the end of a period, whose last business day is the business date of the run'),
    z
      .strictObject({
        kind: z.literal('interval'),
        every: z.number().int().min(1).max(10_000),
        unit: z.enum(intervalUnits),
        from: LocalDateTime.default('2000-01-01T00:00').describe('Counted from here'),
      })
      .describe('So much time after the one before, whatever the clocks do. What falls on a day that is off is left out'),
  ])
  .meta({ id: 'ScheduleRule' });
export type ScheduleRule = z.infer<typeof ScheduleRule>;

/** Days on which it does not fire, beside those that its calendar has off. */
export const ScheduleExclusion = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('calendar'), calendar: CalendarName }).describe('The days off of another calendar'),
    z.strictObject({ kind: z.literal('dates'), dates: z.array(CalendarDate).min(1).max(1_000), reason: z.string().trim().max(200).optional() }),
    z
      .strictObject({ kind: z.literal('blackout'), from: CalendarDate, to: CalendarDate, reason: z.string().trim().min(1).max(200) })
      .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before its first day' }),
  ])
  .meta({ id: 'ScheduleExclusion' });
export type ScheduleExclusion = z.infer<typeof ScheduleExclusion>;

/** It fires only within one of them. */
export const ScheduleWindow = z
  .strictObject({
    from: ClockTime,
    to: ClockTime.describe('Itself not included; before `from`: over midnight'),
    weekdays: z.array(Weekday).min(1).max(7).optional(),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'must be another time than the first' })
  .meta({ id: 'ScheduleWindow' });
export type ScheduleWindow = z.infer<typeof ScheduleWindow>;

export const SchedulePolicies = z
  .strictObject({
    gap: z.enum(['runAfter', 'skip']).default('runAfter').describe('A time that the clocks leap over: at the first moment after it, or not at all'),
    overlap: z.enum(['once', 'twice']).default('once').describe('A time that occurs twice when the clocks go back: the first time only, or both'),
    misfire: z
      .enum(['runOnce', 'runAll', 'skip'])
      .default('runOnce')
      .describe('What was due while nothing could fire: the newest of them, each of them, or none'),
    graceSeconds: z.number().int().min(1).max(604_800).default(60).describe('Later than so much, it counts as missed'),
    catchUp: z.number().int().min(1).max(1_000).default(20).describe('With runAll: at most so many of those that were missed, the newest'),
    runs: z
      .enum(['flow', ...overlapPolicies])
      .default('flow')
      .describe('While an earlier run is not over: as the `overlap` of the flow says, or wait for it, do not run, or cancel it'),
  })
  .meta({ id: 'SchedulePolicies' });
export type SchedulePolicies = z.infer<typeof SchedulePolicies>;

/** A parameter of the runs: a value, or an expression over `now`, `today` and `businessDate` of the firing. */
export const ScheduleParameter = z
  .union([z.strictObject({ value: z.unknown() }), z.strictObject({ expression: z.string().trim().min(1).max(2_000) })])
  .meta({ id: 'ScheduleParameter' });
export type ScheduleParameter = z.infer<typeof ScheduleParameter>;

/** What becomes of a time on a day that is off. */
export const NonBusinessDay = z.enum(['run', 'skip', ...RollConvention.exclude(['none']).options]);
export type NonBusinessDay = z.infer<typeof NonBusinessDay>;

export const ScheduleTiming = z
  .object({
    timeZone: TimeZone,
    rules: z.array(ScheduleRule).min(1).max(50),
    calendar: CalendarName.nullable().default(null).describe('Which days are off, and the business days that rules count'),
    exclusions: z.array(ScheduleExclusion).max(100).default([]),
    nonBusinessDay: NonBusinessDay.default('skip').describe(
      'What becomes of a time on a day that is off: it is left out, moved to the next or the previous open day, or fires all the same',
    ),
    windows: z.array(ScheduleWindow).max(50).default([]),
    from: CalendarDate.nullable().default(null).describe('First day on which it may fire'),
    to: CalendarDate.nullable().default(null).describe('Last day on which it may fire'),
    policies: SchedulePolicies.prefault({}),
  })
  .meta({ id: 'ScheduleTiming' });
export type ScheduleTiming = z.infer<typeof ScheduleTiming>;

export const ScheduleDefinition = ScheduleTiming.extend({
  title: z.string().trim().min(1).max(200),
  description: z.string().trim().max(2_000).nullable().default(null),
  flow: Slug,
  parameters: z.record(z.string().max(63), ScheduleParameter).default({}),
}).meta({ id: 'ScheduleDefinition' });
export type ScheduleDefinition = z.infer<typeof ScheduleDefinition>;

export const scheduleStates = ['active', 'paused', 'archived'] as const;
export const ScheduleState = z.enum(scheduleStates);
export type ScheduleState = z.infer<typeof ScheduleState>;

export const firingOutcomes = ['fired', 'skipped', 'failed'] as const;
/** What became of a planned moment. */
export const Firing = z
  .object({
    instant: Instant.describe('When it was due'),
    planned: Instant.describe('When its rules had it; another moment than `instant` when somebody moved it'),
    outcome: z.enum(firingOutcomes),
    why: z.string().nullable().describe('Why it was skipped, failed, or fired otherwise than planned'),
    at: Instant.describe('When that was decided'),
    lateMs: z.number().int(),
    run: z.object({ id: Id, number: z.number().int(), state: z.string() }).nullable(),
    by: z.string().nullable().describe('Who started it by hand; null: the schedule did'),
  })
  .meta({ id: 'Firing' });
export type Firing = z.infer<typeof Firing>;

/** A moment to come. */
export const Occurrence = z
  .object({
    instant: Instant,
    local: z.string().describe('The time on the clocks of its zone, with the offset from UTC: 2026-12-28T18:00:00+01:00'),
    rules: z.array(z.number().int()).describe('The places of the rules that name it, from 0'),
    businessDate: z.string().describe('The date that the run is about'),
    explanation: z.string(),
    movedFrom: Instant.nullable().describe('Where its rules had it, when somebody moved it'),
  })
  .meta({ id: 'Occurrence' });
export type Occurrence = z.infer<typeof Occurrence>;

/** Why it fires, or does not, on one date. */
export const DateExplanation = z
  .object({
    date: z.string(),
    verdict: z.string().describe('In a sentence'),
    isOpen: z.boolean(),
    fires: z.array(Occurrence),
    notes: z.array(z.string()).describe('What was left out or moved away, and why; of each rule that does not name the date, what it says'),
    firings: z.array(Firing).describe('What really happened on it'),
  })
  .meta({ id: 'DateExplanation' });
export type DateExplanation = z.infer<typeof DateExplanation>;

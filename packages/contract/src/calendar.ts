// Calendars: which days are no business days, as a small tree of rules. Every rule stands for a set of days off; dates are `YYYY-MM-DD` without a zone.
import { z } from 'zod';
import { firstYear, lastYear, weekdays } from './calendar-limits.ts';

export const Weekday = z.enum(weekdays);
export type Weekday = z.infer<typeof Weekday>;

/** A day that is there: 2027-02-29 is refused. */
export const CalendarDate = z.iso.date().refine((text) => Number(text.slice(0, 4)) >= 1, 'must be in the years 1 to 9999');
const Year = z.number().int().min(firstYear).max(lastYear);
const Name = z.string().trim().min(1).max(200);

/** When a rule of one's own holds. */
const RuleYears = {
  from: Year.optional().describe('First year in which it holds'),
  to: Year.optional().describe('Last year in which it holds'),
  except: z.array(Year).max(100).optional().describe('Years in which it does not hold'),
};

/** Where a fixed date goes when it falls on a weekend. The date itself stays a day off too. */
export const Observance = z
  .enum(['none', 'nearestWeekday', 'sundayToMonday', 'nextWeekday'])
  .describe('none; nearestWeekday: Saturday to Friday, Sunday to Monday; sundayToMonday; nextWeekday: the next one that is no day off already');
export type Observance = z.infer<typeof Observance>;

const longestMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

const simpleRules = [
  z.strictObject({ kind: z.literal('weekend'), days: z.array(Weekday).min(1).max(7) }).describe('The same weekdays of every week'),
  z.strictObject({ kind: z.literal('countryWeekend'), country: z.string().regex(/^[A-Z]{2}$/) }).describe('The weekend of a country, as Unicode CLDR has it'),
  z
    .strictObject({
      kind: z.literal('country'),
      country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code such as DE'),
      region: z.string().max(20).optional().describe('A state or region of it, e.g. BY'),
      bank: z.boolean().optional().describe('Also days on which only banks are closed'),
    })
    .describe('Public holidays of a country (date-holidays, CC BY)'),
  z
    .strictObject({
      kind: z.literal('fixed'),
      name: Name,
      month: z.number().int().min(1).max(12),
      day: z.number().int().min(1).max(31),
      observed: Observance.optional(),
      ...RuleYears,
    })
    .refine(({ month, day }) => day <= (longestMonth[month - 1] as number), { path: ['day'], message: 'the month does not have so many days' })
    .describe('The same date every year; 29 February in leap years only'),
  z
    .strictObject({
      kind: z.literal('nthWeekday'),
      name: Name,
      month: z.number().int().min(1).max(12),
      weekday: Weekday,
      nth: z
        .number()
        .int()
        .min(-5)
        .max(5)
        .refine((nth) => nth !== 0, 'must be 1 to 5, or -1 to -5 counted from the end'),
      ...RuleYears,
    })
    .describe('E.g. the fourth Thursday of November'),
  z
    .strictObject({
      kind: z.literal('easter'),
      name: Name,
      days: z.number().int().min(-100).max(100).describe('Days after Easter Sunday: -2 is Good Friday'),
      church: z.enum(['western', 'orthodox']).optional(),
      ...RuleYears,
    })
    .describe('A day that moves with Easter'),
  z.strictObject({ kind: z.literal('dates'), dates: z.array(z.strictObject({ date: CalendarDate, name: Name })).max(10_000) }).describe('Single days'),
  z
    .strictObject({ kind: z.literal('blackout'), from: CalendarDate, to: CalendarDate, reason: Name })
    .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before its first day' })
    .describe('A time in which nothing is to run, both ends included'),
  z.strictObject({ kind: z.literal('calendar'), calendar: z.string().min(1).max(64) }).describe('The days off of another calendar'),
] as const;
type SimpleRule = z.infer<(typeof simpleRules)[number]>;

/** What a rule says, and what it is made of. */
export type CalendarRule =
  | SimpleRule
  | { kind: 'union'; of: CalendarRule[] }
  | { kind: 'intersection'; of: CalendarRule[] }
  | { kind: 'minus'; from: CalendarRule; without: CalendarRule[] }
  | { kind: 'shift'; rule: CalendarRule; days: number };

/** Deeper than this a part has to become a calendar of its own: each level is a schema of its own, so nothing recurses with what somebody sent. */
const deepest = 4;
const mostRules = 200;

function ruleSchema(level: number): z.ZodType<CalendarRule, CalendarRule> {
  if (level === deepest) return z.discriminatedUnion('kind', simpleRules).meta({ id: 'CalendarSimpleRule' });
  const inner = ruleSchema(level + 1);
  return z
    .discriminatedUnion('kind', [
      ...simpleRules,
      z.strictObject({ kind: z.literal('union'), of: z.array(inner).min(1).max(mostRules) }).describe('Off when it is off in any of them'),
      z.strictObject({ kind: z.literal('intersection'), of: z.array(inner).min(1).max(mostRules) }).describe('Off when it is off in all of them'),
      z
        .strictObject({ kind: z.literal('minus'), from: inner, without: z.array(inner).min(1).max(mostRules) })
        .describe('Off in one, and in none of the others'),
      z.strictObject({ kind: z.literal('shift'), rule: inner, days: z.number().int().min(-366).max(366) }).describe('Days off moved by so many days'),
    ])
    .meta({ id: level === 1 ? 'CalendarRule' : `CalendarRule${level}` });
}
export const CalendarRule = ruleSchema(1);

export const CalendarDefinition = z
  .object({
    rules: z.array(CalendarRule).max(mostRules).describe('A day is off when any of them says so'),
    years: z
      .strictObject({ from: Year.optional(), to: Year.optional() })
      .refine(({ from, to }) => from === undefined || to === undefined || from <= to, { path: ['to'], message: 'must not be before the first year' })
      .optional()
      .describe('The years it is known for; whoever asks about another one gets an error instead of a wrong answer'),
  })
  .meta({ id: 'CalendarDefinition' });
export type CalendarDefinition = { rules: CalendarRule[]; years?: { from?: number | undefined; to?: number | undefined } | undefined };

export const DayKind = z.enum(['weekend', 'holiday', 'blackout']);
/** Why a day is off. */
export const DayOff = z.object({ kind: DayKind, name: z.string() });
export type DayOff = z.infer<typeof DayOff>;

/** What becomes of a date that is no business day. Modified: unless that leaves the month. */
export const RollConvention = z.enum(['following', 'modifiedFollowing', 'preceding', 'modifiedPreceding', 'none']);
export type RollConvention = z.infer<typeof RollConvention>;

// Which days are off for a schedule, why, and where what falls on one of them goes.
import type { NonBusinessDay, ScheduleTiming } from '@tidewheel/contract/schedule';
import type { BusinessDays } from '../../../platform/calendars/business-days.ts';
import { toDate, toDay } from './wall.ts';

export interface ClosedDays {
  /** Why nothing fires on the date by itself; null on an open day. */
  why(day: number): string | null;
  /** Where what is named on the date goes: the date itself, another one, or nowhere. */
  target(day: number): number | null;
  /** The dates whose times fall on this one, itself among them. Nothing falls on a day that is off. */
  landing(day: number): number[];
}

/** Nothing is moved further than this. */
const furthest = 366;

export function closedDays(timing: ScheduleTiming, businessDays: (name: string) => BusinessDays): ClosedDays {
  const policy = timing.nonBusinessDay;
  const why = memo(reasons(timing, businessDays));
  const open = (day: number, direction: 1 | -1): number | null => {
    for (let at = day, seen = 0; seen <= furthest; at += direction, seen++) if (why(at) === null) return at;
    return null;
  };
  const target = (day: number): number | null => {
    if (policy === 'run' || why(day) === null) return day;
    if (policy === 'skip') return null;
    const direction = isForward(policy) ? 1 : -1;
    const rolled = open(day, direction);
    const isModified = policy === 'modifiedFollowing' || policy === 'modifiedPreceding';
    return isModified && (rolled === null || month(rolled) !== month(day)) ? open(day, -direction as 1 | -1) : rolled;
  };
  const landing = (day: number): number[] => {
    if (policy === 'run') return [day];
    if (why(day) !== null) return [];
    if (policy === 'skip') return [day];
    return [...closedBeside({ day, direction: -1, why }).reverse(), day, ...closedBeside({ day, direction: 1, why })].filter((one) => target(one) === day);
  };
  return { why, target, landing };
}

function isForward(policy: NonBusinessDay): boolean {
  return policy === 'following' || policy === 'modifiedFollowing';
}
function month(day: number): string {
  return toDate(day).slice(0, 7);
}

function closedBeside({ day, direction, why }: { day: number; direction: 1 | -1; why: (day: number) => string | null }): number[] {
  const found: number[] = [];
  for (let at = day + direction; found.length < furthest && why(at) !== null; at += direction) found.push(at);
  return found;
}

function reasons({ calendar, exclusions }: ScheduleTiming, businessDays: (name: string) => BusinessDays): (day: number) => string | null {
  const asks = [
    ...(calendar === null ? [] : [ofCalendar(calendar, businessDays)]),
    ...exclusions.map((exclusion) => {
      if (exclusion.kind === 'calendar') return ofCalendar(exclusion.calendar, businessDays);
      if (exclusion.kind === 'dates') {
        const dates = new Set(exclusion.dates.map(toDay));
        return (day: number) => (dates.has(day) ? exclusion.reason || 'excluded by the schedule' : null);
      }
      const [from, to] = [toDay(exclusion.from), toDay(exclusion.to)];
      return (day: number) => (day >= from && day <= to ? `blackout: ${exclusion.reason}` : null);
    }),
  ];
  return (day) => {
    for (const ask of asks) {
      const reason = ask(day);
      if (reason !== null) return reason;
    }
    return null;
  };
}

function ofCalendar(name: string, businessDays: (name: string) => BusinessDays): (day: number) => string | null {
  const days = businessDays(name);
  return (day) => {
    const reason = days.why(toDate(day));
    return reason === null ? null : `${reason} in ${name}`;
  };
}

function memo(ask: (day: number) => string | null): (day: number) => string | null {
  const known = new Map<number, string | null>();
  return (day) => {
    const found = known.get(day);
    if (found !== undefined) return found;
    const reason = ask(day);
    if (known.size > 5_000) known.clear();
    known.set(day, reason);
    return reason;
  };
}

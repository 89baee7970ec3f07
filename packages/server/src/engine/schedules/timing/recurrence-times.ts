// Recurrence rules of RFC 5545, read by rrule-temporal in UTC: it sees wall times only, and no change of clocks.
import { InvalidInput } from '@tidewheel/contract/errors';
import { RRuleTemporal } from 'rrule-temporal';
import type { RuleTimes } from './rule-times.ts';
import { secondOfWall, wallOf, wallOfText } from './wall.ts';
import { dayMs, offsetAt } from './zone.ts';

interface Recurrence {
  rule: string;
  start: string;
  timeZone: string;
}

/** @throws InvalidInput `schedule.rrule` */
export function recurrenceTimes({ rule, start, timeZone }: Recurrence): RuleTimes {
  const { text, until } = withoutUntil({ rule: rule.replace(/^RRULE:/i, ''), timeZone });
  const begin = new Date(wallOfText(start)).toISOString().replace(/[-:]|\.\d+/g, '');
  const recurrence = parse(`DTSTART:${begin}\nRRULE:${text}`, rule);
  // Rules that name many times a day are asked day by day.
  const block = /FREQ=(HOURLY|MINUTELY)|BYMINUTE=|BYHOUR=/i.test(text) ? 1 : 40;
  const between = cached((from, to) => walls(recurrence, { from, to, rule }).filter((wall) => wall <= until), block);
  return {
    times: (day, { from, to }) =>
      between(day)
        .filter((wall) => wall >= wallOf(day, from) && wall < wallOf(day, to))
        .map(secondOfWall),
    whyNot: (day) => {
      if (wallOf(day, 86_399) < wallOfText(start)) return `it begins on ${start.slice(0, 10)}`;
      return wallOf(day, 0) > until ? 'its UNTIL is over' : 'the recurrence does not name that date';
    },
  };
}

function parse(text: string, rule: string): RRuleTemporal {
  if (/FREQ=SECONDLY/i.test(text)) throw unreadable(rule, 'SECONDLY is too often');
  try {
    return new RRuleTemporal({ rruleString: text, strict: true, cache: false });
  } catch (error) {
    throw unreadable(rule, error instanceof Error ? error.message : String(error));
  }
}

function walls(recurrence: RRuleTemporal, { from, to, rule }: { from: number; to: number; rule: string }): number[] {
  try {
    return recurrence.between(new Date(from), new Date(to - 1), true).map((at) => Date.parse(at.toString().replace(/\[.*$/, '')));
  } catch (error) {
    throw unreadable(rule, `it takes too long to count (${error instanceof Error ? error.message : String(error)}); let it begin later, or leave out COUNT`);
  }
}

function unreadable(rule: string, why: string): InvalidInput {
  return new InvalidInput('schedule.rrule', `The recurrence rule "${rule.slice(0, 100)}" cannot be used: ${why}.`, {
    hint: 'For instance FREQ=MONTHLY;BYDAY=-1FR: the last Friday of each month.',
  });
}

/** UNTIL is an instant in a rule with a zone; read here, so that the rest is wall time. */
function withoutUntil({ rule, timeZone }: { rule: string; timeZone: string }): { text: string; until: number } {
  const found = /(?:^|;)UNTIL=([^;]*)/i.exec(rule);
  if (!found) return { text: rule, until: Number.POSITIVE_INFINITY };
  const [date, time = '', utc] = /^(\d{8})(?:T(\d{6})(Z)?)?$/.exec(found[1] as string)?.slice(1) ?? [];
  if (date === undefined) throw unreadable(rule, `UNTIL=${found[1]} is no date or time`);
  const wall = Date.parse(
    `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${time ? `${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}` : '23:59:59'}Z`,
  );
  if (Number.isNaN(wall)) throw unreadable(rule, `there is no ${found[1]}`);
  const text = rule.replace(/;?UNTIL=[^;]*/i, '').replace(/^;/, '');
  return { text, until: utc ? wall + offsetAt(timeZone, wall) : wall };
}

/** One question for so many days at a time; the last two answers are kept. */
function cached(ask: (from: number, to: number) => number[], days: number): (day: number) => number[] {
  const kept = new Map<number, Map<number, number[]>>();
  return (day) => {
    const block = Math.floor(day / days);
    let byDay = kept.get(block);
    if (!byDay) {
      byDay = Map.groupBy(ask(block * days * dayMs, (block + 1) * days * dayMs), (wall) => Math.floor(wall / dayMs));
      if (kept.size >= 2) kept.delete(kept.keys().next().value as number);
      kept.set(block, byDay);
    }
    return byDay.get(day) ?? [];
  };
}

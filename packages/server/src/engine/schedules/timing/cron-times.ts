// Cron expressions, read by croner in UTC: it sees wall times only, and no change of clocks.
import { InvalidInput } from '@tidewheel/contract/errors';
import { Cron } from 'croner';
import type { RuleTimes } from './rule-times.ts';
import { dayOfWall, secondOfWall, wallOf } from './wall.ts';
import { dayMs } from './zone.ts';

/** @throws InvalidInput `schedule.cron` */
export function cronTimes(expression: string): RuleTimes {
  const next = nextOf(parse(expression));
  return {
    *times(day, { from, to }) {
      const end = wallOf(day, to);
      for (let at = next(wallOf(day, from)); at !== null && at < end; at = next(at + 1_000)) yield secondOfWall(at);
    },
    whyNot: (day) => {
      const at = next(wallOf(day, 0));
      return at === null || dayOfWall(at) !== day ? 'the expression does not name that date' : 'the expression names no such time';
    },
  };
}

function parse(expression: string): Cron {
  try {
    return new Cron(expression, { utcOffset: 0, mode: '5-or-6-parts', paused: true });
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    throw new InvalidInput('schedule.cron', `The cron expression "${expression}" cannot be read: ${said}`, {
      hint: 'Five fields: minute hour day-of-month month day-of-week, for instance 0 18 * * 1-5.',
      cause: error,
    });
  }
}

/** The first match at or after a wall time. Asking for one date after the other costs one search per match. */
function nextOf(cron: Cron): (wall: number) => number | null {
  let known: { asked: number; found: number | null } | null = null;
  return (wall) => {
    if (known !== null && wall >= known.asked && (known.found === null || wall <= known.found)) return known.found;
    const found = cron.nextRun(new Date(wall - 1_000))?.getTime() ?? null;
    // What lies beyond any calendar is no time to wait for.
    known = { asked: wall, found: found !== null && found > wall + 200 * 366 * dayMs ? null : found };
    return known.found;
  };
}

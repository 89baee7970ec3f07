// Rules that count elapsed time: no change of the clocks moves them, and what falls on a day that is off is left out.
import type { CompiledTiming, IntervalRule } from './compile.ts';
import type { Moment } from './moments.ts';
import type { Span } from './occurrences.ts';
import { dayOfWall, secondOfWall, toDate, wallOfText } from './wall.ts';
import { isWithin } from './windows.ts';
import { dayMs, instantOf, type Stretch } from './zone.ts';

export function intervalMoments(timing: CompiledTiming, { stretch, within }: { stretch: Stretch; within: Span }): Iterable<Moment>[] {
  return timing.intervals.map((rule) => momentsOf({ timing, rule, stretch, within }));
}

function* momentsOf({ timing, rule, stretch, within }: { timing: CompiledTiming; rule: IntervalRule; stretch: Stretch; within: Span }): Generator<Moment> {
  const begin = instantOf(timing.timeZone, wallOfText(rule.from));
  const steps = Math.max(0, Math.ceil((within.from - begin) / rule.everyMs));
  for (let instant = begin + steps * rule.everyMs; instant < within.to; instant += rule.everyMs) {
    const wall = instant + stretch.offset;
    const day = dayOfWall(wall);
    const isOpen = timing.isValid(day) && (timing.timing.nonBusinessDay === 'run' || timing.closed.why(day) === null);
    if (!isOpen) instant += Math.floor(((day + 1) * dayMs - 1_000 - wall) / rule.everyMs) * rule.everyMs;
    else if (isWithin(timing.ranges(day), secondOfWall(wall))) yield { instant, rules: [rule.place], businessDate: toDate(day), notes: [] };
  }
}

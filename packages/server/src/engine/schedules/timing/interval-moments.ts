// Rules that count elapsed time: no change of the clocks moves them, and what falls on a day that is off is left out.
import type { CompiledTiming, IntervalRule } from './compile.ts';
import type { Moment } from './moments.ts';
import type { Span } from './occurrences.ts';
import { dayOfWall, secondOfWall, toDate, wallOf, wallOfText } from './wall.ts';
import { type DayRange, isWithin } from './windows.ts';
import { instantOf, type Stretch } from './zone.ts';

export function intervalMoments(timing: CompiledTiming, { stretch, within }: { stretch: Stretch; within: Span }): Iterable<Moment>[] {
  return timing.intervals.map((rule) => momentsOf({ timing, rule, stretch, within }));
}

function* momentsOf({ timing, rule, stretch, within }: { timing: CompiledTiming; rule: IntervalRule; stretch: Stretch; within: Span }): Generator<Moment> {
  const begin = instantOf(timing.timeZone, wallOfText(rule.from));
  const steps = Math.max(0, Math.ceil((within.from - begin) / rule.everyMs));
  for (let instant = begin + steps * rule.everyMs; instant < within.to; instant += rule.everyMs) {
    const wall = instant + stretch.offset;
    const day = dayOfWall(wall);
    const second = secondOfWall(wall);
    const ranges = isOpen(timing, day) ? timing.ranges(day) : [];
    if (isWithin(ranges, second)) yield { instant, rules: [rule.place], businessDate: toDate(day), notes: [] };
    else instant += Math.floor((wallOf(day, nextOpening(ranges, second)) - 1_000 - wall) / rule.everyMs) * rule.everyMs;
  }
}

/** The instants of a span that a rule counts to, wherever they fall; at most so many. */
export function countedInstants({ timeZone }: CompiledTiming, { rule, span, most }: { rule: IntervalRule; span: Span; most: number }): number[] {
  const begin = instantOf(timeZone, wallOfText(rule.from));
  const first = begin + Math.max(0, Math.ceil((span.from - begin) / rule.everyMs)) * rule.everyMs;
  const count = Math.min(most, Math.max(0, Math.ceil((span.to - first) / rule.everyMs)));
  return Array.from({ length: count }, (_, place) => first + place * rule.everyMs);
}

function isOpen({ isValid, timing, closed }: CompiledTiming, day: number): boolean {
  return isValid(day) && (timing.nonBusinessDay === 'run' || closed.why(day) === null);
}

/** The second of the day before which nothing can fire: an interval of a second is not asked 86,400 times of a day that is off. */
function nextOpening(ranges: readonly DayRange[], second: number): number {
  return ranges.find(({ from }) => from > second)?.from ?? 86_400;
}

// A schedule that can never fire, and why.
import type { CompiledTiming } from './compile.ts';
import { explainDate } from './explain.ts';
import { namedWalls } from './occurrences.ts';
import { ahead } from './search.ts';
import { dayOfWall } from './wall.ts';
import { dayMs, wallAt } from './zone.ts';

/** @returns null when it fires at or after the instant; else why it never does, in a sentence */
export function whyNever(timing: CompiledTiming, from: number): string | null {
  const { items, stopped } = ahead(timing, { from, most: 1 });
  if (items.length > 0) return null;
  if (stopped !== null) return stopped;
  const { to } = timing.timing;
  const begin = wallAt(timing.timeZone, from);
  const bare: CompiledTiming = {
    ...timing,
    isValid: () => true,
    closed: { why: () => null, target: (day) => day, landing: (day) => [day] },
    ranges: () => [{ from: 0, to: 86_400 }],
  };
  const [first] = namedWalls(bare, { from: begin, to: begin + 30 * 366 * dayMs });
  if (!first && timing.intervals.length === 0) return 'No rule names any moment to come.';
  if (to !== null && first && dayOfWall(first.wall) * dayMs > Date.parse(to)) return `Its last day, ${to}, is before the first moment that its rules name.`;
  if (!first) return 'Its intervals begin only on days that are off or outside of its windows.';
  const { verdict, notes } = explainDate(timing, { day: dayOfWall(first.wall), overrides: new Map() });
  return `Everything that its rules name is left out; the first: ${[verdict, ...notes].join(' ')}`;
}

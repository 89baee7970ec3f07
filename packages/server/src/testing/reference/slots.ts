// How many steps that share a key ever ran at once, from what they told a receiver outside. Pure.
import type { HeldSpan } from './receiver.ts';

/** From then on what a process does is its own affair: it was stopped or killed, or declared dead. */
export interface Cut {
  pid: number;
  at: number;
}

interface Slots {
  spans: Iterable<HeldSpan>;
  cuts: readonly Cut[];
  /** By key. */
  most: Readonly<Record<string, number>>;
  /** So much the clocks of processes may differ. */
  apartMs: number;
}

/** One line for each key of which more ran at once than have a slot. */
export function slotFaults({ spans, cuts, most, apartMs }: Slots): string[] {
  const all = [...spans].map((span) => ({ ...span, to: endOf(span, cuts) - apartMs }));
  return Object.entries(most).flatMap(([key, slots]) => {
    const of = all.filter(({ holds, from, to }) => holds.includes(key) && to > from).sort((a, b) => a.from - b.from);
    const crowd = of.map(({ from }) => of.filter((other) => other.from <= from && other.to > from)).find((some) => some.length > slots);
    return crowd ? [`${crowd.length} with ${slots} slots of ${key} at once: ${crowd.map(told).join('; ')}`] : [];
  });
}

/** Whose end was never told ended with its process; of one that lives nothing is known. */
function endOf({ pid, from, to }: HeldSpan, cuts: readonly Cut[]): number {
  const after = cuts.filter((cut) => cut.pid === pid && cut.at >= from).map(({ at }) => at);
  const cut = Math.min(...after);
  return to === null ? (after.length > 0 ? cut : from) : Math.min(to, cut);
}

function told({ run, step, pid, from, to }: HeldSpan & { to: number }): string {
  return `${run} ${step} in ${pid} from ${from.toFixed(1)} to ${to.toFixed(1)}`;
}

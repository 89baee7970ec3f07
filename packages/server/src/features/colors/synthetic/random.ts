// Chance from a seed: the same seed gives the same colors on every machine.

export interface Random {
  /** From 0 up to, without, 1. */
  next(): number;
  /** A whole number of these, both ends included. */
  int(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  /** True once in so many times. */
  once(inTimes: number): boolean;
  /** Around 0, mostly between -1 and 1. */
  bell(): number;
}

/** Mulberry32: 32 bits of state, enough for data that only has to look real. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    int,
    pick: (list) => list[int(0, list.length - 1)] as never,
    once: (inTimes) => next() * inTimes < 1,
    bell: () => (next() + next() + next() - 1.5) / 0.75,
  };
}

// How long to wait before the next attempt to connect: exponential with full jitter, so that clients of a restarted server do not all come at once.

const firstMs = 250;
const longestMs = 10_000;

/** `attempt` counts from 0. Between a fifth and the whole of 250 ms, 500 ms, 1 s … 10 s. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling * (0.2 + 0.8 * random()));
}

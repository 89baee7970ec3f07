// Streams of moments brought together in order; those of one instant become one.

export interface Moment {
  /** In milliseconds since 1970. */
  instant: number;
  rules: number[];
  businessDate: string;
  notes: string[];
}

/** Each stream is in order and names no instant twice. Nothing is taken from one before it is asked for: what comes next may cost a search. */
export function* mergeMoments(streams: Iterable<Moment>[]): Generator<Moment> {
  const heads = streams.map((stream) => stream[Symbol.iterator]()).map((iterator) => ({ iterator, next: iterator.next() }));
  for (;;) {
    const open = heads.flatMap((head) => (head.next.done ? [] : [{ head, moment: head.next.value }]));
    if (open.length === 0) return;
    const instant = Math.min(...open.map(({ moment }) => moment.instant));
    const same = open.filter(({ moment }) => moment.instant === instant);
    yield together(same.map(({ moment }) => moment));
    for (const { head } of same) head.next = head.iterator.next();
  }
}

function together(same: Moment[]): Moment {
  const [first] = same as [Moment, ...Moment[]];
  if (same.length === 1) return first;
  return {
    ...first,
    rules: [...new Set(same.flatMap((one) => one.rules))].sort((a, b) => a - b),
    notes: [...new Set(same.flatMap((one) => one.notes))],
  };
}

// Streams of moments brought together in order; those of one instant become one.

export interface Moment {
  /** In milliseconds since 1970. */
  instant: number;
  rules: number[];
  businessDate: string;
  notes: string[];
}

export function* mergeMoments(streams: Iterable<Moment>[]): Generator<Moment> {
  const heads = streams.map((stream) => stream[Symbol.iterator]()).map((iterator) => ({ iterator, next: iterator.next() }));
  for (;;) {
    let first: Moment | null = null;
    for (const { next } of heads) if (!next.done && (first === null || next.value.instant < first.instant)) first = next.value;
    if (first === null) return;
    const { instant } = first;
    const same: Moment[] = [];
    for (const head of heads)
      while (!head.next.done && head.next.value.instant <= instant) {
        same.push(head.next.value);
        head.next = head.iterator.next();
      }
    yield same.length === 1 ? first : together(same);
  }
}

function together(same: Moment[]): Moment {
  const [first] = same as [Moment, ...Moment[]];
  return {
    ...first,
    rules: [...new Set(same.flatMap((one) => one.rules))].sort((a, b) => a - b),
    notes: [...new Set(same.flatMap((one) => one.notes))],
  };
}

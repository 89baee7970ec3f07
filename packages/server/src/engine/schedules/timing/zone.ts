// The clocks of a time zone as stretches of one offset each, so that what happens where they change is decided here and nowhere else.
// A wall time is what the clocks show, in milliseconds as if it were UTC; an instant is one.

export const dayMs = 86_400_000;
const yearMs = 366 * dayMs;
/** No zone has changed its clocks twice within less than this since 1970, but for days in wartime and the like. */
const probeMs = 5 * dayMs;

export interface Stretch {
  /** Its first instant. */
  from: number;
  /** The first instant after it. */
  to: number;
  /** Wall time minus instant. */
  offset: number;
  /** That of the stretch before it. */
  before: number;
}

interface Change {
  at: number;
  before: number;
  after: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', era: 'short', ...numeric });
  formats.set(timeZone, format);
  return format;
}

/** Wall time minus instant, at that instant. */
export function offsetAt(timeZone: string, instant: number): number {
  const part = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of formatOf(timeZone).formatToParts(instant)) if (type in part) part[type as keyof typeof part] = Number(value);
  const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
  return wall - Math.floor(instant / 1_000) * 1_000;
}

const changes = new Map<string, Change[]>();

/** The changes of the clocks that begin in one stretch of years, looked for once. */
function changesIn(timeZone: string, block: number): Change[] {
  const key = `${timeZone} ${block}`;
  const known = changes.get(key);
  if (known) return known;
  const found: Change[] = [];
  const from = block * yearMs;
  let before = offsetAt(timeZone, from);
  for (let at = from; at < from + yearMs; at += probeMs) {
    const next = Math.min(at + probeMs, from + yearMs);
    const after = offsetAt(timeZone, next);
    if (after !== before) found.push({ at: changeBetween({ timeZone, low: at, high: next, before }), before, after });
    before = after;
  }
  if (changes.size > 20_000) changes.clear();
  changes.set(key, found);
  return found;
}

function changeBetween({ timeZone, low, high, before }: { timeZone: string; low: number; high: number; before: number }): number {
  let [same, other] = [low, high];
  while (other - same > 1_000) {
    const middle = Math.floor((same + other) / 2_000) * 1_000;
    if (offsetAt(timeZone, middle) === before) same = middle;
    else other = middle;
  }
  return other;
}

/** The stretches that reach into [from, to), each whole at its beginning. */
export function* stretches(timeZone: string, { from, to }: { from: number; to: number }): Generator<Stretch> {
  const first = Math.floor(from / yearMs) - 1;
  let begin = first * yearMs;
  let offset = offsetAt(timeZone, begin);
  let before = offset;
  for (let block = first; begin < to; block++) {
    for (const change of changesIn(timeZone, block)) {
      if (change.at > from && begin < to) yield { from: begin, to: change.at, offset, before };
      begin = change.at;
      before = offset;
      offset = change.after;
    }
    if ((block + 1) * yearMs < to) continue;
    if (begin < to) yield { from: begin, to: Math.max(to, (block + 1) * yearMs), offset, before };
    return;
  }
}

/** The first instant at which the clocks show this or, where they leap over it, the first one after the leap. */
export function instantOf(timeZone: string, wall: number): number {
  for (const { from, to, offset } of stretches(timeZone, { from: wall - 2 * dayMs, to: wall + 2 * dayMs })) {
    if (wall < from + offset) return from;
    if (wall < to + offset) return wall - offset;
  }
  return wall;
}

export function wallAt(timeZone: string, instant: number): number {
  return instant + offsetAt(timeZone, instant);
}

/** `2026-12-28T18:00:00+01:00` */
export function localText(wall: number, offset: number): string {
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${new Date(wall).toISOString().slice(0, 19)}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

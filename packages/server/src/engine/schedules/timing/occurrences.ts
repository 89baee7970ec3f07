// When a schedule fires: stretch by stretch of its zone's clocks, date by date, in order. Pure, lazy, and never the same instant twice.
import type { Occurrence } from '@tidewheel/contract/schedule';
import type { CompiledTiming } from './compile.ts';
import { intervalMoments } from './interval-moments.ts';
import { type Moment, mergeMoments } from './moments.ts';
import { dayOfWall, timeText, toDate, wallOf } from './wall.ts';
import { intersection } from './windows.ts';
import { dayMs, localText, offsetAt, type Stretch, stretches } from './zone.ts';

/** Half open: `from` itself is in it, `to` is not. In milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** Ascending. @throws InvalidInput `calendar.years` when it comes to a year of which a calendar says nothing */
export function* occurrences(timing: CompiledTiming, span: Span): Generator<Moment> {
  for (const stretch of stretches(timing.timeZone, span)) {
    const within = { from: Math.max(span.from, stretch.from), to: Math.min(span.to, stretch.to) };
    const leapt = stretch.from >= span.from && timing.policies.gap === 'runAfter' ? leaptOver(timing, stretch) : [];
    yield* mergeMoments([leapt, wallMoments(timing, { stretch, within }), ...intervalMoments(timing, { stretch, within })]);
  }
}

export function occurrenceOf(timing: CompiledTiming, moment: Moment, movedFrom: number | null = null): Occurrence {
  const { instant, rules, notes, businessDate } = moment;
  const words = rules.map((place) => wordsOf(timing, place));
  const offset = offsetAt(timing.timeZone, instant);
  return {
    instant: new Date(instant).toISOString(),
    local: localText(instant + offset, offset),
    rules,
    businessDate,
    explanation: [words.join('; '), ...notes].filter((text) => text !== '').join('. '),
    movedFrom: movedFrom === null ? null : new Date(movedFrom).toISOString(),
  };
}

function wordsOf({ rules, intervals }: CompiledTiming, place: number): string {
  return [...rules, ...intervals].find((rule) => rule.place === place)?.words() ?? '';
}

/** What the clocks of the stretch show and a rule names. */
function* wallMoments(timing: CompiledTiming, { stretch, within }: { stretch: Stretch; within: Span }): Generator<Moment> {
  const { offset, before } = stretch;
  // Where the clocks went back, the first times of the stretch were shown before.
  const again = before > offset ? stretch.from + before : Number.NEGATIVE_INFINITY;
  const from = timing.policies.overlap === 'once' ? Math.max(within.from + offset, again) : within.from + offset;
  for (const { wall, ...moment } of namedWalls(timing, { from, to: within.to + offset }))
    yield {
      ...moment,
      instant: wall - offset,
      notes: wall < again ? [...moment.notes, `The clocks show ${timeOf(wall)} twice on this day; this is the second time`] : moment.notes,
    };
}

/** The times that the clocks leapt over at the beginning of the stretch fire at the first moment after. */
function* leaptOver(timing: CompiledTiming, { from, offset, before }: Stretch): Generator<Moment> {
  if (offset <= before) return;
  for (const { wall, ...moment } of namedWalls(timing, { from: from + before, to: from + offset })) {
    yield { ...moment, instant: from, notes: [...moment.notes, `The clocks leap over ${timeOf(wall)} on this day; it fires at the first moment after`] };
    return;
  }
}

type Named = Omit<Moment, 'instant'> & { wall: number };

/** Wall times in order, those of days that are off in their new places. */
export function* namedWalls(timing: CompiledTiming, { from, to }: Span): Generator<Named> {
  for (let day = dayOfWall(from); day * dayMs < to; day++) {
    if (!timing.isValid(day)) continue;
    const within = { from: Math.max(0, Math.ceil((from - day * dayMs) / 1_000)), to: Math.min(86_400, Math.ceil((to - day * dayMs) / 1_000)) };
    const moments = timing.closed
      .landing(day)
      .flatMap((named) => (timing.isValid(named) ? timing.rules.map((rule) => onDay({ timing, rule, day, named, within })) : []));
    for (const { instant: wall, ...moment } of mergeMoments(moments)) yield { ...moment, wall };
  }
}

interface OnDay {
  timing: CompiledTiming;
  rule: CompiledTiming['rules'][number];
  day: number;
  /** The date that the rule names; another one than `day` when it was moved. */
  named: number;
  within: { from: number; to: number };
}

function* onDay({ timing, rule, day, named, within }: OnDay): Generator<Moment> {
  const notes = named === day ? [] : [`Moved from ${toDate(named)}, which is off: ${timing.closed.why(named)}`];
  const businessDate = rule.times.businessDate?.(named) ?? toDate(day);
  for (const range of intersection(timing.ranges(day), within))
    for (const second of rule.times.times(named, range)) yield { instant: wallOf(day, second), rules: [rule.place], businessDate, notes };
}

function timeOf(wall: number): string {
  return timeText(Math.floor((wall - dayOfWall(wall) * dayMs) / 1_000));
}

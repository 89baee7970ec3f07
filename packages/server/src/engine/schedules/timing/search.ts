// Looks for what comes next, with the changes that people made to single occurrences, and says so when nothing ever comes.
import { AppError } from '@tidewheel/contract/errors';
import type { Occurrence } from '@tidewheel/contract/schedule';
import type { CompiledTiming } from './compile.ts';
import { type Moment, mergeMoments } from './moments.ts';
import { occurrenceOf, occurrences, type Span } from './occurrences.ts';
import { toDate } from './wall.ts';
import { dayMs } from './zone.ts';

/** What somebody decided about one planned moment: not to run it, or to run it at another one. By the planned instant. */
export type Overrides = ReadonlyMap<number, { to: number | null }>;

export interface Planned extends Moment {
  /** Where its rules had it, when somebody moved it. */
  movedFrom: number | null;
}

/** So far ahead: 29 February on a Monday comes once in 28 years. Where windows make every day cost more, as far as the next leap year but one. */
const furthestDays = 30 * 366;
const furthestDaysInWindows = 9 * 366;

/** As `occurrences`, with what was left out and moved by hand. */
export function* planned(timing: CompiledTiming, span: Span, overrides: Overrides): Generator<Planned> {
  const moved = [...overrides].flatMap(([from, { to }]) => (to !== null && to >= span.from && to < span.to ? [movedMoment(timing, { from, to })] : []));
  const left = function* (): Generator<Moment> {
    for (const moment of occurrences(timing, span)) if (!overrides.has(moment.instant)) yield moment;
  };
  const origins = new Map(moved.map(({ instant, movedFrom }) => [instant, movedFrom]));
  moved.sort((a, b) => a.instant - b.instant);
  for (const moment of mergeMoments([left(), moved])) yield { ...moment, movedFrom: origins.get(moment.instant) ?? null };
}

function movedMoment(timing: CompiledTiming, { from, to }: { from: number; to: number }): Planned {
  const [was] = occurrences(timing, { from, to: from + 1 });
  const businessDate = was?.businessDate ?? toDate(Math.floor(to / dayMs));
  return { instant: to, rules: was?.rules ?? [], businessDate, notes: [...(was?.notes ?? []), 'Moved by hand'], movedFrom: from };
}

export interface Ahead {
  items: Planned[];
  /** What keeps it from being looked at further, in a sentence. */
  stopped: string | null;
}

/** The next so many at or after an instant, without ever throwing. */
export function ahead(timing: CompiledTiming, { from, most, overrides = new Map() }: { from: number; most: number; overrides?: Overrides }): Ahead {
  const days = timing.timing.windows.length > 0 ? furthestDaysInWindows : furthestDays;
  const items: Planned[] = [];
  try {
    for (const moment of planned(timing, { from, to: from + days * dayMs }, overrides)) {
      items.push(moment);
      if (items.length >= most) return { items, stopped: null };
    }
    return { items, stopped: null };
  } catch (error) {
    if (error instanceof AppError) return { items, stopped: error.message };
    throw error;
  }
}

export function viewPlanned(timing: CompiledTiming, { movedFrom, ...moment }: Planned): Occurrence {
  return occurrenceOf(timing, moment, movedFrom);
}

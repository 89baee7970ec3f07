// A stored schedule made ready to be asked: with the calendars that it names and what people decided about single moments.

import { AppError } from '@tidewheel/contract/errors';
import type { Occurrence, ScheduleTiming } from '@tidewheel/contract/schedule';
import { loadCalendars } from '../../platform/calendars/load-calendars.ts';
import type { Databases } from '../../storage/database.ts';
import { type CompiledTiming, compileTiming } from './timing/compile.ts';
import { ahead, type Overrides, viewPlanned } from './timing/search.ts';

/** A transaction of the app's, or the engine's database. */
type Reader = Databases['app'];

/** The calendars that a timing names. */
export function calendarsOf({ calendar, exclusions, rules }: Pick<ScheduleTiming, 'calendar' | 'exclusions' | 'rules'>): string[] {
  const named = [
    ...(calendar === null ? [] : [calendar]),
    ...exclusions.flatMap((exclusion) => (exclusion.kind === 'calendar' ? [exclusion.calendar] : [])),
    ...rules.flatMap((rule) => ('calendar' in rule && rule.calendar !== undefined ? [rule.calendar] : [])),
  ];
  return [...new Set(named)];
}

/** @throws InvalidInput when a rule or calendar can no longer be used */
export async function compiled(reader: Reader, { workspaceId, timing }: { workspaceId: string; timing: ScheduleTiming }): Promise<CompiledTiming> {
  const names = calendarsOf(timing);
  return compileTiming(timing, names.length === 0 ? new Map() : await loadCalendars(reader, workspaceId, names));
}

export function overridesOf(changes: readonly { instant: Date; to_instant: Date | null }[]): Overrides {
  return new Map(changes.map(({ instant, to_instant }) => [instant.getTime(), { to: to_instant?.getTime() ?? null }]));
}

export interface NextMoment {
  next_at: Date | null;
  problem: string | null;
}

/** The first moment after an instant. */
export function nextAfter(timing: CompiledTiming, { after, overrides }: { after: number; overrides: Overrides }): NextMoment {
  const { items, stopped } = ahead(timing, { from: after + 1, most: 1, overrides });
  const [next] = items;
  if (next) return { next_at: new Date(next.instant), problem: null };
  return { next_at: null, problem: stopped ?? 'Nothing is to come: its rules name no further moment.' };
}

/** The same of a schedule as it is stored, for whom a rule or calendar that can no longer be used is a problem and no error. */
export async function plannedNext(
  reader: Reader,
  { workspaceId, timing, after, overrides }: { workspaceId: string; timing: ScheduleTiming; after: number; overrides: Overrides },
): Promise<NextMoment> {
  try {
    return nextAfter(await compiled(reader, { workspaceId, timing }), { after, overrides });
  } catch (error) {
    if (error instanceof AppError) return { next_at: null, problem: error.message };
    throw error;
  }
}

export function nextOccurrences(
  timing: CompiledTiming,
  { from, most, overrides }: { from: number; most: number; overrides: Overrides },
): { items: Occurrence[]; stopped: string | null } {
  const { items, stopped } = ahead(timing, { from, most, overrides });
  return { items: items.map((one) => viewPlanned(timing, one)), stopped };
}

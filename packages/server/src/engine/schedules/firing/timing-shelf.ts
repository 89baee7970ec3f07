// Timings that were read before are read again only when their schedule or one of its calendars changed.
import { AppError } from '@tidewheel/contract/errors';
import type { ScheduleTiming } from '@tidewheel/contract/schedule';
import type { BusinessDays } from '../../../platform/calendars/business-days.ts';
import { loadCalendars } from '../../../platform/calendars/load-calendars.ts';
import type { Databases } from '../../../storage/database.ts';
import { calendarsOf } from '../planning.ts';
import { type CompiledTiming, compileTiming } from '../timing/compile.ts';

interface Asked {
  id: string;
  workspace_id: string;
  revision: number;
  timing: ScheduleTiming;
}
interface Kept {
  revision: number;
  calendars: readonly (BusinessDays | undefined)[];
  timing: CompiledTiming;
}

const mostKept = 20_000;

export class TimingShelf {
  readonly #kept = new Map<string, Kept>();

  /** By schedule; one that can no longer be read is its error. */
  async compile(engine: Databases['engine'], asked: Asked[]): Promise<Map<string, CompiledTiming | AppError>> {
    const found = new Map<string, CompiledTiming | AppError>();
    for (const [workspace, some] of Map.groupBy(asked, ({ workspace_id }) => workspace_id)) {
      const names = [...new Set(some.flatMap(({ timing }) => calendarsOf(timing)))];
      const calendars = names.length === 0 ? new Map<string, BusinessDays>() : await calendarsFor(engine, { workspace, names });
      for (const one of some) found.set(one.id, calendars instanceof AppError ? calendars : this.#read(one, calendars));
    }
    return found;
  }

  #read({ id, revision, timing }: Asked, calendars: ReadonlyMap<string, BusinessDays>): CompiledTiming | AppError {
    const kept = this.#kept.get(id);
    const own = calendarsOf(timing).map((name) => calendars.get(name));
    if (kept?.revision === revision && kept.calendars.every((calendar, place) => calendar === own[place])) return kept.timing;
    try {
      const compiled = compileTiming(timing, calendars);
      if (this.#kept.size >= mostKept) this.#kept.clear();
      this.#kept.set(id, { revision, calendars: own, timing: compiled });
      return compiled;
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
  }
}

async function calendarsFor(
  engine: Databases['engine'],
  { workspace, names }: { workspace: string; names: string[] },
): Promise<Map<string, BusinessDays> | AppError> {
  try {
    return await loadCalendars(engine, workspace, names);
  } catch (error) {
    if (error instanceof AppError && !error.retryable) return error;
    throw error;
  }
}

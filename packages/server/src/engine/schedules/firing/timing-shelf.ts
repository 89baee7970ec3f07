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
  /** Many schedules say the same: it is read once. */
  readonly #byText = new Map<string, Omit<Kept, 'revision'>>();

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

  #read({ id, revision, ...asked }: Asked, calendars: ReadonlyMap<string, BusinessDays>): CompiledTiming | AppError {
    const kept = this.#kept.get(id);
    const own = calendarsOf(asked.timing).map((name) => calendars.get(name));
    if (kept?.revision === revision && isSame(kept.calendars, own)) return kept.timing;
    try {
      const timing = this.#compile(asked, { calendars, own });
      keep(this.#kept, id, { revision, calendars: own, timing });
      return timing;
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
  }

  #compile(
    { workspace_id, timing }: Pick<Asked, 'workspace_id' | 'timing'>,
    { calendars, own }: { calendars: ReadonlyMap<string, BusinessDays>; own: Kept['calendars'] },
  ): CompiledTiming {
    const text = `${workspace_id} ${JSON.stringify(timing)}`;
    const same = this.#byText.get(text);
    if (same && isSame(same.calendars, own)) return same.timing;
    const compiled = compileTiming(timing, calendars);
    keep(this.#byText, text, { calendars: own, timing: compiled });
    return compiled;
  }
}

function isSame(some: Kept['calendars'], others: Kept['calendars']): boolean {
  return some.every((calendar, place) => calendar === others[place]);
}

function keep<T>(shelf: Map<string, T>, key: string, value: T): void {
  if (shelf.size >= mostKept) shelf.clear();
  shelf.set(key, value);
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

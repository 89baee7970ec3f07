// What is wrong with a schedule before it is saved: every fault with its path.
import { AppError, InvalidInput } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Fault } from '@tidewheel/contract/problem';
import type { ScheduleParameter, ScheduleTiming } from '@tidewheel/contract/schedule';
import { loadBook } from '../../platform/calendars/load-calendars.ts';
import type { Databases } from '../../storage/database.ts';
import { calendarsOf } from '../calendars-of.ts';
import { resolveParameters } from '../flows/parameters.ts';
import { firingParameters } from './firing-parameters.ts';
import { calendarsOf as namedIn } from './planning.ts';
import { type CompiledTiming, compileTiming } from './timing/compile.ts';
import { whyNever } from './timing/never.ts';
import { ahead, type Planned } from './timing/search.ts';

export interface Checked {
  faults: Fault[];
  /** Null when it cannot be read at all. */
  timing: CompiledTiming | null;
}

/** A transaction of the app's, or the engine's database. */
type Reader = Databases['app'];

export async function checkTiming(
  reader: Reader,
  { workspaceId, timing, now }: { workspaceId: string; timing: ScheduleTiming; now: number },
): Promise<Checked> {
  const names = namedIn(timing);
  try {
    const book = await loadBook(reader, { workspaceId, slugs: names });
    const known = new Map(names.filter((name) => book.has(name)).map((name) => [name, book.find(name)]));
    const missing = placesOf(timing).filter(({ name }) => !known.has(name));
    if (missing.length > 0)
      return { faults: missing.map(({ path, name }) => ({ path, message: `there is no calendar "${name}"`, severity: 'error' })), timing: null };
    const faults = timing.rules.flatMap((rule, place) => ruleFaults(() => compileTiming({ ...timing, rules: [rule] }, known), { place, now }));
    if (faults.some(({ severity }) => severity === 'error')) return { faults, timing: null };
    const compiled = compileTiming(timing, known);
    const never = whyNever(compiled, now);
    // When none of them fires, that is the fault, and not each of them by itself.
    return { faults: never === null ? faults : [{ path: 'rules', message: `it can never fire: ${never}`, severity: 'error' }], timing: compiled };
  } catch (error) {
    if (error instanceof AppError) return { faults: [{ path: 'rules', message: error.message, severity: 'error', ...hintOf(error) }], timing: null };
    throw error;
  }
}

function ruleFaults(compile: () => CompiledTiming, { place, now }: { place: number; now: number }): Fault[] {
  try {
    // Some faults of a recurrence show only when it is counted.
    const { items, stopped } = ahead(compile(), { from: now, most: 1 });
    if (items.length > 0 || stopped !== null) return [];
    return [{ path: `rules.${place}`, message: 'this rule never fires: it names no moment to come, or all of them are left out', severity: 'warning' }];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const field =
      error.code === 'schedule.cron' ? '.expression' : error.code === 'schedule.rrule' ? '.rule' : error.code === 'schedule.no_calendar' ? '.calendar' : '';
    return [{ path: `rules.${place}${field}`, message: error.message, severity: 'error', ...hintOf(error) }];
  }
}

function hintOf({ hint }: AppError): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

function placesOf({ calendar, exclusions, rules }: ScheduleTiming): { path: string; name: string }[] {
  return [
    ...(calendar === null ? [] : [{ path: 'calendar', name: calendar }]),
    ...exclusions.flatMap((one, place) => (one.kind === 'calendar' ? [{ path: `exclusions.${place}.calendar`, name: one.calendar }] : [])),
    ...rules.flatMap((rule, place) => ('calendar' in rule && rule.calendar !== undefined ? [{ path: `rules.${place}.calendar`, name: rule.calendar }] : [])),
  ];
}

/** As the next moment would have them; nothing is said of parameters while no moment is known. */
export async function parameterFaults(reader: Reader, { workspaceId, document, parameters, timing, next }: ParametersAsked): Promise<Fault[]> {
  if (!next) return [];
  const now = new Date(next.instant);
  const asked = { workspaceId, at: now };
  const own = await calendarsOf(reader, { ...asked, document: parameters });
  const { values, faults } = firingParameters({ parameters, moment: next, timeZone: timing.timeZone, flow: document.flow, calendars: own });
  if (faults.length > 0) return faults;
  const calendars = await calendarsOf(reader, { ...asked, document });
  return resolveParameters({ parameters: document.parameters, given: values, now, timeZone: document.timeZone, calendars }).faults;
}

interface ParametersAsked {
  workspaceId: string;
  document: FlowDocument;
  parameters: Record<string, ScheduleParameter>;
  timing: CompiledTiming;
  next: Planned | undefined;
}

export function refused(faults: Fault[]): InvalidInput {
  const message = faults.map((fault) => `${fault.path}: ${fault.message}`).join('; ');
  return new InvalidInput('schedule.invalid', message.slice(0, 2_000), { details: { faults }, hint: 'The preview of a schedule says when it would fire.' });
}

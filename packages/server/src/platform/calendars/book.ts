// A set of calendars as they were at one moment, each compiled when it is first asked for. Circles and towers of calendars are refused by name.
import type { CalendarDefinition } from '@tidewheel/contract/calendar';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import { closest } from '../../base/text.ts';
import { builtInCalendars } from './built-in.ts';
import { type BusinessDays, businessDays } from './business-days.ts';
import { type DaysOff, daysOffOf } from './days-off.ts';

/** Calendars made of calendars made of calendars: further down nobody can say what is off. */
const deepest = 20;

export class CalendarBook {
  readonly #definitions: ReadonlyMap<string, CalendarDefinition>;
  readonly #parts = new Map<string, DaysOff>();
  readonly #found = new Map<string, BusinessDays>();

  /** `definitions`: those of the workspace, by slug; what is built in is always there. */
  constructor(definitions: ReadonlyMap<string, CalendarDefinition>) {
    this.#definitions = definitions;
  }

  /** @throws NotFound `calendar.unknown` naming the closest one; InvalidInput `calendar.cycle`, `calendar.too_deep` */
  find(name: string): BusinessDays {
    const known = this.#found.get(name);
    if (known) return known;
    const { days, unknownYear } = this.#partOf(name, []);
    const found = businessDays({ label: `the calendar "${name}"`, days, unknownYear });
    this.#found.set(name, found);
    return found;
  }

  has(name: string): boolean {
    return this.#definitions.has(name) || builtInCalendars.has(name);
  }

  names(): string[] {
    return [...builtInCalendars.keys(), ...this.#definitions.keys()];
  }

  #partOf(name: string, above: readonly string[]): DaysOff {
    const known = this.#parts.get(name);
    if (known) return known;
    const path = [...above, name];
    if (above.includes(name))
      throw new InvalidInput('calendar.cycle', `The calendars go round in a circle: ${path.slice(above.indexOf(name)).join(' -> ')}.`, {
        hint: 'Take one of them out of the other.',
      });
    if (path.length > deepest)
      throw new InvalidInput('calendar.too_deep', `More than ${deepest} calendars are made of one another: ${path.slice(0, 3).join(' -> ')} -> ...`, {
        hint: 'Name their rules in one calendar.',
      });
    const definition = this.#definitions.get(name) ?? builtInCalendars.get(name)?.definition;
    if (!definition) throw unknownCalendar(name, this.names());
    const part = daysOffOf(definition, (other) => this.#partOf(other, path));
    this.#parts.set(name, part);
    return part;
  }
}

/** Where nobody told which calendars a workspace has, there are those that are built in. */
export const builtInBook = new CalendarBook(new Map());

export function unknownCalendar(name: string, names: readonly string[]): NotFound {
  const slip = closestCalendar(name, names);
  const shown = name.length > 60 ? `${name.slice(0, 57)}...` : name;
  return new NotFound('calendar.unknown', `There is no calendar "${shown}"${slip ? `; did you mean "${slip}"?` : ' in this workspace.'}`, {
    hint: 'See the list of calendars for the names that exist.',
  });
}

/** Built-in names are upper case, one's own lower case: a slip in that is the first thing to look for. */
export function closestCalendar(name: string, names: readonly string[]): string | undefined {
  return names.find((other) => other.toLowerCase() === name.toLowerCase()) ?? closest(name, names);
}

// Whether rules are sound before they are kept: what they name exists, they are not made of themselves, and some day is left open.
import type { CalendarDefinition, CalendarRule } from '@tidewheel/contract/calendar';
import { firstYear, lastYear } from '@tidewheel/contract/calendar-limits';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import { storable } from '../../base/text.ts';
import { CalendarBook } from './book.ts';
import type { BusinessDays } from './business-days.ts';
import { requireCountry } from './country-holidays.ts';
import { calendarsIn } from './load-calendars.ts';

export interface Drafted {
  /** What it is or will be called; null: it is looked at only. */
  slug: string | null;
  definition: CalendarDefinition;
  /** The others of the workspace. */
  others: ReadonlyMap<string, CalendarDefinition>;
}

/** A name that no calendar can have. */
const unnamed = '(new)';

/** @throws InvalidInput, NotFound what is wrong with it */
export function compileDraft({ slug, definition, others }: Drafted): BusinessDays {
  for (const rule of definition.rules) checkRule(rule);
  const name = slug ?? unnamed;
  try {
    return new CalendarBook(new Map([...others, [name, definition]])).find(name);
  } catch (thrown) {
    // Asked for is the draft; what it names and is not there is a fault of it.
    if (!(thrown instanceof NotFound)) throw thrown;
    throw new InvalidInput(thrown.code, thrown.message, thrown.hint === undefined ? {} : { hint: thrown.hint });
  }
}

/** Those that are made of it must be sound still: circles and towers show only from above. @throws InvalidInput */
export function checkUsers({ slug, definition, others }: Drafted & { slug: string }): void {
  const together = new Map([...others, [slug, definition]]);
  const above = new Set([slug]);
  for (let grew = true; grew; ) {
    const more = [...others].filter(([name, other]) => !above.has(name) && calendarsIn(other).some((part) => above.has(part)));
    for (const [name] of more) above.add(name);
    grew = more.length > 0;
  }
  for (const name of above) new CalendarBook(together).find(name);
}

/** @throws InvalidInput `calendar.always_off` as well */
export function checkDraft(drafted: Drafted, now: Date): void {
  const days = compileDraft(drafted);
  const { from = firstYear, to = lastYear } = drafted.definition.years ?? {};
  const year = Math.min(Math.max(now.getUTCFullYear(), from), to);
  const length = (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / 86_400_000;
  const open = (at: number) => at > to || days.daysOff(at).size < length;
  if (!open(year) && !open(Math.min(year + 1, lastYear)))
    throw new InvalidInput('calendar.always_off', `No day of ${year} is a business day by these rules.`, {
      hint: 'Rules name days off: a list of business days is no rule of its own. Take what is too much out of them.',
    });
}

function checkRule(rule: CalendarRule): void {
  if (rule.kind === 'country') requireCountry(rule);
  if (rule.kind === 'countryWeekend') requireCountry({ country: rule.country });
  if (rule.kind === 'union' || rule.kind === 'intersection') for (const inner of rule.of) checkRule(inner);
  if (rule.kind === 'minus') for (const inner of [rule.from, ...rule.without]) checkRule(inner);
  if (rule.kind === 'shift') checkRule(rule.rule);
}

/** Names as Postgres can keep them. */
export function storableDefinition(definition: CalendarDefinition): CalendarDefinition {
  return JSON.parse(JSON.stringify(definition, (_key, value: unknown) => (typeof value === 'string' ? storable(value) : value))) as CalendarDefinition;
}

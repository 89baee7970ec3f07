// One value for one declared parameter: brought to its type, then held against its limits.
import type { Parameter } from '@tidewheel/contract/flow-document';
import { dateInZone } from '../../base/clock.ts';
import { closest } from '../../base/text.ts';
import { compilePattern } from '../expressions/patterns.ts';

export type ParameterValue = string | number | boolean;
/** Either the value, or what is wrong with the one that was given. */
export type Coerced = { value: ParameterValue } | { fault: string };

/** Text is accepted for numbers and booleans, because command lines and addresses know nothing else. */
export function coerce({ parameter, given, timeZone }: { parameter: Parameter; given: unknown; timeZone: string }): Coerced {
  const typed = toType({ type: parameter.type, given, timeZone });
  if ('fault' in typed) return typed;
  const fault = outsideLimits({ parameter, value: typed.value, timeZone });
  return fault === null ? typed : { fault };
}

function toType({ type, given, timeZone }: { type: Parameter['type']; given: unknown; timeZone: string }): Coerced {
  switch (type) {
    case 'string':
      return typeof given === 'string' ? { value: given } : wrong('a text', given);
    case 'integer':
      return toInteger(given);
    case 'number':
      return toNumber(given);
    case 'boolean':
      return typeof given === 'boolean'
        ? { value: given }
        : given === 'true' || given === 'false'
          ? { value: given === 'true' }
          : wrong('true or false', given);
    case 'date':
      return typeof given === 'string' ? toDate(given, timeZone) : wrong('a date like 2026-12-31', given);
    case 'datetime':
      return typeof given === 'string' ? toInstant(given, timeZone) : wrong('a date and time like 2026-12-31T18:00:00Z', given);
  }
}

function wrong(noun: string, given: unknown): Coerced {
  const shown = JSON.stringify(given) ?? String(given);
  return { fault: `must be ${noun}, not ${shown.length > 60 ? `${shown.slice(0, 57)}...` : shown}` };
}

function toInteger(given: unknown): Coerced {
  const value = typeof given === 'string' && /^\s*[+-]?\d{1,17}\s*$/.test(given) ? Number(given) : given;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { value: value + 0 };
  return typeof value === 'number' && Number.isInteger(value)
    ? { fault: 'is too large for a whole number (at most 9007199254740991)' }
    : wrong('a whole number', given);
}
function toNumber(given: unknown): Coerced {
  const value = typeof given === 'string' && /^\s*[+-]?(\d{1,300}(\.\d{0,300})?|\.\d{1,300})([eE][+-]?\d{1,3})?\s*$/.test(given) ? Number(given) : given;
  return typeof value === 'number' && Number.isFinite(value) ? { value } : wrong('a number', given);
}

/** Also an instant, as `now - duration("24h")` gives it: its date in the zone. */
function toDate(given: string, timeZone: string): Coerced {
  const text = given.trim();
  if (isDate(text)) return { value: text };
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { fault: `there is no ${text} in the calendar` };
  const instant = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) ? new Date(text) : new Date(Number.NaN);
  return Number.isNaN(instant.getTime()) ? wrong('a date like 2026-12-31', given) : { value: dateInZone(instant, timeZone) };
}
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Without an offset it is the time on the clocks of the flow's zone. */
function toInstant(given: string, timeZone: string): Coerced {
  const parts = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?$/.exec(given.trim());
  if (!parts) return wrong('a date and time like 2026-12-31T18:00:00Z', given);
  const [, date, time, offset] = parts as unknown as [string, string, string, string | undefined];
  if (!isDate(date)) return { fault: `there is no ${date} in the calendar` };
  const instant = new Date(`${date}T${time}${offset ?? 'Z'}`);
  if (Number.isNaN(instant.getTime())) return { fault: `there is no time ${time}` };
  return { value: (offset === undefined ? fromClock(instant, timeZone) : instant).toISOString() };
}

/** `clock` shows the wanted local time as if it were UTC. In a gap of the clocks the time before the gap counts on. */
function fromClock(clock: Date, timeZone: string): Date {
  const first = new Date(clock.getTime() - offsetAt(clock, timeZone));
  return new Date(clock.getTime() - offsetAt(first, timeZone));
}
function offsetAt(instant: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const shown = Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}Z`);
  return shown - Math.floor(instant.getTime() / 1000) * 1000;
}

function outsideLimits({ parameter, value, timeZone }: { parameter: Parameter; value: ParameterValue; timeZone: string }): string | null {
  const { choices, pattern, minimum, maximum } = parameter;
  if (choices && !choices.some((choice) => sameValue({ type: parameter.type, choice, value, timeZone }))) return notAChoice(choices, value);
  if (pattern !== undefined && typeof value === 'string' && !compilePattern(pattern).testExact(value)) return `must match the pattern ${pattern}`;
  if (minimum !== undefined && typeof value === 'number' && value < minimum) return `must be at least ${minimum}`;
  if (maximum !== undefined && typeof value === 'number' && value > maximum) return `must be at most ${maximum}`;
  return null;
}

function sameValue({ type, choice, value, timeZone }: { type: Parameter['type']; choice: string | number; value: ParameterValue; timeZone: string }): boolean {
  const typed = toType({ type, given: choice, timeZone });
  return 'value' in typed && typed.value === value;
}

function notAChoice(choices: readonly (string | number)[], value: ParameterValue): string {
  const names = choices.map(String);
  const slip = closest(String(value), names);
  const shown = names.length <= 12 ? names.join(', ') : `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`;
  return `must be one of ${shown}${slip ? `; did you mean "${slip}"?` : ''}`;
}

// Values on their way into a database: what an expression or a parameter of a flow may be, as drivers take it.
import { InvalidInput } from '@tidewheel/contract/errors';

export type BoundValue = string | number | boolean | null | BoundValue[];

/** Instants and big numbers as text, maps as JSON text. @throws InvalidInput for a text that no database keeps */
export function boundValue(name: string, value: unknown): BoundValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return checkedText(name, value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => boundValue(name, item));
  return checkedText(name, JSON.stringify(value));
}

/** For drivers that know no lists. */
export function flatValue(name: string, value: unknown): string | number | boolean | null {
  const bound = boundValue(name, value);
  return Array.isArray(bound) ? JSON.stringify(bound) : bound;
}

function checkedText(name: string, text: string): string {
  if (!text.includes('\0') && text.isWellFormed()) return text;
  throw new InvalidInput('sql.value', `The value of :${name} holds a character that is no text (U+0000 or half a surrogate pair).`);
}

/** Columns as a table has them: no name twice, none without a name. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((given, index) => {
    const name = given === '' || given === '?column?' ? `column${index + 1}` : given;
    let free = name;
    for (let number = 1; taken.has(free.toLowerCase()); number += 1) free = `${name}_${number}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

/** One line of CSV as `copyOut` writes it: all that is not NULL in quotes, so that an empty text is not nothing. */
export function csvLine(cells: readonly (string | null)[], nullText: string): string {
  return `${cells.map((cell) => (cell === null ? nullText : `"${cell.replaceAll('"', '""')}"`)).join(',')}\n`;
}

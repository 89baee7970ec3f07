// Which calendars a document may ask for, found in its texts without compiling them: the most that can be said before it runs.

/** Null: it names none. `all`: it computes a name, so any could be meant. */
export type CalendarNames = null | 'all' | readonly string[];

const call = /\bcalendar\s*\(\s*(?:"([^"\\]*)"|'([^'\\]*)')?/g;
const known = new WeakMap<object, CalendarNames>();

/** Remembered for documents, which never change. A text that only looks like a call costs a look too many, nothing else. */
export function calendarNamesIn(document: object): CalendarNames {
  const before = known.get(document);
  if (before !== undefined) return before;
  const names = new Set<string>();
  const computed = collect(document, names);
  const found = computed ? 'all' : names.size === 0 ? null : [...names];
  known.set(document, found);
  return found;
}

/** @returns whether a name is computed */
function collect(value: unknown, names: Set<string>): boolean {
  if (typeof value === 'string') return collectText(value, names);
  if (typeof value !== 'object' || value === null) return false;
  let computed = false;
  for (const item of Object.values(value)) computed = collect(item, names) || computed;
  return computed;
}

function collectText(text: string, names: Set<string>): boolean {
  if (!text.includes('calendar')) return false;
  let computed = false;
  for (const [, double, single] of text.matchAll(call)) {
    const name = double ?? single;
    if (name === undefined) computed = true;
    else names.add(name);
  }
  return computed;
}

// Entries of a session in words.
import { colorFields } from '@tidewheel/contract/color';
import type { SessionEntry, SessionRowWhy } from '@tidewheel/contract/color-session';

const titles: Record<string, string> = Object.fromEntries(Object.entries(colorFields).map(([field, { title }]) => [field, title]));

const done: Record<SessionEntry['kind'], string> = {
  cells: 'Changed',
  block: 'Pasted',
  remove: 'Removed',
  restore: 'Restored',
  exclude: 'Excluded',
  include: 'Included',
  color: 'Coloured',
  move: 'Moved',
  rules: 'Applied rules',
  undo: 'Took back',
  redo: 'Brought again',
};

/** `Changed PX to 98-16+`. */
export function entryText({ kind, what, ofEntry }: Pick<SessionEntry, 'kind' | 'what' | 'ofEntry'>): string {
  if (ofEntry !== null) return `${done[kind]} change ${ofEntry}`;
  if (kind === 'cells') return `Changed ${valuesText(what['fields'])}`;
  if (kind === 'block') return `Pasted ${list(what['fields']).map(nameOf).join(', ')}`;
  if (kind === 'color') return what['color'] === null ? 'Took the colour away' : `Coloured ${String(what['color'])}`;
  if (kind === 'move') return `Moved ${what['families'] ? 'families' : 'rows'}${what['before'] === null ? ' to the end' : ''}`;
  if (kind === 'rules') return `Applied ${String(what['rules'])} rules${what['reorder'] ? ' and their order' : ''}`;
  return done[kind];
}

function valuesText(fields: unknown): string {
  return Object.entries((fields ?? {}) as Record<string, string>)
    .map(([field, value]) => `${nameOf(field)} to ${value === '' ? 'nothing' : value}`)
    .join(', ');
}

function list(given: unknown): string[] {
  return Array.isArray(given) ? given.map(String) : [];
}

function nameOf(field: string): string {
  return titles[field] ?? field;
}

const inner = new Set(['doubts', 'place', 'excluded_by', 'excluded_by_hand', 'color_by', 'color_by_hand', 'more']);

/** `PX from 98 to 99` for each column that people know. */
export function changeText({ before, after, kind, ofEntry }: SessionRowWhy['changes'][number]): string {
  const parts = Object.keys(after)
    .filter((column) => !inner.has(column) && before[column] !== after[column])
    .map((column) => `${nameOf(column)} from ${shown(before[column])} to ${shown(after[column])}`);
  const name = ofEntry === null ? done[kind] : `${done[kind]} change ${ofEntry}`;
  return parts.length === 0 ? name : `${name}: ${parts.join(', ')}`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

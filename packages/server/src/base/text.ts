import { closest } from '@tidewheel/contract/closest';

/** Postgres refuses U+0000 in text and jsonb, and lone surrogates in jsonb: both become U+FFFD, so that one odd log line cannot fail a batch. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').toWellFormed();
}
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  // Both are written as escapes, and hardly ever there: JSON with a function for each value takes several times as long.
  return mayBeRefused.test(text) ? storableItems(value) : text;
}
const mayBeRefused = /\\u(?:0000|d[89a-f])/i;

function storableItems(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? storable(item) : item)) ?? 'null';
}

/** The closest one, or else one that goes on where `word` ends: `auth-016` for `auth-016-001-01`. */
export function closestName(word: string, candidates: readonly string[]): string | undefined {
  return closest(word, candidates) ?? (word === '' ? undefined : candidates.find((candidate) => candidate.startsWith(word)));
}

export { closest };

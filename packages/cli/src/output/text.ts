// Numbers, sizes, times and text as people read them.
import { stripVTControlCharacters } from 'node:util';
import { styledText } from '@tidewheel/contract/terminal-text';
import stringWidth from 'string-width';

const numbers = new Intl.NumberFormat('en');

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : numbers.format(value);
}

const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB'];
/** 1 kB is 1,000 bytes. */
export function size(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(sizeUnits.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${power === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${sizeUnits[power]}`;
}

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.round((ms % 60_000) / 1_000);
  return minutes < 60 ? `${minutes} min ${seconds} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long something has taken, or takes so far. Empty before it started. */
export function elapsed(startedAt: string | null, finishedAt: string | null): string {
  if (startedAt === null) return '';
  return duration((finishedAt === null ? Date.now() : Date.parse(finishedAt)) - Date.parse(startedAt));
}

/** `2026-11-20 14:03:22` in the reader's own time zone (TZ). */
export function instant(iso: string | null): string {
  if (iso === null) return '';
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** Text from elsewhere without what could drive the terminal: escape sequences and control characters. Line ends become spaces. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return stripVTControlCharacters(text).replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

/** Likewise, but with its colours and styles, which end with it. */
export function styled(text: string): string {
  const kept = styledText(text).replaceAll(/[\n\t]+/g, ' ');
  return kept.includes('\u001b') ? `${kept}\u001b[0m` : kept;
}

export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** At most `width` columns, the cut marked by an ellipsis. `text` must be plain. */
export function cut(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += columnsOf(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

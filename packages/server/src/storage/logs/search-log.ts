// Finds text in the log of a run, a bounded stretch at a time.
import type { LogLine } from '@tidewheel/contract/run';
import { holdsText } from '@tidewheel/contract/terminal-text';
import type { LogFilter } from './logs.store.ts';
import { type LogSource, logParts } from './read-log.ts';

/** Lines looked through by one call: some 200 ms of work. */
export const lookedThrough = 50_000;

export interface FoundLines {
  lines: LogLine[];
  /** Where to go on. */
  next: number;
  /** There is more to look through. */
  more: boolean;
}

export async function searchLog(
  source: LogSource,
  { text, limit, ...wanted }: LogFilter & { text: string; after: number; limit: number },
): Promise<FoundLines> {
  const lower = text.toLowerCase();
  const lines: LogLine[] = [];
  let next = wanted.after;
  let looked = 0;
  for await (const part of logParts(source, wanted)) {
    for (const line of part.lines) {
      if (!holdsText(line.text, lower)) continue;
      lines.push(line);
      if (lines.length === limit) return { lines, next: line.seq, more: true };
    }
    next = part.upTo;
    looked += part.looked;
    if (looked >= lookedThrough) return { lines, next, more: true };
  }
  return { lines, next, more: false };
}

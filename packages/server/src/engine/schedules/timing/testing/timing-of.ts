// Timings as tests write them.
import { type ScheduleRule, ScheduleTiming } from '@tidewheel/contract/schedule';
import type { z } from 'zod';
import { CalendarBook } from '../../../../platform/calendars/book.ts';
import { type Calendars, type CompiledTiming, compileTiming } from '../compile.ts';
import { occurrences } from '../occurrences.ts';

export const markets: Calendars = new Map(['TARGET', 'NYSE'].map((name) => [name, new CalendarBook(new Map()).find(name)]));

type Given = Omit<z.input<typeof ScheduleTiming>, 'rules' | 'timeZone'> & { timeZone?: string; rules: z.input<typeof ScheduleRule>[] };

export function timingOf({ timeZone = 'UTC', ...given }: Given): CompiledTiming {
  return compileTiming(ScheduleTiming.parse({ timeZone, ...given }), markets);
}

export const at = (text: string): number => Date.parse(text);

/** Local times with their offset, the next so many. */
export function localTimes(timing: CompiledTiming, { from, to, most = 100 }: { from: string; to: string; most?: number }): string[] {
  const found: string[] = [];
  for (const { instant } of occurrences(timing, { from: at(from), to: at(to) })) {
    found.push(new Date(instant).toISOString().replace('.000', ''));
    if (found.length >= most) break;
  }
  return found;
}

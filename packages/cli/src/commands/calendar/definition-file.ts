// Rules of a calendar in a file: YAML or JSON, as `calendar show` writes them.
import { CalendarDefinition } from '@tidewheel/contract/calendar';
import { InvalidInput } from '@tidewheel/contract/errors';
import { parse } from 'yaml';
import { readText } from '../../input.ts';

/** @throws InvalidInput naming what is wrong in it */
export async function readDefinition(file: string): Promise<CalendarDefinition> {
  const text = await readText(file);
  const parsed = CalendarDefinition.safeParse(read(text, file));
  if (parsed.success) return parsed.data;
  const told = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new InvalidInput('input.calendar', `${file} is no definition of a calendar: ${told.join('; ')}`, {
    hint: 'See docs/calendars.md, or `tidewheel calendar show NYSE`.',
  });
}

function read(text: string, file: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (cause) {
    throw new InvalidInput('input.calendar', `${file} is not YAML: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

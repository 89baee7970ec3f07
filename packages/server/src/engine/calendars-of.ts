// The calendars that a document asks for, as they were at a moment. One that names none costs a look into a map.
import { loadBook } from '../platform/calendars/load-calendars.ts';
import type { Databases } from '../storage/database.ts';
import { calendarNamesIn } from './expressions/calendar-names.ts';
import type { Calendars } from './expressions/calendars.ts';

interface Wanted {
  workspaceId: string;
  document: object;
  at: Date;
}

export async function calendarsOf(db: Databases['engine'], { workspaceId, document, at }: Wanted): Promise<Calendars | undefined> {
  const names = calendarNamesIn(document);
  if (names === null) return undefined;
  return loadBook(db, { workspaceId, slugs: names === 'all' ? null : names, at });
}

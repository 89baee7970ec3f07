// Calendars as they were at a moment, for whoever counts business days: runs, schedules, the pages.
import type { CalendarDefinition, CalendarRule } from '@tidewheel/contract/calendar';
import type { Databases, WorkspaceTransaction } from '../../storage/database.ts';
import { CalendarBook } from './book.ts';
import { builtInCalendars } from './built-in.ts';
import type { BusinessDays } from './business-days.ts';
import { findDefinitions } from './calendars.store.ts';
import { findVersionsAt, type VersionAt } from './versions-at.store.ts';

/** A transaction of the app's, or the engine's database. */
type Queryable = Databases['app'];

/** What was compiled once serves everybody who sees the same versions: a year of a country can cost 70 ms. */
const books = new Map<string, CalendarBook>();
const mostBooks = 500;

/**
 * Business days by slug, built-in calendars included; those that do not exist are missing. `at`: as they were then (a calendar that is younger: as
 * it was at first), left out: as they are. Archived ones are found, so that what once ran can run again.
 * @throws InvalidInput `calendar.cycle`, `calendar.too_deep` when they are made of one another
 */
export async function loadCalendars(db: Queryable, workspaceId: string, slugs: readonly string[], at?: Date): Promise<Map<string, BusinessDays>> {
  const book = await loadBook(db, { workspaceId, slugs, at });
  return new Map(slugs.filter((slug) => book.has(slug)).map((slug) => [slug, book.find(slug)]));
}

/** `slugs` null: all there are. Also what they are made of. */
export async function loadBook(
  db: Queryable,
  { workspaceId, slugs, at }: { workspaceId: string; slugs: readonly string[] | null; at?: Date | undefined },
): Promise<CalendarBook> {
  const rows = slugs === null ? await findVersionsAt(db, { workspaceId, at }) : await withParts(db, { workspaceId, slugs, at });
  return bookOf(rows);
}

/** Those that are in use now: what may be named anew. */
export async function loadCurrentBook(trx: WorkspaceTransaction): Promise<CalendarBook> {
  return new CalendarBook(new Map((await findDefinitions(trx)).map(({ slug, definition }) => [slug, definition])));
}

async function withParts(
  db: Queryable,
  { workspaceId, slugs, at }: { workspaceId: string; slugs: readonly string[]; at?: Date | undefined },
): Promise<VersionAt[]> {
  const asked = new Set<string>();
  const found: VersionAt[] = [];
  let wanted = slugs.filter((slug) => !builtInCalendars.has(slug));
  while (wanted.length > 0) {
    for (const slug of wanted) asked.add(slug);
    const rows = await findVersionsAt(db, { workspaceId, slugs: wanted, at });
    found.push(...rows);
    wanted = [...new Set(rows.flatMap(({ definition }) => calendarsIn(definition)))].filter((slug) => !asked.has(slug) && !builtInCalendars.has(slug));
  }
  return found;
}

function bookOf(rows: readonly VersionAt[]): CalendarBook {
  const key = rows
    .map(({ id }) => id)
    .sort()
    .join();
  const known = books.get(key);
  if (known) return known;
  const book = new CalendarBook(new Map(rows.map(({ slug, definition }) => [slug, definition])));
  if (books.size >= mostBooks) books.clear();
  books.set(key, book);
  return book;
}

/** The calendars that a definition is made of, by name. */
export function calendarsIn({ rules }: Pick<CalendarDefinition, 'rules'>): string[] {
  return [...new Set(rules.flatMap(namedIn))];
}

function namedIn(rule: CalendarRule): string[] {
  switch (rule.kind) {
    case 'calendar':
      return [rule.calendar];
    case 'union':
    case 'intersection':
      return rule.of.flatMap(namedIn);
    case 'minus':
      return [rule.from, ...rule.without].flatMap(namedIn);
    case 'shift':
      return namedIn(rule.rule);
    default:
      return [];
  }
}

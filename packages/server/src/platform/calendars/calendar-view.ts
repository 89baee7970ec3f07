// Calendars as answers and audit entries show them.
import type { Calendar, CalendarSummary, CalendarVersion } from '@tidewheel/contract/routes/calendars';
import type { BuiltInCalendar } from './built-in.ts';
import type { CalendarRow, VersionRow } from './calendars.store.ts';

interface Shown {
  row: CalendarRow;
  version: VersionRow;
}

export function shownSummary(row: CalendarRow): CalendarSummary {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    description: row.description,
    builtIn: false,
    version: row.newest_version,
    updatedAt: row.changed_at.toISOString(),
    updatedBy: row.changed_by,
    archivedAt: row.archived_at?.toISOString() ?? null,
  };
}

export function shownCalendar({ row, version }: Shown): Calendar {
  return { ...shownSummary(row), definition: version.definition, shown: version.version, note: version.note };
}

export function shownVersion({ version, note, created_at, created_by }: Omit<VersionRow, 'definition'>): CalendarVersion {
  return { version, note, createdAt: created_at.toISOString(), createdBy: created_by };
}

export function builtInSummary({ slug, title, description }: BuiltInCalendar): CalendarSummary {
  return { id: null, slug, title, description, builtIn: true, version: 0, updatedAt: null, updatedBy: null, archivedAt: null };
}

export function shownBuiltIn(calendar: BuiltInCalendar): Calendar {
  return { ...builtInSummary(calendar), definition: calendar.definition, shown: 0, note: '' };
}

/** The rules stay in their version: they can be long. */
export function auditView({ row, version }: Shown) {
  return { title: row.title, description: row.description, version: version.version, note: version.note };
}

// The tables of calendars, as Kysely sees them.
import type { CalendarDefinition } from '@tidewheel/contract/calendar';
import type { ColumnType, Generated } from 'kysely';

export interface CalendarTable {
  workspace_id: string;
  id: string;
  slug: string;
  title: string;
  description: string;
  newest_version: number;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  archived_at: Date | null;
}
export interface CalendarVersionTable {
  workspace_id: string;
  id: string;
  calendar_id: string;
  version: number;
  definition: ColumnType<CalendarDefinition, string, never>;
  note: string;
  created_by: string;
  created_at: Date;
}

export interface CalendarTables {
  calendar: CalendarTable;
  calendar_version: CalendarVersionTable;
}

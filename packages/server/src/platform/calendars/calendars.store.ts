// The SQL of calendars and their versions.
import type { CalendarDefinition } from '@tidewheel/contract/calendar';
import type { Page } from '@tidewheel/contract/page';
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';

export interface CalendarRow {
  id: string;
  slug: string;
  title: string;
  description: string;
  newest_version: number;
  archived_at: Date | null;
  /** Of the newest version. */
  changed_at: Date;
  changed_by: string;
}
export interface VersionRow {
  id: string;
  version: number;
  definition: CalendarDefinition;
  note: string;
  created_by: string;
  created_at: Date;
}

const bySlug: Sort = { name: 'slug', keys: [{ column: 'calendar.slug', type: 'text', direction: 'asc' }] };
const newestFirst: Sort = { name: 'version', keys: [{ column: 'version', type: 'bigint', direction: 'desc' }] };

function rows(trx: WorkspaceTransaction) {
  return trx
    .selectFrom('calendar')
    .innerJoin('calendar_version as newest', (join) =>
      join
        .onRef('newest.workspace_id', '=', 'calendar.workspace_id')
        .onRef('newest.calendar_id', '=', 'calendar.id')
        .onRef('newest.version', '=', 'calendar.newest_version'),
    )
    .select(['calendar.id', 'calendar.slug', 'calendar.title', 'calendar.description', 'calendar.newest_version', 'calendar.archived_at'])
    .select(['newest.created_at as changed_at', 'newest.created_by as changed_by']);
}

export function findCalendars(
  trx: WorkspaceTransaction,
  { archived, search }: { archived: boolean; search?: string | undefined },
  page: PageRequest,
): Promise<Page<CalendarRow>> {
  let query = rows(trx).where('calendar.archived_at', archived ? 'is not' : 'is', null);
  if (search) {
    const pattern = `%${search.replace(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where((is) => is.or([is('calendar.slug', 'ilike', pattern), is('calendar.title', 'ilike', pattern)]));
  }
  return readPage({ db: trx, query, sort: bySlug, page });
}

export function findCalendar(trx: WorkspaceTransaction, slug: string): Promise<CalendarRow | undefined> {
  return rows(trx).where('calendar.slug', '=', slug).executeTakeFirst();
}

/** As findCalendar, and nobody else may change it until the transaction ends. */
export async function lockCalendar(trx: WorkspaceTransaction, slug: string): Promise<CalendarRow | undefined> {
  await trx.selectFrom('calendar').select('id').where('slug', '=', slug).forUpdate().execute();
  return findCalendar(trx, slug);
}

/** What they are made of decides whether the whole is sound, so changes of calendars come one after another. */
export async function lockComposition(trx: WorkspaceTransaction, workspaceId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('calendars ' || ${workspaceId}, 0))`.execute(trx);
}

export async function listCalendarSlugs(trx: WorkspaceTransaction): Promise<string[]> {
  const found = await trx.selectFrom('calendar').select('slug').where('archived_at', 'is', null).orderBy('slug').execute();
  return found.map(({ slug }) => slug);
}

export function findVersion(trx: WorkspaceTransaction, { id, version }: { id: string; version: number }): Promise<VersionRow | undefined> {
  return versions(trx, id).select('definition').where('version', '=', version).executeTakeFirst();
}

export function findVersions(trx: WorkspaceTransaction, id: string, page: PageRequest): Promise<Page<Omit<VersionRow, 'definition'>>> {
  return readPage({ db: trx, query: versions(trx, id), sort: newestFirst, page });
}

function versions(trx: WorkspaceTransaction, id: string) {
  return trx.selectFrom('calendar_version').select(['id', 'version', 'note', 'created_by', 'created_at']).where('calendar_id', '=', id);
}

/** The newest definitions of those in use, to see which are made of which. */
export function findDefinitions(trx: WorkspaceTransaction): Promise<{ slug: string; title: string; definition: CalendarDefinition }[]> {
  return rows(trx).select('newest.definition').where('calendar.archived_at', 'is', null).execute();
}

export interface NewCalendar {
  workspaceId: string;
  id: string;
  slug: string;
  title: string;
  description: string;
}

/** @returns false when the name is taken, also by one that is archived */
export async function insertCalendar(trx: WorkspaceTransaction, { workspaceId, id, slug, title, description }: NewCalendar): Promise<boolean> {
  const made = await trx
    .insertInto('calendar')
    .values({ workspace_id: workspaceId, id, slug, title, description, newest_version: 1, archived_at: null })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'slug']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return made !== undefined;
}

export interface NewVersion {
  workspaceId: string;
  id: string;
  calendarId: string;
  version: number;
  definition: CalendarDefinition;
  note: string;
  by: string;
  at: Date;
}

export async function insertVersion(trx: WorkspaceTransaction, made: NewVersion): Promise<void> {
  const { workspaceId, id, calendarId, version, definition, note, by, at } = made;
  const values = { workspace_id: workspaceId, id, calendar_id: calendarId, version, definition: JSON.stringify(definition), note, created_by: by };
  await trx
    .insertInto('calendar_version')
    .values({ ...values, created_at: at })
    .execute();
  await trx.updateTable('calendar').set({ newest_version: version }).where('id', '=', calendarId).execute();
}

export async function describeCalendar(
  trx: WorkspaceTransaction,
  { id, title, description }: { id: string; title: string; description: string },
): Promise<void> {
  await trx.updateTable('calendar').set({ title, description, updated_at: sql<Date>`now()` }).where('id', '=', id).execute();
}

export async function markArchived(trx: WorkspaceTransaction, { id, archived }: { id: string; archived: boolean }): Promise<void> {
  await trx
    .updateTable('calendar')
    .set({ archived_at: archived ? sql<Date>`now()` : null, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .execute();
}

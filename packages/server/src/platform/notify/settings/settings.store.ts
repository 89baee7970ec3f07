// The only SQL of channels, rules, teams, templates and preferences.
import type { NotificationPreferences, RuleContent, TeamContent, TemplateContent } from '@tidewheel/contract/notify';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { NotifyTables } from '../../../storage/notify-tables.ts';
import type { Database } from '../../../storage/schema.ts';

type Db = Kysely<Database> | Transaction<Database>;
interface Place {
  workspaceId: string;
  slug: string;
}

export type ChannelRow = Selectable<NotifyTables['notification_channel']>;

export function findChannels(db: Db, workspaceId: string): Promise<ChannelRow[]> {
  return db.selectFrom('notification_channel').selectAll().where('workspace_id', '=', workspaceId).orderBy('slug').execute();
}

/** One change of the settings of a workspace at a time. */
export async function lockSettings(trx: Db, workspaceId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`notify ${workspaceId}`}, 0))`.execute(trx);
}

export type SavedChannel = Pick<ChannelRow, 'workspace_id' | 'slug' | 'title' | 'type' | 'enabled' | 'credential_id' | 'updated_by'> & {
  config: Record<string, unknown>;
};

export function saveChannel(db: Db, { config, ...row }: SavedChannel): Promise<ChannelRow> {
  const values = { ...row, config: JSON.stringify(config), resting_until: null };
  return db
    .insertInto('notification_channel')
    .values(values)
    .onConflict((conflict) => conflict.columns(['workspace_id', 'slug']).doUpdateSet({ ...values, updated_at: sql<Date>`now()` }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function deleteChannel(db: Db, { workspaceId, slug }: Place): Promise<void> {
  await db.deleteFrom('notification_channel').where('workspace_id', '=', workspaceId).where('slug', '=', slug).execute();
}

export async function restChannel(db: Db, { workspaceId, slug, seconds }: Place & { seconds: number }): Promise<void> {
  await db
    .updateTable('notification_channel')
    .set({ resting_until: sql<Date>`now() + make_interval(secs => ${seconds})` })
    .where('workspace_id', '=', workspaceId)
    .where('slug', '=', slug)
    .execute();
}

export interface Named<T> {
  slug: string;
  content: T;
  updated_at: Date;
  updated_by: string;
}
type NamedTable = 'notification_rule' | 'notification_team';
type ContentOf = { notification_rule: RuleContent; notification_team: TeamContent };

export async function findNamed<T extends NamedTable>(db: Db, table: T, workspaceId: string): Promise<Named<ContentOf[T]>[]> {
  const rows = await db
    .selectFrom(table as NamedTable)
    .select(['slug', 'content', 'updated_at', 'updated_by'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('slug')
    .execute();
  return rows as unknown as Named<ContentOf[T]>[];
}

export async function saveNamed(
  db: Db,
  table: NamedTable,
  { workspaceId, slug, content, updatedBy }: Place & { content: RuleContent | TeamContent; updatedBy: string },
): Promise<void> {
  const values = { content: JSON.stringify(content), updated_by: updatedBy };
  await db
    .insertInto(table)
    .values({ workspace_id: workspaceId, slug, ...values })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'slug']).doUpdateSet({ ...values, updated_at: sql<Date>`now()` }))
    .execute();
}

export async function deleteNamed(db: Db, table: NamedTable, { workspaceId, slug }: Place): Promise<void> {
  await db.deleteFrom(table).where('workspace_id', '=', workspaceId).where('slug', '=', slug).execute();
}

export interface TemplateRow {
  slug: string;
  version: number;
  content: TemplateContent;
  created_at: Date;
  created_by: string;
  archived_at: Date | null;
}

/** Every version, the newest first. */
export function findTemplates(db: Db, { workspaceId, slug }: { workspaceId: string; slug?: string }): Promise<TemplateRow[]> {
  let query = db
    .selectFrom('notification_template')
    .select(['slug', 'version', 'content', 'created_at', 'created_by', 'archived_at'])
    .where('workspace_id', '=', workspaceId);
  if (slug !== undefined) query = query.where('slug', '=', slug);
  return query.orderBy('slug').orderBy('version', 'desc').execute();
}

/** The newest of each that was not removed. */
export async function findCurrentTemplates(db: Db, workspaceId: string): Promise<TemplateRow[]> {
  const { rows } = await sql<TemplateRow>`select * from (select distinct on (slug) slug, version, content, created_at, created_by, archived_at
    from notification_template where workspace_id = ${workspaceId} order by slug, version desc) t where archived_at is null`.execute(db);
  return rows;
}

export async function insertTemplate(
  db: Db,
  { workspaceId, slug, content, createdBy }: Place & { content: TemplateContent; createdBy: string },
): Promise<TemplateRow> {
  const { rows } = await sql<TemplateRow>`insert into notification_template (workspace_id, slug, version, content, created_by)
    select ${workspaceId}, ${slug}, coalesce(max(version), 0) + 1, ${JSON.stringify(content)}::jsonb, ${createdBy} from notification_template
      where workspace_id = ${workspaceId} and slug = ${slug}
    returning slug, version, content, created_at, created_by, archived_at`.execute(db);
  return rows[0] as TemplateRow;
}

export async function archiveTemplateVersion(db: Db, { workspaceId, slug, version }: Place & { version: number }): Promise<void> {
  await db
    .updateTable('notification_template')
    .set({ archived_at: sql<Date>`now()` })
    .where('workspace_id', '=', workspaceId)
    .where('slug', '=', slug)
    .where('version', '=', version)
    .execute();
}

export async function findPreference(db: Db, { workspaceId, userId }: { workspaceId: string; userId: string }): Promise<NotificationPreferences | undefined> {
  const row = await db
    .selectFrom('notification_preference')
    .select('content')
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.content;
}

export async function savePreference(
  db: Db,
  { workspaceId, userId, content }: { workspaceId: string; userId: string; content: NotificationPreferences },
): Promise<void> {
  const values = { content: JSON.stringify(content) };
  await db
    .insertInto('notification_preference')
    .values({ workspace_id: workspaceId, user_id: userId, ...values })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'user_id']).doUpdateSet({ ...values, updated_at: sql<Date>`now()` }))
    .execute();
}

/** The slugs of the roles of its own; asked as the engine, for the app role cannot see them. */
export async function findRoles(engine: Kysely<Database>, workspaceId: string): Promise<string[]> {
  const rows = await engine.selectFrom('identity.role').select('slug').where('workspace_id', '=', workspaceId).execute();
  return rows.map(({ slug }) => slug);
}

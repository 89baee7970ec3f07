// The SQL of sources and the versions of their columns.
import type { ColorColumns, ColorSource, ColorSourceVersion } from '@tidewheel/contract/color-columns';
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';

const current = (trx: WorkspaceTransaction) =>
  trx
    .selectFrom('color_source as s')
    .innerJoin('color_source_version as v', (join) =>
      join.onRef('v.workspace_id', '=', 's.workspace_id').onRef('v.source_id', '=', 's.id').onRef('v.version', '=', 's.version'),
    )
    .select(['s.id', 's.slug', 's.title', 's.version', 's.updated_at', 's.updated_by', 's.archived_at', 'v.columns']);

type SourceRow = Awaited<ReturnType<ReturnType<typeof current>['execute']>>[number];

function shown({ id, slug, title, version, columns, updated_at, updated_by }: SourceRow): ColorSource {
  return { id, slug, title, version, columns, updatedAt: updated_at.toISOString(), updatedBy: updated_by };
}

/** `workspaceId` for the engine, which sees every workspace. */
export async function findSources(trx: WorkspaceTransaction, workspaceId?: string): Promise<ColorSource[]> {
  let query = current(trx).where('s.archived_at', 'is', null);
  if (workspaceId !== undefined) query = query.where('s.workspace_id', '=', workspaceId);
  return (await query.orderBy('s.slug').execute()).map(shown);
}

export async function findSource(trx: WorkspaceTransaction, slug: string): Promise<ColorSource | undefined> {
  const row = await current(trx).where('s.archived_at', 'is', null).where('s.slug', '=', slug).executeTakeFirst();
  return row && shown(row);
}

/** Also an archived one, while somebody puts it back. */
export async function lockSource(trx: WorkspaceTransaction, id: string): Promise<(ColorSource & { isArchived: boolean }) | undefined> {
  const row = await current(trx).where('s.id', '=', id).forUpdate('s').executeTakeFirst();
  return row && { ...shown(row), isArchived: row.archived_at !== null };
}

export interface NewVersion {
  workspaceId: string;
  id: string;
  version: number;
  title: string;
  columns: ColorColumns;
  by: string;
}

export async function insertSource(trx: WorkspaceTransaction, { slug, ...source }: NewVersion & { slug: string }): Promise<void> {
  const { workspaceId, id, title, by } = source;
  await trx.insertInto('color_source').values({ workspace_id: workspaceId, id, slug, title, updated_by: by, archived_at: null }).execute();
  await insertVersion(trx, source);
}

export async function saveVersion(trx: WorkspaceTransaction, source: NewVersion): Promise<void> {
  await insertVersion(trx, source);
  await trx
    .updateTable('color_source')
    .set({ version: source.version, title: source.title, updated_by: source.by, updated_at: sql<Date>`now()` })
    .where('id', '=', source.id)
    .execute();
}

async function insertVersion(trx: WorkspaceTransaction, { workspaceId, id, version, columns, by }: NewVersion): Promise<void> {
  await trx
    .insertInto('color_source_version')
    .values({ workspace_id: workspaceId, source_id: id, version, columns: JSON.stringify(columns), created_by: by })
    .execute();
}

export async function markArchived(trx: WorkspaceTransaction, { id, isArchived, by }: { id: string; isArchived: boolean; by: string }): Promise<void> {
  await trx
    .updateTable('color_source')
    .set({ archived_at: isArchived ? sql<Date>`now()` : null, updated_by: by, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .execute();
}

export async function findVersions(trx: WorkspaceTransaction, id: string): Promise<ColorSourceVersion[]> {
  const rows = await trx.selectFrom('color_source_version').selectAll().where('source_id', '=', id).orderBy('version', 'desc').limit(200).execute();
  return rows.map(({ version, columns, created_at, created_by }) => ({ version, columns, createdAt: created_at.toISOString(), createdBy: created_by }));
}

// The only SQL of uploaded files.
import type { Page } from '@tidewheel/contract/page';
import type { StoredFile } from '@tidewheel/contract/routes/files';
import { type Expression, type Selectable, type SqlBool, sql } from 'kysely';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import { recordObjects } from '../../storage/objects/object-records.ts';
import type { StoredObject } from '../../storage/objects/object-store.ts';
import type { StoredFileTable } from '../../storage/schema.ts';

export type StoredFileRow = Selectable<StoredFileTable>;

const bySlug: Sort = { name: 'slug', keys: [{ column: 'slug', type: 'text', direction: 'asc' }] };

export interface FileFilter {
  search?: string | undefined;
  /** Which of them the caller may see: permittedRows over `fileColumns`. */
  permitted: Expression<SqlBool>;
}
/** What rules can say of a file, by the column that holds it. */
export const fileColumns = { file: 'slug', uploadedBy: 'created_by' };

export async function findFiles(trx: WorkspaceTransaction, { search, permitted }: FileFilter, page: PageRequest): Promise<Page<StoredFileRow>> {
  let query = trx.selectFrom('stored_file').selectAll().where('archived_at', 'is', null).where(permitted);
  if (search) {
    const pattern = `%${search.replace(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where((is) => is.or([is('slug', 'ilike', pattern), is('name', 'ilike', pattern)]));
  }
  return readPage({ db: trx, query, sort: bySlug, page });
}

export function findFile(trx: WorkspaceTransaction, slug: string): Promise<StoredFileRow | undefined> {
  return trx.selectFrom('stored_file').selectAll().where('slug', '=', slug).where('archived_at', 'is', null).executeTakeFirst();
}

export function listFileNames(trx: WorkspaceTransaction): Promise<{ slug: string; uploadedBy: string }[]> {
  return trx.selectFrom('stored_file').select(['slug', 'created_by as uploadedBy']).where('archived_at', 'is', null).orderBy('slug').execute();
}

export interface SavedFile {
  workspaceId: string;
  id: string;
  slug: string;
  name: string;
  mediaType: string;
  object: StoredObject;
  createdBy: string;
}

/** Adds the file, or puts it in the place of the one with that slug. What runs used before stays in the object store under its hash. */
export async function saveFile(trx: WorkspaceTransaction, file: SavedFile): Promise<StoredFileRow> {
  await recordObjects(trx, file.workspaceId, [file.object]);
  const { sha256, md5, size } = file.object;
  const values = { name: file.name, media_type: file.mediaType, size, sha256, md5, created_by: file.createdBy };
  return trx
    .insertInto('stored_file')
    .values({ workspace_id: file.workspaceId, id: file.id, slug: file.slug, ...values, archived_at: null })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'slug']).doUpdateSet({ ...values, archived_at: null, created_at: sql<Date>`now()` }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function markFileArchived(trx: WorkspaceTransaction, slug: string): Promise<StoredFileRow | undefined> {
  return trx
    .updateTable('stored_file')
    .set({ archived_at: sql<Date>`now()` })
    .where('slug', '=', slug)
    .where('archived_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

export function shownFile(row: StoredFileRow): StoredFile {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    mediaType: row.media_type,
    size: row.size,
    sha256: row.sha256,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
  };
}

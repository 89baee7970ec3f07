// The SQL of uploads and their chunks.
import type { StoredError } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { RefusedColorRow } from '@tidewheel/contract/routes/color-uploads';
import type { FileRef } from '@tidewheel/contract/values';
import { type Kysely, sql } from 'kysely';
import type { ColorUploadRow } from '../../../storage/color-tables.ts';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../../storage/keyset.ts';
import type { Database } from '../../../storage/schema.ts';
import { forgetEndedRuns, isFree, lockBuffer } from '../buffer/free-rows.store.ts';

export type UploadRow = ColorUploadRow & { waiting: number };

const waiting = sql<number>`(select count(*)::int from color_buffer b where b.workspace_id = color_upload.workspace_id and b.upload_id = color_upload.id and b.removed_at is null)`;
const newestFirst: Sort = {
  name: 'newest',
  keys: [
    { column: 'created_at', type: 'timestamptz', direction: 'desc' },
    { column: 'id', type: 'uuid', direction: 'desc' },
  ],
};

export function findUploads(
  trx: WorkspaceTransaction,
  { state }: { state?: ColorUploadRow['state'] | undefined },
  page: PageRequest,
): Promise<Page<UploadRow>> {
  let query = trx.selectFrom('color_upload').selectAll().select(waiting.as('waiting'));
  if (state !== undefined) query = query.where('state', '=', state);
  return readPage({ db: trx, query, counted: query.clearSelect().select('id'), sort: newestFirst, page });
}

export function findUpload(trx: WorkspaceTransaction, id: string): Promise<UploadRow | undefined> {
  return trx.selectFrom('color_upload').selectAll().select(waiting.as('waiting')).where('id', '=', id).executeTakeFirst();
}

/** Waits for whoever works with it. */
export function lockUpload(trx: WorkspaceTransaction, id: string): Promise<ColorUploadRow | undefined> {
  return trx.selectFrom('color_upload').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export interface NewUpload {
  workspaceId: string;
  id: string;
  kind: ColorUploadRow['kind'];
  title: string;
  source: string | null;
  date: string;
  size: number;
  by: string;
  state: ColorUploadRow['state'];
  holds?: boolean;
  file?: FileRef;
  /** Of a table of a flow: its hash. */
  sha256?: string;
  run?: { id: string; step: string } | null;
}

/** @returns whether it is new: a step that collects the same content again finds its upload */
export async function insertUpload(trx: WorkspaceTransaction, upload: NewUpload): Promise<boolean> {
  const { file, run } = upload;
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('color_upload')
    .values({
      workspace_id: upload.workspaceId,
      id: upload.id,
      kind: upload.kind,
      title: upload.title,
      source: upload.source,
      date: upload.date,
      size: upload.size,
      received: file ? upload.size : 0,
      state: upload.state,
      holds: upload.holds ?? false,
      created_by: upload.by,
      file: file ? JSON.stringify(file) : null,
      sha256: file?.sha256 ?? upload.sha256 ?? null,
      run_id: run?.id ?? null,
      step: run?.step ?? null,
      columns_version: null,
      same_as: null,
      ended_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows ?? 0) > 0;
}

export function findUploadOfRun(
  trx: WorkspaceTransaction,
  { workspaceId, runId, step, sha256 }: { workspaceId: string; runId: string; step: string; sha256: string },
): Promise<ColorUploadRow | undefined> {
  return trx
    .selectFrom('color_upload')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('run_id', '=', runId)
    .where('step', '=', step)
    .where('sha256', '=', sha256)
    .executeTakeFirst();
}

/** Another upload with this content whose rows came into the buffer. */
export async function findSameContent(
  trx: WorkspaceTransaction,
  { workspaceId, id, sha256 }: { workspaceId: string; id: string; sha256: string },
): Promise<{ id: string; title: string } | undefined> {
  return trx
    .selectFrom('color_upload')
    .select(['id', 'title'])
    .where('workspace_id', '=', workspaceId)
    .where('sha256', '=', sha256)
    .where('id', '<>', id)
    .where('state', 'in', ['ready', 'reading'])
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function addChunk(
  trx: WorkspaceTransaction,
  chunk: { workspaceId: string; id: string; position: number; size: number; sha256: string },
): Promise<void> {
  const { workspaceId, id, position, size, sha256 } = chunk;
  await trx.insertInto('color_upload_chunk').values({ workspace_id: workspaceId, upload_id: id, position, size, sha256 }).execute();
  await trx
    .updateTable('color_upload')
    .set({ received: position + size })
    .where('id', '=', id)
    .execute();
}

export function findChunks(trx: WorkspaceTransaction, id: string): Promise<{ position: number; size: number; sha256: string }[]> {
  return trx.selectFrom('color_upload_chunk').select(['position', 'size', 'sha256']).where('upload_id', '=', id).orderBy('position').execute();
}

export async function markWhole(
  trx: WorkspaceTransaction,
  { id, file, state, sameAs }: { id: string; file: FileRef; state: 'held' | 'reading'; sameAs: string | null },
): Promise<void> {
  await trx.deleteFrom('color_upload_chunk').where('upload_id', '=', id).execute();
  await trx
    .updateTable('color_upload')
    .set({ file: JSON.stringify(file), sha256: file.sha256, state, same_as: sameAs })
    .where('id', '=', id)
    .execute();
}

export interface Outcome {
  source: string | null;
  columnsVersion: number | null;
  rows: number;
  doubtful: number;
  duplicates: number;
  refused: number;
  refusals: RefusedColorRow[];
  notes: string[];
}

export async function markReady(trx: WorkspaceTransaction, { workspaceId, id, ...outcome }: Outcome & { workspaceId: string; id: string }): Promise<void> {
  const { source, columnsVersion, rows, doubtful, duplicates, refused, refusals, notes } = outcome;
  const counts = { rows, doubtful, duplicates, refused, refusals: JSON.stringify(refusals), notes: JSON.stringify(notes) };
  await trx
    .updateTable('color_upload')
    .set({ state: 'ready', source, columns_version: columnsVersion, ...counts, error: null, ended_at: sql<Date>`now()` })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute();
}

/** Unless somebody else read it, or withdrew it, since the attempt was over. */
export async function markFailed(
  trx: WorkspaceTransaction,
  { workspaceId, id, error }: { workspaceId: string; id: string; error: StoredError },
): Promise<void> {
  await trx
    .updateTable('color_upload')
    .set({ state: 'failed', error: JSON.stringify(error), ended_at: sql<Date>`now()` })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('state', 'in', ['reading', 'failed'])
    .execute();
}

/** Of all workspaces: marked as being read, and nobody who reads has it locked. What a step reads is its run's to do again. */
export async function findUnread(engine: Kysely<Database>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from color_upload where state = 'reading' and kind <> 'step' for update skip locked`.execute(engine);
  return rows.map(({ id }) => id);
}

export async function markUnread(engine: Kysely<Database>, { ids, error }: { ids: string[]; error: StoredError }): Promise<void> {
  await sql`update color_upload set state = 'failed', error = ${JSON.stringify(error)}, ended_at = now() where id = any(array(
    select id from color_upload where id = any(${ids}) and state = 'reading' for update skip locked))`.execute(engine);
}

export async function setHow(trx: WorkspaceTransaction, { id, source, date }: { id: string; source: string | null; date: string }): Promise<void> {
  await trx.updateTable('color_upload').set({ state: 'reading', source, date }).where('id', '=', id).execute();
}

export async function markWithdrawn(trx: WorkspaceTransaction, id: string): Promise<void> {
  await trx.deleteFrom('color_upload_chunk').where('upload_id', '=', id).execute();
  await trx.updateTable('color_upload').set({ state: 'withdrawn', ended_at: sql<Date>`now()` }).where('id', '=', id).execute();
}

/** @returns how many of its rows were free and went, and how many somebody works with */
export async function deleteFreeRows(
  trx: WorkspaceTransaction,
  { workspaceId, id }: { workspaceId: string; id: string },
): Promise<{ gone: number; held: number }> {
  await lockBuffer(trx, workspaceId);
  await forgetEndedRuns(trx, { workspaceId, which: sql`upload_id = ${id}` });
  const { numDeletedRows } = await trx
    .deleteFrom('color_buffer')
    .where('workspace_id', '=', workspaceId)
    .where('upload_id', '=', id)
    .where((is) => is.or([isFree, is('removed_at', 'is not', null)]))
    .executeTakeFirst();
  const { held } = await trx
    .selectFrom('color_buffer')
    .select(sql<number>`count(*)::int`.as('held'))
    .where('workspace_id', '=', workspaceId)
    .where('upload_id', '=', id)
    .executeTakeFirstOrThrow();
  return { gone: Number(numDeletedRows), held };
}

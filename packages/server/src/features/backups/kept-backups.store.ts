// The only SQL of the list of backups.
import type { BackupVerification } from '@tidewheel/contract/backup';
import type { StoredError } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import { type Insertable, type Selectable, sql } from 'kysely';
import type { BackupTable } from '../../storage/backup-table.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';

export type BackupRow = Selectable<BackupTable> & {
  /** Nobody makes it any more, though nobody said so. */
  is_broken_off: boolean;
};
export type NewBackup = Omit<Insertable<BackupTable>, 'number' | 'file_name' | 'touched_at'>;

const newestFirst: Sort = { name: 'newest', keys: [{ column: 'number', type: 'bigint', direction: 'desc' }] };
const brokenOff = sql<boolean>`state = 'making' and touched_at < now() - interval '2 minutes'`.as('is_broken_off');

/** `named`: its file by its number. Whoever adds another one waits. */
export async function addBackup(trx: WorkspaceTransaction, backup: NewBackup, named: (number: number) => string): Promise<BackupRow> {
  await trx.selectFrom('workspace').select('id').where('id', '=', backup.workspace_id).forNoKeyUpdate().executeTakeFirst();
  const newest = await trx
    .selectFrom('backup')
    .select((of) => of.fn.max('number').as('number'))
    .where('workspace_id', '=', backup.workspace_id)
    .executeTakeFirst();
  const number = (newest?.number ?? 0) + 1;
  const added = await trx
    .insertInto('backup')
    .values({ ...backup, number, file_name: named(number) })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { ...added, is_broken_off: false };
}

export function findBackups(trx: WorkspaceTransaction, page: PageRequest): Promise<Page<BackupRow>> {
  return readPage({ db: trx, query: trx.selectFrom('backup').selectAll().select(brokenOff).where('removed_at', 'is', null), sort: newestFirst, page });
}

export function findBackup(trx: WorkspaceTransaction, number: number): Promise<BackupRow | undefined> {
  return trx.selectFrom('backup').selectAll().select(brokenOff).where('number', '=', number).where('removed_at', 'is', null).executeTakeFirst();
}

/** The encrypted one that was begun here at that moment, though it may have been deleted since. */
export function findMade(trx: WorkspaceTransaction, createdAt: string): Promise<Pick<BackupRow, 'number' | 'size'> | undefined> {
  return trx
    .selectFrom('backup')
    .select(['number', 'size'])
    .where(sql<Date>`date_trunc('milliseconds', created_at)`, '=', new Date(createdAt))
    .where('origin', '<>', 'upload')
    .where('encrypted', '=', true)
    .where('state', '=', 'ready')
    .executeTakeFirst();
}

/** Held until the transaction ends: nobody else takes it away meanwhile. */
export function lockBackup(trx: WorkspaceTransaction, number: number): Promise<BackupRow | undefined> {
  return trx.selectFrom('backup').selectAll().select(brokenOff).where('number', '=', number).where('removed_at', 'is', null).forUpdate().executeTakeFirst();
}

export interface Written {
  size: number;
  sha256: string;
  rows: number;
  files: number;
}

export async function markReady(trx: WorkspaceTransaction, { number, size, sha256, rows, files }: Written & { number: number }): Promise<void> {
  await trx.updateTable('backup').set({ state: 'ready', size, sha256, rows, files }).where('number', '=', number).where('state', '=', 'making').execute();
}

export async function markFailed(trx: WorkspaceTransaction, { number, error }: { number: number; error: StoredError }): Promise<void> {
  const { stack: _stack, ...told } = error;
  await trx
    .updateTable('backup')
    .set({ state: 'failed', error: JSON.stringify(told) })
    .where('number', '=', number)
    .where('state', '=', 'making')
    .execute();
}

export async function touchBackup(trx: WorkspaceTransaction, number: number): Promise<void> {
  await trx.updateTable('backup').set({ touched_at: sql<Date>`now()` }).where('number', '=', number).execute();
}

export async function saveVerification(
  trx: WorkspaceTransaction,
  { number, verified, counts }: { number: number; verified: BackupVerification; counts: { rows: number; files: number } | null },
): Promise<void> {
  await trx
    .updateTable('backup')
    .set({ verified: JSON.stringify(verified), ...(counts ?? {}) })
    .where('number', '=', number)
    .execute();
}

export async function markRestored(trx: WorkspaceTransaction, { number, by }: { number: number; by: string }): Promise<void> {
  await trx.updateTable('backup').set({ restored_at: sql<Date>`now()`, restored_by: by }).where('number', '=', number).execute();
}

export async function markRemoved(trx: WorkspaceTransaction, { number, by }: { number: number; by: string }): Promise<void> {
  await trx.updateTable('backup').set({ removed_at: sql<Date>`now()`, removed_by: by }).where('number', '=', number).execute();
}

/** Whether anything else has the same content: another backup that was brought twice, or whatever is kept as a file. */
export async function isShared(trx: WorkspaceTransaction, { number, sha256 }: { number: number; sha256: string }): Promise<boolean> {
  const { rows } = await sql<{ shared: boolean }>`select exists (select from object where sha256 = ${sha256})
    or exists (select from backup where sha256 = ${sha256} and number <> ${number} and removed_at is null) as shared`.execute(trx);
  return rows[0]?.shared ?? true;
}

/** The numbers of those that a step made, but for the newest. */
export async function olderOfStep(trx: WorkspaceTransaction, { flow, step, keep }: { flow: string; step: string; keep: number }): Promise<number[]> {
  const rows = await trx
    .selectFrom('backup')
    .select('number')
    .where('origin', '=', 'flow')
    .where('flow', '=', flow)
    .where('step', '=', step)
    .where('state', '=', 'ready')
    .where('removed_at', 'is', null)
    .orderBy('number', 'desc')
    .offset(keep)
    .execute();
  return rows.map(({ number }) => number);
}

/** Steps that an earlier step decided on were written by nobody whose rights could have been asked. */
export async function isDecidedOn(trx: WorkspaceTransaction, runId: string): Promise<boolean> {
  const { rows } = await sql<{ decided: boolean }>`with recursive above as (
      select id, parent_id, part, document is not null as decided from run where id = ${runId}
      union all
      select r.id, r.parent_id, r.part, r.document is not null from above a join run r on r.id = a.parent_id where a.part is not null or a.decided)
    select coalesce(bool_or(decided), false) as decided from above`.execute(trx);
  return rows[0]?.decided ?? false;
}

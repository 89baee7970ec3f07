// The list of backups, and what people do with one: each is checked before anything of it is believed, and compared by doing the restore and taking it back.
import { Readable } from 'node:stream';
import type { Backup, BackupDifference, BackupPlace, BackupRestored, BackupRows, BackupScope } from '@tidewheel/contract/backup';
import { NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import { type Actor, requirePermission } from '../../base/actor.ts';
import type { Download } from '../../base/endpoint.ts';
import { redactor } from '../../base/redactor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import type { BackgroundWork } from './background-work.ts';
import { withoutProcessing } from './backups.store.ts';
import { type BackupRow, findBackup, findBackups, markRestored } from './kept-backups.store.ts';
import { beginBackup, finishBackup, type MakingDeps, objectOf } from './make-backup.ts';
import { missingFiles } from './objects-in.ts';
import { backupContent, notReady, ownContents, withPlainFile } from './open-backup.ts';
import { readBack, restoreObjects } from './read-back.ts';
import { rowDifferences } from './row-differences.ts';
import { shownBackup, shownRow } from './shown-backup.ts';

export interface BackupDeps extends MakingDeps {
  /** What goes on after the answer was given. */
  work: BackgroundWork;
  /** What an administrator lets one file have. */
  uploadMaxBytes(): number;
}

export async function listBackups(deps: BackupDeps, actor: Actor, page: PageRequest): Promise<Page<Backup>> {
  requirePermission(actor, 'backup.edit');
  const found = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) => findBackups(trx, page));
  return { ...found, items: await Promise.all(found.items.map((row) => shownBackup(deps, row))) };
}

export async function showBackup(deps: BackupDeps, actor: Actor, number: number): Promise<Backup> {
  requirePermission(actor, 'backup.edit');
  return shownBackup(deps, await existing(deps, actor, number));
}

export interface AskedBackup {
  scope: BackupScope;
  title?: string | undefined;
  passphrase?: string | undefined;
  place?: BackupPlace | undefined;
}

/** It is made while the caller goes on: its state tells. */
export async function createBackup(deps: BackupDeps, actor: Actor, { scope, title, passphrase, place }: AskedBackup): Promise<Backup> {
  requirePermission(actor, 'backup.edit');
  if (place) requirePermission(actor, 'connection.read', { connection: place.connection });
  const usual = scope === 'desk' ? 'The color desk' : 'The whole workspace';
  const wanted = { by: actor, scope, origin: 'hand', title: title ?? usual, encrypted: passphrase !== undefined, place: place ?? null } as const;
  const row = await beginBackup(deps, wanted);
  const forget = redactor.watch(passphrase === undefined ? [] : [passphrase]);
  deps.work.start((signal) => finishBackup(deps, { row, passphrase, signal }).finally(forget));
  return shownRow(row);
}

/** As it was made: an encrypted one stays so. */
export async function downloadBackup(deps: BackupDeps, actor: Actor, { number, signal }: { number: number; signal: AbortSignal }): Promise<Download> {
  requirePermission(actor, 'backup.edit');
  const row = await existing(deps, actor, number);
  if (row.state !== 'ready' || row.size === null || row.sha256 === null) throw notReady(row);
  await inWorkspace(deps.databases.app, actor.workspaceId, (trx) =>
    recordAudit(trx, actor, { action: 'backup.downloaded', object: objectOf(row), after: { sha256: row.sha256 } }),
  );
  const stream = Readable.from(backupContent(deps, { row, signal }), { objectMode: false });
  return { stream, mediaType: 'application/octet-stream', fileName: row.file_name, size: row.size, sha256: row.sha256 };
}

export interface Opened {
  number: number;
  passphrase?: string | undefined;
  signal: AbortSignal;
}

/** Does the restore in a transaction that is taken back, so that it cannot differ from it. */
export async function compareBackup(deps: BackupDeps, actor: Actor, opened: Opened): Promise<BackupDifference> {
  requirePermission(actor, 'backup.edit');
  const { workspaceId } = actor;
  return withBackup(deps, actor, opened, async (file) => {
    const contents = await ownContents(deps, { file, workspaceId });
    const trx = await deps.databases.engine.startTransaction().execute();
    try {
      const tables = await readBack(trx, { file, looked: { workspaceId, scope: contents.scope } });
      return { contents, tables, files: await missingFiles(deps.objects, { file, workspaceId }) };
    } finally {
      await trx.rollback().execute();
    }
  });
}

/** The rows behind the counts of one kind. */
export async function compareBackupRows(deps: BackupDeps, actor: Actor, { table, ...opened }: Opened & { table: string }): Promise<BackupRows> {
  requirePermission(actor, 'backup.edit');
  const { workspaceId } = actor;
  return withBackup(deps, actor, opened, async (file) => {
    const { scope } = await ownContents(deps, { file, workspaceId });
    return deps.databases.engine.transaction().execute((trx) => rowDifferences(trx, { file, table, looked: { workspaceId, scope } }));
  });
}

/** After a backup of what is there: all of it or nothing; what came later stays. @throws Conflict `backup.clash` */
export async function restoreBackup(deps: BackupDeps, actor: Actor, opened: Opened): Promise<BackupRestored> {
  requirePermission(actor, 'backup.edit');
  const { workspaceId } = actor;
  const { passphrase, signal } = opened;
  return withBackup(deps, actor, opened, async (file, row) => {
    const contents = await ownContents(deps, { file, workspaceId });
    const title = `Before backup ${row.number} was restored`;
    const wanted = { by: actor, scope: contents.scope, origin: 'restore', title, encrypted: row.encrypted, place: null } as const;
    const before = await beginBackup(deps, wanted);
    await finishBackup(deps, { row: before, passphrase: row.encrypted ? passphrase : undefined, signal });
    const files = await missingFiles(deps.objects, { file, workspaceId });
    await restoreObjects(deps.objects, { file, workspaceId });
    const tables = await deps.databases.engine.transaction().execute(async (trx) => {
      await withoutProcessing(trx, workspaceId);
      const done = await readBack(trx, { file, looked: { workspaceId, scope: contents.scope } });
      const touched = done
        .filter(({ added, changed, spent }) => added + changed + spent > 0)
        .map(({ table, added, changed, spent }) => ({ table, added, changed, spent }));
      const after = { madeAt: contents.createdAt, madeBy: contents.createdBy, before: before.number, tables: touched };
      await recordAudit(trx, actor, { action: 'backup.restored', object: objectOf(row), after });
      return done;
    });
    await inWorkspace(deps.databases.app, workspaceId, (trx) => markRestored(trx, { number: row.number, by: actor.label }));
    return { contents, tables, files, before: before.number };
  });
}

/** The passphrase is known to the redactor for as long as it is used. */
export async function withBackup<T>(
  deps: BackupDeps,
  actor: Actor,
  { number, passphrase, signal }: Opened,
  work: (file: string, row: BackupRow) => Promise<T>,
): Promise<T> {
  const row = await existing(deps, actor, number);
  const forget = redactor.watch(passphrase === undefined ? [] : [passphrase]);
  try {
    return await withPlainFile(deps, { row, passphrase, signal }, (file) => work(file, row));
  } finally {
    forget();
  }
}

export async function existing({ databases }: Pick<BackupDeps, 'databases'>, actor: Actor, number: number): Promise<BackupRow> {
  return found(await inWorkspace(databases.app, actor.workspaceId, (trx: WorkspaceTransaction) => findBackup(trx, number)), number);
}

export function found(row: BackupRow | undefined, number: number): BackupRow {
  if (row) return row;
  throw new NotFound('backup.unknown', `There is no backup ${number} in this workspace.`, { hint: '`tidewheel backup list` shows those that are there.' });
}

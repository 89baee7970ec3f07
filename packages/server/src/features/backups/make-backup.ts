// Makes a backup: its row, its file at its place, and what is said of it in the end.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BackupPlace, BackupScope } from '@tidewheel/contract/backup';
import { toStoredError } from '@tidewheel/contract/errors';
import type { AuditActor } from '../../base/audit.ts';
import { redactor } from '../../base/redactor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { newestMigration } from '../../storage/migrate.ts';
import { formatVersion } from './backup-file.ts';
import { slugOf } from './backups.store.ts';
import { addBackup, type BackupRow, markFailed, markReady, touchBackup, type Written } from './kept-backups.store.ts';
import type { BackupPlaces } from './places.ts';
import { backupBytes, type Source } from './write-backup.ts';

export interface MakingDeps extends Source {
  places: BackupPlaces;
  /** Where a file is kept while it is looked at. */
  scratch: string;
}

export interface Wanted {
  by: AuditActor;
  scope: BackupScope;
  origin: BackupRow['origin'];
  title: string;
  encrypted: boolean;
  place: BackupPlace | null;
  step?: { flow: string; step: string; runId: string };
}

const touchMs = 20_000;

/** Its row, and that it was asked for. */
export async function beginBackup({ databases }: MakingDeps, wanted: Wanted): Promise<BackupRow> {
  const { by, scope, origin, title, encrypted, place, step } = wanted;
  return inWorkspace(databases.app, by.workspaceId, async (trx) => {
    const slug = await slugOf(trx, by.workspaceId);
    const common = { workspace_id: by.workspaceId, scope, origin, title, encrypted, state: 'making' as const };
    const where = { connection: place?.connection ?? null, folder: place?.path ?? null };
    const who = { made_by: by.label, created_by: by.label, flow: step?.flow ?? null, step: step?.step ?? null, run_id: step?.runId ?? null };
    const row = await addBackup(trx, { ...common, ...where, ...who }, (number) => fileNameOf({ slug, scope, number }));
    await recordAudit(trx, by, { action: 'backup.created', object: objectOf(row), after: { scope, origin, encrypted, place } });
    return row;
  });
}

/** Its file. What goes wrong is kept with it. @throws what went wrong */
export async function finishBackup(
  deps: MakingDeps,
  { row, passphrase, signal }: { row: BackupRow; passphrase?: string | undefined; signal: AbortSignal },
): Promise<void> {
  const inside = <T>(work: (trx: WorkspaceTransaction) => Promise<T>) => inWorkspace(deps.databases.app, row.workspace_id, work);
  const touching = setInterval(() => void inside((trx) => touchBackup(trx, row.number)).catch(() => {}), touchMs);
  try {
    const slug = await inside((trx) => slugOf(trx, row.workspace_id));
    const written = await write(deps, { row, slug, passphrase, signal });
    await inside((trx) => markReady(trx, { number: row.number, ...written }));
  } catch (thrown) {
    await inside((trx) => markFailed(trx, { number: row.number, error: redactor.deep(toStoredError(thrown)) })).catch(() => {});
    throw thrown;
  } finally {
    clearInterval(touching);
  }
}

interface WritingRow {
  row: BackupRow;
  slug: string;
  passphrase: string | undefined;
  signal: AbortSignal;
}

async function write(deps: MakingDeps, { row, slug, passphrase, signal }: WritingRow): Promise<Written> {
  const { workspace_id: id, scope, created_at: at, created_by: createdBy } = row;
  const head = { format: formatVersion, migration: await newestMigration(), workspace: { id, slug }, scope, createdAt: at.toISOString(), createdBy };
  const wrote = { rows: 0, files: 0 };
  const bytes = backupBytes(deps, { head, passphrase, signal }, wrote);
  const stored = row.connection === null ? await deps.objects.put(id, bytes) : await putOutside(deps, { row, bytes, signal });
  return { size: stored.size, sha256: stored.sha256, ...wrote };
}

async function putOutside(
  { places, scratch }: MakingDeps,
  { row, bytes, signal }: { row: BackupRow; bytes: AsyncIterable<Uint8Array>; signal: AbortSignal },
): Promise<{ size: number; sha256: string }> {
  const folder = await mkdtemp(path.join(scratch, 'backup-'));
  try {
    const hash = createHash('sha256');
    let size = 0;
    const counted = async function* () {
      for await (const chunk of bytes) {
        hash.update(chunk);
        size += chunk.byteLength;
        yield chunk;
      }
    };
    await pipeline(counted(), createWriteStream(path.join(folder, row.file_name), { flags: 'wx', mode: 0o600 }));
    await places.put({ ...outsideOf(row), signal }, { folder, name: row.file_name, size });
    return { size, sha256: hash.digest('hex') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where its file lies, of one that is at a connection. */
export function outsideOf({ workspace_id: workspaceId, connection, folder, file_name }: BackupRow): { workspaceId: string; connection: string; path: string } {
  return { workspaceId, connection: connection ?? '', path: folder ? `${folder.replace(/\/+$/, '')}/${file_name}` : file_name };
}

export function objectOf({ workspace_id, number, title }: Pick<BackupRow, 'workspace_id' | 'number' | 'title'>): { type: string; id: string; title: string } {
  return { type: 'backup', id: `${workspace_id}/${number}`, title: `${number}: ${title}` };
}

function fileNameOf({ slug, scope, number }: { slug: string; scope: BackupScope; number: number }): string {
  const minute = new Date().toISOString().slice(0, 16).replaceAll(':', '');
  return `${slug}-${scope === 'desk' ? 'desk-' : ''}${minute}-${number}.tidewheel-backup`;
}

// From a content that is whole to rows in the buffer.
import { AppError, toStoredError } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import type { Actor } from '../../../base/actor.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import { recordObjects } from '../../../storage/objects/object-records.ts';
import type { ObjectStore } from '../../../storage/objects/object-store.ts';
import { readColors } from '../columns/read-colors.ts';
import { findSources } from '../columns/sources.store.ts';
import { fillBuffer } from './fill-buffer.ts';
import { chooseReading, type OpenContent, storedContent } from './incoming-content.ts';
import { findSameContent, lockUpload, markFailed, markReady, markWhole } from './uploads.store.ts';

export interface UploadDeps {
  databases: Databases;
  objects: ObjectStore;
  /** What an administrator set; the built-in limit without it. */
  uploadMaxBytes?: () => number;
}

/** The content is here: it is read, or held where it was asked for, or when the same came before. */
export async function keepContent(deps: UploadDeps, actor: Actor, { id, file }: { id: string; file: FileRef }): Promise<void> {
  const { workspaceId } = actor;
  const isRead = await inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    const upload = await lockUpload(trx, id);
    if (upload?.state !== 'receiving') return false;
    await recordObjects(trx, workspaceId, [file]);
    const same = await findSameContent(trx, { workspaceId, id, sha256: file.sha256 });
    const state = upload.holds || same ? 'held' : 'reading';
    await markWhole(trx, { id, file, state, sameAs: same?.id ?? null });
    await recordAudit(trx, actor, {
      action: 'color_upload.received',
      object: { type: 'color_upload', id, title: upload.title },
      after: { size: file.size, sha256: file.sha256, state },
    });
    return state === 'reading';
  });
  if (isRead) await readNow(deps, actor, id);
}

/** Reads what is marked as being read, in one transaction: dies it half way, nothing of it is there, and it can be read again. */
export async function readNow(deps: UploadDeps, actor: Actor, id: string): Promise<void> {
  const { workspaceId } = actor;
  try {
    await inWorkspace(deps.databases.app, workspaceId, async (trx) => {
      const upload = await lockUpload(trx, id);
      if (upload?.state !== 'reading' || !upload.file) return;
      const open = storedContent({ objects: deps.objects, workspaceId, file: upload.file });
      const { rows, source } = await readInto(trx, { workspaceId, id, open, source: upload.source, date: upload.date });
      await recordAudit(trx, actor, { action: 'color_upload.read', object: { type: 'color_upload', id, title: upload.title }, after: { rows, source } });
    });
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.status >= 500) throw thrown;
    await inWorkspace(deps.databases.app, workspaceId, (trx) => markFailed(trx, { workspaceId, id, error: toStoredError(thrown) }));
  }
}

export interface ReadInto {
  workspaceId: string;
  id: string;
  open: OpenContent;
  /** The slug of the source that was named. */
  source: string | null;
  date: string;
}

export async function readInto(
  trx: WorkspaceTransaction,
  { workspaceId, id, open, source: slug, date }: ReadInto,
): Promise<{ rows: number; source: string | null; refused: number; doubtful: number; duplicates: number }> {
  const sources = await findSources(trx, workspaceId);
  const named = sources.find((source) => source.slug === slug) ?? null;
  const { source, columns } = await chooseReading({ open, sources, named });
  const file = await open();
  const filled = await fillBuffer(trx, { workspaceId, uploadId: id, rows: readColors(file, { columns, source: source?.slug ?? slug, date }) });
  const outcome = { ...filled, source: source?.slug ?? slug, columnsVersion: source?.version ?? null };
  await markReady(trx, { workspaceId, id, ...outcome, notes: file.notes.texts().slice(0, 50) });
  return outcome;
}

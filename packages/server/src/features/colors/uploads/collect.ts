// What a flow brings to the desk: a file, or a table by the columns of a source. Once for each content, step and run, however often the step is attempted.
import { AppError, Conflict, InvalidInput, NotFound, toStoredError } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import type { CollectedColors } from '@tidewheel/kit/color-desk';
import { newId } from '../../../base/ids.ts';
import type { Databases, WorkspaceTransaction } from '../../../storage/database.ts';
import type { ObjectStore } from '../../../storage/objects/object-store.ts';
import { findSources } from '../columns/sources.store.ts';
import { type OpenContent, storedContent } from './incoming-content.ts';
import { readInto } from './read-upload.ts';
import { type IncomingRows, tableFile } from './table-file.ts';
import { findSameContent, findUploadOfRun, insertUpload, lockUpload, markFailed } from './uploads.store.ts';

export interface Collecting {
  workspaceId: string;
  runId: string;
  step: string;
  by: string;
  date: string;
  title: string;
  source: string | null;
  /** The same content came before: read it all the same. */
  again: boolean;
}
export type Collected = { file: FileRef } | { table: IncomingRows & { sha256: string } };

interface Deps {
  databases: Databases;
  objects: ObjectStore;
}

/** @throws InvalidInput for what cannot be read, NotFound for a source that is not there */
export async function collectColors({ databases, objects }: Deps, collecting: Collecting, what: Collected): Promise<CollectedColors> {
  const { workspaceId, step } = collecting;
  const sha256 = 'file' in what ? what.file.sha256 : what.table.sha256;
  const open: OpenContent = 'file' in what ? storedContent({ objects, workspaceId, file: what.file }) : () => tableFile(what.table);
  const begun = await databases.engine.transaction().execute((trx) => begin(trx, collecting, { sha256, what }));
  if (begun.sameAs !== null) return { upload: begun.id, rows: 0, doubtful: 0, duplicates: 0, refused: 0, sameAs: begun.sameAs };
  try {
    return await databases.engine.transaction().execute(async (trx) => {
      const upload = await lockUpload(trx, begun.id);
      if (!upload) throw new NotFound('color_upload.unknown', `The upload of step ${step} is gone.`, { hint: 'Run the flow again.' });
      if (upload.state === 'withdrawn')
        throw new Conflict('color_upload.withdrawn', 'What this step collected was withdrawn.', { hint: 'Run the flow again.' });
      const { id, rows, doubtful, duplicates, refused } = upload;
      if (upload.state === 'ready') return { upload: id, rows, doubtful, duplicates, refused, sameAs: null };
      const read = await readInto(trx, { workspaceId, id, open, source: collecting.source, date: collecting.date });
      return { upload: id, rows: read.rows, doubtful: read.doubtful, duplicates: read.duplicates, refused: read.refused, sameAs: null };
    });
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.status < 500 && !(thrown instanceof Conflict))
      await databases.engine.transaction().execute((trx) => markFailed(trx, { workspaceId, id: begun.id, error: toStoredError(thrown) }));
    throw thrown;
  }
}

async function begin(
  trx: WorkspaceTransaction,
  collecting: Collecting,
  { sha256, what }: { sha256: string; what: Collected },
): Promise<{ id: string; sameAs: string | null }> {
  const { workspaceId, runId, step, source } = collecting;
  const mine = await findUploadOfRun(trx, { workspaceId, runId, step, sha256 });
  if (mine) return { id: mine.id, sameAs: null };
  if (source !== null) await requireSource(trx, collecting);
  const id = newId();
  const same = collecting.again ? undefined : await findSameContent(trx, { workspaceId, id, sha256 });
  if (same) return { id: same.id, sameAs: same.title };
  const content = 'file' in what ? { size: what.file.size, file: what.file } : { size: 0, sha256 };
  const { title, date, by } = collecting;
  await insertUpload(trx, { workspaceId, id, kind: 'step', title, source, date, by, state: 'reading', run: { id: runId, step }, ...content });
  return { id: (await findUploadOfRun(trx, { workspaceId, runId, step, sha256 }))?.id ?? id, sameAs: null };
}

async function requireSource(trx: WorkspaceTransaction, { workspaceId, source }: Collecting): Promise<void> {
  const known = (await findSources(trx, workspaceId)).map(({ slug }) => slug);
  if (known.includes(source ?? '')) return;
  throw new InvalidInput('color_source.unknown', `There is no source of colors "${source}" in this workspace.`, {
    hint: `There are: ${known.join(', ') || 'none'}.`,
  });
}

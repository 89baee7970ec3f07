// What people bring to the desk: files in chunks, and pasted text. As it came it is kept; what is read of it waits in the buffer.
import type { ColorColumns } from '@tidewheel/contract/color-columns';
import { Conflict, InvalidInput, NotFound, TooLarge } from '@tidewheel/contract/errors';
import { fileNameFault } from '@tidewheel/contract/file-name';
import type { Page } from '@tidewheel/contract/page';
import type { ColorPreview, ColorUpload } from '@tidewheel/contract/routes/color-uploads';
import type { FileRef } from '@tidewheel/contract/values';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import type { Download } from '../../../base/endpoint.ts';
import { newId } from '../../../base/ids.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../../storage/database.ts';
import type { PageRequest } from '../../../storage/keyset.ts';
import { verifiedRead } from '../../../storage/objects/verified-read.ts';
import type { ReadColor } from '../columns/row-colors.ts';
import { existingSource } from '../columns/sources.service.ts';
import { findSources } from '../columns/sources.store.ts';
import { deskDay } from '../desk-day.store.ts';
import { BondBook } from '../matching/known-bonds.store.ts';
import { openText } from '../readers/text-file.ts';
import { chooseReading, type OpenContent, storedContent } from './incoming-content.ts';
import { previewContent } from './preview.ts';
import { keepContent, readNow, type UploadDeps } from './read-upload.ts';
import { shownUpload } from './upload-view.ts';
import { deleteFreeRows, findUpload, findUploads, insertUpload, lockUpload, markWithdrawn, setHow, type UploadRow } from './uploads.store.ts';

const uploadLimitBytes = 256 * 1024 ** 2;

/** How a content is read, as the caller said. */
export interface How {
  source?: string | undefined;
  date?: string | undefined;
}

export async function listUploads(
  { databases }: UploadDeps,
  actor: Actor,
  query: { state?: ColorUpload['state'] | undefined } & PageRequest,
): Promise<Page<ColorUpload>> {
  requirePermission(actor, 'color.read');
  const page = await inWorkspace(databases.app, actor.workspaceId, (trx) => findUploads(trx, query, query));
  return { ...page, items: page.items.map(shownUpload) };
}

/** @throws NotFound */
export async function showUpload(deps: UploadDeps, actor: Actor, id: string): Promise<ColorUpload> {
  requirePermission(actor, 'color.read');
  return shownUpload(await existingUpload(deps, actor, id));
}

/** @throws InvalidInput for a name that is none, TooLarge, NotFound for a source that is not there */
export async function beginUpload(
  deps: UploadDeps,
  actor: Actor,
  { name, size, hold, ...how }: { name: string; size: number; hold: boolean } & How,
): Promise<ColorUpload> {
  requirePermission(actor, 'color.edit');
  const fault = fileNameFault(name);
  if (fault !== undefined)
    throw new InvalidInput('file.name', `${JSON.stringify(name)} is not a file name: it ${fault}.`, { hint: 'Give a plain name without folders.' });
  const most = deps.uploadMaxBytes?.() ?? uploadLimitBytes;
  if (size > most)
    throw new TooLarge('file.too_large', `An uploaded file may have at most ${Math.floor(most / 1024 ** 2)} MB.`, {
      hint: 'Split it, or let a flow collect it from a folder.',
      details: { limitBytes: most },
    });
  const id = newId();
  await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const about = { kind: 'file', title: name, size, holds: hold, state: 'receiving', by: actor.label, date: await dayOf(trx, how) } as const;
    await insertUpload(trx, { workspaceId: actor.workspaceId, id, source: await namedSource(trx, how), ...about });
  });
  return showUpload(deps, actor, id);
}

/** @throws NotFound for a source that is not there */
export async function pasteColors(deps: UploadDeps, actor: Actor, { text, title, ...how }: { text: string; title: string } & How): Promise<ColorUpload> {
  requirePermission(actor, 'color.edit');
  const { workspaceId } = actor;
  const bytes = Buffer.from(text.toWellFormed().replaceAll('\0', ''));
  if (bytes.length === 0) throw new InvalidInput('color.file_empty', 'Nothing was pasted.', { hint: 'Copy rows or lines first.' });
  const object = await deps.objects.put(workspaceId, single(bytes));
  const name = title || `Pasted ${new Date().toISOString().slice(0, 16).replace('T', ' ')}`;
  const file: FileRef = { kind: 'file', name: 'paste.txt', mediaType: 'text/plain', ...object };
  const id = newId();
  await inWorkspace(deps.databases.app, workspaceId, async (trx) => {
    const about = { kind: 'paste', title: name, size: object.size, state: 'receiving', by: actor.label, date: await dayOf(trx, how) } as const;
    await insertUpload(trx, { workspaceId, id, source: await namedSource(trx, how), file, ...about });
  });
  await keepContent(deps, actor, { id, file });
  return showUpload(deps, actor, id);
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** @throws NotFound for a source that is not there */
export async function previewPaste(
  deps: UploadDeps,
  actor: Actor,
  { text, columns, ...how }: { text: string; columns?: ColorColumns | undefined } & How,
): Promise<ColorPreview> {
  requirePermission(actor, 'color.edit');
  return preview(deps, actor, { open: async () => openText(text), columns, how });
}

/** @throws NotFound, Conflict while it is not whole */
export async function previewUpload(
  deps: UploadDeps,
  actor: Actor,
  { id, columns, ...how }: { id: string; columns?: ColorColumns | undefined } & How,
): Promise<ColorPreview> {
  requirePermission(actor, 'color.edit');
  const upload = await existingUpload(deps, actor, id);
  const open = storedContent({ objects: deps.objects, workspaceId: actor.workspaceId, file: wholeFile(upload) });
  return preview(deps, actor, { open, columns, how: { source: how.source ?? upload.source ?? undefined, date: how.date ?? upload.date } });
}

async function preview(
  deps: UploadDeps,
  actor: Actor,
  { open, columns, how }: { open: OpenContent; columns?: ColorColumns | undefined; how: How },
): Promise<ColorPreview> {
  const { sources, named, date } = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => ({
    date: await dayOf(trx, how),
    sources: await findSources(trx),
    named: how.source === undefined ? null : await existingSource(trx, how.source),
  }));
  const match = (rows: ReadColor[]) => inWorkspace(deps.databases.app, actor.workspaceId, (trx) => new BondBook(trx, actor.workspaceId).matched(rows));
  return previewContent({ open, reading: await chooseReading({ open, sources, named, columns }), date, match });
}

/** Reads a content that is held or failed, or anew what is in the buffer of it. @throws NotFound, Conflict when rows of it were processed or somebody works with them */
export async function readUpload(deps: UploadDeps, actor: Actor, { id, ...how }: { id: string } & How): Promise<ColorUpload> {
  requirePermission(actor, 'color.edit');
  await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const upload = await lockUpload(trx, id);
    if (!upload) throw unknownUpload();
    wholeFile(upload);
    await clear(trx, actor, upload);
    await setHow(trx, { id, source: how.source === undefined ? upload.source : await namedSource(trx, how), date: how.date ?? upload.date });
  });
  await readNow(deps, actor, id);
  return showUpload(deps, actor, id);
}

/** @throws NotFound, Conflict when rows of it were processed or somebody works with them */
export async function withdrawUpload(deps: UploadDeps, actor: Actor, id: string): Promise<ColorUpload> {
  requirePermission(actor, 'color.edit');
  await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const upload = await lockUpload(trx, id);
    if (!upload) throw unknownUpload();
    if (upload.state === 'withdrawn') return;
    await clear(trx, actor, upload);
    await markWithdrawn(trx, id);
    await recordAudit(trx, actor, {
      action: 'color_upload.withdrawn',
      object: { type: 'color_upload', id, title: upload.title },
      before: { state: upload.state, rows: upload.rows },
    });
  });
  return showUpload(deps, actor, id);
}

/** Its rows leave the buffer, all or none. */
async function clear(
  trx: WorkspaceTransaction,
  { workspaceId }: Actor,
  { id, title, state, rows }: { id: string; title: string; state: string; rows: number },
): Promise<void> {
  const { gone, held } = await deleteFreeRows(trx, { workspaceId, id });
  if (held > 0)
    throw new Conflict('color_upload.taken', `Somebody works with ${held} of the rows of ${title}.`, {
      hint: 'Wait for the end of the run or session.',
      details: { held },
    });
  if (state === 'ready' && gone < rows)
    throw new Conflict('color_upload.processed', `${rows - gone} of the rows of ${title} were processed already.`, {
      hint: 'Correct what came of them in the processing, or upload what is missing.',
      details: { processed: rows - gone },
    });
}

/** As it came. @throws NotFound */
export async function downloadUpload(deps: UploadDeps, actor: Actor, id: string): Promise<Download> {
  requirePermission(actor, 'color.read');
  const upload = await existingUpload(deps, actor, id);
  const file = wholeFile(upload);
  await inWorkspace(deps.databases.app, actor.workspaceId, (trx) =>
    recordAudit(trx, actor, { action: 'color_upload.downloaded', object: { type: 'color_upload', id, title: upload.title }, after: { sha256: file.sha256 } }),
  );
  const stream = verifiedRead(await deps.objects.read(actor.workspaceId, file.sha256), file.sha256);
  return { stream, mediaType: file.mediaType, fileName: file.name, size: file.size, sha256: file.sha256 };
}

export async function existingUpload({ databases }: UploadDeps, actor: Actor, id: string): Promise<UploadRow> {
  const upload = await inWorkspace(databases.app, actor.workspaceId, (trx) => findUpload(trx, id));
  if (!upload) throw unknownUpload();
  return upload;
}

export function unknownUpload(): NotFound {
  return new NotFound('color_upload.unknown', 'There is no such upload of colors in this workspace.', { hint: 'Look at the list of uploads.' });
}

function wholeFile({ file, kind, state, title }: Pick<UploadRow, 'file' | 'kind' | 'state' | 'title'>): FileRef {
  if (file && state !== 'receiving') return file;
  const what = kind === 'step' ? `${title} is a table of a run, not a file` : `${title} has not come whole yet`;
  throw new Conflict('color_upload.not_whole', `${what}.`, { hint: kind === 'step' ? 'Run the flow again.' : 'Send the rest of it, or withdraw it.' });
}

async function namedSource(trx: WorkspaceTransaction, { source }: How): Promise<string | null> {
  return source === undefined ? null : (await existingSource(trx, source)).slug;
}
async function dayOf(trx: WorkspaceTransaction, { date }: How): Promise<string> {
  return date ?? deskDay(trx);
}

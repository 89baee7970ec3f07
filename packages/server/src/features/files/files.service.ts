// Files that people give us: an XML schema of an authority, a template, a reference list.
import type { Readable } from 'node:stream';
import { InvalidInput, NotFound, TooLarge } from '@tidewheel/contract/errors';
import { fileNameFault } from '@tidewheel/contract/file-name';
import type { Page } from '@tidewheel/contract/page';
import type { StoredFile } from '@tidewheel/contract/routes/files';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import type { Download } from '../../base/endpoint.ts';
import { newId } from '../../base/ids.ts';
import { requireOn } from '../../base/object-access.ts';
import { closestName } from '../../base/text.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import type { PageRequest } from '../../storage/keyset.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import { verifiedRead } from '../../storage/objects/verified-read.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { fileColumns, findFile, findFiles, listFileNames, markFileArchived, type StoredFileRow, saveFile, shownFile } from './files.store.ts';

export interface FileDeps {
  databases: Databases;
  objects: ObjectStore;
  /** What an administrator set; the built-in limit without it. */
  uploadMaxBytes?: () => number;
}

export const uploadLimitBytes = 256 * 1024 ** 2;
const mediaTypeForm = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,99}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}(;[ -~]{0,80})?$/i;

export async function listFiles({ databases }: FileDeps, actor: Actor, query: PageRequest & { search?: string | undefined }): Promise<Page<StoredFile>> {
  requirePermission(actor, 'file.read');
  const page = await inWorkspace(databases.app, actor.workspaceId, (trx) =>
    findFiles(trx, { ...query, permitted: permittedRows(actor, 'file.read', fileColumns) }, query),
  );
  return { ...page, items: page.items.map(shownFile) };
}

export interface Upload {
  slug: string;
  name: string;
  mediaType: string;
  content: AsyncIterable<Uint8Array>;
}

/** Streams into the object store; nothing is kept of an upload that breaks off. @throws TooLarge, InvalidInput */
export async function uploadFile({ databases, objects, uploadMaxBytes }: FileDeps, actor: Actor, upload: Upload): Promise<StoredFile> {
  requirePermission(actor, 'file.edit');
  checkNames(upload);
  const { workspaceId } = actor;
  // Before the content is taken in, and again with it: the file may have come meanwhile.
  await inWorkspace(databases.app, workspaceId, (trx) => replaceable(trx, actor, upload.slug));
  const object = await objects.put(workspaceId, withinLimit(upload.content, uploadMaxBytes?.() ?? uploadLimitBytes));
  const file = { workspaceId, id: newId(), slug: upload.slug, name: upload.name, mediaType: upload.mediaType, object, createdBy: actor.label };
  const saved = await inWorkspace(databases.app, workspaceId, async (trx) => {
    const before = await replaceable(trx, actor, upload.slug);
    const row = await saveFile(trx, file);
    await recordAudit(trx, actor, { action: 'file.uploaded', object: objectOf(row), before: before && auditView(before), after: auditView(row) });
    return row;
  });
  return shownFile(saved);
}

/** @throws NotFound with the closest slug */
export async function downloadFile({ databases, objects }: FileDeps, actor: Actor, slug: string): Promise<Download> {
  requirePermission(actor, 'file.read');
  const row = await inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    const found = await existingFile(trx, actor, { slug, permission: 'file.read' });
    await recordAudit(trx, actor, { action: 'file.downloaded', object: objectOf(found), after: { sha256: found.sha256 } });
    return found;
  });
  const stream: Readable = verifiedRead(await objects.read(actor.workspaceId, row.sha256), row.sha256);
  return { stream, mediaType: row.media_type, fileName: row.name, size: row.size, sha256: row.sha256 };
}

/** Takes it out of use; runs that used it keep its content. */
export async function removeFile({ databases }: FileDeps, actor: Actor, slug: string): Promise<StoredFile> {
  requirePermission(actor, 'file.edit');
  const row = await inWorkspace(databases.app, actor.workspaceId, async (trx) => {
    await existingFile(trx, actor, { slug, permission: 'file.edit' });
    const archived = await markFileArchived(trx, slug);
    if (archived) await recordAudit(trx, actor, { action: 'file.removed', object: objectOf(archived), before: auditView(archived) });
    return archived;
  });
  if (!row) throw new NotFound('file.unknown', `The uploaded file "${slug}" was archived meanwhile.`);
  return shownFile(row);
}

function objectOf({ id, slug }: StoredFileRow) {
  return { type: 'file', id, title: slug };
}
function auditView({ name, media_type, size, sha256 }: StoredFileRow) {
  return { name, mediaType: media_type, size, sha256 };
}

/** For steps of a run: whether its author may use the file was asked when the flow was applied. */
export async function usedFile(trx: WorkspaceTransaction, slug: string): Promise<StoredFileRow> {
  const row = await findFile(trx, slug);
  if (row) return row;
  throw unknownFile(slug, await listFileNames(trx));
}

async function existingFile(
  trx: WorkspaceTransaction,
  actor: Actor,
  { slug, permission }: { slug: string; permission: 'file.read' | 'file.edit' },
): Promise<StoredFileRow> {
  const row = await findFile(trx, slug);
  if (row && may(actor, permission, attributesOf(row))) {
    requirePermission(actor, permission, attributesOf(row));
    return row;
  }
  const seen = (await listFileNames(trx)).filter((one) => may(actor, 'file.read', { file: one.slug, uploadedBy: one.uploadedBy }));
  if (!row) throw unknownFile(slug, seen);
  requireOn(actor, { permission, read: 'file.read', object: attributesOf(row), unknown: () => unknownFile(slug, seen) });
  return row;
}

/** The file that an upload would replace. A name is no secret from who may upload: it is taken. */
async function replaceable(trx: WorkspaceTransaction, actor: Actor, slug: string): Promise<StoredFileRow | undefined> {
  const row = await findFile(trx, slug);
  if (row) requirePermission(actor, 'file.edit', attributesOf(row));
  requirePermission(actor, 'file.edit', { file: slug, uploadedBy: actor.label });
  return row;
}

function attributesOf({ slug, created_by }: StoredFileRow) {
  return { file: slug, uploadedBy: created_by };
}

function unknownFile(slug: string, seen: readonly { slug: string }[]): NotFound {
  const close = closestName(
    slug,
    seen.map((one) => one.slug),
  );
  return new NotFound('file.unknown', `There is no uploaded file "${slug}" in this workspace.`, {
    hint: close ? `Did you mean "${close}"?` : 'Upload it under Files first.',
  });
}

function checkNames({ name, mediaType }: Upload): void {
  const fault = fileNameFault(name);
  if (fault !== undefined)
    throw new InvalidInput('file.name', `${JSON.stringify(name)} is not a file name: it ${fault}.`, {
      hint: 'Give a plain name without folders and control characters.',
      details: { faults: [{ path: 'query.name', message: fault, severity: 'error' }] },
    });
  if (!mediaTypeForm.test(mediaType))
    throw new InvalidInput('file.media_type', `${JSON.stringify(mediaType)} is not a media type.`, {
      hint: 'Give one such as text/csv, or leave it out.',
      details: { faults: [{ path: 'query.mediaType', message: 'is not a media type', severity: 'error' }] },
    });
}

async function* withinLimit(content: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of content) {
    size += chunk.byteLength;
    if (size > most)
      throw new TooLarge('file.too_large', `An uploaded file may have at most ${Math.floor(most / 1024 ** 2)} MB.`, {
        hint: 'Put larger files into a folder or on a server that a connection reaches.',
        details: { limitBytes: most },
      });
    yield chunk;
  }
}

// The chunks of an upload: each is kept once it is whole, so an upload that dies goes on where it was.
import { Conflict, InvalidInput, TooLarge } from '@tidewheel/contract/errors';
import type { ColorUpload } from '@tidewheel/contract/routes/color-uploads';
import type { FileRef } from '@tidewheel/contract/values';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { inWorkspace } from '../../../storage/database.ts';
import { recordObjects } from '../../../storage/objects/object-records.ts';
import type { StoredObject } from '../../../storage/objects/object-store.ts';
import { keepContent, type UploadDeps } from './read-upload.ts';
import { existingUpload, showUpload, unknownUpload } from './uploads.service.ts';
import { addChunk, findChunks, lockUpload, type UploadRow } from './uploads.store.ts';

const mostChunk = 16 * 1024 ** 2;

export interface Chunk {
  id: string;
  offset: number;
  content: AsyncIterable<Uint8Array>;
}

/** @throws NotFound, Conflict when it does not go on where the upload ends, TooLarge for more than was announced */
export async function sendChunk(deps: UploadDeps, actor: Actor, { id, offset, content }: Chunk): Promise<ColorUpload> {
  requirePermission(actor, 'color.edit');
  const { workspaceId } = actor;
  const upload = await existingUpload(deps, actor, id);
  requireReceiving(upload);
  if (offset < upload.received) return ignored(deps, actor, { id, content });
  if (offset > upload.received) throw gap(upload, offset);
  if (upload.received < upload.size) {
    const object = await deps.objects.put(workspaceId, limited(content, Math.min(mostChunk, upload.size - offset)));
    if (object.size === 0) throw new InvalidInput('color_upload.empty_chunk', 'The chunk is empty.', { hint: 'Send the bytes from `offset` on.' });
    await inWorkspace(deps.databases.app, workspaceId, async (trx) => {
      const now = await lockUpload(trx, id);
      if (!now) throw unknownUpload();
      requireReceiving(now);
      if (now.received !== offset) throw gap(now, offset);
      await recordObjects(trx, workspaceId, [object]);
      await addChunk(trx, { workspaceId, id, position: offset, size: object.size, sha256: object.sha256 });
    });
  }
  return finished(deps, actor, id);
}

function requireReceiving({ state, title }: Pick<UploadRow, 'state' | 'title'>): void {
  if (state !== 'receiving') throw new Conflict('color_upload.whole', `${title} is ${state} and takes no more content.`, { hint: 'Begin a new upload.' });
}

function gap({ received }: Pick<UploadRow, 'received'>, offset: number): Conflict {
  return new Conflict('color_upload.offset', `The chunk begins at ${offset}, but ${received} bytes are here.`, {
    hint: 'Go on from `received` of the upload.',
    details: { received },
  });
}

/** It came already: its answer was lost on the way. */
async function ignored(deps: UploadDeps, actor: Actor, { id, content }: Omit<Chunk, 'offset'>): Promise<ColorUpload> {
  let size = 0;
  for await (const bytes of content) {
    size += bytes.byteLength;
    if (size > mostChunk) throw tooLarge(mostChunk);
  }
  return showUpload(deps, actor, id);
}

async function* limited(content: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const bytes of content) {
    size += bytes.byteLength;
    if (size > most) throw tooLarge(most);
    yield bytes;
  }
}

function tooLarge(most: number): TooLarge {
  return new TooLarge(
    'color_upload.chunk_too_large',
    `The chunk is larger than ${most.toLocaleString('en')} bytes: what is missing, or the most that is taken at once.`,
    {
      hint: 'Send 8 MB at a time.',
      details: { limitBytes: most },
    },
  );
}

async function finished(deps: UploadDeps, actor: Actor, id: string): Promise<ColorUpload> {
  const upload = await existingUpload(deps, actor, id);
  if (upload.state === 'receiving' && upload.received === upload.size) {
    const object = await joined(deps, actor, id);
    const file: FileRef = { kind: 'file', name: upload.title, mediaType: mediaTypeOf(upload.title), ...object };
    await keepContent(deps, actor, { id, file });
  }
  return showUpload(deps, actor, id);
}

async function joined({ databases, objects }: UploadDeps, { workspaceId }: Actor, id: string): Promise<StoredObject> {
  const chunks = await inWorkspace(databases.app, workspaceId, (trx) => findChunks(trx, id));
  async function* all(): AsyncGenerator<Uint8Array> {
    for (const { sha256 } of chunks) yield* await objects.read(workspaceId, sha256);
  }
  return objects.put(workspaceId, all());
}

function mediaTypeOf(name: string): string {
  if (/\.xlsx$/i.test(name)) return 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  return /\.(csv|tsv)$/i.test(name) ? 'text/csv' : /\.txt$/i.test(name) ? 'text/plain' : 'application/octet-stream';
}

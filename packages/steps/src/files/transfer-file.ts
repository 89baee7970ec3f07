// One file from one place to another, streamed: written aside where it could be seen, taken up again where an earlier attempt broke, compared, renamed.
import { createHash } from 'node:crypto';
import { Conflict, type NotFound, Unreachable } from '@tidewheel/contract/errors';
import type { ListedFile } from '@tidewheel/kit/file-source';
import { type FilePlace, type FileWriting, folderOfPath, nameOfPath } from './file-place.ts';
import { partName } from './place-file.ts';

export type WhenExists = 'replace' | 'newer' | 'skip' | 'refuse';

export interface Transfer {
  from: FilePlace;
  to: FilePlace;
  file: ListedFile;
  /** Path at the destination. */
  target: string;
  whenExists: WhenExists;
  verify: 'hash' | 'size';
  /** The same for every attempt, so that a retry takes up its own leftover. */
  key: string;
  once: NonNullable<FileWriting['once']>;
  /** Bytes of this file that are through. */
  onBytes(bytes: number): void;
}

export interface Transferred {
  size: number;
  sha256: string;
  md5: string;
  verifiedBy: string;
  /** Bytes that an earlier attempt had brought there. */
  resumedAt: number;
}

/** Why nothing needs to be sent; undefined when it does. @throws Conflict when another file is there and may not be replaced */
export async function leftOut({ to, file, target, whenExists }: Pick<Transfer, 'to' | 'file' | 'target' | 'whenExists'>): Promise<string | undefined> {
  const found = await to.stat(target);
  if (!found || whenExists === 'replace') return undefined;
  if (whenExists === 'skip') return 'it is there already';
  if (whenExists === 'newer') return found.modifiedAt >= file.modifiedAt ? 'what is there is not older' : undefined;
  throw new Conflict('file.exists', `There is another ${target} at ${to.address} already.`, {
    hint: 'Give it another place, or let the step replace or skip it (whenExists).',
  });
}

/** @throws Unreachable when it arrived damaged or changed meanwhile, and what the places throw */
export async function transferFile(transfer: Transfer): Promise<Transferred> {
  const { from, to, file, target, key } = transfer;
  const part = to.showsParts ? join(folderOfPath(target), partName(nameOfPath(target), key)) : target;
  const start = to.showsParts ? await resumePoint(to, part, file.size) : 0;
  const sums = new Sums();
  const known = start > 0 && transfer.verify === 'hash' ? await from.sha256(file.path) : undefined;
  // Whose hash the source itself can tell need not be read from its beginning again; nor what is held against its size alone.
  const isWholeRead = start === 0 || (transfer.verify === 'hash' && known === undefined);
  const content = sums.through(from.read(file.path, { start: isWholeRead ? 0 : start }), {
    skip: isWholeRead ? start : 0,
    onBytes: (bytes) => transfer.onBytes(isWholeRead ? bytes : start + bytes),
  });
  const written = await to.write(part, content, { start, size: file.size, once: transfer.once });
  const size = isWholeRead ? sums.bytes : start + sums.bytes;
  if (size !== file.size) throw await changed(transfer, size, part);
  const { sha256, md5 } = isWholeRead ? sums.digests() : { sha256: known ?? '', md5: '' };
  const verifiedBy = await verify(transfer, { part, sha256, written: written.verifiedBy });
  if (part !== target) await place(transfer, part);
  return { size, sha256, md5, verifiedBy, resumedAt: written.resumedAt ?? start };
}

/** Of a part that is as long as the whole nobody knows whether it is one: it is written anew. */
async function resumePoint(to: FilePlace, part: string, size: number): Promise<number> {
  const found = await to.stat(part);
  return found && found.size < size ? found.size : 0;
}

async function verify(
  { to, file, verify: how }: Transfer,
  { part, sha256, written }: { part: string; sha256: string; written: string | undefined },
): Promise<string> {
  const found = await to.stat(part);
  if (found?.size !== file.size) throw await damaged(to, part, `it has ${found?.size ?? 'no'} bytes instead of ${file.size}`);
  if (how === 'size') return 'size';
  if (written) return written;
  const told = await to.sha256(part);
  if (told === sha256) return 'sha256';
  // A command over there may see another file tree: what can be read back decides.
  const hash = createHash('sha256');
  for await (const chunk of to.read(part)) hash.update(chunk);
  if (hash.digest('hex') === sha256) return 'read back';
  throw await damaged(to, part, 'it has the right size but another SHA-256');
}

async function damaged(to: FilePlace, part: string, what: string): Promise<Unreachable> {
  await to.remove(part).catch(() => {});
  return new Unreachable('transfer.damaged', `What arrived at ${to.address} is not what was sent: ${what}.`, {
    hint: 'It was removed there; the step is tried again by itself.',
  });
}

async function changed({ from, to, file }: Transfer, size: number, part: string): Promise<Unreachable | NotFound> {
  await to.remove(part).catch(() => {});
  return new Unreachable('transfer.changed', `${file.path} at ${from.address} had ${file.size} bytes when it was listed and ${size} when it was read.`, {
    hint: 'Somebody writes to it now; the step is tried again by itself.',
  });
}

async function place(transfer: Transfer, part: string): Promise<void> {
  const { to, target } = transfer;
  // Somebody may have put one there meanwhile.
  const reason = await leftOut(transfer);
  if (reason === undefined) await to.rename(part, target);
  else await to.remove(part);
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

class Sums {
  bytes = 0;
  readonly #sha256 = createHash('sha256');
  readonly #md5 = createHash('md5');

  /** What is read, but for the first `skip` bytes, which are there already. */
  async *through(content: AsyncIterable<Uint8Array>, { skip, onBytes }: { skip: number; onBytes(bytes: number): void }): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      this.#sha256.update(chunk);
      this.#md5.update(chunk);
      const from = Math.max(0, skip - this.bytes);
      this.bytes += chunk.byteLength;
      if (from < chunk.byteLength) yield from === 0 ? chunk : chunk.subarray(from);
      onBytes(this.bytes);
    }
  }

  digests(): { sha256: string; md5: string } {
    return { sha256: this.#sha256.digest('hex'), md5: this.#md5.digest('hex') };
  }
}

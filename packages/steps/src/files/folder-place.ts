// The files of a folder connection, for transfers. A file that is being written can be seen, so it is written aside.
import { createReadStream } from 'node:fs';
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Conflict, InvalidInput, NotAllowed } from '@tidewheel/contract/errors';
import type { Reach } from '@tidewheel/kit/define-connector';
import type { FileListing, ListedFile } from '@tidewheel/kit/file-source';
import type { FolderConfig } from '../connectors/folder.connector.ts';
import type { FilePlace, FileWriting } from './file-place.ts';
import { folderFiles } from './folder-files.ts';
import { existingPath, folderFailure, isBelow, realRoot, writablePath } from './folder-path.ts';
import { sha256OfFile } from './place-file.ts';

export class FolderPlace implements FilePlace {
  readonly address: string;
  readonly showsParts = true;
  readonly #root: string;
  readonly #signal: AbortSignal;
  readonly #readOnly: boolean;
  readonly #slug: string;

  constructor({ config, slug, signal }: Pick<Reach<FolderConfig>, 'config' | 'slug' | 'signal'>) {
    this.#root = config.root;
    this.#readOnly = config.readOnly;
    this.#slug = slug;
    this.#signal = signal;
    this.address = `folder:${slug}`;
  }

  list(listing: FileListing): Promise<ListedFile[]> {
    return folderFiles({ root: this.#root, signal: this.#signal }).list(listing);
  }

  async stat(file: string): Promise<ListedFile | undefined> {
    const found = await stat(await writablePath({ root: this.#root, file })).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR') return undefined;
      throw folderFailure(thrown, file);
    });
    if (found && !found.isFile())
      throw new InvalidInput('file.kind', `${file} in "${this.#slug}" is not a regular file.`, { hint: 'Name a file, or give a pattern for the files in it.' });
    return found && { path: file, size: found.size, modifiedAt: found.mtime };
  }

  async *read(file: string, { start = 0 }: { start?: number } = {}): AsyncIterable<Uint8Array> {
    yield* createReadStream(await existingPath({ root: this.#root, file }), { start, signal: this.#signal, highWaterMark: 256 * 1024 });
  }

  async write(file: string, content: AsyncIterable<Uint8Array>, { start }: FileWriting): Promise<{ verifiedBy?: string }> {
    const target = await this.#placeFor(file);
    try {
      await using handle = await open(target, start > 0 ? 'r+' : 'w', 0o666);
      let at = start;
      for await (const chunk of content) {
        await handle.write(chunk, 0, chunk.byteLength, at);
        at += chunk.byteLength;
      }
      await handle.sync();
    } catch (thrown) {
      throw folderFailure(thrown, file);
    }
    return {};
  }

  async rename(from: string, to: string): Promise<void> {
    const target = await this.#placeFor(to);
    try {
      await rename(await existingPath({ root: this.#root, file: from }), target);
      // Some network shares cannot: the file itself was synced.
      await using folder = await open(path.dirname(target), 'r');
      await folder.sync().catch(() => {});
    } catch (thrown) {
      throw folderFailure(thrown, to);
    }
  }

  async remove(file: string): Promise<void> {
    this.#requireWritable();
    await rm(await existingPath({ root: this.#root, file })).catch((thrown: unknown) => {
      throw folderFailure(thrown, file);
    });
  }

  async sha256(file: string): Promise<string> {
    return sha256OfFile(await existingPath({ root: this.#root, file }), this.#signal);
  }

  async #placeFor(file: string): Promise<string> {
    this.#requireWritable();
    const target = await writablePath({ root: this.#root, file });
    try {
      await mkdir(path.dirname(target), { recursive: true });
      // Between the look and the mkdir somebody may have put a link in the way.
      if (isBelow(await realpath(path.dirname(target)), await realRoot(this.#root))) return target;
    } catch (thrown) {
      throw folderFailure(thrown, file);
    }
    throw new Conflict('file.outside', `${file} came to lead out of the connection's folder while it was written.`);
  }

  #requireWritable(): void {
    if (this.#readOnly) throw new NotAllowed('folder.read_only', `The connection "${this.#slug}" is read only.`, { hint: 'Use another connection.' });
  }
}

// The files below the root of a folder connection. Symbolic links are left out: what they lead to may lie elsewhere.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FileListing, FileSource, ListedFile } from '@tidewheel/kit/file-source';
import { existingPath, folderFailure, folderFile, isErrno, realRoot } from './folder-path.ts';
import { fitsListing, tooManyFiles } from './listing.ts';

/** So many files are looked at at once. */
const together = 32;

export function folderFiles({ root, signal }: { root: string; signal: AbortSignal }): FileSource {
  return {
    async list(listing) {
      const base = await folderAt(root, listing.path);
      const found = await names({ base, listing, signal }).catch((thrown: unknown) => {
        throw folderFailure(thrown, listing.path || root);
      });
      return looked({ base, names: found, listing, signal });
    },
    read: (file) => folderFile({ root, file, signal }),
  };
}

async function folderAt(root: string, wanted: string): Promise<string> {
  const base = wanted.replace(/[/.]+$/, '') === '' ? await realRoot(root) : await existingPath({ root, file: wanted });
  if ((await stat(base)).isDirectory()) return base;
  throw new InvalidInput('file.kind', `${JSON.stringify(wanted)} is no folder.`, { hint: 'Name the folder that holds the files.' });
}

interface Walk {
  base: string;
  listing: FileListing;
  signal: AbortSignal;
}

/** Paths below `base`. */
async function names({ base, listing, signal }: Walk): Promise<string[]> {
  const found: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted();
    for (const entry of await readdir(path.join(base, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && listing.deep && !entry.name.startsWith('.')) folders.push(name);
      if (entry.isFile() && fitsListing(name, listing)) found.push(name);
    }
    if (found.length > listing.limit) throw tooManyFiles(listing);
  }
  return found.sort();
}

/** One that went away in between is left out. */
async function looked({ base, names: found, listing, signal }: Walk & { names: string[] }): Promise<ListedFile[]> {
  const before = listing.path.replace(/^\.?\/+|\/+$/g, '').replace(/^\.$/, '');
  const files: ListedFile[] = [];
  for (let at = 0; at < found.length; at += together) {
    signal.throwIfAborted();
    const some = await Promise.all(
      found.slice(at, at + together).map(async (name) => {
        const facts = await stat(path.join(base, name)).catch((thrown: unknown) => {
          if (isErrno(thrown, 'ENOENT')) return undefined;
          throw folderFailure(thrown, name);
        });
        return facts && { path: before === '' ? name : `${before}/${name}`, size: facts.size, modifiedAt: facts.mtime };
      }),
    );
    files.push(...some.filter((file) => file !== undefined));
  }
  return files;
}

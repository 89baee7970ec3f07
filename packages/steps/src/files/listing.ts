// What every listing of files keeps to, wherever they lie.
import path from 'node:path';
import { TooLarge } from '@tidewheel/contract/errors';
import type { FileListing } from '@tidewheel/kit/file-source';

/** Whether a path below the listed folder fits. A pattern without a slash is one of names, at any depth. */
export function fitsListing(below: string, { pattern }: FileListing): boolean {
  const name = path.posix.basename(below);
  if (name.startsWith('.') && !path.posix.basename(pattern).startsWith('.')) return false;
  return path.posix.matchesGlob(pattern.includes('/') ? below : name, pattern);
}

export function tooManyFiles({ path: folder, pattern, limit }: FileListing): TooLarge {
  return new TooLarge('file.too_many', `More than ${limit.toLocaleString('en')} files in ${folder || 'the folder'} fit ${pattern}.`, {
    hint: 'Narrow the pattern, name a folder below, or move what is done with away.',
  });
}

// A place that holds files, as file.transfer needs it: what a listing needs, and writing.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FileSource, ListedFile } from '@tidewheel/kit/file-source';

export interface FileWriting {
  /** How many bytes of the whole are there already: `content` begins after them. 0: the file is made anew. */
  start: number;
  /** Of the whole. */
  size: number;
  /** Gives back what `work` gave an earlier attempt to write the same content. */
  once?: ((name: string, work: () => Promise<string>) => Promise<string>) | undefined;
}

export interface FileWritten {
  /** What the far side said of the content, where that proves it. */
  verifiedBy?: string;
  /** Bytes that it had from an earlier attempt, where it found that out itself. */
  resumedAt?: number;
}

export interface FilePlace extends FileSource {
  /** For receipts: `sftp://host:22`, `s3://bucket`. */
  readonly address: string;
  /** A file that is being written can be seen: it is written under another name and renamed. Else it appears whole or not at all. */
  readonly showsParts: boolean;
  /** Paths may be given with backslashes, and capitals make no other name: Windows. */
  readonly hasBackslashes?: boolean;
  /** undefined when there is no file. @throws InvalidInput when a folder is there */
  stat(path: string): Promise<ListedFile | undefined>;
  read(path: string, options?: { start?: number }): AsyncIterable<Uint8Array>;
  /** Missing folders are made. */
  write(path: string, content: AsyncIterable<Uint8Array>, writing: FileWriting): Promise<FileWritten>;
  /** Replaces what has the new name; missing folders are made. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Found out over there, without moving the content; undefined where that is not possible. */
  sha256(path: string): Promise<string | undefined>;
}

/** A path below the root of a connection. @throws InvalidInput for one that climbs, or holds what a protocol would take for its own */
export function plainPath(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  if (/[\u0000-\u001f\u007f]/.test(path) || !path.isWellFormed())
    throw new InvalidInput('file.path', `The path ${JSON.stringify(path)} holds a control character.`, { hint: 'Rename the file.' });
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..'))
    throw new InvalidInput('file.path', `The path ${JSON.stringify(path)} holds "..".`, { hint: 'Give the path itself, such as in/2026.' });
  return parts.join('/');
}

/** The folder part of a path, '' when it has none. */
export function folderOfPath(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
export function nameOfPath(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

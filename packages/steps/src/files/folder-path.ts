// The jail of a folder connection: a path below its root, with no way out by `..`, an absolute path or a symbolic link.
import { lstat, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { closest } from '@tidewheel/contract/closest';
import { InvalidInput, NotAllowed, NotFound, Unreachable } from '@tidewheel/contract/errors';
import { localFile } from '@tidewheel/kit/local-file';

/** A relative path with single slashes and no dots. @throws InvalidInput for anything that is not one */
export function cleanRelativePath(text: string): string {
  const refuse = (why: string): never => {
    throw new InvalidInput('file.path', `The path ${JSON.stringify(text.slice(0, 200))} ${why}.`, {
      hint: "Give a path below the connection's folder with forward slashes, such as in/trades.csv.",
      details: { path: text.slice(0, 200) },
    });
  };
  if (text.includes('\0')) refuse('holds a NUL character');
  if (text.includes('\\')) refuse('holds a backslash');
  if (text.startsWith('/') || /^[A-Za-z]:/.test(text)) refuse('is absolute');
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) refuse('leaves the folder with ".."');
  if (parts.length === 0) refuse('names no file');
  if (parts.some((part) => Buffer.byteLength(part) > 255) || Buffer.byteLength(text) > 4000) refuse('is too long');
  return parts.join('/');
}

/** Whether `inner` is `outer` or lies below it; both absolute and real. */
export function isBelow(inner: string, outer: string): boolean {
  const way = path.relative(outer, inner);
  return way === '' || !(way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way));
}

/** The root with its links resolved. @throws Unreachable when it is not there (an unmounted share comes back) */
export async function realRoot(root: string): Promise<string> {
  try {
    return await realpath(root);
  } catch (thrown) {
    throw folderFailure(thrown, root);
  }
}

/**
 * The real local path of an existing file below `root`, its links resolved.
 * @throws NotFound with the closest name, InvalidInput when a link leads outside
 */
export async function existingPath({ root, file }: { root: string; file: string }): Promise<string> {
  const clean = cleanRelativePath(file);
  const base = await realRoot(root);
  const wanted = path.join(base, clean);
  try {
    const real = await realpath(wanted);
    if (!isBelow(real, base)) throw outside(file);
    return real;
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT', 'ENOTDIR')) throw await missingFile({ base, clean });
    throw folderFailure(thrown, file);
  }
}

/** The content of a file below `root`. @throws NotFound when it is not there, or goes away before it is opened */
export async function* folderFile({ root, file, signal }: { root: string; file: string; signal: AbortSignal }): AsyncGenerator<Uint8Array> {
  try {
    yield* localFile(await existingPath({ root, file }), { signal });
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT')) await existingPath({ root, file });
    throw folderFailure(thrown, file);
  }
}

/** The real local path at which a file may be written: its nearest existing folder is inside the root, so all that is made below it is too. */
export async function writablePath({ root, file }: { root: string; file: string }): Promise<string> {
  const clean = cleanRelativePath(file);
  const base = await realRoot(root);
  const parent = path.dirname(path.join(base, clean));
  const real = await realNearest(parent);
  if (!isBelow(real, base)) throw outside(file);
  return path.join(real, path.basename(clean));
}

/** Resolves what exists of a path and keeps the rest as it is. @throws InvalidInput for a dangling link: it could be made to lead anywhere */
export async function realNearest(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (thrown) {
    if (!isErrno(thrown, 'ENOENT')) throw folderFailure(thrown, folder);
    const dangling = await lstat(folder).then(
      () => true,
      () => false,
    );
    if (dangling) throw outside(folder);
    return path.join(await realNearest(path.dirname(folder)), path.basename(folder));
  }
}

function outside(file: string): InvalidInput {
  return new InvalidInput('file.outside', `The path ${JSON.stringify(file)} leads out of the connection's folder through a symbolic link.`, {
    hint: 'Replace the link by the file itself, or make a connection whose folder holds its target.',
  });
}

// Walks down to the first part that is missing, so that the message can name its neighbours.
async function missingFile({ base, clean }: { base: string; clean: string }): Promise<NotFound> {
  let folder = base;
  for (const part of clean.split('/')) {
    const names = await readdir(folder).catch(() => undefined);
    if (names?.includes(part)) {
      folder = path.join(folder, part);
      continue;
    }
    const where = path.relative(base, folder) || 'the connection’s folder';
    const close = names && closest(part, names);
    return new NotFound('file.missing', `There is no ${JSON.stringify(part)} in ${where}.`, {
      hint: close ? `Did you mean ${JSON.stringify(close)}?` : sayNames(names ?? []),
      details: { path: clean },
    });
  }
  return new NotFound('file.missing', `There is no file ${JSON.stringify(clean)}.`, { details: { path: clean } });
}

function sayNames(names: string[]): string {
  if (names.length === 0) return 'The folder is empty.';
  const some = names
    .sort()
    .slice(0, 5)
    .map((name) => JSON.stringify(name))
    .join(', ');
  return names.length > 5 ? `It holds ${some} and ${names.length - 5} more.` : `It holds ${some}.`;
}

export function isErrno(thrown: unknown, ...codes: string[]): boolean {
  return codes.includes((thrown as NodeJS.ErrnoException | null)?.code ?? '');
}

/** A file system's error about a folder connection, as an error a person can act on; anything else unchanged. */
export function folderFailure(thrown: unknown, where: string): unknown {
  const code = (thrown as NodeJS.ErrnoException | null)?.code;
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return thrown;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new Unreachable('folder.full', `There is no space left for ${where} (${code}).`, {
      hint: 'Free space there; the step is tried again by itself.',
      cause: thrown,
    });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new NotAllowed('folder.refused', `Tidewheel may not use ${where} (${code}).`, {
      hint: 'Give the user that runs Tidewheel the right to it.',
      cause: thrown,
    });
  if (code === 'ENOENT')
    return new Unreachable('folder.missing', `The folder ${where} is not there.`, { hint: 'Make it, or mount the share it lies on.', cause: thrown });
  if (code === 'ELOOP') return new InvalidInput('file.outside', `${where} is a loop of symbolic links.`, { cause: thrown });
  if (code === 'EISDIR' || code === 'ENOTDIR')
    return new InvalidInput('file.kind', `${where}: a folder stands where a file is needed, or the other way round (${code}).`, { cause: thrown });
  return new Unreachable('folder.failed', `The file system failed at ${where} (${code}).`, { hint: 'Look at the disk and its mount.', cause: thrown });
}

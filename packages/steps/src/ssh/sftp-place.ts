// The files of an SFTP server, or of a host by SSH, for transfers. A file that is being written can be seen, so it is written aside.
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FileListing, ListedFile } from '@tidewheel/kit/file-source';
import { type FilePlace, type FileWriting, folderOfPath } from '../files/file-place.ts';
import { listSftp } from './sftp-files.ts';
import type { SftpSession } from './sftp-session.ts';

/** Runs work with a session; `enough` ends it early. */
export type UseSftp = <T>(work: (session: SftpSession) => Promise<T>, enough?: AbortSignal) => Promise<T>;

export class SftpPlace implements FilePlace {
  readonly address: string;
  readonly showsParts = true;
  readonly #use: UseSftp;

  constructor(address: string, use: UseSftp) {
    this.address = address;
    this.#use = use;
  }

  list(listing: FileListing): Promise<ListedFile[]> {
    return this.#use((session) => listSftp(session, listing));
  }

  stat(path: string): Promise<ListedFile | undefined> {
    return this.#use(async (session) => {
      const found = await session.stat(remotePath(path));
      if (found?.isDirectory())
        throw new InvalidInput('file.kind', `${path} on ${session.ssh.place} is a folder.`, { hint: 'Name a file, or give a pattern for the files in it.' });
      return found && { path, size: found.size, modifiedAt: new Date(found.mtime * 1000) };
    });
  }

  async *read(path: string, { start = 0 }: { start?: number } = {}): AsyncIterable<Uint8Array> {
    const pipe = new PassThrough({ highWaterMark: 1024 ** 2 });
    const enough = new AbortController();
    const work = this.#use((session) => pipeline(session.read(remotePath(path), start), pipe), enough.signal);
    work.catch((thrown: unknown) => pipe.destroy(thrown as Error));
    try {
      yield* pipe;
      await work;
    } finally {
      pipe.destroy();
      enough.abort(new InvalidInput('sftp.left', 'The rest of the file was not wanted.'));
      await work.catch(() => {});
    }
  }

  async write(path: string, content: AsyncIterable<Uint8Array>, { start }: FileWriting): Promise<{ verifiedBy?: string }> {
    await this.#use(async (session) => {
      if (start === 0) await makeFolders(session, folderOfPath(remotePath(path)));
      await session.write(remotePath(path), content, start);
      await session.sync(remotePath(path));
    });
    return {};
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#use(async (session) => {
      await makeFolders(session, folderOfPath(remotePath(to)));
      await session.replace(remotePath(from), remotePath(to));
    });
  }
  async remove(path: string): Promise<void> {
    await this.#use((session) => session.remove(remotePath(path)));
  }

  sha256(path: string): Promise<string | undefined> {
    return this.#use(async (session) => {
      const absolute = await session.realPath(remotePath(path));
      const out = await session.run(`sha256sum -- '${absolute.replaceAll("'", String.raw`'\''`)}'`, 4096);
      return (out && /^\\?([0-9a-f]{64})\s/.exec(out)?.[1]) || undefined;
    });
  }
}

/** @throws InvalidInput for a path that climbs */
function remotePath(path: string): string {
  if (!path.split('/').includes('..') && !/\p{Cc}/u.test(path)) return path;
  throw new InvalidInput('file.path', `The path ${JSON.stringify(path)} holds ".." or a control character.`, {
    hint: 'Give the path itself, such as in/2026.',
  });
}

async function makeFolders(session: SftpSession, folder: string): Promise<void> {
  if (folder === '' || (await session.stat(folder))?.isDirectory()) return;
  await makeFolders(session, folderOfPath(folder));
  try {
    await session.makeFolder(folder);
  } catch (thrown) {
    // Somebody else made it meanwhile.
    if (!(await session.stat(folder))?.isDirectory()) throw thrown;
  }
}

// The files of an FTP server below the root of a connection. A file that is being written can be seen, so it is written aside.
import { PassThrough } from 'node:stream';
import { InvalidInput, NotAllowed } from '@tidewheel/contract/errors';
import type { Reach } from '@tidewheel/kit/define-connector';
import type { FileListing, ListedFile } from '@tidewheel/kit/file-source';
import { SessionPool } from '../connectors/session-pool.ts';
import { type FilePlace, type FileWriting, folderOfPath, plainPath } from '../files/file-place.ts';
import { fitsListing, tooManyFiles } from '../files/listing.ts';
import { FtpSession } from './ftp-session.ts';
import type { FtpConfig, FtpSecret } from './ftp-settings.ts';

/** Servers count the sessions of a user. */
const sessionsAtOnce = 4;
const pool = new SessionPool<FtpSession>();
/** For the end of a process and for tests. */
export const closeIdleFtp = () => pool.closeIdle();

export class FtpPlace implements FilePlace {
  readonly address: string;
  readonly showsParts = true;
  readonly #reach: Reach<FtpConfig, FtpSecret>;

  constructor(reach: Reach<FtpConfig, FtpSecret>) {
    this.#reach = reach;
    this.address = `${reach.config.tls === 'off' ? 'ftp' : 'ftps'}://${reach.config.host}:${reach.config.port}`;
  }

  list(listing: FileListing): Promise<ListedFile[]> {
    return this.#with(async (session) => {
      const base = plainPath(listing.path);
      const files: ListedFile[] = [];
      const folders = [''];
      for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
        for (const entry of await session.list(this.#full([base, folder].filter(Boolean).join('/')))) {
          const below = folder === '' ? entry.name : `${folder}/${entry.name}`;
          if (entry.isDirectory && listing.deep && !entry.name.startsWith('.')) folders.push(below);
          if (!entry.isFile || !fitsListing(below, listing)) continue;
          const path = base === '' ? below : `${base}/${below}`;
          files.push({ path, size: entry.size, modifiedAt: entry.modifiedAt ?? (await session.modifiedAt(this.#full(path))) });
        }
        if (files.length > listing.limit) throw tooManyFiles(listing);
      }
      return files.sort((one, other) => (one.path < other.path ? -1 : 1));
    });
  }

  stat(path: string): Promise<ListedFile | undefined> {
    return this.#with(async (session) => {
      const size = await session.size(this.#full(path));
      return size === undefined ? undefined : { path, size, modifiedAt: await session.modifiedAt(this.#full(path)) };
    });
  }

  async *read(path: string, { start = 0 }: { start?: number } = {}): AsyncIterable<Uint8Array> {
    const pipe = new PassThrough({ highWaterMark: 1024 ** 2 });
    const enough = new AbortController();
    const work = this.#with((session) => session.download(this.#full(path), pipe, start), enough.signal);
    work.catch((thrown: unknown) => pipe.destroy(thrown as Error));
    try {
      yield* pipe;
      await work;
    } finally {
      enough.abort(new InvalidInput('ftp.left', 'The rest of the file was not wanted.'));
      await work.catch(() => {});
    }
  }

  async write(path: string, content: AsyncIterable<Uint8Array>, { start }: FileWriting): Promise<{ verifiedBy?: string }> {
    this.#requireWritable();
    const full = this.#full(path);
    await this.#with(async (session) => {
      if (start === 0) await session.makeFolders(folderOfPath(full));
      await session.upload(full, content, { append: start > 0 });
    });
    return {};
  }

  async rename(from: string, to: string): Promise<void> {
    this.#requireWritable();
    await this.#with(async (session) => {
      await session.makeFolders(folderOfPath(this.#full(to)));
      await session.replace(this.#full(from), this.#full(to));
    });
  }
  async remove(path: string): Promise<void> {
    this.#requireWritable();
    await this.#with((session) => session.remove(this.#full(path)));
  }
  async sha256(): Promise<undefined> {
    return undefined;
  }

  #full(path: string): string {
    const { root } = this.#reach.config;
    const below = plainPath(path);
    const base = root.replace(/\/+$/, '');
    return below === '' ? base || (root.startsWith('/') ? '/' : '') : base === '' && !root.startsWith('/') ? below : `${base}/${below}`;
  }

  #requireWritable(): void {
    const { config, slug } = this.#reach;
    if (config.readOnly) throw new NotAllowed('ftp.read_only', `The connection "${slug}" is read only.`, { hint: 'Use another connection.' });
  }

  #with<T>(work: (session: FtpSession) => Promise<T>, enough?: AbortSignal): Promise<T> {
    const { workspaceId, slug, config, secret, signal } = this.#reach;
    if (!secret) throw new InvalidInput('ftp.no_password', `The connection "${slug}" has no password.`, { hint: 'Enter one, or name a credential.' });
    const until = enough ? AbortSignal.any([signal, enough]) : signal;
    const open = (opening: AbortSignal) => FtpSession.open(config, secret.password, opening);
    return pool.with({ workspaceId, slug, settings: [config, secret], size: sessionsAtOnce, signal: until, open }, work);
  }
}

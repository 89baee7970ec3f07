// The files of an SFTP server as a listing.
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Reach } from '@tidewheel/kit/define-connector';
import type { FileListing, FileSource, ListedFile } from '@tidewheel/kit/file-source';
import { fitsListing, tooManyFiles } from '../files/listing.ts';
import { withSftp } from './sftp-pool.ts';
import type { SftpSession } from './sftp-session.ts';
import type { SshSecret, SshTarget } from './ssh-target.ts';

export function sftpFiles({ config, ...reach }: Reach<SshTarget, SshSecret>): FileSource {
  const borrow = { ...reach, target: config };
  return {
    list: (listing) => withSftp(borrow, (session) => listSftp(session, listing)),
    async *read(file) {
      // By fastGet, which keeps many requests on their way; a stream of ssh2 has one.
      const scratch = await mkdtemp(path.join(tmpdir(), 'tidewheel-sftp-'));
      try {
        const local = path.join(scratch, 'fetched');
        await withSftp(borrow, (session) => session.get(file, local, () => {}));
        yield* createReadStream(local, { signal: reach.signal, highWaterMark: 256 * 1024 });
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
  };
}

export async function listSftp(session: SftpSession, listing: FileListing): Promise<ListedFile[]> {
  const base = listing.path.replace(/\/+$/, '') || (listing.path.startsWith('/') ? '/' : '.');
  const files: ListedFile[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const { filename, attrs } of await session.list(joined(base, folder))) {
      const below = folder === '' ? filename : `${folder}/${filename}`;
      if (attrs.isDirectory() && listing.deep && !filename.startsWith('.')) folders.push(below);
      if (!attrs.isFile() || !fitsListing(below, listing)) continue;
      files.push({ path: joined(base, below), size: attrs.size, modifiedAt: new Date(attrs.mtime * 1000) });
    }
    if (files.length > listing.limit) throw tooManyFiles(listing);
  }
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}

function joined(base: string, below: string): string {
  if (below === '') return base;
  if (base === '.') return below;
  return base === '/' ? `/${below}` : `${base}/${below}`;
}

// The harness's object store: files under their SHA-256 in one folder, as the product keeps them, without a server.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import type { FileRef } from '@tidewheel/contract/values';

export class HarnessStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async put(file: { name: string; mediaType: string }, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<FileRef> {
    await mkdir(this.folder, { recursive: true });
    const partial = path.join(this.folder, `.${randomUUID()}`);
    const [sha256, md5] = [createHash('sha256'), createHash('md5')];
    const handle = await open(partial, 'wx');
    let size = 0;
    try {
      for await (const chunk of content) {
        await handle.writeFile(chunk);
        sha256.update(chunk);
        md5.update(chunk);
        size += chunk.byteLength;
      }
    } finally {
      await handle.close();
    }
    const ref: FileRef = { kind: 'file', sha256: sha256.digest('hex'), md5: md5.digest('hex'), size, ...file };
    await rename(partial, this.path(ref.sha256));
    return ref;
  }

  path(sha256: string): string {
    return path.join(this.folder, sha256);
  }
  read(sha256: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.path(sha256));
  }
}

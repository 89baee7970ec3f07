import { randomBytes } from 'node:crypto';
import type { FilePlace } from './file-place.ts';

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** For the test of a connection: whether a file can be written and removed. */
export async function writeProbe(files: Pick<FilePlace, 'write' | 'remove'>): Promise<string> {
  const probe = `.tidewheel-probe-${randomBytes(4).toString('hex')}`;
  await files.write(probe, nothing(), { start: 0, size: 0 });
  await files.remove(probe);
  return 'A file was written and removed.';
}

import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/** A stream of a file that is open already: a file that has gone is an error of this call, not of a stream that nobody listens to yet. */
export async function readOpened(file: string, range?: { start: number; end: number }): Promise<Readable> {
  const handle = await open(file, 'r');
  return handle.createReadStream({ highWaterMark: 256 * 1024, ...range });
}

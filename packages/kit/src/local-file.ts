import { createReadStream } from 'node:fs';

/**
 * The bytes of a local file in chunks of 256 KB. It is opened when the first chunk is asked for: a stream that is opened
 * sooner ends the process when the file has gone and nobody listens yet.
 * @throws NodeJS.ErrnoException at the first chunk when it cannot be opened
 */
export async function* localFile(file: string, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file, { highWaterMark: 256 * 1024, ...(signal ? { signal } : {}) });
}

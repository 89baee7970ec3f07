// Writes the rows of a query to a new file as they come: as fast as the disk takes them, never more than the limit.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TooLarge } from '@tidewheel/contract/errors';
import { folderFailure } from '../files/folder-path.ts';

export interface CsvWriting {
  file: string;
  header: string;
  rows: AsyncIterable<Uint8Array> | Readable;
  maxBytes: number;
  onBytes(bytes: number): void;
}

/** @returns how many bytes it is. @throws TooLarge, Unreachable when the disk is full, what `rows` throws */
export async function writeCsv({ file, header, rows, maxBytes, onBytes }: CsvWriting): Promise<number> {
  let bytes = 0;
  async function* counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const first = Buffer.from(header);
    bytes += first.byteLength;
    yield first;
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes)
        throw new TooLarge('sql.too_large', `The query gives more than ${maxBytes.toLocaleString('en')} bytes.`, {
          hint: 'Select fewer rows or columns, or raise maxBytes.',
        });
      onBytes(bytes);
      yield chunk;
    }
  }
  const source = rows instanceof Readable ? rows : Readable.from(rows);
  try {
    await pipeline(source, counted, createWriteStream(file, { flags: 'wx', mode: 0o600, highWaterMark: 1024 ** 2 }));
    return bytes;
  } catch (thrown) {
    throw (thrown as NodeJS.ErrnoException).syscall === 'write' || (thrown as NodeJS.ErrnoException).syscall === 'open'
      ? folderFailure(thrown, 'the rows of the query')
      : thrown;
  }
}

/** Lines of CSV, many in a chunk: a write for each row would be slow. */
export async function* csvChunks<T>(rows: AsyncIterable<T>, line: (row: T) => string): AsyncGenerator<Uint8Array> {
  let lines: string[] = [];
  let length = 0;
  for await (const row of rows) {
    const text = line(row);
    lines.push(text);
    length += text.length;
    if (length > 256 * 1024) {
      yield Buffer.from(lines.join(''));
      lines = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.from(lines.join(''));
}

// A ZIP archive as a stream (PKWARE APPNOTE 6.3): sizes follow each part, dates are always the same, so that equal content gives equal bytes.
import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';
import { TooLarge } from '@tidewheel/contract/errors';

export interface ZipPart {
  name: string;
  content: AsyncIterable<string> | Iterable<string>;
}

const most = 0xffff_ffff;
/** Sizes and checksum come after the content; names are UTF-8. */
const flags = 0x0808;
/** 1 January 1980, midnight: the first that the format knows. */
const date = 0x0021;

interface Written {
  name: Buffer;
  crc: number;
  packed: number;
  size: number;
  offset: number;
}

/** @throws TooLarge past 4 GB, which would need the format that not every reader knows */
export async function* zipStream(parts: AsyncIterable<ZipPart>): AsyncGenerator<Uint8Array> {
  const written: Written[] = [];
  let offset = 0;
  for await (const part of parts) {
    const entry: Written = { name: Buffer.from(part.name), crc: 0, packed: 0, size: 0, offset };
    yield localHeader(entry);
    for await (const chunk of packed(part, entry)) {
      entry.packed += chunk.byteLength;
      yield chunk;
    }
    yield descriptor(entry);
    offset += 30 + entry.name.length + entry.packed + 16;
    if (offset > most || entry.size > most)
      throw new TooLarge('excel.too_large', 'The workbook is larger than 4 GB.', {
        hint: 'Write fewer rows or columns, or several files; table.write takes any size as CSV or Parquet.',
      });
    written.push(entry);
  }
  yield directory(written, offset);
}

async function* packed({ content }: ZipPart, entry: Written): AsyncGenerator<Uint8Array> {
  async function* plain(): AsyncGenerator<Uint8Array> {
    for await (const text of content) {
      const bytes = Buffer.from(text);
      entry.crc = crc32(bytes, entry.crc);
      entry.size += bytes.byteLength;
      yield bytes;
    }
  }
  const deflate = createDeflateRaw({ level: 6 });
  const source = Readable.from(plain(), { objectMode: false });
  source.on('error', (error) => deflate.destroy(error));
  try {
    yield* source.pipe(deflate) as AsyncIterable<Uint8Array>;
  } finally {
    source.destroy();
  }
}

function localHeader({ name }: Written): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x0403_4b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(flags, 6);
  head.writeUInt16LE(8, 8);
  head.writeUInt16LE(date, 12);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, name]);
}

function descriptor({ crc, packed: bytes, size }: Written): Buffer {
  const tail = Buffer.alloc(16);
  tail.writeUInt32LE(0x0807_4b50, 0);
  tail.writeUInt32LE(crc, 4);
  tail.writeUInt32LE(bytes % (most + 1), 8);
  tail.writeUInt32LE(size % (most + 1), 12);
  return tail;
}

function directory(written: readonly Written[], offset: number): Buffer {
  const entries = written.map(({ name, crc, packed: bytes, size, offset: at }) => {
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x0201_4b50, 0);
    entry.writeUInt16LE(20, 4);
    entry.writeUInt16LE(20, 6);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt16LE(date, 14);
    entry.writeUInt32LE(crc, 16);
    entry.writeUInt32LE(bytes, 20);
    entry.writeUInt32LE(size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    return Buffer.concat([entry, name]);
  });
  const all = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(written.length, 8);
  end.writeUInt16LE(written.length, 10);
  end.writeUInt32LE(all.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([all, end]);
}

// The parts of a ZIP archive on disk, with limits: a small file may claim to be, or become, gigabytes. APPNOTE 4.3.
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { AppError, InvalidInput, TooLarge } from '@tidewheel/contract/errors';

const mostEntries = 10_000;
const mostBytes = 1024 ** 3;
const mostRatio = 250;
/** Below it, no ratio is suspicious. */
const smallBytes = 16 * 1024 ** 2;
const endSize = 22;
const mostComment = 65_535;

interface Entry {
  crc: number;
  packed: number;
  size: number;
  offset: number;
  method: number;
  isEncrypted: boolean;
}

export class ZipFile {
  readonly #file: string;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(file: string, entries: ReadonlyMap<string, Entry>) {
    this.#file = file;
    this.#entries = entries;
  }

  /** @throws InvalidInput when it is none, TooLarge when it is or claims too much */
  static async open(file: string): Promise<ZipFile> {
    await using handle = await open(file, 'r');
    return new ZipFile(file, await entriesOf(handle));
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @throws InvalidInput when it is missing, damaged, or more than it says */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(name);
    if (!entry) throw damaged(`its part ${name} is missing`);
    if (entry.isEncrypted)
      throw new InvalidInput('color.file_protected', 'The workbook is encrypted.', { hint: 'Save it without a password and upload it again.' });
    if (entry.method !== 0 && entry.method !== 8) throw damaged(`its part ${name} is packed in an unknown way`);
    const start = await this.#contentStart(name, entry);
    const packed = createReadStream(this.#file, { start, end: Math.max(start, start + entry.packed - 1), highWaterMark: 256 * 1024 });
    const content = entry.method === 8 ? createInflateRaw() : new PassThrough();
    // No `pipeline`: it never settles when its end is destroyed while much of what it unpacks is still to come, as by a reader who looks at the first rows only.
    packed.on('error', (cause) => content.destroy(cause)).pipe(content);
    let [size, crc] = [0, 0];
    try {
      for await (const chunk of content as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > entry.size) throw damaged(`its part ${name} is more than it says`);
        crc = crc32(chunk, crc);
        yield chunk;
      }
    } catch (thrown) {
      throw thrown instanceof AppError ? thrown : damaged(`its part ${name} cannot be unpacked`, thrown);
    } finally {
      content.destroy();
      packed.destroy();
    }
    if (size !== entry.size || crc !== entry.crc) throw damaged(`its part ${name} is not what was written`);
  }

  /** A small part as text. */
  async text(name: string, mostLength = 16 * 1024 ** 2): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.read(name)) {
      size += chunk.length;
      if (size > mostLength) throw bomb();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  async #contentStart(name: string, { offset }: Entry): Promise<number> {
    await using handle = await open(this.#file, 'r');
    const header = await bytesAt(handle, offset, 30);
    if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) throw damaged(`its part ${name} is not where it should be`);
    return offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  }
}

async function entriesOf(handle: FileHandle): Promise<Map<string, Entry>> {
  const { size } = await handle.stat();
  const tailAt = Math.max(0, size - endSize - mostComment);
  const tail = await bytesAt(handle, tailAt, size - tailAt);
  const at = tail.lastIndexOf(Buffer.from('504b0506', 'hex'));
  if (at < 0 || at + endSize > tail.length) throw damaged('it has no table of contents');
  const [count, length, start] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  if (count > mostEntries) throw bomb();
  if (start + length > size) throw damaged('its table of contents lies outside');
  return entriesIn(await bytesAt(handle, start, length), count);
}

function entriesIn(directory: Buffer, count: number): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  let [at, packed, size] = [0, 0, 0];
  for (let number = 0; number < count; number++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50) throw damaged('its table of contents is damaged');
    const entry: Entry = {
      isEncrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    };
    const [name, extra, comment] = [28, 30, 32].map((part) => directory.readUInt16LE(at + part)) as [number, number, number];
    entries.set(directory.toString('utf8', at + 46, at + 46 + name), entry);
    packed += entry.packed;
    size += entry.size;
    at += 46 + name + extra + comment;
  }
  if (size > mostBytes || (size > smallBytes && size > packed * mostRatio)) throw bomb();
  return entries;
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function bomb(): TooLarge {
  return new TooLarge('color.file_bomb', 'The workbook would unpack to far more than its size, or than 1 GB: it was not read.', {
    hint: 'Save it anew in Excel, or as CSV, with the sheet of the colors alone.',
  });
}

export function damaged(what: string, cause?: unknown): InvalidInput {
  return new InvalidInput('color.file_damaged', `The file is no whole Excel workbook: ${what}.`, {
    hint: 'Open it in Excel, save it as .xlsx and upload that.',
    cause,
  });
}

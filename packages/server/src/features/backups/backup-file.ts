// A backup as one stream: lines under gzip. `H` head, `T` table with its columns, `R` row, `O` object, `C` piece of its content, `E` end with counts, hashes and the seal over all before it.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { BackupContents } from '@tidewheel/contract/backup';
import { InvalidInput, TooLarge } from '@tidewheel/contract/errors';
import { z } from 'zod';

/** 2: the head says what the backup is of. Files of 1 are of whole workspaces. */
export const formatVersion = 2;
const maxLineBytes = 256 * 1024 ** 2;
/** JSON of rows comes to a tenth to a fortieth under gzip; a bomb to a thousandth. */
const maxRatio = 200;
const always = 64 * 1024 ** 2;

export const Head = BackupContents.omit({ tables: true, objects: true });
export type Head = z.infer<typeof Head>;
export const TableLine = z.object({ table: z.string(), columns: z.array(z.string()) });
const ObjectLine = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().min(0) });
const End = z.object({ tables: BackupContents.shape.tables, objects: BackupContents.shape.objects, seal: z.string() });

/** Counts and hashes what passes, in whichever direction. */
export class Tally {
  readonly #mac;
  readonly tables: BackupContents['tables'] = [];
  readonly objects = { count: 0, bytes: 0 };
  #rows = createHash('sha256');
  constructor(key: Buffer) {
    this.#mac = createHmac('sha256', key);
  }
  add(line: string): void {
    this.#mac.update(`${line}\n`);
    if (line.startsWith('T')) this.#begin(TableLine.parse(JSON.parse(line.slice(1))).table);
    if (line.startsWith('R')) this.#row(line);
    if (line.startsWith('O')) this.#object(ObjectLine.parse(JSON.parse(line.slice(1))).size);
  }
  #begin(table: string): void {
    this.#closeTable();
    this.#rows = createHash('sha256');
    this.tables.push({ table, rows: 0, sha256: this.#rows.copy().digest('hex') });
  }
  #row(line: string): void {
    const table = this.tables.at(-1);
    if (!table) throw broken('a row stands before its table');
    this.#rows.update(`${line}\n`);
    table.rows += 1;
  }
  #object(size: number): void {
    this.objects.count += 1;
    this.objects.bytes += size;
  }
  /** Hashes are of the rows as they stand in the file. */
  #closeTable(): void {
    const table = this.tables.at(-1);
    if (table) table.sha256 = this.#rows.copy().digest('hex');
  }
  end(): string {
    this.#closeTable();
    const facts = { tables: this.tables, objects: this.objects };
    return `E${JSON.stringify({ ...facts, seal: this.#mac.update(JSON.stringify(facts)).digest('hex') })}`;
  }
}

/** The lines of a file, unpacked, never more than a line in memory. @throws InvalidInput `backup.broken`, TooLarge `backup.bomb` */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const { size } = await stat(file);
  const source = createReadStream(file);
  const unpacked = source.pipe(createGunzip());
  source.on('error', (error) => unpacked.destroy(error));
  let pieces: Buffer[] = [];
  let held = 0;
  let total = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      total += chunk.length;
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        yield Buffer.concat([...pieces, chunk.subarray(from, at)]).toString('utf8');
        pieces = [];
        held = 0;
        from = at + 1;
      }
      pieces.push(chunk.subarray(from));
      held += chunk.length - from;
      if (total > always + size * maxRatio || held > maxLineBytes)
        throw new TooLarge('backup.bomb', 'The file unpacks to far more than a backup would.', { hint: 'Take the file as it was made; do not pack it anew.' });
    }
  } catch (thrown) {
    throw typeof (thrown as { code?: unknown }).code === 'string' && (thrown as { code: string }).code.startsWith('Z_')
      ? broken('it is not packed by gzip, or cut off', thrown)
      : thrown;
  } finally {
    source.destroy();
    unpacked.destroy();
  }
  if (held > 0) throw broken('its last line is cut off');
}

/** Reads all of a file and believes none of it before its seal has held. @throws InvalidInput, Conflict */
export async function checkFile(file: string, key: Buffer): Promise<BackupContents> {
  const tally = new Tally(key);
  let head: Head | undefined;
  let end: z.infer<typeof End> | undefined;
  for await (const line of linesOf(file)) {
    if (end) throw broken('something follows its end');
    if (!head) head = readHead(line);
    if (line.startsWith('E')) {
      end = parsed(End, line);
      if (!sameText(tally.end(), line)) throw broken('its seal does not hold: it was changed, or another installation made it');
      continue;
    }
    parsedSafely(() => tally.add(line));
  }
  if (!head || !end) throw broken('its end is missing');
  return { ...head, tables: end.tables, objects: end.objects };
}

function readHead(line: string): Head {
  const { format } = parsed(z.object({ format: z.number() }), line, 'H');
  if (format > formatVersion)
    throw new InvalidInput('backup.newer', `The backup has format ${format}; this version reads up to ${formatVersion}.`, {
      hint: 'Update Tidewheel, then restore.',
    });
  return parsed(Head, line, 'H');
}

export function parsed<T>(schema: z.ZodType<T>, line: string, kind = line.charAt(0)): T {
  if (!line.startsWith(kind)) throw broken(`a line of the kind ${kind} is missing`);
  return parsedSafely(() => schema.parse(JSON.parse(line.slice(1))));
}

export function parsedObject(line: string): z.infer<typeof ObjectLine> {
  return parsed(ObjectLine, line, 'O');
}

function parsedSafely<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof SyntaxError || thrown instanceof z.ZodError) throw broken('a line of it cannot be read', thrown);
    throw thrown;
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

export function broken(why: string, cause?: unknown): InvalidInput {
  return new InvalidInput('backup.broken', `This is no whole backup: ${why}.`, {
    hint: 'Take another copy of the file, as it was downloaded.',
    cause,
  });
}

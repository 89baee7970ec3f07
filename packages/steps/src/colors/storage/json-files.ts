// Colors as JSON lines below a folder: `2026-11-20/<processing>.jsonl`, a row in each line. A file appears whole or not at all.
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Row, StepContext } from '@tidewheel/kit/step-context';
import { type FilePlace, nameOfPath } from '../../files/file-place.ts';
import { FolderPlace } from '../../files/folder-place.ts';
import { transferFile } from '../../files/transfer-file.ts';
import { writeCsv } from '../../sql/csv-file.ts';
import { csvLine } from '../../sql/sql-values.ts';
import { type ColorStorage, type LoadedFile, loadedColumns, type StoredDays, type StoredProcessing, storedRows } from './color-storage.ts';

const mostFiles = 100_000;

export interface JsonFilesOptions {
  place: FilePlace;
  /** Below the root of the connection; '' for the root itself. */
  folder: string;
  ctx: StepContext;
}

export class JsonFiles implements ColorStorage {
  readonly #options: JsonFilesOptions;

  constructor(options: JsonFilesOptions) {
    this.#options = options;
  }

  // Folders are made with the first file.
  async setup(): Promise<string[]> {
    return [];
  }

  async keep(processing: StoredProcessing): Promise<{ rows: number; where: string }> {
    const { place, folder, ctx } = this.#options;
    const scratch = await ctx.files.scratch();
    const name = `${processing.id}.jsonl`;
    let rows = 0;
    async function* lines(): AsyncGenerator<string> {
      for await (const batch of storedRows(processing)) {
        rows += batch.length;
        yield batch.map((row) => `${JSON.stringify(row)}\n`).join('');
      }
    }
    await pipeline(lines, createWriteStream(path.join(scratch, name), { mode: 0o600 }), { signal: ctx.signal });
    const from = new FolderPlace({ config: { root: scratch, readOnly: false }, slug: 'scratch', signal: ctx.signal });
    const file = await from.stat(name);
    if (!file) throw new TypeError('what was written to the scratch folder is not there');
    const target = [folder, processing.day, name].filter((part) => part !== '').join('/');
    const once = (what: string, work: () => Promise<string>) => ctx.once(`${what} ${name}`, work);
    await transferFile({ from, to: place, file, target, whenExists: 'replace', verify: 'hash', key: ctx.idempotencyKey, once, onBytes: () => {} });
    return { rows, where: `${place.address}/${target}` };
  }

  async load(days: StoredDays, { file, nullText, onBytes }: LoadedFile): Promise<number> {
    const { place, folder, ctx } = this.#options;
    const found = await place.list({ path: folder, pattern: '*.jsonl', deep: true, limit: mostFiles });
    const wanted = found.filter(({ path: at }) => isOf(at.split('/').at(-2) ?? '', days)).sort((one, other) => (one.path < other.path ? -1 : 1));
    let rows = 0;
    async function* lines(): AsyncGenerator<Uint8Array> {
      for (const { path: at } of wanted) {
        ctx.signal.throwIfAborted();
        for await (const row of rowsOf(place, at)) {
          rows += 1;
          yield Buffer.from(
            csvLine(
              loadedColumns.map(([name]) => textOf(row[name])),
              nullText,
            ),
          );
        }
      }
    }
    const header = `${loadedColumns.map(([name]) => name).join(',')}\n`;
    await writeCsv({ file, header, rows: lines(), maxBytes: Number.POSITIVE_INFINITY, onBytes });
    return rows;
  }
}

function isOf(day: string, { from, to }: StoredDays): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(day) && day >= from && day <= to;
}

async function* rowsOf(place: FilePlace, at: string): AsyncGenerator<Row> {
  let number = 0;
  for await (const line of createInterface({ input: Readable.from(place.read(at)), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line !== '') yield parsed(line, { at, number });
  }
}

function parsed(line: string, { at, number }: { at: string; number: number }): Row {
  try {
    const row: unknown = JSON.parse(line);
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Row;
  } catch {
    // Said below, with the line.
  }
  throw new InvalidInput('color.stored_damaged', `Line ${number} of ${nameOfPath(at)} is no color in JSON.`, {
    hint: 'Somebody wrote to it, or it is not one that color.store made: take it away, or store that processing again.',
    details: { path: at, line: number },
  });
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

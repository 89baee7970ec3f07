// Text of any encoding that desks use, and what parts its values.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { InvalidInput } from '@tidewheel/contract/errors';
import { parse } from 'csv-parse';
import { type IncomingFile, type IncomingRow, Notes } from './incoming.ts';

const delimiters = ['\t', ';', ',', '|'] as const;
const mostLine = 1024 ** 2;
const sampleBytes = 256 * 1024;

/** @throws InvalidInput for what is no text */
export async function openTextFile(file: string): Promise<IncomingFile> {
  const head = await headOf(file);
  const encoding = await encodingOf(file, head);
  const notes = new Notes();
  if (encoding !== 'utf-8') notes.say(`Read as ${encoding}.`);
  const sample = new TextDecoder(encoding).decode(head);
  if (sample.includes('\0'))
    throw new InvalidInput('color.file_kind', 'The file is neither text nor an Excel workbook.', { hint: 'Give .xlsx, .csv or .txt.' });
  const delimiter = delimiterOf(sample);
  const text = () => decoded(file, encoding);
  if (delimiter === null) return { kind: 'lines', notes, tables: [{ sheet: null, rows: linesOf(text()) }] };
  return { kind: 'delimited', notes, tables: [{ sheet: null, rows: delimited(text(), { delimiter, notes }) }] };
}

/** What was pasted. */
export function openText(text: string): IncomingFile {
  const notes = new Notes();
  const delimiter = delimiterOf(text);
  async function* whole(): AsyncGenerator<string> {
    yield text;
  }
  if (delimiter === null) return { kind: 'lines', notes, tables: [{ sheet: null, rows: linesOf(whole()) }] };
  return { kind: 'delimited', notes, tables: [{ sheet: null, rows: delimited(whole(), { delimiter, notes }) }] };
}

async function headOf(file: string): Promise<Buffer> {
  await using handle = await open(file, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(sampleBytes), 0, sampleBytes, 0);
  return buffer.subarray(0, bytesRead);
}

async function encodingOf(file: string, head: Buffer): Promise<'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'> {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: sampleBytes })) decoder.decode(chunk as Buffer, { stream: true });
    decoder.decode();
    return 'utf-8';
  } catch (thrown) {
    if (thrown instanceof TypeError) return 'windows-1252';
    throw thrown;
  }
}

async function* decoded(file: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(file, { highWaterMark: sampleBytes })) yield decoder.decode(chunk as Buffer, { stream: true });
  yield decoder.decode();
}

/** What most lines have the same number of; null for free text, such as a dealer's run. */
export function delimiterOf(sample: string): string | null {
  const lines = sample.split(/\r\n|\r|\n/, 60).filter((line) => line.trim() !== '');
  let best: { delimiter: string; score: number } | null = null;
  for (const delimiter of delimiters) {
    const counts = lines.map((line) => outsideQuotes(line).split(delimiter).length - 1).filter((count) => count >= (delimiter === '\t' ? 1 : 2));
    const usual = mostFrequent(counts);
    const score = usual.times / Math.max(1, lines.length);
    if (score >= 0.5 && (best === null || score * usual.count > best.score)) best = { delimiter, score: score * usual.count };
  }
  return best?.delimiter ?? null;
}

function mostFrequent(counts: readonly number[]): { count: number; times: number } {
  let best = { count: 0, times: 0 };
  for (const [count, all] of Map.groupBy(counts, (one) => one)) if (all.length > best.times) best = { count, times: all.length };
  return best;
}

function outsideQuotes(line: string): string {
  return line.replace(/"[^"]*"/g, '');
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<IncomingRow> {
  let rest = '';
  let line = 0;
  for await (const chunk of text) {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?=.)/);
    rest = lines.pop() ?? '';
    if (rest.length > mostLine) throw tooLong(line + 1);
    for (const one of lines) {
      line += 1;
      yield* lineRow(one, line);
    }
  }
  yield* lineRow(rest, line + 1);
}

function* lineRow(text: string, line: number): Generator<IncomingRow> {
  if (text.trim() !== '') yield { line, cells: [{ text: text.replace(/\s+$/, ''), kind: 'text' }] };
}

function tooLong(line: number, cause?: unknown): InvalidInput {
  return new InvalidInput('color.file_line', `Line ${line} is longer than 1 MB, or a quotation mark in it is never closed.`, {
    hint: 'Look at that line in a text editor.',
    cause,
  });
}

async function* delimited(text: AsyncIterable<string>, { delimiter, notes }: { delimiter: string; notes: Notes }): AsyncGenerator<IncomingRow> {
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: mostLine,
    trim: true,
  });
  // Ends also when whoever reads has seen enough.
  const feed = pipeline(text, parser).catch(() => {});
  let line = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      line = info.lines;
      if (record.length > 1_000)
        throw new InvalidInput('color.file_too_wide', `Line ${line} has more than 1,000 values.`, { hint: 'Delete the columns that hold no color.' });
      if (record.some((value) => value !== '')) yield { line, cells: record.map((value) => ({ text: unguarded(value, notes), kind: 'text' })) };
    }
  } catch (thrown) {
    throw (thrown as { code?: unknown }).code === 'CSV_MAX_RECORD_SIZE' ? tooLong(line + 1, thrown) : thrown;
  } finally {
    parser.destroy();
    await feed;
  }
}

/** `="01234"` is how people keep Excel from eating zeros. */
function unguarded(value: string, notes: Notes): string {
  const guarded = /^="?([^"]*)"?$/.exec(value);
  if (!guarded || !value.startsWith('="')) return value;
  notes.count('values were written as formulas of text (="…") and count as text');
  return guarded[1] ?? '';
}

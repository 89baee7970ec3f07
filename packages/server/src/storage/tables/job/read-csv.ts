// Reading CSV: RFC 4180 with any delimiter, in any encoding Node knows; ragged lines and failed casts are kept with line number, raw text and reason.
import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { CsvOptions } from '@tidewheel/contract/relation';
import { columnError, tableError } from '../process/duckdb-errors.ts';
import { ident, text } from '../sql-text.ts';
import { createFileTable, createTable, fitsFile, type JobState, type Relation, tableName } from './job-state.ts';
import type { Compiled, NodeTask } from './node-task.ts';
import { typeName } from './type-name.ts';

const sampleRows = 20_480;
/** The longest line taken; DuckDB's own limit on a line of CSV. */
const lineLimit = 2_000_000;

interface CsvFile {
  path: string;
  delimiter: string;
  quote: string;
  header: boolean;
  nullText: string | undefined;
}

export async function readCsv(state: JobState, task: NodeTask<'read'>, source: string): Promise<Compiled> {
  const options = task.node.csv ?? {};
  const file = await prepareFile(state, task.id, source, options);
  try {
    const columns = await columnsOf(state, task.id, file, options);
    return await load(state, task, file, columns);
  } catch (error) {
    throw tableError(error, { step: task.id });
  }
}

async function prepareFile(state: JobState, step: string, source: string, options: CsvOptions): Promise<CsvFile> {
  const local = await asUtf8(state, step, source, options.encoding);
  const quote = options.quote ?? '"';
  const first = await firstLine(local, step, quote);
  const header = options.header ?? true;
  const delimiter = options.delimiter ?? likelyDelimiter(first, quote);
  if (header) warnDuplicates(state, step, first, { delimiter, quote });
  return { path: local, delimiter, quote, header, nullText: options.nullText };
}

/** The file itself when it is UTF-8 (or says nothing), else a copy converted to it, bad bytes refused. */
async function asUtf8(state: JobState, step: string, source: string, encoding: string | undefined): Promise<string> {
  const name = (encoding ?? (await byteOrderMark(source)) ?? 'utf-8').toLowerCase();
  if (name === 'utf-8' || name === 'utf8') return source;
  const target = path.join(state.job.folder, `${step}.utf8`);
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(name === 'latin-1' || name === 'latin1' ? 'iso-8859-1' : name, { fatal: true });
  } catch {
    throw new InvalidInput('table.encoding_unknown', `Step ${step}: "${encoding}" is not an encoding.`, {
      hint: 'Use an IANA name such as utf-8, windows-1252, iso-8859-15, utf-16le or shift_jis.',
      details: { step },
    });
  }
  await pipeline(createReadStream(source), (chunks: AsyncIterable<Buffer>) => decoded(chunks, decoder, step, name), createWriteStream(target));
  return target;
}

async function* decoded(chunks: AsyncIterable<Buffer>, decoder: TextDecoder, step: string, encoding: string): AsyncGenerator<string> {
  try {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new InvalidInput('table.encoding', `Step ${step}: the file is not valid ${encoding}.`, {
      hint: 'Set the encoding in which it was written.',
      details: { step },
      cause: error,
    });
  }
}

async function byteOrderMark(source: string): Promise<string | undefined> {
  const handle = await open(source);
  try {
    const bytes = Buffer.alloc(2);
    await handle.read(bytes, 0, 2, 0);
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
    return undefined;
  } finally {
    await handle.close();
  }
}

async function firstLine(file: string, step: string, quote: string): Promise<string> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(lineLimit);
    const { bytesRead } = await handle.read(buffer, 0, lineLimit, 0);
    const start = buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, '');
    const end = lineEnd(start, quote);
    if (end === start.length && bytesRead === lineLimit) {
      throw new InvalidInput('table.line_too_long', `Step ${step}: the first line of the file is longer than ${lineLimit / 1e6} MB.`, {
        hint: 'Check that it is a CSV file, and its line ends and quotes.',
        details: { step },
      });
    }
    return start.slice(0, end);
  } finally {
    await handle.close();
  }
}

function lineEnd(start: string, quote: string): number {
  let quoted = false;
  for (let i = 0; i < start.length; i++) {
    if (start[i] === quote) quoted = !quoted;
    else if (!quoted && (start[i] === '\n' || start[i] === '\r')) return i;
  }
  return start.length;
}

function likelyDelimiter(line: string, quote: string): string {
  const outside =
    quote === ''
      ? line
      : line
          .split(quote)
          .filter((_, i) => i % 2 === 0)
          .join('');
  const counts = [',', ';', '\t', '|'].map((delimiter) => ({ delimiter, count: outside.split(delimiter).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

function warnDuplicates(state: JobState, step: string, line: string, { delimiter, quote }: { delimiter: string; quote: string }): void {
  const seen = new Set<string>();
  for (const part of line.split(delimiter)) {
    const name = part.replaceAll(quote || '"', '').trim();
    if (seen.has(name.toLowerCase())) state.log(`${step}: the column "${name}" stands twice in the header; the second one is called "${name}_1"`);
    seen.add(name.toLowerCase());
  }
}

function dialect(file: CsvFile): string {
  const nulls = file.nullText === undefined ? '' : `, nullstr = ${text(file.nullText)}`;
  const quote = file.quote === '' ? `quote = '', escape = ''` : `quote = ${text(file.quote)}, escape = ${text(file.quote)}`;
  return `delim = ${text(file.delimiter)}, ${quote}, header = ${file.header}, max_line_size = ${lineLimit}${nulls}`;
}

/** Names from the file, declared types, and for the rest what the first rows look like. */
async function columnsOf(state: JobState, step: string, file: CsvFile, options: CsvOptions): Promise<{ name: string; type: string }[]> {
  const [sniffed] = await state.session.rows(
    `SELECT "Columns" AS columns FROM sniff_csv(${text(file.path)}, ${dialect(file)}, sample_size = ${sampleRows}, ignore_errors = true)`,
  );
  const found = ((sniffed?.columns ?? []) as { name: string; type: string }[]).map(({ name, type }) => ({ name, type }));
  const declared = Object.entries(options.types ?? {});
  for (const [name] of declared) {
    if (!found.some((column) => column.name.toLowerCase() === name.toLowerCase()))
      throw columnError(name, { step, doing: 'the declared types', columns: found.map((column) => column.name) });
  }
  const asText = await withLeadingZeros(state, file, found);
  return found.map(({ name, type }) => {
    const own = declared.find(([column]) => column.toLowerCase() === name.toLowerCase());
    return { name, type: own ? typeName(step, own[1]) : asText.has(name) ? 'VARCHAR' : type };
  });
}

/** Columns that look like numbers but hold codes such as 00123 in the sample: read as numbers they would lose their zeros. */
async function withLeadingZeros(state: JobState, file: CsvFile, columns: { name: string; type: string }[]): Promise<Set<string>> {
  const numeric = columns.filter(({ type }) => /INT|DOUBLE|DECIMAL/.test(type));
  if (numeric.length === 0) return new Set();
  const tests = numeric.map(({ name }, i) => `bool_or(regexp_matches(${ident(name)}, '^[+-]?0[0-9]')) AS z${i}`);
  const all = columns.map(({ name }) => `${text(name)}: 'VARCHAR'`).join(', ');
  const [row] = await state.session.rows(
    `SELECT ${tests.join(', ')} FROM (FROM read_csv(${text(file.path)}, ${dialect(file)}, auto_detect = false, columns = {${all}}, ignore_errors = true) LIMIT ${sampleRows})`,
  );
  return new Set(numeric.filter((_, i) => row?.[`z${i}`] === true).map(({ name }) => name));
}

async function load(state: JobState, task: NodeTask<'read'>, file: CsvFile, columns: { name: string; type: string }[]): Promise<Compiled> {
  const from = tableName(task.id);
  // DuckDB takes plain identifiers only here.
  const rejects = { errors: `rejects_${state.nodes.size}`, scans: `reject_scans_${state.nodes.size}` };
  const types = columns.map(({ name, type }) => `${text(name)}: ${text(type)}`).join(', ');
  const read = `read_csv(${text(file.path)}, ${dialect(file)}, auto_detect = false, columns = {${types}}, store_rejects = true, rejects_table = ${text(rejects.errors)}, rejects_scan = ${text(rejects.scans)})`;
  const large = (await stat(file.path)).size > state.memoryBytes / 4 && fitsFile(columns);
  const rows = large ? await createFileTable(state, from, `SELECT * FROM ${read}`) : await createTable(state, from, `SELECT * FROM ${read}`);
  const out: Relation = { from, columns: await state.session.describe(`SELECT * FROM ${from}`), ordered: true, rows, stored: true, file: large, node: task.id };
  const rejectedFrom = tableName(task.id, '!');
  const rejected = await createTable(state, rejectedFrom, rejectedLines(task.id, rejects.errors));
  if (rejected > 0 && task.node.onRowError === 'fail') await failOnFirst(state, task.id, { rejectedFrom, rejected });
  return { out, rejected, rowsRead: rows + rejected, ...(rejected > 0 ? { rejectedFrom } : {}) };
}

/** One row per rejected line, its reasons joined. */
function rejectedLines(step: string, errors: string): string {
  const reason = `CASE error_type WHEN 'MISSING COLUMNS' THEN 'too few columns (' || error_message || ')' WHEN 'TOO MANY COLUMNS' THEN 'too many columns (' || error_message || ')'
    WHEN 'UNQUOTED VALUE' THEN 'wrong quotes' WHEN 'LINE SIZE OVER MAXIMUM' THEN 'line longer than ${lineLimit / 1e6} MB' WHEN 'INVALID ENCODING' THEN 'not valid UTF-8' ELSE error_message END`;
  return `SELECT line AS _line, any_value(left(csv_line, 100000)) AS _raw, ${text(step)} AS _step, string_agg(${reason}, '; ' ORDER BY column_idx, error_type::VARCHAR) AS _reason
    FROM ${ident(errors)} GROUP BY line ORDER BY line`;
}

async function failOnFirst(state: JobState, step: string, { rejectedFrom, rejected }: { rejectedFrom: string; rejected: number }): Promise<never> {
  const [row] = await state.session.rows(`SELECT _line AS line, left(_raw, 500) AS raw, _reason AS reason FROM ${rejectedFrom} ORDER BY _line LIMIT 1`);
  throw new InvalidInput(
    'table.row_error',
    `Step ${step}: ${rejected} line${rejected === 1 ? '' : 's'} cannot be read; the first is line ${String(row?.line)}: ${String(row?.reason)}.`,
    {
      hint: 'Correct the file, or set onRowError: reject to keep such lines aside.',
      details: { step, rows: rejected, firstRow: row },
    },
  );
}

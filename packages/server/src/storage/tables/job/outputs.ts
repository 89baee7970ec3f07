// What leaves a job: kept tables and rejected rows as Parquet, written files in the form the step asks for.
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { CsvOptions } from '@tidewheel/contract/relation';
import type { Column } from '@tidewheel/contract/values';
import { ident, text } from '../sql-text.ts';
import type { WrittenTable } from '../table-engine.ts';
import type { JobState, NodeState, Relation } from './job-state.ts';
import type { NodeTask } from './node-task.ts';
import { totalOrder } from './ordering.ts';

/** Above this many rows an unordered table is written as it comes: sorting it by all columns would cost more than the rest. */
const orderLimit = 10_000_000;
/** A sorted copy for several files is kept in memory up to this many rows. */
const shareLimit = 1_000_000;
const parquet = 'FORMAT parquet, COMPRESSION zstd';

export async function copyParquet(state: JobState, { from, columns }: Pick<Relation, 'from' | 'columns'>, target: string): Promise<WrittenTable> {
  const rows = await copy(state, `SELECT ${parquetColumns(columns)} FROM ${from}`, { target, options: parquet });
  return { path: target, rows, bytes: (await stat(target)).size, columns: await state.session.describe(`SELECT * FROM read_parquet(${text(target)})`) };
}

// Parquet has no integers of 128 bits: DuckDB would write them as floats.
function parquetColumns(columns: Column[]): string {
  if (!columns.some(({ type }) => /^U?HUGEINT$/.test(type))) return '*';
  return columns.map(({ name, type }) => (/^U?HUGEINT$/.test(type) ? `CAST(${ident(name)} AS DECIMAL(38, 0)) AS ${ident(name)}` : ident(name))).join(', ');
}

async function copy(state: JobState, query: string, { target, options }: { target: string; options: string }): Promise<number> {
  const [row] = await state.session.rows(`COPY (${query}) TO ${text(target)} (${options})`);
  return Number(row?.Count ?? 0);
}

export function keptPath(state: JobState, id: string): string {
  return path.join(state.job.folder, `${id}.parquet`);
}

export async function writeRejected(state: JobState, node: NodeState): Promise<WrittenTable | undefined> {
  if (node.rejectedFrom === undefined || node.rejected === 0) return undefined;
  const columns = await state.session.describe(`SELECT * FROM ${node.rejectedFrom}`);
  return copyParquet(state, { from: node.rejectedFrom, columns }, path.join(state.job.folder, `${node.id}.rejected.parquet`));
}

/** Makes the file of a write node. @returns its path and the rows that DuckDB says it holds */
export async function writeFile(state: JobState, task: NodeTask<'write'>, input: Relation): Promise<{ path: string; rows: number }> {
  const folder = path.join(state.job.folder, `${task.id}.out`);
  await mkdir(folder, { recursive: true });
  const target = path.join(folder, safeName(task.node.name, task.id));
  const columns = task.node.format === 'parquet' ? parquetColumns(input.columns) : '*';
  const source = await orderedSource({ state, task, input });
  const rows = await copy(state, `SELECT ${columns} FROM ${source}`, { target, options: formatOptions(task.node) });
  return { path: target, rows };
}

/** What to copy from, in its order. Several files of the same table in the same order share one sort. */
async function orderedSource({ state, task, input }: { state: JobState; task: NodeTask<'write'>; input: Relation }): Promise<string> {
  const order = orderOf(task, input);
  if (order === '' || (input.rows ?? Number.POSITIVE_INFINITY) > shareLimit || !sharesOrder(state, task)) return `${input.from}${order}`;
  const key = `${input.from}${order}`;
  const known = state.sorted.get(key);
  if (known) return known;
  const name = ident(`~sorted ${state.sorted.size}`);
  await state.session.run(`CREATE TEMP TABLE ${name} AS SELECT * FROM ${key}`);
  state.sorted.set(key, name);
  return name;
}

function sharesOrder({ job }: JobState, { id, node }: NodeTask<'write'>): boolean {
  const inputOf = (step: string) => JSON.stringify(job.nodes.find((entry) => entry.id === step)?.inputs);
  const orderOf = (other: NodeTask<'write'>['node']) => JSON.stringify([other.orderBy ?? [], other.ordered]);
  return job.nodes.some((other) => other.id !== id && other.node.op === 'write' && inputOf(other.id) === inputOf(id) && orderOf(other.node) === orderOf(node));
}

function orderOf({ id, node }: NodeTask<'write'>, input: Relation): string {
  if (node.orderBy?.length) return ` ORDER BY ${totalOrder(input, node.orderBy, id)}`;
  if (input.ordered || node.ordered === false || (input.rows ?? 0) > orderLimit) return '';
  return ` ORDER BY ${totalOrder(input, [], id)}`;
}

function formatOptions({ format, csv, json }: NodeTask<'write'>['node']): string {
  if (format === 'parquet') return parquet;
  return format === 'json' ? `FORMAT json, ARRAY ${json?.lines !== true}` : csvOptions(csv ?? {});
}

function csvOptions({ delimiter = ',', quote = '"', header = true, nullText = '', newline = 'lf' }: CsvOptions): string {
  const end = newline === 'crlf' ? `, NEW_LINE '\\r\\n'` : '';
  return `FORMAT csv, HEADER ${header}, DELIMITER ${text(delimiter)}, QUOTE ${text(quote)}, ESCAPE ${text(quote)}, NULLSTR ${text(nullText)}${end}`;
}

function safeName(name: string, step: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters in a file name are what is refused here
  if (name !== '' && Buffer.byteLength(name) <= 200 && !/[/\\\u0000-\u001f]/.test(name) && !/^\.+$/.test(name)) return name;
  throw new InvalidInput('table.file_name', `Step ${step}: "${name.slice(0, 200)}" cannot be the name of a file.`, {
    hint: 'A name has 1 to 200 bytes and no / or \\.',
    details: { step },
  });
}

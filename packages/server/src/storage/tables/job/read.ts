// The read node: a CSV, JSON or Parquet file as a table, lines that cannot be read kept aside.
import { stat } from 'node:fs/promises';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { StoredInput } from '@tidewheel/contract/relation';
import { tableError } from '../process/duckdb-errors.ts';
import { text } from '../sql-text.ts';
import type { TableJobNode } from '../table-engine.ts';
import { define, type JobState, type Relation } from './job-state.ts';
import type { Compiled, NodeTask } from './node-task.ts';
import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';

export async function compileRead(state: JobState, task: NodeTask<'read'>, entry: TableJobNode): Promise<Compiled> {
  const source = sourceOf(entry);
  await requireFile(source.path, task.id);
  if (task.node.format === 'csv') return readCsv(state, task, source.path);
  if (task.node.format === 'json') return readJson(state, task, source.path);
  for (const path of source.further ?? []) await requireFile(path, task.id);
  const out = await parquetRelation(state, { id: task.id, path: source.path, further: source.further });
  return { out, rowsRead: out.rows ?? 0 };
}

function sourceOf(entry: TableJobNode): StoredInput {
  const [input] = Object.values(entry.inputs);
  if (input && 'stored' in input) return input.stored;
  throw new InvalidInput('table.read_source', `Step ${entry.id}: it has no file to read.`, { details: { step: entry.id } });
}

/** @throws InvalidInput when it is missing, a folder or empty */
export async function requireFile(path: string, step: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile())
    throw new InvalidInput('table.file_missing', `Step ${step}: the file to read does not exist.`, {
      hint: 'Check its path, or the step that should have made it.',
      details: { step },
    });
  if (found.size === 0)
    throw new InvalidInput('table.file_empty', `Step ${step}: the file to read is empty.`, {
      hint: 'Not even a line of column names is in it: ask whoever sends it.',
      details: { step },
    });
}

interface ParquetFiles {
  id: string;
  part?: string;
  path: string;
  further?: string[] | undefined;
}

/** A Parquet file as it lies, or several one after another; their metadata says how many rows they have. */
export async function parquetRelation(state: JobState, { id, part = '', path, further = [] }: ParquetFiles): Promise<Relation> {
  try {
    const files = further.length === 0 ? text(path) : `[${[path, ...further].map(text).join(', ')}]`;
    const [row] = await state.session.rows(`SELECT sum(num_rows) AS rows FROM parquet_file_metadata(${files})`);
    const options = further.length === 0 ? '' : ', union_by_name = true';
    const relation = await define(state, `SELECT * FROM read_parquet(${files}${options})`, { id, part, store: false, ordered: true });
    return { ...relation, rows: Number(row?.rows), stored: true, file: true, ...(further.length === 0 ? { path } : {}) };
  } catch (error) {
    throw tableError(error, { step: id });
  }
}

// Runs the ranking node over rows from the database: the same node, in the same engine, as in a run.
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { colorFieldNames, colorFields, type ShownColor } from '@tidewheel/contract/color';
import type { RelationNode } from '@tidewheel/contract/relation';
import type { Preview } from '@tidewheel/contract/values';
import type { TableEngine, TableJobNode, TableJobResult } from '../../../storage/tables/table-engine.ts';
import type { TriedRow } from './tried-rows.store.ts';

const fieldTypes = { text: 'VARCHAR', number: 'DECIMAL(18,6)', integer: 'INTEGER', date: 'DATE', instant: 'TIMESTAMPTZ' } as const;
const colorTypes = Object.fromEntries(colorFieldNames.map((name) => [name, fieldTypes[colorFields[name].kind]]));
const columnTypes: Record<string, string> = {
  ...colorTypes,
  more: 'VARCHAR',
  wasLine: 'INTEGER',
  wasExcludedBy: 'VARCHAR',
  wasPosition: 'INTEGER',
  wasChild: 'INTEGER',
  wasColor: 'VARCHAR',
  wasColorBy: 'VARCHAR',
};
const nullText = '\u0001null';

export interface RuleTrial {
  rows: TriedRow[];
  /** After the node `rows`, which reads them. */
  nodes: TableJobNode[];
  today: string;
}

export function tryRules(tables: TableEngine, trial: RuleTrial): Promise<TableJobResult> {
  return overTrial(tables, trial, async (result) => result);
}

/** `read` sees the tables that were kept; they are gone afterwards. */
export async function overTrial<T>(tables: TableEngine, { rows, nodes, today }: RuleTrial, read: (result: TableJobResult) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'tidewheel-colors-'));
  try {
    const [file, folder] = [path.join(scratch, 'colors.csv'), await mkdtemp(path.join(scratch, 'job-'))];
    await pipeline(linesOf(rows), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    const csv = { delimiter: ',', quote: '"', header: true, nullText, types: columnTypes };
    const source: TableJobNode = {
      id: 'rows',
      node: { op: 'read', format: 'csv', csv, onRowError: 'fail' },
      inputs: { input: { stored: { path: file, format: 'csv' } } },
      keep: false,
    };
    const job = { nodes: [source, ...nodes], parameters: {}, now: new Date(), today, timeZone: 'UTC', folder };
    return await read(await tables.run(job, { signal: AbortSignal.timeout(60_000) }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

export function tableNode(id: string, from: string, node: RelationNode): TableJobNode {
  return { id, node, inputs: { input: { node: from } }, keep: false };
}

const names = Object.keys(columnTypes);

function* linesOf(rows: TriedRow[]): Generator<string> {
  yield `${names.join(',')}\n`;
  for (const row of rows) yield `${names.map((name) => cell(row[name])).join(',')}\n`;
}

function cell(value: string | number | null | undefined): string {
  return value === null || value === undefined ? nullText : `"${String(value).replaceAll('"', '""')}"`;
}

export type ShownRow = Record<string, unknown>;

export function previewRows({ columns, rows }: Preview): ShownRow[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null])));
}

export function colorOfShown(row: ShownRow): ShownColor {
  const values = colorFieldNames.map((name) => {
    const value = row[name] ?? null;
    if (value === null) return [name, null];
    const { kind } = colorFields[name];
    if (kind === 'instant') return [name, new Date(String(value)).toISOString()];
    return [name, kind === 'number' || kind === 'integer' ? Number(value) : String(value)];
  });
  return { ...Object.fromEntries(values), more: JSON.parse(String(row['more'] ?? '{}')) };
}

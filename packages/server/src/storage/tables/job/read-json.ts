// Reading JSON: one array of objects, or one object per line; of the latter, lines that are no JSON are kept aside.
import { open } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import { mayBeRowError, tableError } from '../process/duckdb-errors.ts';
import { text } from '../sql-text.ts';
import { createTable, type JobState, type Relation, tableName } from './job-state.ts';
import type { Compiled, NodeTask } from './node-task.ts';

const objectLimit = 16_777_216;

export async function readJson(state: JobState, task: NodeTask<'read'>, source: string): Promise<Compiled> {
  const lines = !(await startsWithArray(source));
  try {
    return await load(state, task, source, lines);
  } catch (error) {
    if (!lines || !mayBeRowError(error)) throw tableError(error, { step: task.id });
    return await loadGoodLines(state, task, source);
  }
}

async function startsWithArray(source: string): Promise<boolean> {
  const handle = await open(source);
  try {
    const bytes = Buffer.alloc(4_096);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes
      .toString('utf8', 0, bytesRead)
      .replace(/^\uFEFF/, '')
      .trimStart()
      .startsWith('[');
  } finally {
    await handle.close();
  }
}

async function load(state: JobState, task: NodeTask<'read'>, file: string, lines: boolean): Promise<Compiled> {
  const from = tableName(task.id);
  const rows = await createTable(
    state,
    from,
    `SELECT * FROM read_json(${text(file)}, format = '${lines ? 'newline_delimited' : 'array'}', maximum_object_size = ${objectLimit})`,
  );
  const out: Relation = { from, columns: await state.session.describe(`SELECT * FROM ${from}`), ordered: true, rows, stored: true, node: task.id };
  return { out, rejected: 0, rowsRead: rows };
}

// The bytes 0x01 and 0x02 never stand unescaped in JSON, so that every line is one CSV value.
async function loadGoodLines(state: JobState, task: NodeTask<'read'>, source: string): Promise<Compiled> {
  const all = tableName(task.id, '?');
  await createTable(
    state,
    all,
    `SELECT row_number() OVER () AS n, line FROM read_csv(${text(source)}, auto_detect = false, header = false, delim = '\u0001', quote = '', escape = '', columns = {'line': 'VARCHAR'}, max_line_size = ${objectLimit})`,
  );
  const bad = `line IS NOT NULL AND trim(line) <> '' AND CASE WHEN json_valid(line) THEN json_type(line) <> 'OBJECT' ELSE true END`;
  const rejectedFrom = tableName(task.id, '!');
  const rejected = await createTable(
    state,
    rejectedFrom,
    `SELECT n AS _line, left(line, 100000) AS _raw, ${text(task.id)} AS _step, CASE WHEN json_valid(line) THEN 'not a JSON object' ELSE 'not valid JSON' END AS _reason FROM ${all} WHERE ${bad} ORDER BY n`,
  );
  if (rejected > 0 && task.node.onRowError === 'fail') await failOnFirst(state, task.id, { rejectedFrom, rejected });
  const good = path.join(state.job.folder, `${task.id}.good.json`);
  await state.session.run(
    `COPY (SELECT line FROM ${all} WHERE line IS NOT NULL AND trim(line) <> '' AND NOT (${bad}) ORDER BY n) TO ${text(good)} (FORMAT csv, HEADER false, DELIMITER '\u0001', QUOTE '', ESCAPE '')`,
  );
  const loaded = await load(state, task, good, true);
  return { ...loaded, rejected, rowsRead: (loaded.rowsRead ?? 0) + rejected, ...(rejected > 0 ? { rejectedFrom } : {}) };
}

async function failOnFirst(state: JobState, step: string, { rejectedFrom, rejected }: { rejectedFrom: string; rejected: number }): Promise<never> {
  const [row] = await state.session.rows(`SELECT _line AS line, left(_raw, 500) AS raw, _reason AS reason FROM ${rejectedFrom} LIMIT 1`);
  throw new InvalidInput(
    'table.row_error',
    `Step ${step}: ${rejected} line${rejected === 1 ? ' is' : 's are'} no JSON object; the first is line ${String(row?.line)}.`,
    {
      hint: 'Correct the file, or set onRowError: reject to keep such lines aside.',
      details: { step, rows: rejected, firstRow: row },
    },
  );
}

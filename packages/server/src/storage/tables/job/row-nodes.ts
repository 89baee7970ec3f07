// filter, derive, select: nodes that look at one row at a time and reject the rows on which an expression fails.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { OnRowError } from '@tidewheel/contract/relation';
import { columnError } from '../process/duckdb-errors.ts';
import { ident, text } from '../sql-text.ts';
import { type ReadyExpression, readyExpression } from './expression.ts';
import { columnList, createTable, define, type JobState, namesOf, type Relation, tableName, worthStoring } from './job-state.ts';
import { type Compiled, inputOf, type NodeTask } from './node-task.ts';
import { typeName } from './type-name.ts';

interface TriedColumn {
  as: string;
  expression: ReadyExpression;
}

export async function compileFilter(state: JobState, task: NodeTask<'filter'>): Promise<Compiled> {
  const input = inputOf(task);
  const where = await readyExpression(state, task.node.where, input, { step: task.id, what: 'the condition' });
  const shape = { id: task.id, store: worthStoring(state, task.id, input), ordered: input.ordered, of: [input], unique: input.unique };
  if (!state.careful || !where.canFail) return { out: await define(state, `SELECT * FROM ${input.from} WHERE ${where.sql}`, shape) };
  const tried = await tryRows(state, task, input, [{ as: 'the condition', expression: where }]);
  const query = `SELECT ${columnList(input.columns)} FROM ${tried.from} WHERE ${tried.passed} AND ${tried.value(0)}`;
  return { out: await define(state, query, shape), ...tried.rejects };
}

export async function compileDerive(state: JobState, task: NodeTask<'derive'>): Promise<Compiled> {
  let current = inputOf(task);
  const rejects: Pick<Compiled, 'rejected' | 'rejectedFrom'>[] = [];
  const unproven: string[] = [];
  const levels = Object.entries(task.node.columns);
  for (let level = 0; levels.length > 0; level++) {
    const { ready, later } = await readyLevel(state, task.id, current, levels);
    const last = later.length === 0;
    const made = await deriveLevel(state, task, { input: current, columns: ready, part: last ? '' : `:${level}` });
    rejects.push(made);
    unproven.push(...ready.filter((column) => column.expression.canFail).map((column) => column.as));
    current = made.out;
    levels.splice(0, levels.length, ...later);
  }
  return { out: current, unproven: current.stored ? [] : unproven, ...(await mergeRejects(state, task.id, rejects)) };
}

// A derived column may use those written before it: they are then computed in a step of their own.
async function readyLevel(state: JobState, step: string, input: Relation, entries: [string, string][]) {
  const ready: TriedColumn[] = [];
  const made = new Set<string>();
  for (const [i, [as, written]] of entries.entries()) {
    const uses = i > 0 && mentions(written, made);
    if (uses) return { ready, later: entries.slice(i) };
    ready.push({ as, expression: await readyExpression(state, written, input, { step, what: `column "${as}"` }) });
    made.add(as.toLowerCase());
  }
  return { ready, later: [] };
}

function mentions(written: string, names: ReadonlySet<string>): boolean {
  const lower = written.toLowerCase();
  return [...names].some((name) => lower.includes(name));
}

async function deriveLevel(
  state: JobState,
  task: NodeTask<'derive'>,
  { input, columns, part }: { input: Relation; columns: TriedColumn[]; part: string },
): Promise<Compiled> {
  const shape = {
    id: task.id,
    part,
    store: state.careful || (part === '' && worthStoring(state, task.id, input)),
    ordered: input.ordered,
    of: [input],
    unique: keptUnique(input, columns),
  };
  if (!state.careful || !columns.some((column) => column.expression.canFail)) {
    return { out: await define(state, `SELECT ${outputs(input, columns, (i) => columns[i]?.expression.sql ?? '')} FROM ${input.from}`, shape) };
  }
  const tried = await tryRows(state, { id: task.id, part, node: task.node }, input, columns);
  const out = await define(state, `SELECT ${outputs(input, columns, tried.value)} FROM ${tried.from} WHERE ${tried.passed}`, shape);
  return { out, ...tried.rejects };
}

function keptUnique(input: Relation, columns: TriedColumn[]): string[] | undefined {
  return input.unique?.some((name) => columns.some((column) => column.as.toLowerCase() === name.toLowerCase())) ? undefined : input.unique;
}

/** All columns of the input, those of the same name replaced in their place, new ones behind. */
function outputs(input: Relation, columns: TriedColumn[], value: (index: number) => string): string {
  const byName = new Map(columns.map((column, i) => [column.as.toLowerCase(), i]));
  const kept = input.columns.map(({ name }) => {
    const i = byName.get(name.toLowerCase());
    byName.delete(name.toLowerCase());
    return i === undefined ? ident(name) : `${value(i)} AS ${ident(name)}`;
  });
  const added = [...byName.values()].map((i) => `${value(i)} AS ${ident(columns[i]?.as ?? '')}`);
  return [...kept, ...added].join(', ');
}

export async function compileSelect(state: JobState, task: NodeTask<'select'>): Promise<Compiled> {
  const input = inputOf(task);
  const names = new Set<string>();
  const columns = await Promise.all(task.node.columns.map((column) => selected(state, task.id, input, column)));
  for (const { as } of columns) {
    if (names.has(as.toLowerCase()))
      throw new InvalidInput('table.duplicate_column', `Step ${task.id}: the column "${as}" would appear twice.`, {
        hint: 'Give one of them another name with "as".',
        details: { step: task.id },
      });
    names.add(as.toLowerCase());
  }
  const shape = { id: task.id, store: worthStoring(state, task.id, input), ordered: input.ordered, of: [input] };
  const pick = (value: (index: number) => string) => columns.map((column, i) => `${value(i)} AS ${ident(column.as)}`).join(', ');
  if (!state.careful || !columns.some((column) => column.expression.canFail)) {
    const out = await define(state, `SELECT ${pick((i) => columns[i]?.expression.sql ?? '')} FROM ${input.from}`, shape);
    return { out, unproven: out.stored ? [] : columns.filter((column) => column.expression.canFail).map((column) => column.as) };
  }
  const tried = await tryRows(state, task, input, columns);
  return { out: await define(state, `SELECT ${pick(tried.value)} FROM ${tried.from} WHERE ${tried.passed}`, shape), ...tried.rejects };
}

async function selected(
  state: JobState,
  step: string,
  input: Relation,
  { column, as, type }: { column: string; as?: string | undefined; type?: string | undefined },
): Promise<TriedColumn> {
  const found =
    input.columns.find((candidate) => candidate.name === column) ?? input.columns.find((candidate) => candidate.name.toLowerCase() === column.toLowerCase());
  if (!found) throw columnError(column, { step, columns: namesOf(input) });
  const written = type === undefined ? ident(found.name) : `CAST(${ident(found.name)} AS ${typeName(step, type)})`;
  return { as: as ?? found.name, expression: await readyExpression(state, written, input, { step, what: `column "${as ?? found.name}"` }) };
}

/**
 * Evaluates the expressions on every row, each packed into a struct: TRY gives NULL when evaluation failed, and a struct
 * holding NULL when the value itself is NULL, so that the two cannot be mixed up.
 */
async function tryRows(state: JobState, task: { id: string; part?: string; node: { onRowError: OnRowError } }, input: Relation, columns: TriedColumn[]) {
  const from = tableName(task.id, `${task.part ?? ''}?`);
  const flag = (i: number) => ident(`~${i}`);
  const tries = columns.map(({ expression }, i) => `TRY(struct_pack(v := ${expression.sql})) AS ${flag(i)}`);
  await createTable(state, from, `SELECT *, ${tries.join(', ')} FROM ${input.from}`);
  const failed = columns.map((_, i) => `${flag(i)} IS NULL`).join(' OR ');
  const reasons = columns.map((column, i) => `CASE WHEN ${flag(i)} IS NULL THEN ${reasonOf(column, input)} END`);
  const reject = `SELECT ${columnList(input.columns.filter(({ name }) => !/^_(step|reason)$/i.test(name)))}, ${text(task.id)} AS _step, concat_ws('; ', ${reasons.join(', ')}) AS _reason FROM ${from} WHERE ${failed}`;
  const rejectedFrom = tableName(task.id, `${task.part ?? ''}!`);
  const rejected = await createTable(state, rejectedFrom, reject);
  if (rejected > 0 && task.node.onRowError === 'fail') await failOnFirst(state, task.id, rejectedFrom, rejected);
  return { from, passed: `NOT (${failed})`, value: (i: number) => `${flag(i)}.v`, rejects: { rejected, ...(rejected > 0 ? { rejectedFrom } : {}) } };
}

/** `total: price * quantity failed for price = abc, quantity = 3` */
function reasonOf({ as, expression }: TriedColumn, input: Relation): string {
  const used = input.columns.filter(({ name }) => expression.columns.some((column) => column.toLowerCase() === name.toLowerCase())).slice(0, 8);
  const values = used.map(({ name }, i) => `${text(`${i ? ', ' : ' for '}${name} = `)} || coalesce(left(${ident(name)}::VARCHAR, 100), 'NULL')`);
  return [text(`${as}: ${expression.written} failed`), ...values].join(' || ');
}

async function failOnFirst(state: JobState, step: string, from: string, rejected: number): Promise<never> {
  const [row] = await state.session.rows(`SELECT * FROM ${from} LIMIT 1`);
  const { _step, _reason, ...values } = row ?? {};
  throw new InvalidInput('table.row_error', `Step ${step}: ${rejected} row${rejected === 1 ? '' : 's'} failed; the first: ${String(_reason)}.`, {
    hint: 'Correct the data or the expression, or set onRowError: reject to keep such rows aside.',
    details: { step: _step ?? step, rows: rejected, firstRow: values },
  });
}

async function mergeRejects(
  state: JobState,
  id: string,
  parts: Pick<Compiled, 'rejected' | 'rejectedFrom'>[],
): Promise<Pick<Compiled, 'rejected' | 'rejectedFrom'>> {
  const tables = parts.flatMap((part) => part.rejectedFrom ?? []);
  const rejected = parts.reduce((sum, part) => sum + (part.rejected ?? 0), 0);
  if (tables.length <= 1) return { rejected, ...(tables[0] ? { rejectedFrom: tables[0] } : {}) };
  const rejectedFrom = tableName(id, '!!');
  await createTable(state, rejectedFrom, tables.map((table) => `SELECT * FROM ${table}`).join(' UNION ALL BY NAME '));
  return { rejected, rejectedFrom };
}

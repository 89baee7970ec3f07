// sort, limit, dedupe: nodes in which the order of rows decides. Every order is total, so that two runs agree.
import type { SortKey } from '@tidewheel/contract/relation';
import { columnError } from '../process/duckdb-errors.ts';
import { ident } from '../sql-text.ts';
import { columnList, define, type JobState, namesOf, type Relation } from './job-state.ts';
import { type Compiled, inputOf, type NodeTask } from './node-task.ts';

/** The keys, then every other column (or what makes a row unique): rows that tie on all of them are equal. */
export function totalOrder(relation: Relation, keys: SortKey[], step: string): string {
  const used = new Set<string>();
  const wanted = keys.map((key) => {
    const name = knownColumn(relation, key.column, step);
    used.add(name);
    return `${ident(name)} ${key.direction === 'desc' ? 'DESC' : 'ASC'} NULLS ${key.nulls === 'first' ? 'FIRST' : 'LAST'}`;
  });
  const breakers = relation.unique ? relation.columns.filter(({ name }) => relation.unique?.includes(name)) : relation.columns;
  const rest = breakers.filter(({ name, type }) => !used.has(name) && !/^(MAP|VARIANT|UNION)/.test(type)).map(({ name }) => `${ident(name)} ASC NULLS LAST`);
  return [...wanted, ...rest].join(', ') || '1';
}

function knownColumn(relation: Relation, name: string, step: string): string {
  const found = relation.columns.find((column) => column.name === name) ?? relation.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  if (!found) throw columnError(name, { step, columns: namesOf(relation) });
  return found.name;
}

export async function compileSort(state: JobState, task: NodeTask<'sort'>): Promise<Compiled> {
  const { id, node } = task;
  const input = inputOf(task);
  const limit = node.limit === undefined ? '' : ` LIMIT ${Math.trunc(node.limit)}`;
  // One reader that only writes it down takes the sorted stream itself.
  const readers = state.readers.get(id) ?? [];
  const streamed =
    !state.careful && node.limit === undefined && readers.length + (task.keep ? 1 : 0) === 1 && readers.every((reader) => reader.node.op === 'write');
  const out = await define(state, `SELECT * FROM ${input.from} ORDER BY ${totalOrder(input, node.keys, id)}${limit}`, {
    id,
    store: !streamed,
    ordered: true,
    unique: input.unique,
    of: node.limit === undefined ? [input] : [],
  });
  return { out };
}

export async function compileLimit(state: JobState, task: NodeTask<'limit'>): Promise<Compiled> {
  const input = inputOf(task);
  const order = input.ordered ? '' : ` ORDER BY ${totalOrder(input, [], task.id)}`;
  return {
    out: await define(state, `SELECT * FROM ${input.from}${order} LIMIT ${Math.trunc(task.node.rows)}`, {
      id: task.id,
      store: true,
      ordered: true,
      unique: input.unique,
    }),
  };
}

export async function compileDedupe(state: JobState, task: NodeTask<'dedupe'>): Promise<Compiled> {
  const { id, node } = task;
  const input = inputOf(task);
  const by = node.by.map((name) => knownColumn(input, name, id));
  const everything = by.length === 0 || (node.keep.length === 0 && by.length === input.columns.length);
  const query = everything
    ? `SELECT DISTINCT * FROM ${input.from}`
    : `SELECT ${columnList(input.columns)} FROM ${input.from} QUALIFY row_number() OVER (PARTITION BY ${by.map(ident).join(', ')} ORDER BY ${totalOrder(input, node.keep, id)}) = 1`;
  return { out: await define(state, query, { id, store: true, ordered: false, of: [input] }) };
}

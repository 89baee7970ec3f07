// union and sql: nodes over several named inputs.
import { bindText } from '../expressions/bind-text.ts';
import { inspectSelect, shorten } from '../expressions/inspect.ts';
import { withoutEnd } from '../expressions/lexer.ts';
import { tableError } from '../process/duckdb-errors.ts';
import { ident } from '../sql-text.ts';
import { define, type JobState, type Relation, worthStoring } from './job-state.ts';
import type { Compiled, NodeTask } from './node-task.ts';

export async function compileUnion(state: JobState, task: NodeTask<'union'>): Promise<Compiled> {
  const { id, node } = task;
  const inputs = Object.values(task.inputs);
  const word = ` UNION ${node.distinct ? '' : 'ALL '}${node.byName ? 'BY NAME ' : ''}`;
  const ordered = !node.distinct && inputs.every((input) => input.ordered);
  const out = await define(state, inputs.map((input) => `SELECT * FROM ${input.from}`).join(word), {
    id,
    store: node.distinct || worthStoring(state, id),
    ordered,
    of: inputs,
  });
  return { out };
}

export async function compileSql(state: JobState, task: NodeTask<'sql'>): Promise<Compiled> {
  const { id, node } = task;
  try {
    const { query, ordered } = await readySelect(state, node.sql, task.inputs);
    return { out: await define(state, query, { id, store: true, ordered, of: Object.values(task.inputs) }) };
  } catch (error) {
    throw tableError(error, {
      step: id,
      doing: `the SQL "${shorten(node.sql)}"`,
      columns: [...new Set(Object.values(task.inputs).flatMap((input) => input.columns.map((column) => column.name)))],
    });
  }
}

/** A user's SELECT, checked, over its inputs by name: each stands before it as a WITH of its own. */
export async function readySelect(state: JobState, sql: string, inputs: Record<string, Pick<Relation, 'from'>>): Promise<{ query: string; ordered: boolean }> {
  const bound = withoutEnd(bindText(sql, state.scope));
  const { ordered } = await inspectSelect(state.session, bound, Object.keys(inputs));
  const tables = Object.entries(inputs).map(([name, input]) => `${ident(name)} AS NOT MATERIALIZED (SELECT * FROM ${input.from})`);
  return { query: `WITH ${tables.join(', ')} SELECT * FROM (\n${bound}\n)`, ordered };
}

import { InvalidInput } from '@tidewheel/contract/errors';
import { columnError } from '../process/duckdb-errors.ts';
import { ident } from '../sql-text.ts';
import { define, type JobState, namesOf, type Relation, worthStoring } from './job-state.ts';
import type { Compiled, NodeTask } from './node-task.ts';

interface Sides {
  left: Relation;
  right: Relation;
}
interface JoinColumn {
  sql: string;
  as: string;
}

const keywords = { inner: 'JOIN', left: 'LEFT JOIN', full: 'FULL JOIN', anti: 'ANTI JOIN', semi: 'SEMI JOIN' };

export async function compileJoin(state: JobState, task: NodeTask<'join'>): Promise<Compiled> {
  const { node, id } = task;
  const sides = sidesOf(task);
  const on = node.on.map((pair) => `l.${ident(columnOf(sides.left, pair.left, id))} = r.${ident(columnOf(sides.right, pair.right, id))}`).join(' AND ');
  const columns = node.columns ? chosenColumns(node.columns, sides, task) : allColumns(sides, task);
  refuseDuplicates(columns, id);
  const list = columns.map(({ sql, as }) => `${sql} AS ${ident(as)}`).join(', ');
  const query = `SELECT ${list} FROM ${sides.left.from} AS l ${keywords[node.how]} ${sides.right.from} AS r ON ${on}`;
  return { out: await define(state, query, { id, store: worthStoring(state, id), ordered: false, of: [sides.left, sides.right] }) };
}

function sidesOf({ id, inputs }: NodeTask<'join'>): Sides {
  const { left, right } = inputs;
  if (!left || !right)
    throw new InvalidInput('table.join_inputs', `Step ${id}: a join needs the inputs left and right.`, {
      hint: 'Write from: { left: oneStep, right: anotherStep }.',
      details: { step: id },
    });
  return { left, right };
}

function columnOf(side: Relation, name: string, step: string): string {
  const found = side.columns.find((column) => column.name === name) ?? side.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  if (!found) throw columnError(name, { step, columns: namesOf(side) });
  return found.name;
}

function chosenColumns(columns: NonNullable<NodeTask<'join'>['node']['columns']>, sides: Sides, { id, node }: NodeTask<'join'>): JoinColumn[] {
  return columns.map(({ side, column, as }) => {
    if (side === 'right' && (node.how === 'anti' || node.how === 'semi')) {
      throw new InvalidInput('table.join_columns', `Step ${id}: a ${node.how} join has no columns of its right input.`, { details: { step: id } });
    }
    const name = columnOf(sides[side], column, id);
    return { sql: `${side === 'left' ? 'l' : 'r'}.${ident(name)}`, as: as ?? name };
  });
}

/** All of the left, then the right without its keys; a right column whose name is taken becomes `right_<name>`. */
function allColumns({ left, right }: Sides, { id, node }: NodeTask<'join'>): JoinColumn[] {
  const keys = new Map(node.on.map((pair) => [columnOf(left, pair.left, id), columnOf(right, pair.right, id)]));
  const leftColumns = namesOf(left).map((name) => {
    const key = keys.get(name);
    return { sql: node.how === 'full' && key !== undefined ? `coalesce(l.${ident(name)}, r.${ident(key)})` : `l.${ident(name)}`, as: name };
  });
  if (node.how === 'anti' || node.how === 'semi') return leftColumns;
  const taken = new Set(namesOf(left).map((name) => name.toLowerCase()));
  const rightKeys = new Set(keys.values());
  const rightColumns = namesOf(right)
    .filter((name) => !rightKeys.has(name))
    .map((name) => ({ sql: `r.${ident(name)}`, as: taken.has(name.toLowerCase()) ? `right_${name}` : name }));
  return [...leftColumns, ...rightColumns];
}

function refuseDuplicates(columns: JoinColumn[], step: string): void {
  const seen = new Set<string>();
  for (const { as } of columns) {
    if (seen.has(as.toLowerCase()))
      throw new InvalidInput('table.duplicate_column', `Step ${step}: the column "${as}" would appear twice.`, {
        hint: 'Choose the columns and rename one of them with "as".',
        details: { step },
      });
    seen.add(as.toLowerCase());
  }
}

import { InvalidInput } from '@tidewheel/contract/errors';
import type { Aggregate } from '@tidewheel/contract/relation';
import { exactSum } from '../process/exact-sum.ts';
import { ident } from '../sql-text.ts';
import { readyExpression } from './expression.ts';
import { columnList, createTable, define, type JobState, type Relation, tableName } from './job-state.ts';
import { type Compiled, inputOf, type NodeTask } from './node-task.ts';

/** The rows of each group, counted in the same statement: their sum is the input's count at no further cost. */
const groupRows = ident('~rows');
const position = ident('~position');

interface Part {
  as: string;
  sql: string;
}

export async function compileAggregate(state: JobState, task: NodeTask<'aggregate'>): Promise<Compiled> {
  const { node, id } = task;
  const input = withPosition(inputOf(task), node.aggregates);
  const by = await Promise.all(node.by.map((key) => groupKey(state, id, input, key)));
  const values = await Promise.all(node.aggregates.map((aggregate) => aggregateOf(state, id, input, aggregate)));
  refuseDuplicates([...by, ...values], id);
  const list = [...by, ...values].map(({ as, sql }) => `${sql} AS ${ident(as)}`);
  const grouped = by.length > 0 ? ` GROUP BY ${by.map((key) => key.sql).join(', ')}` : '';
  const stored = tableName(id, '#');
  const rows = await createTable(state, stored, `SELECT ${[...list, `count(*) AS ${groupRows}`].join(', ')} FROM ${input.from}${grouped}`);
  const out = await define(state, `SELECT ${columnList([...by, ...values].map(({ as }) => ({ name: as })))} FROM ${stored}`, {
    id,
    store: false,
    ordered: false,
    unique: by.map(({ as }) => as),
  });
  await countInput(state, inputOf(task), stored);
  return { out: { ...out, rows, stored: true } };
}

async function countInput(state: JobState, input: Relation, stored: string): Promise<void> {
  const [row] = await state.session.rows(`SELECT coalesce(sum(${groupRows}), 0)::BIGINT AS rows FROM ${stored}`);
  input.rows ??= Number(row?.rows);
}

// first and last need an order that two runs share: the input's own, or else that of all its columns.
function withPosition(input: Relation, aggregates: Aggregate[]): Relation {
  if (!aggregates.some(({ function: name }) => name === 'first' || name === 'last')) return input;
  const order = input.ordered ? '' : `ORDER BY ${columnList(input.columns)}`;
  return { ...input, from: `(SELECT *, row_number() OVER (${order}) AS ${position} FROM ${input.from})` };
}

async function groupKey(state: JobState, step: string, input: Relation, key: NodeTask<'aggregate'>['node']['by'][number]): Promise<Part> {
  const [as, written] = typeof key === 'string' ? [key, ident(key)] : [key.as, key.expression];
  const { sql } = await readyExpression(state, written, input, { step, what: `the group "${as}"` });
  return { as, sql };
}

async function aggregateOf(state: JobState, step: string, input: Relation, aggregate: Aggregate): Promise<Part> {
  const what = `the aggregate "${aggregate.as}"`;
  const of = aggregate.of === undefined ? undefined : await readyExpression(state, aggregate.of, input, { step, what });
  const where = aggregate.where === undefined ? undefined : await readyExpression(state, aggregate.where, input, { step, what });
  if (of === undefined && aggregate.function !== 'count')
    throw new InvalidInput('table.aggregate_of', `Step ${step}: ${what} does not say what to aggregate.`, {
      hint: 'Set "of" to a column or expression.',
      details: { step },
    });
  const filter = where ? ` FILTER (WHERE ${where.sql})` : '';
  return { as: aggregate.as, sql: call(aggregate.function, of?.sql, { filter, inexact: of?.type === 'DOUBLE' || of?.type === 'FLOAT' }) };
}

function call(name: Aggregate['function'], of: string | undefined, { filter, inexact }: { filter: string; inexact: boolean }): string {
  if (of === undefined) return `count(*)${filter}`;
  switch (name) {
    case 'count_distinct':
      return `count(DISTINCT ${of})${filter}`;
    case 'first':
      return `arg_min_null(${of}, ${position})${filter}`;
    case 'last':
      return `arg_max_null(${of}, ${position})${filter}`;
    case 'sum':
      return inexact ? exactSum(of, filter) : `${name}(${of})${filter}`;
    case 'avg':
      return inexact ? `(${exactSum(of, filter)}) / count(${of})${filter}` : `${name}(${of})${filter}`;
    default:
      return `${name}(${of})${filter}`;
  }
}

function refuseDuplicates(parts: Part[], step: string): void {
  const seen = new Set<string>();
  for (const { as } of parts) {
    if (seen.has(as.toLowerCase()))
      throw new InvalidInput('table.duplicate_column', `Step ${step}: the column "${as}" would appear twice.`, {
        hint: 'Give each group and aggregate its own name.',
        details: { step },
      });
    seen.add(as.toLowerCase());
  }
}

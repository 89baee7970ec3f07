// The checks node: all row rules in one pass, then the rules over the whole table; stop, quarantine or warn.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Check } from '@tidewheel/contract/relation';
import type { CheckOutcome } from '@tidewheel/contract/values';
import { shorten } from '../expressions/inspect.ts';
import { tableError } from '../process/duckdb-errors.ts';
import { ident, text } from '../sql-text.ts';
import { readySelect } from './combine.ts';
import { readyExpression } from './expression.ts';
import { columnList, createTable, define, type JobState, namesOf, type Relation, tableName } from './job-state.ts';
import { type Compiled, inputOf, type NodeTask } from './node-task.ts';
import { totalOrder } from './ordering.ts';

const sampleSize = 20;
/** Numbers the input's rows, so that a query can say which of them it means. */
const rowColumn = '_row';
const hiddenRow = ident('~row');
const outcomes = { stop: 'stopped', quarantine: 'quarantined', warn: 'warned' } as const;

interface Checked {
  check: Check;
  /** The column of the flag table that is true on a failing row, when the check speaks of rows. */
  flag?: string;
  failedRows: number;
  sample: Record<string, unknown>[];
}

export async function compileChecks(state: JobState, task: NodeTask<'checks'>): Promise<Compiled> {
  const input = inputOf(task);
  const stored = await flagRows(state, task, input);
  const checked: Checked[] = [];
  const counts = await countFlags(state, task.node.checks, stored);
  for (const [index, check] of task.node.checks.entries()) {
    const failedRows = counts[index];
    const one: CheckTask = { check, input, stored, index };
    checked.push(failedRows === undefined ? await runQuery(state, task.id, one) : await checkedFlag(state, one, failedRows));
  }
  const checks = checked.map(outcomeOf);
  const stopped = checks.filter((check) => check.outcome === 'stopped');
  if (stopped.length > 0) return { out: input, checks, stopped: stoppedError(task.id, stopped, checks) };
  return { checks, ...(await split(state, task.id, { input, stored, checked })) };
}

function flagName(index: number): string {
  return ident(`~check ${index}`);
}

/** The input in a fixed order, with its row numbers and, for each row rule, whether the row fails it. A rule that cannot be evaluated on a row fails it. */
async function flagRows(state: JobState, task: NodeTask<'checks'>, input: Relation): Promise<string> {
  const flags: string[] = [];
  for (const [i, check] of task.node.checks.entries()) {
    if (check.expect === undefined) continue;
    const rule = await readyExpression(state, check.expect, input, { step: task.id, what: `check "${check.name}"` });
    flags.push(`, NOT coalesce(${rule.canFail && state.careful ? `TRY(${rule.sql})` : rule.sql}, false) AS ${flagName(i)}`);
  }
  const source = input.ordered ? input.from : `(SELECT * FROM ${input.from} ORDER BY ${totalOrder(input, [], task.id)})`;
  const query = `SELECT *, row_number() OVER () AS ${hiddenRow}${flags.join('')} FROM ${source}`;
  const stored = await define(state, query, { id: task.id, part: '#', store: true, ordered: true, of: [input] });
  input.rows ??= stored.rows;
  return stored.from;
}

/** How many rows fail each row rule, all counted in one pass. */
async function countFlags(state: JobState, checks: Check[], stored: string): Promise<(number | undefined)[]> {
  const counted = checks.flatMap((check, i) => (check.expect === undefined ? [] : [`count(*) FILTER (WHERE ${flagName(i)}) AS n${i}`]));
  const [row] = counted.length === 0 ? [] : await state.session.rows(`SELECT ${counted.join(', ')} FROM ${stored}`);
  return checks.map((_, i) => (row?.[`n${i}`] === undefined ? undefined : Number(row[`n${i}`])));
}

interface CheckTask {
  check: Check;
  input: Relation;
  stored: string;
  index: number;
}

async function checkedFlag(state: JobState, { check, input, stored, index }: CheckTask, failedRows: number): Promise<Checked> {
  const flag = flagName(index);
  const first = `SELECT ${columnList(input.columns)} FROM ${stored} WHERE ${flag} ORDER BY ${hiddenRow} LIMIT ${sampleSize}`;
  return { check, flag, failedRows, sample: failedRows === 0 ? [] : await state.session.rows(first) };
}

async function runQuery(state: JobState, step: string, { check, input, stored, index }: CheckTask): Promise<Checked> {
  const numbered = `(SELECT ${columnList(input.columns)}, ${hiddenRow} AS ${ident(rowColumn)} FROM ${stored})`;
  const found = tableName(step, `?${index}`);
  try {
    const { query } = await readySelect(state, check.query ?? '', { input: { from: numbered } });
    const failedRows = await createTable(state, found, query);
    const columns = await state.session.describe(`SELECT * FROM ${found}`);
    const shown = columns.filter(({ name }) => name.toLowerCase() !== rowColumn);
    const sample = failedRows === 0 || shown.length === 0 ? [] : await state.session.rows(`SELECT ${columnList(shown)} FROM ${found} LIMIT ${sampleSize}`);
    const numbers = columns.length > shown.length;
    if (check.severity === 'quarantine' && !numbers) {
      throw new InvalidInput('check.query_rows', `Step ${step}: check "${check.name}" does not say which rows to quarantine.`, {
        hint: 'Let the query return the column _row of input; SELECT * includes it.',
        details: { step },
      });
    }
    return { check, failedRows, sample, ...(check.severity === 'quarantine' ? { flag: `${hiddenRow} IN (SELECT ${ident(rowColumn)} FROM ${found})` } : {}) };
  } catch (error) {
    throw tableError(error, { step, doing: `check "${check.name}", "${shorten(check.query ?? '')}"`, columns: [...namesOf(input), rowColumn] });
  }
}

function outcomeOf({ check, failedRows, sample }: Checked): CheckOutcome {
  const base = { name: check.name, severity: check.severity, failedRows, ...(check.message === undefined ? {} : { message: check.message }) };
  return failedRows === 0 ? { ...base, outcome: 'passed' } : { ...base, outcome: outcomes[check.severity], sample };
}

function stoppedError(step: string, stopped: CheckOutcome[], checks: CheckOutcome[]): InvalidInput {
  const names = stopped.map((check) => `"${check.name}" (${check.failedRows} row${check.failedRows === 1 ? '' : 's'})`).join(', ');
  const message = stopped.find((check) => check.message)?.message;
  return new InvalidInput(
    'check.stopped',
    `Step ${step}: stopped by ${stopped.length === 1 ? 'the check' : 'the checks'} ${names}${message ? `: ${message}` : ''}.`,
    {
      hint: 'The failing rows are shown with the checks of this step. Correct the data, or set the severity to quarantine or warn.',
      details: { step, checks },
    },
  );
}

/** One rejected row for each input row that fails a quarantining check, with the names of all of them. */
async function split(
  state: JobState,
  id: string,
  { input, stored, checked }: { input: Relation; stored: string; checked: Checked[] },
): Promise<Pick<Compiled, 'out' | 'rejected' | 'rejectedFrom'>> {
  const failing = checked.filter((entry) => entry.check.severity === 'quarantine' && entry.failedRows > 0 && entry.flag !== undefined);
  const columns = columnList(input.columns);
  if (failing.length === 0) {
    const out = await define(state, `SELECT ${columns} FROM ${stored}`, { id, store: false, ordered: true });
    return { out: { ...out, rows: input.rows, stored: true, unique: input.unique }, rejected: 0 };
  }
  const failed = failing.map((entry) => entry.flag).join(' OR ');
  const reasons = failing.map((entry) => `CASE WHEN ${entry.flag} THEN ${text(entry.check.name)} END`);
  const rejectedFrom = tableName(id, '!');
  const kept = columnList(input.columns.filter(({ name }) => !/^_(step|reason)$/i.test(name)));
  const rejected = await createTable(
    state,
    rejectedFrom,
    `SELECT ${kept}, ${text(id)} AS _step, concat_ws('; ', ${reasons.join(', ')}) AS _reason FROM ${stored} WHERE ${failed}`,
  );
  return {
    out: await define(state, `SELECT ${columns} FROM ${stored} WHERE NOT (${failed})`, { id, store: true, ordered: true, of: [input], unique: input.unique }),
    rejected,
    rejectedFrom,
  };
}

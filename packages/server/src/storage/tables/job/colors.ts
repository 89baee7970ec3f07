// The colors node: which rule excludes a row or gives it a colour, and where the rest stands. Rules, order and families are worked out on a narrow table of the columns they
// need; the wide rows are read once, when each has its place.
import { InvalidInput } from '@tidewheel/contract/errors';
import { ident, text } from '../sql-text.ts';
import { type ConditionScope, conditionSql, orderColumn, readyColumns } from './color-condition.ts';
import { columnList, createTable, define, type JobState, type Relation, tableName } from './job-state.ts';
import { type Compiled, inputOf, type NodeTask } from './node-task.ts';

type Task = NodeTask<'colors'>;

const placeColumns = ['excludedBy', 'position', 'family', 'child', 'color', 'colorBy'];
/** What decides between rows of the same date, rank and price; what is still the same stays as it came. */
const breakers = ['at DESC', 'cusip ASC', 'isin ASC', 'dealer ASC', 'source ASC', 'bias ASC'];

export async function compileColors(state: JobState, task: Task): Promise<Compiled> {
  const input = inputOf(task);
  if (task.node.arranged) return leaveArranged(state, task, input);
  const source = await numberedSource(state, task, input);
  await markRows(state, task, { input, source });
  const placed = await placeRows(state, task);
  const columns = input.columns.filter(({ name }) => !placeColumns.some((place) => place.toLowerCase() === name.toLowerCase()));
  const { exclusions, colorings } = task.node;
  const query = `SELECT ${columnList(columns, 't.')}, ${chosen(exclusions, 'id', 'p.x')} AS "excludedBy", p.position, p.family, p.child,
    ${chosen(colorings, 'color', 'p.c')} AS color, ${chosen(colorings, 'id', 'p.c')} AS "colorBy"
    FROM ${source.from} t JOIN ${placed} p ON t.${source.row} = p.r ORDER BY p.position NULLS LAST, p.r`;
  const readers = state.readers.get(task.id) ?? [];
  const streamed = !state.careful && readers.length + (task.keep ? 1 : 0) <= 1 && readers.every(({ node }) => node.op === 'write');
  return { out: await define(state, query, { id: task.id, store: !streamed, ordered: true, of: [input] }) };
}

/** People placed these rows: the excluded ones come last here, too. */
async function leaveArranged(state: JobState, { id }: Task, input: Relation): Promise<Compiled> {
  const missing = placeColumns.filter((place) => !input.columns.some(({ name }) => name === place));
  if (missing.length > 0)
    throw new InvalidInput('color.places_lost', `Step ${id}: the rows of the session come without ${missing.join(', ')}.`, {
      hint: 'Let the steps between color.take and color.rank keep these columns.',
      details: { step: id },
    });
  const query = `SELECT ${columnList(input.columns)} FROM ${input.from} ORDER BY position NULLS LAST`;
  return { out: await define(state, query, { id, store: true, ordered: true, of: [input] }) };
}

/** The rule at this place, 1 the first: what of it is shown. */
function chosen<T extends object>(rules: T[], what: keyof T, place: string): string {
  return rules.length === 0 ? 'CAST(NULL AS VARCHAR)' : `[${rules.map((rule) => text(String(rule[what]))).join(', ')}][${place}]`;
}

interface Source {
  from: string;
  /** A number that each row has for itself, in the order of the rows. */
  row: string;
}

async function numberedSource(state: JobState, { id }: Task, input: Relation): Promise<Source> {
  const own = input.columns.some(({ name }) => ['rowid', 'file_row_number'].includes(name.toLowerCase()));
  if (!own && input.path !== undefined) return { from: `read_parquet(${text(input.path)}, file_row_number = true)`, row: 'file_row_number' };
  if (!own && input.stored && !input.file) return { from: input.from, row: 'rowid' };
  const numbered = tableName(id, ':in');
  input.rows = await createTable(state, numbered, `SELECT ${columnList(input.columns)}${own ? ', row_number() OVER () AS "~row"' : ''} FROM ${input.from}`);
  return { from: numbered, row: own ? '"~row"' : 'rowid' };
}

/** One row for each: which exclusion (`x`) and which coloring rule (`c`) it fulfils first, by place, and what it is ordered by. */
async function markRows(state: JobState, { id, node }: Task, { input, source }: { input: Relation; source: Source }): Promise<void> {
  const ready = readyColumns({ input, step: id, timeZone: state.job.timeZone });
  const scope = { ready, today: node.today ?? state.job.today };
  const [excluded, colored] = [firstOf(node.exclusions, scope), firstOf(node.colorings, scope)];
  const order = orderOf(node, { input, step: id });
  const narrow = [`${source.row} AS r`, `${familyKey(input)} AS k`, ...order.map(({ sql }, i) => `${sql} AS o${i}`), ...ready.list()];
  const marked = tableName(id, ':marked');
  const kept = ['r', 'k', ...order.map((_, i) => `o${i}`), 'x'].join(', ');
  const rows = await createTable(
    state,
    marked,
    `SELECT ${kept}, CASE WHEN x IS NULL THEN ${colored} END AS c FROM (SELECT *, ${excluded} AS x FROM (SELECT ${narrow.join(', ')} FROM ${source.from}))`,
  );
  input.rows ??= rows;
  if (rows > 0 && node.allowsAll !== true) await requireKept(state, { id, marked, rows });
}

async function requireKept(state: JobState, { id, marked, rows }: { id: string; marked: string; rows: number }): Promise<void> {
  const [found] = await state.session.rows(`SELECT r FROM ${marked} WHERE x IS NULL LIMIT 1`);
  if (found) return;
  const message = rows === 1 ? 'the rules exclude the only row' : `the rules exclude all ${rows} rows`;
  throw new InvalidInput('color.all_excluded', `Step ${id}: ${message}.`, {
    hint: 'Look at the exclusion rules, or set allowsAll when a sheet without rows is meant.',
    details: { step: id, rows },
  });
}

function firstOf(rules: { when: Parameters<typeof conditionSql>[0] }[], scope: ConditionScope): string {
  if (rules.length === 0) return 'CAST(NULL AS INTEGER)';
  return `CASE ${rules.map(({ when }, i) => `WHEN ${conditionSql(when, scope)} THEN ${i + 1}`).join(' ')} END`;
}

/** Rows of one CUSIP are a family, without one those of an ISIN; who has neither stands alone. */
function familyKey(input: Relation): string {
  const has = (wanted: string) => input.columns.find(({ name }) => name.toLowerCase() === wanted);
  const [cusip, isin] = [has('cusip'), has('isin')].map((column) => (column ? `nullif(trim(CAST(${ident(column.name)} AS VARCHAR)), '')` : null));
  const keys = [...(cusip ? [`'C' || ${cusip}`] : []), ...(isin ? [`'I' || ${isin}`] : [])];
  return keys.length === 0 ? 'CAST(NULL AS VARCHAR)' : `coalesce(${keys.join(', ')})`;
}

function orderOf({ order }: Task['node'], { input, step }: { input: Relation; step: string }): { sql: string; direction: string }[] {
  const wanted = (['date', 'rank', 'px'] as const).map((field) => ({ sql: orderColumn({ input, step, field }), direction: order[field].toUpperCase() }));
  const further = breakers.flatMap((breaker) => {
    const [name, direction = 'ASC'] = breaker.split(' ');
    const column = input.columns.find((each) => each.name.toLowerCase() === name);
    return column ? [{ sql: ident(column.name), direction }] : [];
  });
  return [...wanted, ...further];
}

/** @returns the table with the place of each row; the row number of a table that was made in order is the rank */
async function placeRows(state: JobState, { id, node, inputs }: Task): Promise<string> {
  const [marked, ordered, families, placed] = [':marked', ':ordered', ':families', ':placed'].map((part) => tableName(id, part)) as [
    string,
    string,
    string,
    string,
  ];
  const keys = orderOf(node, { input: inputOf({ id, inputs }), step: id }).map(({ direction }, i) => `o${i} ${direction} NULLS LAST`);
  await createTable(state, ordered, `SELECT r, k, c FROM ${marked} WHERE x IS NULL ORDER BY ${keys.join(', ')}, r`);
  await createTable(
    state,
    families,
    `SELECT r, c, n = first AS parent FROM (SELECT r, c, o.rowid AS n, coalesce(f.first, o.rowid) AS first FROM ${ordered} o
      LEFT JOIN (SELECT k, min(rowid) AS first FROM ${ordered} WHERE k IS NOT NULL GROUP BY k) f ON o.k = f.k) ORDER BY first, n`,
  );
  const sofar = 'OVER (ORDER BY rowid ROWS UNBOUNDED PRECEDING)';
  await createTable(
    state,
    placed,
    `SELECT r, CAST(NULL AS INTEGER) AS x, c, CAST(rowid + 1 AS INTEGER) AS position, CAST(sum(CAST(parent AS INTEGER)) ${sofar} AS INTEGER) AS family,
      CAST(rowid - max(CASE WHEN parent THEN rowid END) ${sofar} AS INTEGER) AS child FROM ${families}
      UNION ALL SELECT r, x, NULL, NULL, NULL, NULL FROM ${marked} WHERE x IS NOT NULL`,
  );
  return placed;
}

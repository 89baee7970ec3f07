// Pages of a list by keyset: a page starts after the last row of the one before, so rows that come or go meanwhile shift nothing. DESIGN 9.
import { InvalidInput } from '@tidewheel/contract/errors';
import { countCap, type Page } from '@tidewheel/contract/page';
import { type Expression, type QueryExecutorProvider, type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';

export interface SortKey {
  /** As in the query: `flow.title`. It must not be null. */
  column: string;
  /** The column's type in Postgres. */
  type: 'text' | 'uuid' | 'timestamptz' | 'bigint' | 'numeric' | 'date';
  direction: 'asc' | 'desc';
}

/** An order that a list may be asked for. Its last key must be unique within the list. The name goes into the cursor. */
export interface Sort {
  name: string;
  keys: readonly SortKey[];
}

export interface PageRequest {
  cursor?: string | undefined;
  limit: number;
}

interface PageTask<DB, TB extends keyof DB, Row> {
  /** The transaction that the query belongs to. */
  db: QueryExecutorProvider;
  /** Filters and selection, neither ordered nor limited. */
  query: SelectQueryBuilder<DB, TB, Row>;
  /** The same filters without costly joins, to count; `query` unless told. */
  counted?: Expression<unknown>;
  sort: Sort;
  page: PageRequest;
}

/** One page with its cursor and the capped count. @throws InvalidInput `page.cursor` */
export async function readPage<DB, TB extends keyof DB, Row>({ db, query, counted, sort, page }: PageTask<DB, TB, Row>): Promise<Page<Row>> {
  const rows = await readPageRows({ query, sort, page });
  return { ...rows, ...cappedTotal(await countUpTo(db, counted ?? query)) };
}

/** One page without its count, for lists whose count is asked for beside it. @throws InvalidInput `page.cursor` */
export async function readPageRows<DB, TB extends keyof DB, Row>({
  query,
  sort,
  page,
}: Pick<PageTask<DB, TB, Row>, 'query' | 'sort' | 'page'>): Promise<Pick<Page<Row>, 'items' | 'next'>> {
  const after = page.cursor === undefined ? null : decodeCursor(page.cursor, sort);
  const rows = await readRows({ query, sort, after, limit: page.limit + 1 });
  const shown = rows.slice(0, page.limit);
  return { items: shown.map(withoutKeys) as Row[], next: rows.length > page.limit ? encodeCursor(shown.at(-1) as Keyed, sort) : null };
}

/** How pages tell a count: exact up to the cap. */
export function cappedTotal(total: number): Pick<Page<unknown>, 'total' | 'totalCapped'> {
  return { total: Math.min(total, countCap), totalCapped: total > countCap };
}

/** All of them, a batch at a time, each after the last row of the one before. */
export async function* readBatches<DB, TB extends keyof DB, Row>({
  query,
  sort,
  size,
}: {
  query: SelectQueryBuilder<DB, TB, Row>;
  sort: Sort;
  size: number;
}): AsyncGenerator<Row[]> {
  let after: string[] | null = null;
  do {
    const rows: Keyed[] = await readRows({ query, sort, after, limit: size });
    if (rows.length > 0) yield rows.map(withoutKeys) as Row[];
    after = rows.length < size ? null : (rows.at(-1) as Keyed)._keys;
  } while (after !== null);
}

/** The sort values as text, exactly as Postgres knows them: a JavaScript Date would lose the microseconds. */
type Keyed = { _keys: string[] };

async function readRows<DB, TB extends keyof DB, Row>({
  query,
  sort,
  after,
  limit,
}: {
  query: SelectQueryBuilder<DB, TB, Row>;
  sort: Sort;
  after: string[] | null;
  limit: number;
}): Promise<Keyed[]> {
  let ordered = query.select(keysOf(sort).as('_keys')).limit(limit) as unknown as SelectQueryBuilder<DB, TB, Keyed>;
  if (after) ordered = ordered.where(isAfter(sort, after));
  for (const { column, direction } of sort.keys) ordered = ordered.orderBy(sql.ref(column), direction);
  try {
    return await ordered.execute();
  } catch (thrown) {
    throw after && isDataError(thrown) ? wrongCursor(thrown) : thrown;
  }
}

function keysOf(sort: Sort): RawBuilder<string[]> {
  return sql<string[]>`array[${sql.join(sort.keys.map(({ column }) => sql`${sql.ref(column)}::text`))}]`;
}

function isAfter(sort: Sort, after: readonly string[]): RawBuilder<SqlBool> {
  const values = sort.keys.map(({ type }, index) => sql`${after[index]}::${sql.raw(type)}`);
  const columns = sort.keys.map(({ column }) => sql.ref(column));
  const [first] = sort.keys;
  if (sort.keys.every(({ direction }) => direction === first?.direction)) {
    return sql<SqlBool>`(${sql.join(columns)}) ${sql.raw(first?.direction === 'desc' ? '<' : '>')} (${sql.join(values)})`;
  }
  const steps = sort.keys.map(({ direction }, index) => {
    const equal = columns.slice(0, index).map((column, before) => sql`${column} = ${values[before]}`);
    return sql`(${sql.join([...equal, sql`${columns[index]} ${sql.raw(direction === 'desc' ? '<' : '>')} ${values[index]}`], sql` and `)})`;
  });
  return sql<SqlBool>`(${sql.join(steps, sql` or `)})`;
}

/** Never more than one above the cap. */
export async function countUpTo(db: QueryExecutorProvider, query: Expression<unknown>): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::int as count from (select 1 from (${query}) as filtered limit ${countCap + 1}) as counted`.execute(db);
  return rows[0]?.count ?? 0;
}

function encodeCursor(row: Keyed, sort: Sort): string {
  return Buffer.from(JSON.stringify([sort.name, ...row._keys])).toString('base64url');
}

function decodeCursor(cursor: string, sort: Sort): string[] {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (thrown) {
    throw wrongCursor(thrown);
  }
  const sound = Array.isArray(parts) && parts.length === sort.keys.length + 1 && parts.every((part) => typeof part === 'string');
  if (!sound) throw wrongCursor(undefined);
  const [name, ...values] = parts as string[];
  if (name !== sort.name) throw wrongCursor(undefined);
  return values;
}

function wrongCursor(cause: unknown): InvalidInput {
  return new InvalidInput('page.cursor', 'The cursor is not one of this list in this order.', {
    hint: 'Take `next` of the page before, with the same sort, or leave the cursor out to start anew.',
    cause,
  });
}

/** Class 22 of Postgres, data exception: here only a value of the cursor can be it. */
function isDataError(thrown: unknown): boolean {
  return typeof (thrown as { code?: unknown }).code === 'string' && (thrown as { code: string }).code.startsWith('22');
}

function withoutKeys({ _keys, ...row }: Keyed): object {
  return row;
}

// The statements of a search. Each begins in in-search.ts.
import type { ColorFilter, ColorSort } from '@tidewheel/contract/routes/color-search';
import { type SelectQueryBuilder, sql } from 'kysely';
import { type PageRequest, readBatches, readPage, type Sort } from '../../../storage/keyset.ts';
import type { Database } from '../../../storage/schema.ts';
import { filtered, orderOf } from '../matching/color-filter.store.ts';
import { meant } from '../matching/security-text.store.ts';
import type { ColorRow } from '../processing/processings.store.ts';
import type { InSearch } from './in-search.ts';

/** Up to so many bonds are named one by one; more are a question of their own, which Postgres joins as it likes. */
const mostNamed = 1_000;

export interface Asked {
  filter: ColorFilter;
  sort: ColorSort;
}
type Colors = SelectQueryBuilder<Database, 'color', object>;

/** The colors that it means, unordered. */
async function asked(search: InSearch, { text, security, ...filter }: ColorFilter): Promise<Colors> {
  let colors: Colors = filtered(search.colors(), filter);
  if (security !== undefined) colors = colors.where('color.security', '=', security);
  return text === undefined ? colors : ofText(search, colors, text);
}

async function ofText(search: InSearch, colors: Colors, text: string): Promise<Colors> {
  const securities = search
    .securities()
    .where((eb) => meant(eb, text))
    .select('color_security.security');
  const named = await securities.limit(mostNamed + 1).execute();
  if (named.length > mostNamed) return colors.where('color.security', 'in', securities);
  return colors.where(sql<boolean>`color.security = any(${named.map(({ security }) => security)}::text[])`);
}

interface Found {
  query: SelectQueryBuilder<Database, 'color', ColorRow>;
  counted: Colors;
  sort: Sort;
}

async function found(search: InSearch, { filter, sort: name }: Asked): Promise<Found> {
  const colors = await asked(search, filter);
  const { value, sort } = orderOf(name);
  const counted = colors.select(sql<number>`1`.as('one'));
  if (value === undefined) return { query: colors.selectAll('color'), counted, sort };
  const inner = colors.selectAll('color').select(value.as('value')).as('color');
  const query = search.db.selectFrom(inner).selectAll('color') as unknown as Found['query'];
  return { query, counted, sort };
}

export async function findPage(search: InSearch, what: Asked, page: PageRequest) {
  const { query, counted, sort } = await found(search, what);
  return readPage({ db: search.db, query, counted, sort, page });
}

/** All that is found, a thousand at a time. */
export async function* findAll(search: InSearch, what: Asked): AsyncGenerator<ColorRow[]> {
  const { query, sort } = await found(search, what);
  yield* readBatches({ query, sort, size: 1_000 });
}

/** @returns at most `cap` */
export async function countFound(search: InSearch, { filter, cap }: { filter: ColorFilter; cap: number }): Promise<number> {
  const colors = await asked(search, filter);
  const some = colors.select(sql<number>`1`.as('one')).limit(cap).as('some');
  const { found } = await search.db.selectFrom(some).select(sql<number>`count(*)`.as('found')).executeTakeFirstOrThrow();
  return found;
}

/** The numbers by which people know them. */
export async function findNumbers(search: InSearch, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await search
    .processings()
    .where('color_processing.id', 'in', [...ids])
    .select(['color_processing.id', 'color_processing.number'])
    .execute();
  return new Map(rows.map(({ id, number }) => [id, number]));
}

const choosable = ['sector', 'market', 'source', 'dealer'] as const;

/** Each value once, by jumps through its index: the time goes with the values, not with the colors. */
export async function findChoices(search: InSearch, field: (typeof choosable)[number], most: number): Promise<string[]> {
  const column = `color.${field}` as const;
  const next = (after: string | undefined) => {
    const above = search.colors().where(column, 'is not', null);
    return (after === undefined ? above : above.where(column, '>', after)).select(column).orderBy(column).limit(1).executeTakeFirst();
  };
  const values: string[] = [];
  for (let row = await next(undefined); row !== undefined && values.length < most; row = await next(values.at(-1))) values.push(row[field] as string);
  return values;
}

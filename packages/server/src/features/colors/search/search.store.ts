// The statements of a search. Each begins in in-search.ts.
import type { Page } from '@tidewheel/contract/page';
import type { ColorFilter, ColorSort } from '@tidewheel/contract/routes/color-search';
import { type SelectQueryBuilder, sql } from 'kysely';
import { cappedTotal, countUpTo, type PageRequest, readBatches, readPageRows } from '../../../storage/keyset.ts';
import type { Database } from '../../../storage/schema.ts';
import { filtered, type NumberField, orderOf } from '../matching/color-filter.store.ts';
import type { ColorRow } from '../processing/processings.store.ts';
import type { InSearch } from './in-search.ts';
import { type Colors, findNamedBonds, type NamedBonds } from './named-bonds.store.ts';
import { daysToTry } from './newest-days.ts';

export interface Asked {
  filter: ColorFilter;
  sort: ColorSort;
}

interface Found {
  bonds: NamedBonds | undefined;
  /** The colors that are meant, unordered. */
  colors: Colors;
}

async function found(search: InSearch, filter: ColorFilter): Promise<Found> {
  const bonds = await findNamedBonds(search, filter);
  const colors: Colors = filtered(search.colors(), filter);
  return { bonds, colors: bonds ? bonds.among(colors) : colors };
}

/** By a number: those that have none come last, so `value` stands for it. */
function ordered(search: InSearch, { colors, sort: name }: { colors: Colors; sort: ColorSort }) {
  const { value, sort } = orderOf(name);
  if (value === undefined) return { query: colors.selectAll('color'), sort };
  return { query: withValue(search, colors.selectAll('color').select(value.as('value'))), sort };
}

function withValue<Row>(search: InSearch, inner: SelectQueryBuilder<Database, 'color', Row>) {
  return search.db.selectFrom(inner.as('color')).selectAll('color') as unknown as SelectQueryBuilder<Database, 'color', ColorRow>;
}

/** The page and its count are asked at once, on a connection each. */
export async function findPage(search: InSearch, what: Asked, page: PageRequest): Promise<Page<ColorRow>> {
  const { bonds, colors } = await found(search, what.filter);
  const [rows, total] = await Promise.all([readSome(search, { what, page, bonds, colors }), countMeant(search, { filter: what.filter, bonds, colors })]);
  return { ...rows, ...cappedTotal(total) };
}

/** Of bonds with no more the rows themselves are ordered: a second statement would cost more. */
const fewColors = 5_000;

type Reading = Found & { what: Asked; page: PageRequest };

function readSome(search: InSearch, reading: Reading) {
  const { field } = orderOf(reading.what.sort);
  if (field === undefined) return readByDay(search, reading);
  if (!reading.bonds) return readByNumber(search, { ...reading, field });
  return reading.bonds.colors > fewColors
    ? readKeysFirst(search, reading)
    : readPageRows({ ...ordered(search, { ...reading, sort: reading.what.sort }), page: reading.page });
}

/** A page that is full within the last days is the page; else more days are read. */
async function readByDay(search: InSearch, { what: { filter, sort }, page, bonds, colors }: Reading) {
  const days = sort === 'newest' ? daysToTry({ bonds, newest: bonds ? null : await newestDay(search), ...filter, limit: page.limit }) : [];
  for (const day of days) {
    const rows = await readPageRows({ ...ordered(search, { colors: colors.where('color.date', '>=', day), sort }), page });
    if (rows.next !== null) return rows;
  }
  return readPageRows({ ...ordered(search, { colors, sort }), page });
}

/** The index of bonds holds what is ordered by; the rows of the page are read when it is known which. */
async function readKeysFirst(search: InSearch, { what, page, colors }: Reading) {
  const { value, sort } = orderOf(what.sort);
  if (value === undefined) return readPageRows({ ...ordered(search, { colors, sort: what.sort }), page });
  const keys = colors.select(['color.date', 'color.processing_id', 'color.line', value.as('value')]);
  const { items, next } = await readPageRows({ query: withValue(search, keys), sort, page });
  return { items: await findRows(search, items), next };
}

/** An index has the numbers in their order, without those that have none: these are asked for when a page is not full without them. */
async function readByNumber(search: InSearch, { what, page, colors, field }: Reading & { field: NumberField }) {
  const { sort } = orderOf(what.sort);
  const some = colors
    .where(`color.${field}`, 'is not', null)
    .selectAll('color')
    .select(sql.ref<string>(`color.${field}`).as('value'));
  const rows = await readPageRows({ query: withValue(search, some), sort, page });
  return rows.next === null ? readPageRows({ ...ordered(search, { colors, sort: what.sort }), page }) : rows;
}

/** In the order of their keys. */
function findRows(search: InSearch, keys: readonly Pick<ColorRow, 'date' | 'processing_id' | 'line'>[]): Promise<ColorRow[]> {
  const [dates, processings, lines] = [keys.map(({ date }) => date), keys.map((key) => key.processing_id), keys.map(({ line }) => line)];
  const given = sql<{
    date: string;
    processing_id: string;
    line: number;
    place: number;
  }>`unnest(${dates}::date[], ${processings}::uuid[], ${lines}::int[]) with ordinality`;
  return search
    .colors()
    .innerJoin(given.as<'given'>(sql`given(date, processing_id, line, place)`), (join) =>
      join.onRef('given.date', '=', 'color.date').onRef('given.processing_id', '=', 'color.processing_id').onRef('given.line', '=', 'color.line'),
    )
    .selectAll('color')
    .orderBy('given.place')
    .execute();
}

/** Of a recent processing: what came later for earlier days is read all the same, with all of it. */
async function newestDay(search: InSearch): Promise<string | null> {
  const row = await search.processings().select('color_processing.last_day').orderBy('color_processing.number', 'desc').limit(1).executeTakeFirst();
  return row?.last_day ?? null;
}

/** What is asked of bonds alone, or of nothing, stands in their rows and in those of the processings. */
async function countMeant(search: InSearch, { filter, bonds, colors }: Found & { filter: ColorFilter }): Promise<number> {
  const { text: _, security: __, ...more } = filter;
  if (Object.values(more).some((value) => value !== undefined)) return countUpTo(search.db, colors.select(sql<number>`1`.as('one')));
  if (bonds) return bonds.colors;
  const { kept } = await search.processings().select(sql<number>`coalesce(sum(kept), 0)::bigint`.as('kept')).executeTakeFirstOrThrow();
  return kept;
}

/** All that is found, a thousand at a time. */
export async function* findAll(search: InSearch, what: Asked): AsyncGenerator<ColorRow[]> {
  const { colors } = await found(search, what.filter);
  yield* readBatches({ ...ordered(search, { colors, sort: what.sort }), size: 1_000 });
}

/** @returns at most `cap` */
export async function countFound(search: InSearch, { filter, cap }: { filter: ColorFilter; cap: number }): Promise<number> {
  const { colors } = await found(search, filter);
  const some = colors.select(sql<number>`1`.as('one')).limit(cap).as('some');
  const { counted } = await search.db.selectFrom(some).select(sql<number>`count(*)`.as('counted')).executeTakeFirstOrThrow();
  return counted;
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

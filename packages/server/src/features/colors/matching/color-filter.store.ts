// What a search asks for, as conditions on a query of colors.
import type { ColorFilter, ColorSort } from '@tidewheel/contract/routes/color-search';
import { type SelectQueryBuilder, sql } from 'kysely';
import type { Sort } from '../../../storage/keyset.ts';
import type { Database } from '../../../storage/schema.ts';

const same = ['sector', 'market', 'source', 'dealer', 'bias'] as const;
const ranges = [
  ['px', 'pxFrom', 'pxTo'],
  ['spread', 'spreadFrom', 'spreadTo'],
  ['size', 'sizeFrom', 'sizeTo'],
  ['rank', 'rankFrom', 'rankTo'],
] as const;

/** All of it but `text` and `security`. */
export function filtered<Row>(query: SelectQueryBuilder<Database, 'color', Row>, filter: ColorFilter): SelectQueryBuilder<Database, 'color', Row> {
  let all = query;
  if (filter.from !== undefined) all = all.where('color.date', '>=', filter.from);
  if (filter.to !== undefined) all = all.where('color.date', '<=', filter.to);
  for (const field of same) if (filter[field] !== undefined) all = all.where(`color.${field}`, '=', filter[field]);
  for (const [field, from, to] of ranges) {
    const column = sql<number>`${sql.ref(`color.${field}`)}::numeric`;
    if (filter[from] !== undefined) all = all.where(column, '>=', sql<number>`${filter[from]}::numeric`);
    if (filter[to] !== undefined) all = all.where(column, '<=', sql<number>`${filter[to]}::numeric`);
  }
  return all;
}

const place = [
  { column: 'color.processing_id', type: 'uuid', direction: 'desc' },
  { column: 'color.line', type: 'bigint', direction: 'desc' },
] as const;
const newest = [{ column: 'color.date', type: 'date', direction: 'desc' }, ...place] as const;
/** Above and below every value that a color may have: those without one come last either way. */
const last = { asc: sql`'Infinity'::numeric`, desc: sql`'-Infinity'::numeric` };

export type NumberField = 'px' | 'spread' | 'size' | 'rank';

function byNumber(field: NumberField, direction: 'asc' | 'desc') {
  const value = sql<string>`coalesce(${sql.ref(`color.${field}`)}, ${last[direction]})`;
  return { field, value, keys: [{ column: 'value', type: 'numeric', direction }, ...newest] as const };
}

const orders = {
  newest: { field: undefined, value: undefined, keys: newest },
  oldest: { field: undefined, value: undefined, keys: newest.map((key) => ({ ...key, direction: 'asc' as const })) },
  px: byNumber('px', 'asc'),
  '-px': byNumber('px', 'desc'),
  spread: byNumber('spread', 'asc'),
  '-spread': byNumber('spread', 'desc'),
  '-size': byNumber('size', 'desc'),
  rank: byNumber('rank', 'asc'),
} satisfies Record<ColorSort, { field: NumberField | undefined; value: unknown; keys: Sort['keys'] }>;

/** Null values cannot be a key of a page: `value` stands for the column then, as a column of the inner query. */
export function orderOf(name: ColorSort): { field: NumberField | undefined; value: ReturnType<typeof sql<string>> | undefined; sort: Sort } {
  const { field, value, keys } = orders[name];
  return { field, value, sort: { name, keys } };
}

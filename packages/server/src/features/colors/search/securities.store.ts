// One bond: what it is, its prices, and who spoke of it.
import type { ColorBias } from '@tidewheel/contract/color';
import { type Selectable, sql } from 'kysely';
import type { ColorSearchTables } from '../../../storage/color-search-tables.ts';
import { meant } from '../matching/security-text.store.ts';
import type { InSearch } from './in-search.ts';

export type SecurityRow = Selectable<ColorSearchTables['color_security']>;

/** Those that are exactly it first, then those that are spoken of most. */
export function suggest(search: InSearch, { text, limit }: { text: string; limit: number }): Promise<SecurityRow[]> {
  const whole = text.toUpperCase();
  return search
    .securities()
    .where((eb) => meant(eb, text))
    .selectAll('color_security')
    .orderBy(sql`(${whole} in (cusip, isin, upper(ticker))) is true`, 'desc')
    .orderBy('color_security.colors', 'desc')
    .orderBy('color_security.security')
    .limit(limit)
    .execute();
}

/** By the name it has here, else by its ISIN. */
export async function findSecurity(search: InSearch, name: string): Promise<SecurityRow | undefined> {
  const all = () => search.securities().selectAll('color_security');
  const [upper] = [name.toUpperCase()];
  return (
    (await all().where('color_security.security', 'in', [name, upper]).executeTakeFirst()) ??
    (await all().where('color_security.isin', '=', upper).orderBy('color_security.colors', 'desc').limit(1).executeTakeFirst())
  );
}

const of = (search: InSearch, security: string) => search.colors().where('color.security', '=', security);

export function findDealers(search: InSearch, security: string) {
  return of(search, security)
    .select(({ fn }) => [
      'color.dealer',
      fn.countAll<number>().as('colors'),
      fn.max('color.date').as('lastDay'),
      sql<string | null>`(array_agg(px order by date desc, at desc nulls last, processing_id desc, line) filter (where px is not null))[1]`.as('lastPx'),
    ])
    .groupBy('color.dealer')
    .orderBy('colors', 'desc')
    .orderBy('color.dealer')
    .limit(50)
    .execute();
}

export async function findProcessingsOf(search: InSearch, security: string) {
  const counted = await of(search, security)
    .select(({ fn }) => ['color.processing_id', fn.countAll<number>().as('colors')])
    .groupBy('color.processing_id')
    .execute();
  const colors = new Map(counted.map((row) => [row.processing_id, row.colors]));
  if (colors.size === 0) return [];
  const rows = await search
    .processings()
    .where('color_processing.id', 'in', [...colors.keys()])
    .select(['color_processing.id', 'color_processing.number', 'color_processing.date'])
    .orderBy('color_processing.number', 'desc')
    .limit(20)
    .execute();
  return rows.map(({ id, number, date }) => ({ number, date, colors: colors.get(id) ?? 0 }));
}

export interface PricesAsked {
  security: string;
  from?: string | undefined;
  to?: string | undefined;
  bias?: ColorBias | undefined;
  most: number;
}

export async function findPrices(search: InSearch, { security, from, to, bias, most }: PricesAsked) {
  let colors = of(search, security).where('color.px', 'is not', null);
  if (from !== undefined) colors = colors.where('color.date', '>=', from);
  if (to !== undefined) colors = colors.where('color.date', '<=', to);
  if (bias !== undefined) colors = colors.where('color.bias', '=', bias);
  const newest = await colors
    .select(({ fn }) => [
      'color.date',
      'color.bias',
      fn.min('color.px').as('low'),
      fn.max('color.px').as('high'),
      sql<string | null>`(array_agg(px order by at desc nulls last, processing_id desc, line))[1]`.as('last'),
      fn.countAll<number>().as('colors'),
    ])
    .groupBy(['color.date', 'color.bias'])
    .orderBy('color.date', 'desc')
    .orderBy('color.bias', 'desc')
    .limit(most)
    .execute();
  return newest.reverse();
}

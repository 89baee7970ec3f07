// Which bonds a search names, and what their rows say of their colors: how many there are, and of which days.
import type { ColorFilter } from '@tidewheel/contract/routes/color-search';
import { type SelectQueryBuilder, sql } from 'kysely';
import type { Database } from '../../../storage/schema.ts';
import { meant } from '../matching/security-text.store.ts';
import type { InSearch } from './in-search.ts';

export type Colors = SelectQueryBuilder<Database, 'color', object>;

export interface NamedBonds {
  /** Of all of them together. */
  colors: number;
  firstDay: string | null;
  lastDay: string | null;
  /** Those colors that are of one of them. */
  among(colors: Colors): Colors;
}

/** Up to so many bonds are named one by one; more are a question of their own, which Postgres joins as it likes. */
const mostNamed = 1_000;

/** @returns undefined where neither a text nor a security is asked for */
export async function findNamedBonds(search: InSearch, { text, security }: ColorFilter): Promise<NamedBonds | undefined> {
  if (text === undefined && security === undefined) return undefined;
  let bonds = search.securities();
  if (security !== undefined) bonds = bonds.where('color_security.security', '=', security);
  if (text !== undefined) bonds = bonds.where((eb) => meant(eb, text));
  const some = await bonds
    .select(['color_security.security', 'color_security.colors', 'color_security.first_day', 'color_security.last_day'])
    .limit(mostNamed + 1)
    .execute();
  if (some.length > mostNamed)
    return { ...(await summed(bonds)), among: (colors) => colors.where('color.security', 'in', bonds.select('color_security.security')) };
  const names = some.map((row) => row.security);
  return {
    colors: some.reduce((sum, row) => sum + row.colors, 0),
    firstDay: some.reduce<string | null>((first, row) => (first === null || row.first_day < first ? row.first_day : first), null),
    lastDay: some.reduce<string | null>((last, row) => (last === null || row.last_day > last ? row.last_day : last), null),
    among: (colors) =>
      names.length === 1 ? colors.where('color.security', '=', names[0] as string) : colors.where(sql<boolean>`color.security = any(${names}::text[])`),
  };
}

async function summed(bonds: SelectQueryBuilder<Database, 'color_security', object>) {
  const { colors, first, last } = await bonds
    .select(({ fn }) => [
      fn.sum<number>('color_security.colors').as('colors'),
      fn.min('color_security.first_day').as('first'),
      fn.max('color_security.last_day').as('last'),
    ])
    .executeTakeFirstOrThrow();
  return { colors: Number(colors ?? 0), firstDay: first, lastDay: last };
}

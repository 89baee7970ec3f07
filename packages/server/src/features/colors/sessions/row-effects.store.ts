// What each change sets of the rows that it is about. Rows as they were are `t`.
import type { ColorField } from '@tidewheel/contract/color';
import type { RowColor } from '@tidewheel/contract/color-rule';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { fieldColumns } from '../buffer/buffer-rows.ts';
import type { RowsChange } from './change-rows.store.ts';
import { type NewRanks, ranksTable } from './rank-rows.store.ts';

export type Effect = Pick<RowsChange, 'where' | 'given' | 'set'>;
type Where = RowsChange['where'];

const noRule = sql`null::uuid`;
export const anyRow: Where = sql<SqlBool>`true`;

export function theseRows(ids: string[]): Where {
  return sql<SqlBool>`r.id = any(${ids}::uuid[])`;
}

function typeOf(field: ColorField): string {
  return fieldColumns.find(({ name }) => name === field)?.type ?? 'text';
}

export const effects = {
  cells: (where: Where, values: [ColorField, string | number | null][]): Effect => ({
    where,
    set: {
      ...Object.fromEntries(values.map(([field, value]) => [field, sql`${value}::${sql.raw(typeOf(field))}`])),
      doubts: sql`t.doubts - ${values.map(([field]) => field)}::text[]`,
    },
  }),
  /** Of each row its own values. */
  block: (ids: string[], columns: { field: ColorField; values: (string | number | null)[] }[]): Effect => ({
    where: theseRows(ids),
    given: sql`unnest(${ids}::uuid[], ${sql.join(columns.map(({ field, values }) => sql`${values}::${sql.raw(typeOf(field))}[]`))})
      as given(id, ${sql.join(columns.map(({ field }) => sql.ref(field)))})`,
    set: {
      ...Object.fromEntries(columns.map(({ field }) => [field, sql`${sql.ref(`given.${field}`)}`])),
      doubts: sql`t.doubts - ${columns.map(({ field }) => field)}::text[]`,
    },
  }),
  removed: (where: Where, isRemoved: boolean): Effect => ({ where, set: { removed: sql`${isRemoved}::boolean` } }),
  colored: (where: Where, color: RowColor | null): Effect => ({ where, set: { color: sql`${color}::text`, color_by: noRule, color_by_hand: sql`true` } }),
  excluded: (where: Where, isExcluded: boolean): Effect => ({
    where,
    set: { excluded: sql`${isExcluded}::boolean`, excluded_by: noRule, excluded_by_hand: sql`true` },
  }),
  moved: (where: Where, places: RawBuilder<unknown>): Effect => ({ where, given: places, set: { place: sql`given.place` } }),
  /** What a person decided stays. */
  ranked: (ranks: NewRanks, reorder: boolean): Effect => ({
    where: sql<SqlBool>`not r.removed`,
    given: ranksTable(ranks),
    set: {
      excluded: sql`case when t.excluded_by_hand then t.excluded else given.excluded_by is not null end`,
      excluded_by: sql`case when t.excluded_by_hand then t.excluded_by else given.excluded_by end`,
      color: sql`case when t.color_by_hand then t.color else given.color end`,
      color_by: sql`case when t.color_by_hand then t.color_by else given.color_by end`,
      ...(reorder ? { place: sql`given.place` } : {}),
    },
  }),
};

/** Whether the row is one of these; undefined: it is not in the session. */
export async function isAmong(trx: WorkspaceTransaction, { session, id, where }: { session: string; id: string; where: Where }): Promise<boolean | undefined> {
  const { rows } = await sql<{ is: boolean }>`select ${where} as is from color_session_row r where r.session_id = ${session} and r.id = ${id}`.execute(trx);
  return rows[0]?.is;
}

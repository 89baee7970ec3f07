// The rows that rules are tried on: what waits in the buffer, or what a processing went through.
import { colorFieldNames, colorFields } from '@tidewheel/contract/color';
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { isFree } from '../buffer/free-rows.store.ts';

/** More are not looked at while somebody waits. */
export const mostTried = 200_000;
export type TriedRow = Record<string, string | number | null>;

const columns = colorFieldNames.map((name) => {
  if (colorFields[name].kind !== 'instant') return sql`t.${sql.ref(name)}::text as ${sql.ref(name)}`;
  return sql`to_char(t.${sql.ref(name)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${sql.ref(name)}`;
});
const fields = sql.join([...columns, sql`t.more::text as more`]);

/** In the order in which they came; one more than are looked at when there are more. */
export async function findWaitingRows(trx: WorkspaceTransaction): Promise<TriedRow[]> {
  const { rows } = await sql<TriedRow>`select ${fields} from (select * from color_buffer where ${isFree} order by id limit ${mostTried + 1}) t`.execute(trx);
  return rows;
}

export interface TriedProcessing {
  id: string;
  number: number;
  date: string;
  taken: number;
  first_day: string | null;
  last_day: string | null;
}

const processingColumns = ['id', 'number', 'date', 'taken', 'first_day', 'last_day'] as const;

export function findTriedProcessing(trx: WorkspaceTransaction, number: number): Promise<TriedProcessing | undefined> {
  return trx.selectFrom('color_processing').select(processingColumns).where('number', '=', number).executeTakeFirst();
}

/** Newest first. */
export function findProcessingsSince(trx: WorkspaceTransaction, day: string): Promise<TriedProcessing[]> {
  return trx.selectFrom('color_processing').select(processingColumns).where('date', '>=', day).orderBy('number', 'desc').execute();
}

/** With its place of then in the columns `was…`. */
export async function findProcessedRows(trx: WorkspaceTransaction, { id, first_day, last_day }: TriedProcessing): Promise<TriedRow[]> {
  const { rows } =
    await sql<TriedRow>`select ${fields}, t.line as "wasLine", t.excluded_by::text as "wasExcludedBy", t.position as "wasPosition", t.child as "wasChild",
    t.color as "wasColor", t.color_by::text as "wasColorBy" from color t
    where t.processing_id = ${id} and t.date between coalesce(${first_day}::date, '1900-01-01') and coalesce(${last_day}::date, '2199-12-31') order by t.line limit ${mostTried + 1}`.execute(
      trx,
    );
  return rows;
}

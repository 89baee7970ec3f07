// What is ranked of a session, and writing where it stands then.
import type { ColorRuleSet } from '@tidewheel/contract/color-rule';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { fieldColumns } from '../buffer/buffer-rows.ts';
import { forgetEndedRuns, isFree, lockBuffer } from '../buffer/free-rows.store.ts';
import type { TriedRow } from '../rules/tried-rows.store.ts';
import type { RankedRow } from './rank-rows.ts';
import { familyKey } from './session-rows.store.ts';

export interface SessionInput {
  id: string;
  /** Of its family; null: it stands alone. */
  key: string | null;
  byHand: 'excluded' | 'included' | null;
  fields: TriedRow;
}

/** The fields as text, for a file that is ranked or handed to a run. */
export const fieldTexts: RawBuilder<unknown> = sql.join([
  ...fieldColumns.map(({ name, type }) =>
    type === 'timestamptz'
      ? sql`to_char(r.${sql.ref(name)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${sql.ref(name)}`
      : sql`r.${sql.ref(name)}::text as ${sql.ref(name)}`,
  ),
  sql`r.more::text as more`,
]);

export interface HeldRows {
  workspaceId: string;
  session: string;
  uploads: string[];
  sources: string[];
}

/** Takes the free rows out of the reach of runs and other sessions. @returns how many */
export async function holdRows(trx: WorkspaceTransaction, { workspaceId, session, uploads, sources }: HeldRows): Promise<number> {
  const which = sql<SqlBool>`((cardinality(${uploads}::uuid[]) = 0 or upload_id = any(${uploads}::uuid[]))
      and (cardinality(${sources}::text[]) = 0 or coalesce(source, '') = any(${sources}::text[])))`;
  await lockBuffer(trx, workspaceId);
  await forgetEndedRuns(trx, { workspaceId, which });
  const { numAffectedRows } = await sql`update color_buffer set taken_by_session = ${session}, taken_at = now() where ${isFree} and ${which}`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

const names = sql.join(fieldColumns.map(({ name }) => sql.ref(name)));

/** Copies what it holds into the session, in the order in which it came. @returns how many rows */
export async function copyHeld(
  trx: WorkspaceTransaction,
  { workspaceId, session, leaveDuplicates }: { workspaceId: string; session: string; leaveDuplicates: boolean },
): Promise<number> {
  const { numAffectedRows } = await sql`insert into color_session_row (workspace_id, session_id, id, ${names}, more, doubts, place)
    select ${workspaceId}, ${session}, id, ${names}, more, doubts, row_number() over (order by id)
    from (select b.*, row_number() over (partition by b.sameness order by b.id) as same from color_buffer b where b.taken_by_session = ${session}) held
    where same = 1 or not ${leaveDuplicates}::boolean`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

export async function findInputs(trx: WorkspaceTransaction, session: string): Promise<SessionInput[]> {
  const { rows } = await sql<TriedRow & { '~id': string; '~key': string | null; '~by': SessionInput['byHand'] }>`select r.id as "~id", ${familyKey} as "~key",
    case when not r.excluded_by_hand then null when r.excluded then 'excluded' else 'included' end as "~by", ${fieldTexts}
    from color_session_row r where r.session_id = ${session} and not r.removed order by r.place, r.id`.execute(trx);
  return rows.map(({ '~id': id, '~key': key, '~by': byHand, ...fields }) => ({
    id: id as string,
    key: key as string | null,
    byHand: byHand as SessionInput['byHand'],
    fields,
  }));
}

export interface NewRanks {
  session: string;
  rows: RankedRow[];
}

/** What a ranking gives the rows of `given(id, place, excluded_by, color, color_by)`; what a person decided stays. */
export function ranksTable({ rows }: NewRanks): RawBuilder<unknown> {
  const of = <T>(value: (row: RankedRow) => T) => rows.map(value);
  return sql`unnest(${of(({ id }) => id)}::uuid[], ${of(({ place }) => place)}::numeric[], ${of(({ excludedBy }) => excludedBy)}::uuid[], ${of(({ color }) => color)}::text[],
    ${of(({ colorBy }) => colorBy)}::uuid[]) as given(id, place, excluded_by, color, color_by)`;
}

/** At the start, before there is anything to undo. */
export async function placeFirst(trx: WorkspaceTransaction, ranks: NewRanks): Promise<void> {
  if (ranks.rows.length === 0) return;
  await sql`update color_session_row r set place = given.place, excluded = given.excluded_by is not null, excluded_by = given.excluded_by, color = given.color, color_by = given.color_by
    from ${ranksTable(ranks)} where r.session_id = ${ranks.session} and r.id = given.id`.execute(trx);
}

export function withRules({ rules, order }: ColorRuleSet, wanted: string[] | undefined): ColorRuleSet {
  return { rules: wanted === undefined ? rules : rules.filter(({ id }) => wanted.includes(id)), order };
}

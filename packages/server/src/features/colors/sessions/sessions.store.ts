// The SQL of sessions: what they are, their entries, and who is there.
import type { ColorRuleSet } from '@tidewheel/contract/color-rule';
import type { SessionEntryKind, sessionShares, sessionStates } from '@tidewheel/contract/color-session';
import { finalRunStates } from '@tidewheel/contract/run';
import { type SqlBool, sql } from 'kysely';
import type { ColorSessionRecord } from '../../../storage/color-session-tables.ts';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../../storage/keyset.ts';

export type SessionRecord = ColorSessionRecord & { run_number: number | null; run_state: string | null; flow: string | null; is_processing: boolean };

const isProcessing = sql<boolean>`(color_session.state = 'open' and run.id is not null and run.state not in (${sql.join(finalRunStates)}))`;

function sessions(trx: WorkspaceTransaction) {
  return trx
    .selectFrom('color_session')
    .leftJoin('run', (join) => join.onRef('run.workspace_id', '=', 'color_session.workspace_id').onRef('run.id', '=', 'color_session.run_id'))
    .leftJoin('flow', 'flow.id', 'run.flow_id')
    .selectAll('color_session')
    .select(['run.number as run_number', 'run.state as run_state', 'flow.slug as flow', isProcessing.as('is_processing')]);
}

export function findSession(trx: WorkspaceTransaction, id: string): Promise<SessionRecord | undefined> {
  return sessions(trx).where('color_session.id', '=', id).executeTakeFirst();
}

/** Whoever changes a session waits for who is at it. */
export async function lockSession(trx: WorkspaceTransaction, id: string): Promise<void> {
  await trx.selectFrom('color_session').select('id').where('id', '=', id).forUpdate().execute();
}

const newestFirst: Sort = {
  name: 'newest',
  keys: [
    { column: 'color_session.created_at', type: 'timestamptz', direction: 'desc' },
    { column: 'color_session.id', type: 'uuid', direction: 'desc' },
  ],
};

export interface SessionsFilter {
  state?: (typeof sessionStates)[number] | undefined;
  /** Of whom: others' only when they are shared. null: all. */
  owner: string | null;
}

export function findSessions(trx: WorkspaceTransaction, { state, owner }: SessionsFilter, page: PageRequest) {
  let query = sessions(trx);
  if (owner !== null) query = query.where(({ eb, or }) => or([eb('color_session.owner', '=', owner), eb('color_session.shared', '<>', 'no')]));
  if (state === 'processing') query = query.where(isProcessing as unknown as ReturnType<typeof sql<SqlBool>>);
  else if (state !== undefined) query = query.where('color_session.state', '=', state);
  if (state === 'open') query = query.where(sql<SqlBool>`not ${isProcessing}`);
  return readPage({ db: trx, query, sort: newestFirst, page });
}

export interface NewSession {
  workspaceId: string;
  id: string;
  title: string;
  owner: string;
  by: string;
  ruleSet: ColorRuleSet;
  rows: number;
}

export async function insertSession(trx: WorkspaceTransaction, { workspaceId, id, title, owner, by, ruleSet, rows }: NewSession): Promise<void> {
  const rule_set = JSON.stringify(ruleSet);
  await trx
    .insertInto('color_session')
    .values({ workspace_id: workspaceId, id, title, owner, owner_label: by, rule_set, rows, updated_by: by, run_id: null, processing: null, ended_at: null })
    .execute();
}

export async function changeSession(
  trx: WorkspaceTransaction,
  { id, title, shared, by }: { id: string; title: string; shared: (typeof sessionShares)[number]; by: string },
): Promise<void> {
  await trx.updateTable('color_session').set({ title, shared, updated_at: sql<Date>`now()`, updated_by: by }).where('id', '=', id).execute();
}

/** Its rows go back to the buffer as they came. */
export async function releaseSession(trx: WorkspaceTransaction, { id, by }: { id: string; by: string }): Promise<void> {
  await trx.updateTable('color_buffer').set({ taken_by_session: null, taken_at: null }).where('taken_by_session', '=', id).execute();
  await trx.deleteFrom('color_session_row').where('session_id', '=', id).execute();
  await trx.deleteFrom('color_session_presence').where('session_id', '=', id).execute();
  await trx
    .updateTable('color_session')
    .set({ state: 'discarded', ended_at: sql<Date>`now()`, updated_at: sql<Date>`now()`, updated_by: by })
    .where('id', '=', id)
    .execute();
}

export interface NewEntry {
  workspaceId: string;
  session: string;
  number: number;
  kind: SessionEntryKind;
  what: Record<string, unknown>;
  rows: number;
  ofEntry?: number | null;
  ruleSets?: { before: ColorRuleSet; after: ColorRuleSet } | null;
  who: string;
  by: string;
}

/** Written behind its changes, for it says how many there are. Its number is the revision of the session from then on. */
export async function insertEntry(trx: WorkspaceTransaction, entry: NewEntry): Promise<void> {
  const { workspaceId, session, number, kind, what, rows, ofEntry = null, ruleSets = null, who, by } = entry;
  await trx
    .updateTable('color_session')
    .set({
      revision: number,
      updated_at: sql<Date>`now()`,
      updated_by: by,
      ...(ruleSets === null ? {} : { rule_set: JSON.stringify(ruleSets.after) }),
    })
    .where('id', '=', session)
    .execute();
  const given = { workspace_id: workspaceId, session_id: session, number, kind, rows, of_entry: ofEntry, by_user: who, by_label: by };
  await trx
    .insertInto('color_session_entry')
    .values({ ...given, what: JSON.stringify(what), rule_sets: ruleSets && JSON.stringify(ruleSets) })
    .execute();
}

/** What stands: neither taken back, nor brought again in vain. An entry and those that undo and redo it are a chain; its last link counts. */
const isUndone = sql<boolean>`coalesce((select last.kind = 'undo' from color_session_entry last
  where last.session_id = entry.session_id and last.of_entry = entry.number order by last.number desc limit 1), false)`;
export type EntryRecord = {
  number: number;
  kind: SessionEntryKind;
  what: Record<string, unknown>;
  rows: number;
  of_entry: number | null;
  rule_sets: { before: ColorRuleSet; after: ColorRuleSet } | null;
  by_label: string;
  at: Date;
  is_undone: boolean;
};

function entries(trx: WorkspaceTransaction, session: string) {
  return trx
    .selectFrom('color_session_entry as entry')
    .select(['number', 'kind', 'what', 'of_entry', 'rule_sets', 'by_label', 'at', isUndone.as('is_undone')])
    .select(sql<number>`(select count(*)::int from color_session_change c where c.session_id = entry.session_id and c.number = entry.number)`.as('rows'))
    .where('entry.session_id', '=', session);
}

export function findEntries(trx: WorkspaceTransaction, session: string, page: PageRequest) {
  const sort: Sort = { name: 'newest', keys: [{ column: 'entry.number', type: 'bigint', direction: 'desc' }] };
  return readPage({ db: trx, query: entries(trx, session), sort, page });
}

export function findEntry(trx: WorkspaceTransaction, { session, number }: { session: string; number: number }): Promise<EntryRecord | undefined> {
  return entries(trx, session).where('entry.number', '=', number).executeTakeFirst();
}

/** What stands of the changes from this entry on, what was done (or brought again) last first. */
export function findStanding(trx: WorkspaceTransaction, { session, from }: { session: string; from: number }): Promise<EntryRecord[]> {
  return entries(trx, session)
    .where('entry.number', '>=', from)
    .where('entry.kind', 'not in', ['undo', 'redo'])
    .where(sql<SqlBool>`not ${isUndone}`)
    .orderBy(
      sql`(select max(last.number) from color_session_entry last where last.session_id = entry.session_id and entry.number in (last.number, last.of_entry))`,
      'desc',
    )
    .execute();
}

export type RowChangeRecord = Pick<EntryRecord, 'number' | 'kind' | 'of_entry' | 'by_label' | 'at' | 'is_undone'> & {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
};

export async function findRowChanges(trx: WorkspaceTransaction, { session, row }: { session: string; row: string }): Promise<RowChangeRecord[]> {
  const { rows } =
    await sql<RowChangeRecord>`select entry.number, entry.kind, entry.of_entry, entry.by_label, entry.at, ${isUndone} as is_undone, c.before, c.after
    from color_session_change c join color_session_entry entry on entry.session_id = c.session_id and entry.number = c.number
    where c.session_id = ${session} and c.row_id = ${row} order by c.number desc limit 50`.execute(trx);
  return rows;
}

/** What undo and redo of this person are about. Who changes something after undoing cannot redo any more. */
export async function findNextSteps(
  trx: WorkspaceTransaction,
  { session, who }: { session: string; who: string },
): Promise<{ undo: number | null; redo: number | null }> {
  const { rows } = await sql<{ undo: number | null; redo: number | null }>`with mine as (
      select number, kind, of_entry, ${isUndone} as is_undone from color_session_entry entry where entry.session_id = ${session} and entry.by_user = ${who}),
    changed as (select coalesce(max(number), 0) as last from mine where kind not in ('undo', 'redo'))
    select (select max(number) from mine where kind not in ('undo', 'redo') and not is_undone) as undo,
      (select of_entry from mine, changed where kind = 'undo' and number > changed.last
        and (select is_undone from mine first where first.number = mine.of_entry) order by of_entry limit 1) as redo`.execute(trx);
  return rows[0] ?? { undo: null, redo: null };
}

export async function meet(
  trx: WorkspaceTransaction,
  at: { workspaceId: string; session: string; who: string; label: string; row: string | null; field: string | null },
): Promise<{ label: string; row: string | null; field: string | null }[]> {
  await sql`insert into color_session_presence (workspace_id, session_id, who, label, row_id, field) values (${at.workspaceId}, ${at.session}, ${at.who}, ${at.label}, ${at.row}, ${at.field})
    on conflict (workspace_id, session_id, who) do update set row_id = excluded.row_id, field = excluded.field, seen_at = now()`.execute(trx);
  return trx
    .selectFrom('color_session_presence')
    .select(['label', 'row_id as row', 'field'])
    .where('session_id', '=', at.session)
    .where('who', '<>', at.who)
    .where('seen_at', '>', sql<Date>`now() - interval '20 seconds'`)
    .orderBy('label')
    .limit(20)
    .execute();
}

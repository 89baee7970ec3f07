// The SQL of dead letters as people see and settle them. Commits write them: worker/dead-letter.store.ts.
import type { DeadLetterState } from '@tidewheel/contract/routes/dead-letters';
import type { RunState } from '@tidewheel/contract/run';
import { type Expression, type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { Database } from '../../storage/schema.ts';

type Reader = Kysely<Database> | Transaction<Database>;

function letters(reader: Reader) {
  return reader
    .selectFrom('dead_letter')
    .innerJoin('run', (join) => join.onRef('run.workspace_id', '=', 'dead_letter.workspace_id').onRef('run.id', '=', 'dead_letter.last_run_id'))
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .leftJoin('run as replay', (join) => join.onRef('replay.workspace_id', '=', 'dead_letter.workspace_id').onRef('replay.id', '=', 'dead_letter.replay_id'))
    .selectAll('dead_letter')
    .select(['run.number', 'run.error', 'run.started_by', 'flow.slug as flow', 'flow.title as flow_title', 'flow.folder', 'flow.kind'])
    .select(['replay.number as replay_number', sql<RunState | null>`replay.state`.as('replay_state')])
    .select((row) =>
      row
        .selectFrom('step_run')
        .whereRef('step_run.run_id', '=', 'dead_letter.last_run_id')
        .whereRef('step_run.step_id', '=', 'dead_letter.step_id')
        .select('step_run.attempt')
        .as('attempts'),
    );
}

export type LetterRow = NonNullable<Awaited<ReturnType<typeof findLetter>>>;

export function findLetter(reader: Reader, id: string) {
  return letters(reader).where('dead_letter.run_id', '=', id).executeTakeFirst();
}

export interface LetterFilter {
  state: DeadLetterState;
  flow?: string | undefined;
  code?: string | undefined;
  since?: string | undefined;
}

const newest: Sort = { name: 'newest', keys: [{ column: 'dead_letter.run_id', type: 'uuid', direction: 'desc' }] };

export function listLetters(
  reader: Reader,
  { state, flow, code, since, permitted, cursor, limit }: LetterFilter & { permitted: Expression<SqlBool> } & PageRequest,
) {
  let query = letters(reader).where('dead_letter.state', '=', state).where(permitted);
  if (flow !== undefined) query = query.where('flow.slug', '=', flow);
  if (code !== undefined) query = query.where('dead_letter.code', '=', code);
  if (since !== undefined) query = query.where('dead_letter.at', '>=', new Date(since));
  return readPage({ db: reader, query, sort: newest, page: { cursor, limit } });
}

export interface Standing {
  state: DeadLetterState;
  replays: number;
  last_run_id: string;
}

/** A replay that ended without a word (it was cancelled) holds nothing up. `lock`: nobody else settles it until the transaction ends. */
export async function findStanding(reader: Reader, id: string, { lock = false } = {}): Promise<Standing | undefined> {
  const { rows } = await sql<Standing>`
    select case when d.state = 'replaying' and exists (select from run r where r.id = d.replay_id and r.finished_at is not null) then 'open' else d.state end as state, d.replays, d.last_run_id
    from dead_letter d where d.run_id = ${id} ${lock ? sql`for update` : sql``}`.execute(reader);
  return rows[0];
}

/** Of a replay that is over already the letter says more than that. @returns false when another one was noted since `replays` were counted */
export async function noteReplay(
  reader: Reader,
  { id, replay, repeats, replays }: { id: string; replay: string; repeats: string; replays: number },
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`update dead_letter set replays = replays + 1, replay_id = ${replay},
      state = case when state in ('open', 'replaying') and last_run_id = ${repeats} then 'replaying' else state end
    where run_id = ${id} and replays = ${replays}`.execute(reader);
  return numAffectedRows === 1n;
}

export async function markDiscarded(reader: Reader, { id, by, comment }: { id: string; by: string; comment: string }): Promise<void> {
  await reader.updateTable('dead_letter').set({ state: 'discarded', ended_at: sql<Date>`now()`, ended_by: by, comment }).where('run_id', '=', id).execute();
}

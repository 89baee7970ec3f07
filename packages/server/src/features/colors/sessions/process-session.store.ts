// The statements with which a session is handed to a run, and what the run sees of it.
import type { ColorRuleSet } from '@tidewheel/contract/color-rule';
import { byHand } from '@tidewheel/contract/color-session';
import { Conflict } from '@tidewheel/contract/errors';
import { finalRunStates } from '@tidewheel/contract/run';
import type { Row } from '@tidewheel/kit/step-context';
import { sql } from 'kysely';
import type { Runner } from '../../../engine/worker/job-queue.ts';
import type { Databases, WorkspaceTransaction } from '../../../storage/database.ts';
import { fieldTexts } from './rank-rows.store.ts';
import { expectMany, numbered } from './session-rows.store.ts';

export interface ColorFlow {
  id: string;
  slug: string;
  title: string;
  isChosen: boolean;
}

/** Published flows of kind color that take, rank and keep; the one that the desk is set to is chosen. */
export async function findColorFlows(trx: WorkspaceTransaction): Promise<ColorFlow[]> {
  const { rows } =
    await sql<ColorFlow>`select f.id, f.slug, f.title, coalesce(f.id = s.flow_id, false) as "isChosen" from flow f join flow_version v on v.workspace_id = f.workspace_id and v.flow_id = f.id and v.version = f.newest_version
    left join color_settings s on s.workspace_id = f.workspace_id
    where f.archived_at is null and (f.id = s.flow_id or (v.document ->> 'kind' = 'color'
      and 3 = (select count(distinct step.value ->> 'use') from json_each(v.document -> 'steps') step where step.value ->> 'use' in ('color.take', 'color.rank', 'color.keep'))))
    order by f.slug limit 100`.execute(trx);
  return rows;
}

interface Handed {
  workspaceId: string;
  session: string;
  run: string;
}

/** @returns the run that has it now or has processed it, if there is one */
export async function lockForRun(
  client: Runner,
  { workspaceId, session }: Handed,
): Promise<{ state: 'open' | 'processed' | 'discarded'; revision: number; run: string | null }> {
  const locked = await client.query<{ state: 'open' | 'processed' | 'discarded'; revision: number; run_id: string | null }>(
    'select state, revision, run_id from color_session where workspace_id = $1 and id = $2 for update',
    [workspaceId, session],
  );
  const { state = 'discarded', revision = 0, run_id = null } = locked.rows[0] ?? {};
  const live = await client.query('select 1 from run where workspace_id = $1 and id = $2 and state <> all($3::text[])', [workspaceId, run_id, finalRunStates]);
  const isItsRun = state === 'processed' || (state === 'open' && live.rows.length > 0);
  return { state, revision, run: isItsRun ? run_id : null };
}

export async function noteRun(client: Runner, { workspaceId, session, run, revision, by }: Handed & { revision: number; by: string }): Promise<void> {
  await client.query('insert into color_session_run (workspace_id, run_id, session_id, revision) values ($1, $2, $3, $4)', [
    workspaceId,
    run,
    session,
    revision,
  ]);
  await client.query('update color_session set run_id = $3, updated_at = now(), updated_by = $4 where workspace_id = $1 and id = $2', [
    workspaceId,
    session,
    run,
    by,
  ]);
}

export interface SessionOfRun {
  id: string;
  revision: number;
  ruleSet: ColorRuleSet;
}

/** The session that a run, or one that it repeats, was started for. @throws Conflict when somebody went on with it since, or it is over */
export async function findSessionOfRun(
  { engine }: Pick<Databases, 'engine'>,
  { workspaceId, runId }: { workspaceId: string; runId: string },
): Promise<SessionOfRun | null> {
  const { rows } = await sql<{
    id: string;
    revision: number;
    now: number;
    state: string;
    title: string;
    rule_set: ColorRuleSet;
    run: string;
  }>`with recursive before as (
      select id, rerun_of from run where workspace_id = ${workspaceId} and id = ${runId}
      union select r.id, r.rerun_of from run r join before on r.id = before.rerun_of where r.workspace_id = ${workspaceId})
    select s.id, o.revision, s.revision as now, s.state, s.title, s.rule_set, o.run_id as run from before join color_session_run o on o.workspace_id = ${workspaceId} and o.run_id = before.id
      join color_session s on s.workspace_id = o.workspace_id and s.id = o.session_id limit 1`.execute(engine);
  const [found] = rows;
  if (!found) return null;
  const { id, revision, now, state, title, rule_set: ruleSet, run } = found;
  if ((state === 'open' && now === revision) || (state === 'processed' && run === runId)) return { id, revision, ruleSet };
  throw new Conflict('color_session.moved_on', `The session "${title}" of this run ${state === 'open' ? 'was changed since' : `was ${state}`}.`, {
    hint: state === 'open' ? 'Process the session again instead of repeating the run.' : 'There is nothing left to process.',
  });
}

const batch = 10_000;

/** The rows as they were arranged, with their places; what was removed is not among them. */
export async function* takeSessionRows(
  { engine }: Pick<Databases, 'engine'>,
  { workspaceId, session }: { workspaceId: string; session: string },
): AsyncGenerator<Row[]> {
  for (let from = 0; ; from += batch) {
    const rows = await engine.transaction().execute((trx) => nextRows(trx, { workspaceId, session, from }));
    if (rows.length > 0) yield rows;
    if (rows.length < batch) return;
  }
}

async function nextRows(trx: WorkspaceTransaction, { workspaceId, session, from }: { workspaceId: string; session: string; from: number }): Promise<Row[]> {
  await expectMany(trx);
  const { rows } =
    await sql<Row>`select ${fieldTexts}, case when r.excluded then coalesce(r.excluded_by, ${byHand}::uuid) end as "excludedBy", n.position::int, n.family::int, n.child::int,
        case when not r.excluded then r.color end as color, case when not r.excluded and r.color is not null then coalesce(r.color_by, ${byHand}::uuid) end as "colorBy"
      from color_session_row r left join ${numbered(session)} n on n.id = r.id where r.workspace_id = ${workspaceId} and r.session_id = ${session} and not r.removed
      order by r.place, r.id limit ${batch} offset ${from}`.execute(trx);
  return rows;
}

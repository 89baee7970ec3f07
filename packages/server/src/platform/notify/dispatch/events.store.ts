// The only SQL of turning events into messages, on the side of the events.
import type { Severity } from '@tidewheel/contract/notification';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../../storage/schema.ts';
import type { EventFacts } from './facts.ts';

type Db = Kysely<Database> | Transaction<Database>;
type Trx = Transaction<Database>;

/** One dispatcher at a time for the whole installation; the others find nothing to do. @returns whether this one may */
export async function lockDispatch(trx: Trx): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(7283640145) as mine`.execute(trx);
  return rows[0]?.mine === true;
}

export async function findPendingWorkspaces(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('notification_pending').select('workspace_id').distinct().execute();
  return rows.map((row) => row.workspace_id);
}

/** The oldest; they are gone when the transaction commits. */
export async function takePending(trx: Trx, { workspaceId, limit }: { workspaceId: string; limit: number }): Promise<string[]> {
  const { rows } = await sql<{ event_id: string }>`delete from notification_pending
    where workspace_id = ${workspaceId} and event_id = any(array(
      select event_id from notification_pending where workspace_id = ${workspaceId} order by event_id limit ${limit}))
    returning event_id`.execute(trx);
  return rows.map((row) => row.event_id).toSorted();
}

interface EventRow {
  id: string;
  kind: string;
  severity: Severity;
  title: string;
  text: string | null;
  object_type: string | null;
  object_id: string | null;
  data: Record<string, unknown>;
  raised_by: string;
  only_for: string | null;
  at: Date;
  flow_id: string | null;
  slug: string;
  flow_title: string;
  folder: string | null;
  flow_kind: string;
  owner: string;
  run_id: string | null;
  number: number;
  state: string;
  started_by: string;
  started_by_id: string | null;
  in_his_name: boolean;
  started_at: Date | null;
  finished_at: Date | null;
  seconds: number | null;
  code: string | null;
  message: string | null;
  failed_step: string | null;
}

/** In the order of their ids; without what the past of a flow says. */
export async function readFacts(db: Db, { workspaceId, ids }: { workspaceId: string; ids: readonly string[] }): Promise<EventFacts[]> {
  const { rows } = await sql<EventRow>`
    select e.id, e.kind, e.severity, e.title, e.text, e.object_type, e.object_id, e.data, e.raised_by, e.only_for, e.at,
      f.id as flow_id, f.slug, f.title as flow_title, f.folder, f.kind as flow_kind, coalesce(v.created_by, '') as owner,
      r.id as run_id, r.number, r.state, r.started_by, r.started_by_id, r.origin_kind is not null as in_his_name, r.started_at, r.finished_at,
      extract(epoch from r.finished_at - coalesce(r.started_at, r.created_at))::float8 as seconds, r.error ->> 'code' as code, r.error ->> 'message' as message,
      case when r.state = 'failed' then (select s.step_id from step_run s where s.run_id = r.id and s.state = 'failed' order by s.finished_at, s.step_id limit 1) end as failed_step
    from notification_event e
      left join flow f on f.workspace_id = e.workspace_id and f.id = e.flow_id
      left join flow_version v on v.workspace_id = f.workspace_id and v.flow_id = f.id and v.version = f.newest_version
      left join run r on e.object_type = 'run' and e.flow_id is not null and r.id = case when e.object_type = 'run' and e.flow_id is not null then e.object_id::uuid end
    where e.workspace_id = ${workspaceId} and e.id = any(${ids}::uuid[])
    order by e.id`.execute(db);
  return rows.map((row) => factsOf(workspaceId, row));
}

function factsOf(workspaceId: string, row: EventRow): EventFacts {
  const { code, message } = row;
  return {
    workspaceId,
    id: row.id,
    kind: row.kind,
    severity: row.severity,
    title: row.title,
    text: row.text,
    object: row.object_type === null || row.object_id === null ? null : { type: row.object_type, id: row.object_id },
    data: row.data,
    raisedBy: row.raised_by,
    onlyFor: row.only_for,
    at: row.at,
    flow: row.flow_id === null ? null : { id: row.flow_id, slug: row.slug, title: row.flow_title, folder: row.folder, kind: row.flow_kind, owner: row.owner },
    run:
      row.run_id === null
        ? null
        : {
            id: row.run_id,
            number: row.number,
            state: row.state,
            startedBy: row.started_by,
            startedById: row.started_by_id,
            isInHisName: row.in_his_name,
            startedAt: row.started_at,
            finishedAt: row.finished_at,
            seconds: row.seconds,
            error: code === null && message === null ? null : { code: code ?? '', message: message ?? '' },
            failedStep: row.failed_step,
          },
    failuresInARow: 0,
    usualSeconds: null,
  };
}

/** How often these flows failed since they last succeeded, before these events. */
export async function readStreaks(trx: Trx, { workspaceId, flows }: { workspaceId: string; flows: readonly string[] }): Promise<Map<string, number>> {
  if (flows.length === 0) return new Map();
  const rows = await trx
    .selectFrom('notification_streak')
    .select(['flow_id', 'failures'])
    .where('workspace_id', '=', workspaceId)
    .where('flow_id', 'in', flows)
    .execute();
  return new Map(rows.map((row) => [row.flow_id, row.failures]));
}

export async function saveStreaks(trx: Trx, { workspaceId, streaks }: { workspaceId: string; streaks: ReadonlyMap<string, number> }): Promise<void> {
  const [flows, failures] = [[...streaks.keys()], [...streaks.values()]];
  if (flows.length === 0) return;
  await sql`delete from notification_streak where workspace_id = ${workspaceId} and flow_id = any(${flows}::uuid[])`.execute(trx);
  await sql`insert into notification_streak (workspace_id, flow_id, failures)
    select ${workspaceId}, s.flow, s.failures from unnest(${flows}::uuid[], ${failures}::int[]) as s(flow, failures) where s.failures > 0`.execute(trx);
}

/** The median seconds of the last 20 runs that succeeded, among the newest of each flow that are not below others. */
export async function readUsual(trx: Trx, { workspaceId, flows }: { workspaceId: string; flows: readonly string[] }): Promise<Map<string, number>> {
  const { rows } = await sql<{ flow: string; usual: number | null }>`
    select f.flow, (select percentile_cont(0.5) within group (order by s.seconds) from (
      select extract(epoch from n.finished_at - n.started_at) as seconds
      from (select mode, state, started_at, finished_at from run
        where workspace_id = ${workspaceId} and flow_id = f.flow and parent_id is null order by id desc limit 2000) n
      where n.mode = 'normal' and n.state = 'succeeded' and n.started_at is not null limit 20) s)::float8 as usual
    from unnest(${flows}::uuid[]) as f(flow)`.execute(trx);
  return new Map(rows.flatMap(({ flow, usual }) => (usual === null ? [] : [[flow, usual] as const])));
}

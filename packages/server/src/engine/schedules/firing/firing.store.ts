// The SQL of firing: what is due, claimed so that no two schedulers hold the same, and what became of it.
import type { ScheduleParameter, ScheduleTiming } from '@tidewheel/contract/schedule';
import { newId } from '../../../base/ids.ts';
import { notificationChannel } from '../../../storage/notification-record.ts';
import type { Runner } from '../../worker/job-queue.ts';

export interface DueSchedule {
  id: string;
  workspace_id: string;
  slug: string;
  title: string;
  flow: string;
  flow_id: string;
  timing: ScheduleTiming;
  parameters: Record<string, ScheduleParameter>;
  owner_id: string | null;
  owner_label: string;
  revision: number;
  next_at: Date;
  now: Date;
}

/** Held until the transaction ends. Nothing while firing is stopped. */
export async function claimDue(runner: Runner, { most, only = null }: { most: number; only?: string | null }): Promise<DueSchedule[]> {
  const { rows } = await runner.query<DueSchedule>(
    `select s.id, s.workspace_id, s.slug, s.title, f.slug as flow, s.flow_id, s.timing, s.parameters, s.owner_id, s.owner_label, s.revision, s.next_at, clock_timestamp() as now
     from schedule s join flow f on f.workspace_id = s.workspace_id and f.id = s.flow_id
     where s.id = any(array(select id from schedule where next_at <= clock_timestamp() and not exists (select from scheduler_control where stopped_at is not null)
       and ($2::uuid is null or id = $2) order by next_at limit $1 for no key update skip locked))`,
    [most, only],
  );
  return rows;
}

/** Those that are due, for one try each. */
export async function findDue(runner: Runner, most: number): Promise<string[]> {
  const { rows } = await runner.query<{ id: string }>('select id from schedule where next_at <= clock_timestamp() order by next_at limit $1', [most]);
  return rows.map(({ id }) => id);
}

/** What the owners may do now, by owner and workspace. Who is not in it is no member. */
export async function findOwnerAccess(runner: Runner, owners: { user: string; workspace: string }[]): Promise<Map<string, string>> {
  if (owners.length === 0) return new Map();
  const { rows } = await runner.query<{ user: string; workspace: string; access: string }>(
    `select m.user_id as user, m.workspace_id as workspace, identity.access_of(m.user_id, m.workspace_id) as access
     from unnest($1::uuid[], $2::uuid[]) as o(owner, workspace) join identity.membership m on m.user_id = o.owner and m.workspace_id = o.workspace and m.suspended_at is null`,
    [owners.map(({ user }) => user), owners.map(({ workspace }) => workspace)],
  );
  return new Map(rows.map(({ user, workspace, access }) => [ownerKey(user, workspace), access]));
}
export function ownerKey(user: string, workspace: string): string {
  return `${user} ${workspace}`;
}

export async function findChangesOf(runner: Runner, schedules: string[]): Promise<{ schedule_id: string; instant: Date; to_instant: Date | null }[]> {
  const { rows } = await runner.query<{ schedule_id: string; instant: Date; to_instant: Date | null }>(
    'select schedule_id, instant, to_instant from schedule_change where schedule_id = any($1)',
    [schedules],
  );
  return rows;
}

/** Moments of these that have a row already. By the key of each (what a limit makes sure of): a join of the whole history would be chosen while its size is not known. */
export async function findFired(runner: Runner, moments: { schedule: string; instant: Date }[]): Promise<Set<string>> {
  if (moments.length === 0) return new Set();
  const { rows } = await runner.query<{ schedule_id: string; instant: Date }>(
    `select f.schedule_id, f.instant from unnest($1::uuid[], $2::timestamptz[]) as m(schedule, instant)
       cross join lateral (select schedule_id, instant from schedule_firing where schedule_id = m.schedule and instant = m.instant limit 1) f`,
    [moments.map(({ schedule }) => schedule), moments.map(({ instant }) => instant)],
  );
  return new Set(rows.map(({ schedule_id, instant }) => momentKey(schedule_id, instant.getTime())));
}
export function momentKey(schedule: string, instant: number): string {
  return `${schedule} ${instant}`;
}

export interface NewFiring {
  workspace: string;
  schedule: string;
  instant: number;
  planned: number;
  outcome: 'fired' | 'skipped' | 'failed';
  why: string | null;
  run: string | null;
  by?: string | null;
}

/** A moment that has a row already makes the whole transaction fail: its run must not start a second time. */
export async function insertFirings(runner: Runner, firings: NewFiring[]): Promise<void> {
  if (firings.length === 0) return;
  const column = <T>(pick: (firing: NewFiring) => T) => firings.map(pick);
  await runner.query(
    `insert into schedule_firing (workspace_id, schedule_id, instant, planned_at, outcome, why, run_id, fired_by)
     select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[], $7::uuid[], $8::text[])`,
    [
      column((one) => one.workspace),
      column((one) => one.schedule),
      column((one) => new Date(one.instant)),
      column((one) => new Date(one.planned)),
      column((one) => one.outcome),
      column((one) => one.why?.slice(0, 2_000) ?? null),
      column((one) => one.run),
      column((one) => one.by ?? null),
    ],
  );
}

export interface NextRow {
  id: string;
  next_at: Date | null;
  problem: string | null;
}

export async function saveNext(runner: Runner, rows: NextRow[]): Promise<void> {
  await runner.query(
    `update schedule s set next_at = n.next_at, problem = n.problem, looked_at = case when s.looked_at is null then null else now() end
     from unnest($1::uuid[], $2::timestamptz[], $3::text[]) as n(id, next_at, problem) where s.id = n.id`,
    [rows.map(({ id }) => id), rows.map(({ next_at }) => next_at), rows.map(({ problem }) => problem)],
  );
}

export interface Trouble {
  workspace: string;
  schedule: Pick<DueSchedule, 'slug' | 'title' | 'flow_id'>;
  kind: 'schedule.failed' | 'schedule.missed';
  text: string;
  instant: number;
}

/** People may have to be told of what did not start. */
export async function raiseTrouble(runner: Runner, troubles: Trouble[]): Promise<void> {
  if (troubles.length === 0) return;
  const ids = troubles.map(() => newId());
  await runner.query(
    `insert into notification_event (workspace_id, id, kind, severity, title, text, object_type, object_id, flow_id, data, raised_by)
     select t.workspace, t.id, t.kind, case t.kind when 'schedule.failed' then 'error' else 'warning' end,
       left('Schedule ' || t.title || case t.kind when 'schedule.failed' then ' could not start its run' else ' missed runs' end, 200), left(t.text, 4000), 'schedule', t.slug, t.flow,
       jsonb_build_object('instant', t.instant), 'engine'
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::timestamptz[]) as t(workspace, id, kind, title, text, slug, flow, instant)`,
    [
      troubles.map(({ workspace }) => workspace),
      ids,
      troubles.map(({ kind }) => kind),
      troubles.map(({ schedule }) => schedule.title),
      troubles.map(({ text }) => text),
      troubles.map(({ schedule }) => schedule.slug),
      troubles.map(({ schedule }) => schedule.flow_id),
      troubles.map(({ instant }) => new Date(instant)),
    ],
  );
  const byWorkspace = Map.groupBy(troubles, ({ workspace }) => workspace);
  for (const [workspace, some] of byWorkspace) {
    const own = some.map((one) => ids[troubles.indexOf(one)]);
    for (let at = 0; at < own.length; at += 190)
      await runner.query(`select pg_notify('${notificationChannel}', $1)`, [JSON.stringify({ w: workspace, n: own.slice(at, at + 190) })]);
  }
}

/** Until the next moment; null when there is none, or firing is stopped. Below zero: it is over. */
export async function msToNext(runner: Runner): Promise<number | null> {
  const { rows } = await runner.query<{ ms: number | null }>(
    `select (extract(epoch from min(next_at) - clock_timestamp()) * 1000)::float8 as ms from schedule
     where next_at is not null and not exists (select from scheduler_control where stopped_at is not null)`,
  );
  return rows[0]?.ms ?? null;
}

/** Schedules whose calendars may have changed since it was found out when they fire. A transaction that began before may commit after: so a minute is looked at again. */
export async function claimOutdated(
  runner: Runner,
  most: number,
): Promise<(Pick<DueSchedule, 'id' | 'workspace_id' | 'timing' | 'revision'> & { now: Date })[]> {
  const { rows } = await runner.query<Pick<DueSchedule, 'id' | 'workspace_id' | 'timing' | 'revision'> & { now: Date }>(
    `select id, workspace_id, timing, revision, clock_timestamp() as now from schedule where id = any(array(
       select s.id from schedule s where s.looked_at is not null and s.paused_at is null and s.archived_at is null
         and (s.next_at is null or s.next_at > clock_timestamp())
         and s.looked_at < clock_timestamp() - interval '5 seconds'
         and exists (select from calendar_version v where v.workspace_id = s.workspace_id and v.created_at > s.looked_at - interval '1 minute')
       limit $1 for no key update skip locked))`,
    [most],
  );
  return rows;
}

export interface SchedulerProcess {
  id: string;
  host: string;
  pid: number;
}

export async function beat(runner: Runner, { id, host, pid }: SchedulerProcess, fired: number): Promise<void> {
  await runner.query(
    `insert into scheduler_process (id, host, pid, fired) values ($1, $2, $3, $4)
     on conflict (id) do update set beat_at = now(), fired = scheduler_process.fired + excluded.fired`,
    [id, host, pid, fired],
  );
  await runner.query(`delete from scheduler_process where beat_at < now() - interval '2 minutes'`);
}
export async function endProcess(runner: Runner, id: string): Promise<void> {
  await runner.query('delete from scheduler_process where id = $1', [id]);
}

/** History is kept for so long. */
export async function removeOldFirings(runner: Runner, days: number): Promise<void> {
  await runner.query('delete from schedule_firing where at < now() - make_interval(days => $1)', [days]);
  await runner.query(`delete from schedule_change where greatest(instant, to_instant) < now() - make_interval(days => $1)`, [days]);
}

// What people and triggers may have to be told of a commit: runs that somebody started and that ended, and approvals that were asked for. In the commit's own
// transaction and in one statement; tests of drafts, dry runs and runs below others raise nothing.
import { newId } from '../../base/ids.ts';
import { notificationChannel, notificationPayloads } from '../../storage/notification-record.ts';
import type { Runner } from './job-queue.ts';

export interface EndedRun {
  workspace: string;
  run: string;
}

/** The statement for runs whose rows say already how they ended. */
export function raisingEnds(runs: EndedRun[]): { text: string; values: unknown[][] } {
  const events = runs.map((one) => ({ ...one, id: newId() }));
  return {
    // The runs by their key and before anything else: with their other conditions beside it Postgres reads every outermost run there is.
    text: `with over as materialized (
        select id, workspace_id, number, state, error, flow_id, version_id, finished_at, parent_id, mode from run where id = any($1)), raised as (
        insert into notification_event (workspace_id, id, kind, severity, title, text, object_type, object_id, flow_id, data, raised_by, at)
        select r.workspace_id, e.id, 'run.' || r.state, case r.state when 'succeeded' then 'info' when 'cancelled' then 'warning' else 'error' end,
          left('Run ' || r.number || ' of ' || f.title || ' ' || case r.state when 'cancelled' then 'was cancelled' else r.state end, 200), left(r.error ->> 'message', 4000), 'run', r.id::text, r.flow_id,
          jsonb_strip_nulls(jsonb_build_object('number', r.number, 'version', v.version, 'code', r.error ->> 'code')), 'engine', r.finished_at
        from unnest($1::uuid[], $2::uuid[]) as e(run, id)
          join over r on r.id = e.run and r.parent_id is null and r.mode = 'normal'
          join flow_version v on v.workspace_id = r.workspace_id and v.id = r.version_id and v.version > 0
          join flow f on f.workspace_id = r.workspace_id and f.id = r.flow_id),
      awaited as (
        insert into trigger_ended (workspace_id, trigger_id, run_id)
        select r.workspace_id, w.trigger_id, r.id
        from over r join trigger_watch w on w.workspace_id = r.workspace_id and w.flow_id = r.flow_id and r.state = any(w.states)
          join flow_version v on v.workspace_id = r.workspace_id and v.id = r.version_id and v.version > 0
        where r.parent_id is null and r.mode = 'normal'
        on conflict do nothing)
      select pg_notify('${notificationChannel}', payload) from unnest($3::text[]) as payload`,
    values: [events.map(({ run }) => run), events.map(({ id }) => id), notificationPayloads(events)],
  };
}

export interface AskedApproval {
  workspace: string;
  run: string;
  step: string;
  reason: string;
}

/** Whoever may decide has something to do. */
export async function raiseApprovals(runner: Runner, approvals: AskedApproval[]): Promise<void> {
  if (approvals.length === 0) return;
  const events = approvals.map((one) => ({ ...one, id: newId() }));
  await runner.query(
    `with asked as materialized (select * from run where id = any($1)), raised as (
        insert into notification_event (workspace_id, id, kind, severity, title, text, object_type, object_id, flow_id, data, raised_by)
        select r.workspace_id, e.id, 'approval.opened', 'info', left('Run ' || r.number || ' of ' || f.title || ' waits for an approval', 200), left(e.reason, 4000), 'run', r.id::text, r.flow_id,
          jsonb_build_object('number', r.number, 'step', e.step,
            'approval', (select a.id from approval a where a.run_id = r.id and a.step_id = e.step order by a.id desc limit 1)), 'engine'
        from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as e(run, id, step, reason)
          join asked r on r.id = e.run and r.mode = 'normal'
          join flow_version v on v.workspace_id = r.workspace_id and v.id = r.version_id and v.version > 0
          join flow f on f.workspace_id = r.workspace_id and f.id = r.flow_id)
      select pg_notify('${notificationChannel}', payload) from unnest($5::text[]) as payload`,
    [
      events.map(({ run }) => run),
      events.map(({ id }) => id),
      events.map(({ step }) => step),
      events.map(({ reason }) => reason),
      notificationPayloads(events),
    ],
  );
}

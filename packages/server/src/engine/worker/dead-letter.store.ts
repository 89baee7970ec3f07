// Runs that failed for good are kept in sight; a replay that succeeds settles what it repeats. Within the commit in which they end.
import type { Runner } from './job-queue.ts';

/** Of these runs, which have just failed: a letter for each outermost one that is for real. A replay takes the place of what it repeats. */
export async function keepDeadLetters(runner: Runner, runs: string[]): Promise<void> {
  if (runs.length === 0) return;
  await runner.query(
    `with failed as (
       select r.workspace_id, r.id, r.flow_id, r.rerun_of, coalesce(r.error ->> 'code', 'unknown') as code,
         (select s.step_id from step_run s where s.run_id = r.id and s.state = 'failed'
           order by s.error is distinct from r.error, s.finished_at limit 1) as step_id
       from run r join flow_version v on v.id = r.version_id
       where r.id = any($1) and r.parent_id is null and r.mode = 'normal' and v.version > 0),
     back as (
       update dead_letter d set state = 'open', last_run_id = f.id, code = f.code, step_id = f.step_id, at = now()
       from failed f where d.last_run_id = f.rerun_of and d.state in ('open', 'replaying') returning f.id)
     insert into dead_letter (workspace_id, run_id, flow_id, last_run_id, code, step_id)
     select workspace_id, id, flow_id, id, code, step_id from failed where id not in (select id from back)
     on conflict do nothing`,
    [runs],
  );
}

/** Of these runs, which have just succeeded: what they repeat is settled. */
export async function settleDeadLetters(runner: Runner, runs: string[]): Promise<void> {
  if (runs.length === 0) return;
  await runner.query(
    `update dead_letter d set state = 'resolved', ended_at = now(), ended_by = r.started_by, replay_id = r.id
     from run r where r.id = any($1) and r.mode = 'normal' and d.last_run_id = r.rerun_of and d.state in ('open', 'replaying')`,
    [runs],
  );
}

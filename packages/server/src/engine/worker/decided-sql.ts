/** Of a row of step_run: whether people decided on it, or on a step of a run below it. */
export const decidedSql = `exists (
  with recursive below as (
    select r.id from run r where r.parent_id = step_run.run_id and r.parent_step = step_run.step_id
    union all select r.id from run r join below b on r.parent_id = b.id)
  select from approval a where (a.run_id = step_run.run_id and a.step_id = step_run.step_id) or a.run_id in (select id from below))`;

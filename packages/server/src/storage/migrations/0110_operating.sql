-- Why: a run that repeats another one from where it failed also takes over what succeeded below its steps; which steps may do so is decided
-- when it starts. And what was parked or queued by a transaction that did not see that its run was paused, or went on, is looked for now and then.
alter table run add column reuse text[];
create index run_paused on run (id) where paused_at is not null and finished_at is null;
create index parked_job_paused on parked_job (run_id) where why = 'paused';

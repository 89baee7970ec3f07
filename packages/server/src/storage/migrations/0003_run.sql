-- Why: the state of a run lives here and only here; pg-boss merely hands out "advance this run".
create sequence run_number;
grant usage on sequence run_number to tidewheel_engine;

create table run (
  workspace_id uuid not null,
  id uuid not null,
  number bigint not null default nextval('run_number'),
  flow_id uuid not null,
  version_id uuid not null,
  state text not null check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelling', 'cancelled')),
  parameters jsonb not null,
  started_by text not null,
  idempotency_key text,
  rerun_of uuid,
  frozen_now timestamptz not null,
  frozen_today date not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  deadline_at timestamptz,
  rows_in bigint,
  rows_out bigint,
  rejected bigint not null default 0,
  error jsonb,
  event_seq bigint not null default 0,
  log_seq bigint not null default 0,
  primary key (id),
  unique (workspace_id, id),
  foreign key (workspace_id, flow_id) references flow,
  foreign key (workspace_id, version_id) references flow_version
) with (fillfactor = 60);
create unique index run_idempotency on run (workspace_id, flow_id, idempotency_key) where idempotency_key is not null;
create index run_newest on run (workspace_id, id desc);
create index run_of_flow on run (workspace_id, flow_id, id desc);
-- Not on state alone: state changes three times in a run, and an index on it would end HOT updates. Live runs are few.
create index run_live on run (workspace_id, id) where finished_at is null;
create index run_deadline on run (deadline_at) where finished_at is null and deadline_at is not null;
call protect_by_workspace('run', 'select');

-- A row appears when a step first has something to say; a step without one is pending.
create table step_run (
  workspace_id uuid not null,
  run_id uuid not null,
  step_id text not null,
  use text not null,
  state text not null check (state in ('ready', 'waiting', 'running', 'succeeded', 'failed', 'skipped', 'cancelled')),
  reason text,
  attempt int not null default 1,
  worker_id uuid,
  started_at timestamptz,
  finished_at timestamptz,
  output jsonb,
  preview jsonb,
  error jsonb,
  primary key (run_id, step_id),
  foreign key (workspace_id, run_id) references run (workspace_id, id)
) with (fillfactor = 70);
call protect_by_workspace('step_run', 'select');

create table run_event (
  workspace_id uuid not null,
  run_id uuid not null,
  seq bigint not null,
  at timestamptz not null,
  type text not null,
  step_id text,
  data jsonb not null,
  primary key (run_id, seq)
);
call protect_by_workspace('run_event', 'select');

create table step_log (
  workspace_id uuid not null,
  run_id uuid not null,
  seq bigint not null,
  step_id text,
  attempt int not null,
  at timestamptz not null,
  level text not null,
  text text not null,
  primary key (run_id, seq)
);
call protect_by_workspace('step_log', 'select');

-- A durable sub-step: ctx.once(name, work).
create table step_once (
  workspace_id uuid not null,
  run_id uuid not null,
  step_id text not null,
  name text not null,
  result jsonb not null,
  at timestamptz not null default now(),
  primary key (run_id, step_id, name)
);
call protect_by_workspace('step_once', 'select');

-- Who works, and what each holds. A worker's id is also the key of the session advisory lock that proves it alive.
create table worker (
  id uuid primary key,
  host text not null,
  pid int not null,
  tags text[] not null,
  started_at timestamptz not null default now(),
  beat_at timestamptz not null default now(),
  dead_at timestamptz,
  flush_seq bigint not null default 0
) with (fillfactor = 50);
create index worker_alive on worker (id) where dead_at is null;
grant select, insert, update, delete on worker to tidewheel_engine;
grant select on worker to tidewheel_app;

create table lease (
  job_id uuid primary key,
  queue text not null,
  job_attempt int not null,
  worker_id uuid not null references worker,
  workspace_id uuid not null,
  run_id uuid not null,
  -- The unit it has come to; null while the job's own unit says it, or the plan is one line and the results say it.
  unit text,
  claimed_at timestamptz not null default now()
);
create index lease_of_worker on lease (worker_id);
create index lease_of_run on lease (run_id);
grant select, insert, update, delete on lease to tidewheel_engine;
grant select on lease to tidewheel_app;
alter table lease enable row level security;
create policy engine_all on lease to tidewheel_engine using (true) with check (true);
create policy app_workspace on lease to tidewheel_app using (workspace_id = current_workspace());

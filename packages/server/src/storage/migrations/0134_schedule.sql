-- Why: flows start by themselves at moments that rules name. What became of each moment is a row that is unique by it, written in the transaction of the run
-- that it starts: two schedulers cannot fire twice, and one that dies between leaves nothing half done.
create table schedule (
  workspace_id uuid not null references workspace,
  id uuid primary key,
  slug text not null,
  title text not null,
  description text,
  flow_id uuid not null,
  -- Zone, rules, days off, windows, policies: contract/schedule.ts.
  timing jsonb not null,
  parameters jsonb not null default '{}',
  -- In whose name its runs start.
  owner_id uuid,
  owner_label text not null,
  paused_at timestamptz,
  paused_by text,
  archived_at timestamptz,
  -- Null: nothing is to come, or it is not active.
  next_at timestamptz,
  problem text,
  -- When that was found out; a calendar that is newer asks for another look. Null: its timing names no calendar.
  looked_at timestamptz,
  revision int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id),
  unique (workspace_id, slug),
  foreign key (workspace_id, flow_id) references flow (workspace_id, id)
) with (fillfactor = 70);
create index schedule_due on schedule (next_at) where next_at is not null;
create index schedule_of_flow on schedule (workspace_id, flow_id);
call protect_by_workspace('schedule', 'select, insert, update');

create table schedule_firing (
  workspace_id uuid not null,
  schedule_id uuid not null references schedule,
  -- When it was due.
  instant timestamptz not null,
  -- When its rules had it.
  planned_at timestamptz not null,
  outcome text not null check (outcome in ('fired', 'skipped', 'failed')),
  why text,
  run_id uuid,
  at timestamptz not null default clock_timestamp(),
  -- Who started it by hand.
  fired_by text,
  primary key (schedule_id, instant)
);
create index schedule_firing_at on schedule_firing using brin (at) with (pages_per_range = 8);
call protect_by_workspace('schedule_firing', 'select, insert');

-- What somebody decided about one moment to come: by the moment that the rules name.
create table schedule_change (
  workspace_id uuid not null,
  schedule_id uuid not null references schedule,
  instant timestamptz not null,
  -- Null: it is left out.
  to_instant timestamptz,
  changed_by text not null,
  reason text,
  at timestamptz not null default now(),
  primary key (schedule_id, instant)
);
call protect_by_workspace('schedule_change', 'select, insert, update, delete');

create table scheduler_control (
  singleton boolean primary key default true check (singleton),
  stopped_at timestamptz,
  stopped_by text,
  reason text
);
insert into scheduler_control default values;
grant select, update on scheduler_control to tidewheel_engine;

create table scheduler_process (
  id uuid primary key,
  host text not null,
  pid int not null,
  started_at timestamptz not null default now(),
  beat_at timestamptz not null default now(),
  fired bigint not null default 0
);
grant select, insert, update, delete on scheduler_process to tidewheel_engine;

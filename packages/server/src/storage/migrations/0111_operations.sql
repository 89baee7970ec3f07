-- Why: who operates many runs at once must know before which ones, and nothing else may be touched then: the selection is kept. Runs that failed for good are
-- kept in sight until somebody has seen to each. And a range of dates is run as one thing, with its progress.
create table bulk_operation (
  workspace_id uuid not null references workspace,
  id uuid primary key,
  action text not null check (action in ('cancel', 'pause', 'resume', 'rerun', 'replay', 'discard')),
  -- of rerun: from where; of discard: why.
  detail text,
  runs uuid[] not null,
  -- So many of them are done.
  position int not null default 0,
  created_by text not null,
  created_at timestamptz not null default now()
);
call protect_by_workspace('bulk_operation', 'select, insert, update, delete');

create table dead_letter (
  workspace_id uuid not null,
  -- The run that failed first.
  run_id uuid primary key,
  flow_id uuid not null,
  -- The newest run that failed: a replay that fails takes the place of what it repeats.
  last_run_id uuid not null,
  state text not null default 'open' check (state in ('open', 'replaying', 'resolved', 'discarded')),
  code text not null,
  step_id text,
  at timestamptz not null default now(),
  replay_id uuid,
  replays int not null default 0,
  ended_at timestamptz,
  ended_by text,
  comment text,
  foreign key (workspace_id, run_id) references run (workspace_id, id)
);
create index dead_letter_newest on dead_letter (workspace_id, state, run_id desc);
create index dead_letter_last on dead_letter (last_run_id) where state in ('open', 'replaying');
call protect_by_workspace('dead_letter', 'select, insert, update');

create table backfill (
  workspace_id uuid not null,
  id uuid primary key,
  flow_id uuid not null,
  parameter text not null,
  from_date date not null,
  to_date date not null,
  every text not null check (every in ('day', 'weekday', 'week', 'month')),
  mode text not null check (mode in ('normal', 'dry')),
  concurrency int not null,
  -- Its runs are found by their idempotency keys: `backfill <id> <date>`.
  dates text[] not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  cancelled_at timestamptz,
  cancelled_by text,
  foreign key (workspace_id, flow_id) references flow (workspace_id, id)
);
create index backfill_newest on backfill (workspace_id, id desc);
call protect_by_workspace('backfill', 'select, insert, update');

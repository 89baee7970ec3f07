-- Why: a run can have runs below it (items, repetitions, sub-flows), can wait for nothing to happen in any worker, can be held back,
-- and shares scarce things with others. All of it is rows; nothing is counted that could be derived.
alter table run
  -- The step that a run works for: `parent_attempt` and `item` make it one of its own, so that starting it twice starts it once.
  add column parent_id uuid references run,
  add column parent_step text,
  add column parent_attempt int,
  add column item int,
  -- The outermost run; null for one of its own.
  add column root_id uuid,
  add column depth int not null default 0,
  -- The steps of the version that it runs: ids from outside in, `desks/prices`; null: all.
  add column part text,
  -- Steps made while running (flow.plan) instead of a part of the version.
  add column document json,
  -- What its expressions see beside the parameters: item, index, iteration, last.
  add column locals jsonb,
  -- Steps that have their result from elsewhere (an earlier run, test data) and so never run here.
  add column given text[],
  add column mode text not null default 'normal' check (mode in ('normal', 'dry')),
  add column output jsonb,
  -- Whether something is left to do when it fails or is cancelled: undo, steps that always run.
  add column cleans_up boolean not null default false,
  add column cancel_forced boolean not null default false,
  add column priority int not null default 0,
  add column paused_at timestamptz,
  add column paused_by text,
  -- Runs with the same gate go through it so many at once; one that is held has not begun.
  add column gate text,
  add column gate_most int,
  add column held_at timestamptz,
  add check ((parent_id is null) = (parent_step is null)),
  add check ((gate is null) = (gate_most is null));
create unique index run_child on run (parent_id, parent_step, parent_attempt, item) where parent_id is not null;
create index run_of_parent on run (parent_id, parent_step, id) where parent_id is not null;
create index run_gate on run (workspace_id, gate) where gate is not null and finished_at is null;
-- Lists show the runs that somebody or something started, not those below them.
create index run_newest_root on run (workspace_id, id desc) where parent_id is null;

alter table step_run
  drop constraint step_run_state_check,
  add constraint step_run_state_check check (state in ('ready', 'waiting', 'running', 'succeeded', 'failed', 'skipped', 'cancelled', 'compensated')),
  add column reused_from uuid;

-- What a step waits for. A row costs nothing while nothing happens; what ends the wait writes the answer and inserts the job in one transaction.
create table step_wait (
  workspace_id uuid not null,
  run_id uuid not null,
  step_id text not null,
  id uuid not null,
  kind text not null check (kind in ('timer', 'signal', 'callback', 'approval', 'children')),
  -- What a signal or callback is called.
  name text,
  reason text not null,
  -- What the step wants back when it goes on.
  data jsonb not null,
  attempt int not null,
  tag text not null,
  priority int not null,
  opened_at timestamptz not null default now(),
  until_at timestamptz,
  -- children: a job to look at them is on its way.
  tick_at timestamptz,
  -- answer.by: time | answer
  answer jsonb,
  ended_at timestamptz,
  -- Whoever has to be told of it was told.
  told_at timestamptz,
  primary key (run_id, step_id),
  unique (id),
  foreign key (workspace_id, run_id) references run (workspace_id, id)
) with (fillfactor = 70);
create index step_wait_due on step_wait (until_at) where ended_at is null and until_at is not null;
create index step_wait_open on step_wait (workspace_id, kind, opened_at) where ended_at is null;
call protect_by_workspace('step_wait', 'select');

-- A signal or callback that came before its step waited for it is kept until it does.
create table run_signal (
  workspace_id uuid not null,
  id uuid primary key,
  run_id uuid not null,
  name text not null,
  data jsonb,
  sent_by text not null,
  at timestamptz not null default now(),
  taken_at timestamptz,
  foreign key (workspace_id, run_id) references run (workspace_id, id)
);
create index run_signal_open on run_signal (run_id, name, at) where taken_at is null;
call protect_by_workspace('run_signal', 'select');

-- Something of a run that would be queued if it might: its run is paused or held, or a limit is reached.
create table parked_job (
  workspace_id uuid not null,
  id uuid primary key,
  run_id uuid not null,
  unit text not null,
  attempt int not null,
  tag text not null,
  priority int not null,
  why text not null check (why in ('paused', 'held', 'slot')),
  -- slot: the keys whose slots it waits for, all of them at once.
  keys text[],
  -- How many of each may be held, in the same order.
  slots int[],
  since timestamptz not null default now(),
  foreign key (workspace_id, run_id) references run (workspace_id, id)
);
create index parked_job_of_run on parked_job (run_id);
create index parked_job_slot on parked_job using gin (keys) where why = 'slot';
call protect_by_workspace('parked_job', 'select');

-- The row that whoever counts the holders of a key locks first: a count taken before the lock would overshoot. It holds no count itself.
create table limit_key (
  workspace_id uuid not null,
  key text not null,
  -- Rates (GCRA): when the next one may begin if everything before kept exactly to the rate.
  next_at timestamptz,
  primary key (workspace_id, key)
);
call protect_by_workspace('limit_key', 'select');

-- Who holds a slot: a lease, and it goes with the lease, so a slot is never held by the dead.
create table slot (
  workspace_id uuid not null,
  key text not null,
  job_id uuid not null references lease on delete cascade,
  run_id uuid not null,
  unit text not null,
  since timestamptz not null default now(),
  primary key (workspace_id, key, job_id)
);
create index slot_of_job on slot (job_id);
call protect_by_workspace('slot', 'select');

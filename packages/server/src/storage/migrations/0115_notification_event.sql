-- Why: people must hear of what happens without looking. What is to be told is written in the transaction in which it happens, so nothing is lost
-- between the two; who is told of it, and how, is decided later, from these rows. They are written with every run that somebody started: one index
-- that grows at its end, one of few rows, and a tiny one by time for the removal of old ones.
create table notification_event (
  workspace_id uuid not null,
  -- Counts up with time.
  id uuid not null,
  kind text not null check (length(kind) <= 60),
  severity text not null check (severity in ('info', 'warning', 'error')),
  title text not null,
  text text,
  object_type text,
  object_id text,
  -- The flow that it is about: who may not see its runs does not see this.
  flow_id uuid,
  data jsonb not null default '{}',
  raised_by text not null,
  idempotency_key text,
  at timestamptz not null default now(),
  primary key (workspace_id, id),
  check ((object_type is null) = (object_id is null))
);
create index notification_event_grave on notification_event (workspace_id, id) where severity <> 'info';
create unique index notification_event_key on notification_event (workspace_id, idempotency_key) where idempotency_key is not null;
create index notification_event_at on notification_event using brin (at);
call protect_by_workspace('notification_event', 'select, insert');

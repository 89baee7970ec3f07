-- Why: an operator must be able to stop the taking of work, everywhere or by one worker, before he restarts or mends something; and see
-- who works with what. Workers read the switch with the heartbeat that they write anyway, and a notification tells them to beat at once.
create table engine_control (
  singleton boolean primary key default true check (singleton),
  paused_at timestamptz,
  paused_by text,
  pause_reason text,
  check ((paused_at is null) = (paused_by is null))
);
insert into engine_control default values;
grant select, update on engine_control to tidewheel_engine;

alter table worker
  add column version text not null default '',
  -- The most leases it holds at once; 0 for workers from before this column.
  add column concurrency int not null default 0,
  -- Steps it recorded per minute over the last minutes, by tag: {"default": 120.5}.
  add column rates jsonb not null default '{}',
  add column drain_at timestamptz,
  add column drain_by text,
  add check ((drain_at is null) = (drain_by is null));

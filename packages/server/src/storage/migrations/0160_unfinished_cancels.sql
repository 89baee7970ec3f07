-- Why: cancelling reaches further runs in transactions of their own: those in front of one that replaces them, those below one. A process that ended between two of them
-- left the first held and the others running, or a run in cancellation for as long as something below it waited. What remains to be done is now read from the rows.
alter table run
  -- It waits for its turn, and those in front of it are to be cancelled.
  add column cancels_before boolean not null default false,
  -- Since when it is being cancelled, or is so without cleaning up.
  add column cancelling_at timestamptz;
update run set cancelling_at = now() where state = 'cancelling' and finished_at is null;
create index run_cancels_before on run (id) where cancels_before and held_at is not null and finished_at is null;
create index run_cancelling on run (cancelling_at) where cancelling_at is not null and finished_at is null;

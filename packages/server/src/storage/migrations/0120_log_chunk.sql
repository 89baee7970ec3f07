-- Why: the rows of long logs would be most of what Postgres keeps, backs up and vacuums, and few are ever read. They go to the object store in packs of some thousand
-- lines; what is left here is one row for each pack, with what a reader needs to pass over packs that have nothing for him.
create table log_chunk (
  workspace_id uuid not null,
  run_id uuid not null,
  first_seq bigint not null,
  last_seq bigint not null,
  lines int not null,
  -- Of the object: gzip of one JSON value per line.
  bytes int not null,
  sha256 text not null,
  -- The highest level in it.
  top_level text not null check (top_level in ('debug', 'info', 'warn', 'error')),
  -- Whose lines are in it; null: of too many steps to name them.
  steps text[],
  primary key (run_id, first_seq),
  check (last_seq >= first_seq)
);
call protect_by_workspace('log_chunk', 'select');

-- Runs whose log is long enough to be packed: written by the commits that make it so, taken away when the run is over and all is packed.
create table log_due (
  workspace_id uuid not null,
  run_id uuid primary key,
  packed_seq bigint not null default 0
);
call protect_by_workspace('log_due', 'select');

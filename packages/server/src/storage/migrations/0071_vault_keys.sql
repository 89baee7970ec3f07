-- Why: a master key that cannot be changed cannot be trusted for long. What everything is derived from are root keys that lie here, sealed
-- by the master key: changing it seals them anew, and a re-wrap moves every data key under a fresh one.
create table vault_root_key (
  -- Follows from the key and gives nothing away.
  id text not null,
  generation int not null,
  -- The master key that opens this row; a root key has a row for each while the master key is being changed.
  master_key_id text not null,
  sealed bytea not null,
  -- Mail, second factor and the passwords of the database's roles derive from this one; the audit trail from the first.
  is_base boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (id, master_key_id)
);
grant select, insert, delete on vault_root_key to tidewheel_engine;
grant select (id, generation) on vault_root_key to tidewheel_app;
grant delete on vault_canary to tidewheel_engine;

-- A re-wrap of all data keys; a scheduler works on the one that runs and goes on where another one stopped.
create table vault_rewrap (
  id uuid primary key,
  state text not null default 'running' check (state in ('running', 'done', 'failed')),
  key_id text not null,
  master_key_id text not null,
  total int not null,
  done int not null default 0,
  failed int not null default 0,
  workspace_id uuid not null references workspace,
  started_at timestamptz not null default now(),
  started_by text not null,
  actor json not null,
  finished_at timestamptz,
  note text
);
create unique index vault_rewrap_running on vault_rewrap (state) where state = 'running';
grant select, insert, update on vault_rewrap to tidewheel_engine;

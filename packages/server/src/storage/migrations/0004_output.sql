-- Why: what runs leave behind. Objects are content-addressed and deduplicated within a workspace only.
create table object (
  workspace_id uuid not null references workspace,
  sha256 text not null,
  size bigint not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, sha256)
);
call protect_by_workspace('object', 'select, insert');

create table artifact (
  workspace_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  step_id text not null,
  name text not null,
  media_type text not null,
  size bigint not null,
  sha256 text not null,
  md5 text not null,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (run_id, step_id, name),
  foreign key (workspace_id, run_id) references run (workspace_id, id)
);
create index artifact_by_hash on artifact (workspace_id, sha256);
call protect_by_workspace('artifact', 'select');

create table delivery (
  workspace_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  step_id text not null,
  file_name text not null,
  sha256 text not null,
  size bigint not null,
  connection text not null,
  destination text not null,
  attempt int not null,
  state text not null check (state in ('delivered', 'failed')),
  at timestamptz not null,
  ms int not null,
  receipt jsonb,
  error text,
  primary key (workspace_id, id),
  foreign key (workspace_id, run_id) references run (workspace_id, id)
);
create index delivery_of_run on delivery (run_id);
call protect_by_workspace('delivery', 'select');

create table stored_file (
  workspace_id uuid not null references workspace,
  id uuid not null,
  slug text not null,
  name text not null,
  media_type text not null,
  size bigint not null,
  sha256 text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  archived_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, slug)
);
call protect_by_workspace('stored_file', 'select, insert, update');

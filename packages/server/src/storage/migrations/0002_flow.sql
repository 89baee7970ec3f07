-- Why: a flow is a name; what runs is one of its immutable versions, kept as written and as parsed.
create table flow (
  workspace_id uuid not null references workspace,
  id uuid not null,
  slug text not null,
  title text not null,
  kind text not null check (kind in ('pipeline', 'report', 'job', 'color')),
  description text,
  newest_version int not null,
  step_count int not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  archived_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, slug)
);
create index flow_by_title on flow (workspace_id, title, id);
create index flow_by_update on flow (workspace_id, updated_at desc, id);
call protect_by_workspace('flow', 'select, insert, update');

create table flow_version (
  workspace_id uuid not null,
  id uuid not null,
  flow_id uuid not null,
  version int not null,
  source text not null,
  -- json, not jsonb: the order in which an author wrote the steps is kept.
  document json not null,
  -- The config version of each step type it was written for.
  step_versions json not null default '{}',
  hash text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, flow_id, version),
  foreign key (workspace_id, flow_id) references flow
);
-- No update: a version never changes.
call protect_by_workspace('flow_version', 'select, insert');

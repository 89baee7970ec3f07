-- Why: backups are kept, listed, checked and taken away again, so each has a row: what is in it, where its file lies, who made it and whether it was proven. Numbers are not
-- given twice: a row whose file was deleted stays, out of the list.
create table backup (
  workspace_id uuid not null references workspace,
  number int not null,
  title text not null,
  scope text not null check (scope in ('desk', 'workspace')),
  origin text not null check (origin in ('hand', 'flow', 'restore', 'upload')),
  state text not null check (state in ('making', 'ready', 'failed')),
  encrypted boolean not null,
  -- Where the file lies: in the object store under its hash, or at a connection.
  connection text,
  folder text,
  file_name text not null,
  size bigint,
  sha256 text,
  rows bigint,
  files int,
  -- The moment it shows, and whoever made it then: of one that was brought from elsewhere not when that was.
  made_at timestamptz not null default now(),
  made_by text not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  -- Of a step: the newest of the same one are kept.
  flow text,
  step text,
  run_id uuid,
  error jsonb,
  -- Whoever makes it says so now and then: one that nobody has touched for long was broken off.
  touched_at timestamptz not null default now(),
  verified jsonb,
  restored_at timestamptz,
  restored_by text,
  removed_at timestamptz,
  removed_by text,
  primary key (workspace_id, number),
  check (state <> 'ready' or (size is not null and sha256 is not null))
);
create index backup_of_step on backup (workspace_id, flow, step) where origin = 'flow' and removed_at is null;
call protect_by_workspace('backup', 'select, insert, update');

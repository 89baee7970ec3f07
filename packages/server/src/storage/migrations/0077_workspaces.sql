-- Why: an installation has several workspaces. They are renamed (the old slug goes on leading to them) and archived, and a request says in
-- which one it is; a browser that does not say so is in the one that the person used last.
alter table workspace add column archived_at timestamptz;
alter table workspace add column archived_by text;
grant delete on workspace to tidewheel_engine;

create table workspace_slug (
  slug text primary key,
  workspace_id uuid not null references workspace,
  replaced_at timestamptz not null default now()
);
create index workspace_slug_of on workspace_slug (workspace_id);
call protect_by_workspace('workspace_slug', 'select');

-- The slug of now, else one of before.
create function workspace_named(wanted text) returns uuid language sql stable parallel safe
  return coalesce((select id from workspace where slug = wanted), (select workspace_id from workspace_slug where slug = wanted));

alter table identity.membership add column last_used_at timestamptz;

-- The workspace of a program's session: its access tokens are for that one.
alter table identity.session add column workspace_id uuid references workspace;

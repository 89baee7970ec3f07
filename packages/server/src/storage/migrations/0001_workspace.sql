-- Why: every later table hangs off a workspace, and row-level security by workspace starts with the first one.
-- The roles tidewheel_engine and tidewheel_app exist already (storage/roles.ts makes them, they belong to the cluster, not the database).

create function current_workspace() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.workspace', true), '')::uuid;
comment on function current_workspace is 'The workspace of this transaction, set by set_config(''app.workspace'', id, true); null sees nothing.';

-- One call per table keeps the three roles alike everywhere: the engine sees all, the app only its workspace.
create procedure protect_by_workspace(target regclass, app_may text) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('create policy engine_all on %s to tidewheel_engine using (true) with check (true)', target);
  execute format('create policy app_workspace on %s to tidewheel_app using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())', target);
  execute format('grant select, insert, update, delete on %s to tidewheel_engine', target);
  execute format('grant %s on %s to tidewheel_app', app_may, target);
end $$;

create table workspace (
  id uuid primary key,
  slug text not null unique,
  title text not null,
  created_at timestamptz not null default now()
);
alter table workspace enable row level security;
create policy engine_all on workspace to tidewheel_engine using (true) with check (true);
create policy app_own on workspace to tidewheel_app using (id = current_workspace());
grant select, insert, update on workspace to tidewheel_engine;
grant select, update on workspace to tidewheel_app;

-- Why: what people did may have to be forgotten after some years, and the proof that nothing else was removed must hold all the same. Only this
-- function erases contents, and only what the workspace's own rule says is old enough: neither the app nor the engine may update an entry.
create table audit_retention (
  workspace_id uuid primary key references workspace,
  -- Null keeps everything.
  days int check (days >= 30),
  updated_at timestamptz not null default now(),
  updated_by text not null
);
call protect_by_workspace('audit_retention', 'select, insert, update');

create function erase_old_audit(place uuid, most int) returns table (erased bigint, until timestamptz)
language sql security definer set search_path = pg_catalog, public as $$
  with rule as (select now() - make_interval(days => days) as before from public.audit_retention where workspace_id = place and days is not null),
  old as (
    select e.id from public.audit_entry e, rule where e.workspace_id = place and e.at < rule.before and e.body is not null
      -- Ids begin with the time: the key's own order finds the oldest.
      order by e.id limit most),
  gone as (update public.audit_entry e set salt = null, body = null from old where e.workspace_id = place and e.id = old.id returning e.at)
  select count(*), max(at) from gone
$$;
revoke all on function erase_old_audit from public;
grant execute on function erase_old_audit to tidewheel_engine;
-- So that old contents are found without reading those that were erased before.
create index audit_entry_content on audit_entry (workspace_id, id) where body is not null;

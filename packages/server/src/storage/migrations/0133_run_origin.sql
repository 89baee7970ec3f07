-- Why: a run that a schedule or a trigger started must lead back to it, and to the moment that it was for.
alter table run
  add column origin_kind text check (origin_kind in ('schedule', 'trigger')),
  add column origin_id uuid,
  add column origin_slug text,
  add column origin_at timestamptz;
create index run_of_origin on run (workspace_id, origin_kind, origin_slug, id desc) where origin_kind is not null;

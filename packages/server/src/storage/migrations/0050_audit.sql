-- Why: what was done can be proven later. An entry is written in the transaction of the change itself and never changed; its place in the Merkle
-- tree is given afterwards by one sequencer. The tree covers the salted hash of the content, so retention may erase the content and every proof holds.
create table audit_entry (
  workspace_id uuid not null references workspace,
  id uuid not null,
  at timestamptz not null,
  action text not null,
  -- SHA-256 of salt and body.
  payload_hash bytea not null check (octet_length(payload_hash) = 32),
  salt bytea,
  -- json, not jsonb: the text is kept byte for byte, as it was hashed.
  body json,
  -- Derived, so that what a list filters by cannot differ from what was hashed.
  actor_id text generated always as (body -> 'actor' ->> 'id') stored,
  actor_label text generated always as (body -> 'actor' ->> 'label') stored,
  object_type text generated always as (body -> 'object' ->> 'type') stored,
  object_id text generated always as (body -> 'object' ->> 'id') stored,
  primary key (workspace_id, id),
  check ((salt is null) = (body is null))
);
create index audit_entry_object on audit_entry (workspace_id, object_id, id);
create index audit_entry_actor on audit_entry (workspace_id, actor_id, id);
call protect_by_workspace('audit_entry', 'select, insert');
revoke update, delete on audit_entry from tidewheel_engine;

create function audit_entry_stays() returns trigger language plpgsql as $$
begin
  -- The one change there is: erasing the content.
  if tg_op = 'UPDATE' and new.salt is null and new.body is null
    and (new.workspace_id, new.id, new.at, new.action, new.payload_hash) = (old.workspace_id, old.id, old.at, old.action, old.payload_hash) then
    return new;
  end if;
  raise exception 'audit entries are never changed or removed' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entry_stays before update or delete on audit_entry for each row execute function audit_entry_stays();
create trigger audit_entry_stays_whole before truncate on audit_entry for each statement execute function audit_entry_stays();

-- Entries without a place in the tree. Filled by a trigger, so that no writer can leave its entry out.
create table audit_pending (
  workspace_id uuid not null,
  entry_id uuid not null,
  primary key (workspace_id, entry_id)
);
call protect_by_workspace('audit_pending', 'select');
create function audit_entry_waits() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  insert into public.audit_pending (workspace_id, entry_id) select workspace_id, id from fresh;
  return null;
end $$;
create trigger audit_entry_waits after insert on audit_entry referencing new table as fresh for each statement execute function audit_entry_waits();

create table audit_leaf (
  workspace_id uuid not null,
  leaf_index bigint not null,
  entry_id uuid not null,
  hash bytea not null check (octet_length(hash) = 32),
  primary key (workspace_id, leaf_index),
  unique (workspace_id, entry_id),
  foreign key (workspace_id, entry_id) references audit_entry
);
call protect_by_workspace('audit_leaf', 'select');
revoke update, delete on audit_leaf from tidewheel_engine;

-- The roots of complete subtrees: level 1 covers two leaves, level n 2^n. Any proof needs a few of them only.
create table audit_node (
  workspace_id uuid not null references workspace,
  level smallint not null check (level > 0),
  node_index bigint not null,
  hash bytea not null check (octet_length(hash) = 32),
  primary key (workspace_id, level, node_index)
);
call protect_by_workspace('audit_node', 'select');
revoke update, delete on audit_node from tidewheel_engine;

create table audit_checkpoint (
  workspace_id uuid not null references workspace,
  size bigint not null,
  root bytea not null check (octet_length(root) = 32),
  -- C2SP tlog-checkpoint with its signature.
  note text not null,
  signed_at timestamptz not null default now(),
  primary key (workspace_id, size)
);
call protect_by_workspace('audit_checkpoint', 'select');
revoke update, delete on audit_checkpoint from tidewheel_engine;

-- Why: what runs on a host needs to know where it is, how to sign in and whether it may be touched now. A host names its credential; it never holds a secret.
create table target (
  workspace_id uuid not null references workspace,
  id uuid not null,
  -- In small letters. Unlike a slug it may hold dots.
  name text not null check (name ~ '^[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?$'),
  title text not null,
  description text not null,
  os text not null check (os in ('linux', 'windows')),
  address text not null,
  transport text not null,
  settings jsonb not null,
  credential_id uuid,
  via_id uuid,
  category text,
  tags text[] not null default '{}',
  -- Written down by people; found out on the host itself.
  facts jsonb not null default '{}',
  found jsonb not null default '{}',
  found_at timestamptz,
  -- How the last test went: kept with the host, for the list shows it.
  contact_ok boolean,
  contact_at timestamptz,
  contact_by text,
  contact jsonb,
  maintenance_from timestamptz,
  maintenance_until timestamptz,
  maintenance_reason text,
  maintenance_by text,
  created_at timestamptz not null default now(),
  created_by text not null,
  updated_at timestamptz not null default now(),
  archived_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, credential_id) references credential,
  foreign key (workspace_id, via_id) references target,
  check (via_id <> id),
  check ((contact_at is null) = (contact_ok is null)),
  check ((maintenance_from is null) = (maintenance_reason is null)),
  check (maintenance_until is null or maintenance_until > maintenance_from)
);
create unique index target_name on target (workspace_id, name) where archived_at is null;
create index target_name_ever on target (workspace_id, name, archived_at);
create index target_credential on target (workspace_id, credential_id) where credential_id is not null;
create index target_via on target (workspace_id, via_id) where via_id is not null;
call protect_by_workspace('target', 'select, insert, update');

-- What must work before it: drawn, and asked by who takes a host out of work.
create table target_relation (
  workspace_id uuid not null,
  target_id uuid not null,
  depends_on uuid not null,
  primary key (workspace_id, target_id, depends_on),
  foreign key (workspace_id, target_id) references target on delete cascade,
  foreign key (workspace_id, depends_on) references target on delete cascade,
  check (target_id <> depends_on)
);
create index target_relation_of on target_relation (workspace_id, depends_on);
call protect_by_workspace('target_relation', 'select, insert, delete');

-- A group is a list of hosts or a query that is asked anew each time.
create table target_group (
  workspace_id uuid not null references workspace,
  id uuid not null,
  slug text not null,
  title text not null,
  description text not null,
  query text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  archived_at timestamptz,
  primary key (workspace_id, id)
);
create unique index target_group_slug on target_group (workspace_id, slug) where archived_at is null;
call protect_by_workspace('target_group', 'select, insert, update');

create table target_group_member (
  workspace_id uuid not null,
  group_id uuid not null,
  target_id uuid not null,
  primary key (workspace_id, group_id, target_id),
  foreign key (workspace_id, group_id) references target_group on delete cascade,
  foreign key (workspace_id, target_id) references target on delete cascade
);
create index target_group_member_of on target_group_member (workspace_id, target_id);
call protect_by_workspace('target_group_member', 'select, insert, delete');

-- The runs that opened a host, for its page; one row each, whatever their steps do.
create table target_use (
  workspace_id uuid not null,
  target_id uuid not null,
  run_id uuid not null,
  used_at timestamptz not null,
  primary key (workspace_id, target_id, run_id),
  foreign key (workspace_id, target_id) references target on delete cascade
);
create index target_use_newest on target_use (workspace_id, target_id, used_at desc);
call protect_by_workspace('target_use', 'select');

-- Who used a credential last, by host; beside credential_use, which says it by connection.
create table credential_target_use (
  workspace_id uuid not null,
  credential_id uuid not null,
  target_id uuid not null,
  run_id uuid,
  used_at timestamptz not null,
  primary key (workspace_id, credential_id, target_id),
  foreign key (workspace_id, credential_id) references credential on delete cascade,
  foreign key (workspace_id, target_id) references target on delete cascade
);
call protect_by_workspace('credential_target_use', 'select');

-- Why: a secret that several connections share, with an end and a history, is an object of its own. A credential without a slug stays what
-- it was: the private secret of one connection or of the mail server.
alter table credential
  alter column ciphertext drop not null,
  alter column nonce drop not null,
  alter column wrapped_key drop not null,
  alter column key_id drop not null,
  -- Which store keeps the secret; external ones come later.
  add column store text not null default 'local',
  add column slug text,
  add column title text,
  add column type text,
  add column description text not null default '',
  -- What people may see of it, and what was read from the secret when it was given.
  add column fields jsonb not null default '{}',
  add column facts jsonb not null default '{}',
  -- Where it may be sent and which connections may use it; empty: see docs/credentials.md.
  add column hosts text[] not null default '{}',
  add column connections text[] not null default '{}',
  add column expires_on date,
  add column remind_days int[] not null default '{}',
  add column version int not null default 1,
  add column created_by text not null default '',
  add column updated_at timestamptz not null default now(),
  add column archived_at timestamptz,
  add constraint credential_named check ((slug is null) = (title is null) and (slug is null) = (type is null)),
  -- An archived credential keeps its history and has lost its secret.
  add constraint credential_sealed check (archived_at is not null or ciphertext is not null or store <> 'local');
create unique index credential_slug on credential (workspace_id, slug) where slug is not null and archived_at is null;
create index credential_expiry on credential (expires_on) where expires_on is not null and archived_at is null;

-- The secret before the last rotation, sealed as it was, until its grace is over.
create table credential_previous (
  workspace_id uuid not null,
  credential_id uuid not null,
  ciphertext bytea not null,
  nonce bytea not null,
  wrapped_key bytea not null,
  key_id text not null,
  fields jsonb not null,
  facts jsonb not null,
  expires_on date,
  erase_at timestamptz not null,
  primary key (workspace_id, credential_id),
  foreign key (workspace_id, credential_id) references credential on delete cascade
);
call protect_by_workspace('credential_previous', 'select, insert, update, delete');

-- Who used a credential last, for "used by"; at most one write a minute for each credential, connection and run.
create table credential_use (
  workspace_id uuid not null,
  credential_id uuid not null,
  connection text not null,
  run_id uuid,
  used_at timestamptz not null,
  primary key (workspace_id, credential_id, connection),
  foreign key (workspace_id, credential_id) references credential on delete cascade
);
call protect_by_workspace('credential_use', 'select, insert, update, delete');

-- Each reminder once: for this end of the credential, so many days before.
create table credential_reminder (
  workspace_id uuid not null,
  credential_id uuid not null,
  expires_on date not null,
  days int not null,
  sent_at timestamptz not null default now(),
  primary key (workspace_id, credential_id, expires_on, days),
  foreign key (workspace_id, credential_id) references credential on delete cascade
);
call protect_by_workspace('credential_reminder', 'select, insert, delete');

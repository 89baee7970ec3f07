-- Why: how the product reaches other systems. Secrets are never in a connection's row: an envelope-encrypted credential holds them.
create table credential (
  workspace_id uuid not null references workspace,
  id uuid not null,
  purpose text not null,
  ciphertext bytea not null,
  nonce bytea not null,
  wrapped_key bytea not null,
  key_id text not null,
  created_at timestamptz not null default now(),
  rotated_at timestamptz,
  primary key (workspace_id, id)
);
call protect_by_workspace('credential', 'select, insert, update, delete');

create table connection (
  workspace_id uuid not null references workspace,
  id uuid not null,
  slug text not null,
  title text not null,
  type text not null,
  config jsonb not null,
  credential_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  archived_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, slug),
  foreign key (workspace_id, credential_id) references credential
);
call protect_by_workspace('connection', 'select, insert, update');

-- One row: a text sealed with the key-encryption key, opened at every start, so that a wrong key stops the start instead of losing secrets.
create table vault_canary (
  key_id text primary key,
  sealed bytea not null,
  created_at timestamptz not null default now()
);
grant select, insert on vault_canary to tidewheel_engine;

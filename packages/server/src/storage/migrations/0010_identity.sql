-- Why: people, their ways to sign in and what they may do. A schema of its own that the app role cannot see at all: whoever calls is
-- looked up before a workspace is known, and no query of a feature shall ever reach a password hash.
create schema identity;
grant usage on schema identity to tidewheel_engine;

-- user, account, session and verification have the columns of better-auth 1.7 (its names, our snake_case).
create table identity."user" (
  id uuid primary key,
  name text not null,
  email text not null check (email = lower(email)),
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- local: the operator of this machine, known by a token file; it has no password and cannot sign in by the web.
  kind text not null default 'person' check (kind in ('person', 'local'))
);
create unique index user_email on identity."user" (email);

create table identity.account (
  id uuid primary key,
  user_id uuid not null references identity."user" on delete cascade,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index account_of_user on identity.account (user_id);

create table identity.session (
  id uuid primary key,
  user_id uuid not null references identity."user" on delete cascade,
  -- SHA-256 of the cookie's value: a copy of this table signs nobody in.
  token text not null unique check (token ~ '^[0-9a-f]{64}$'),
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_seen_at timestamptz
);
create index session_of_user on identity.session (user_id);

create table identity.verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verification_identifier on identity.verification (identifier);

create table identity.membership (
  workspace_id uuid not null references workspace,
  user_id uuid not null references identity."user" on delete cascade,
  role text not null check (role in ('admin', 'developer', 'designer', 'operator', 'viewer', 'executive')),
  created_at timestamptz not null default now(),
  primary key (user_id, workspace_id)
);
create index membership_of_workspace on identity.membership (workspace_id, role);

create table identity.one_time_link (
  workspace_id uuid not null references workspace,
  id uuid primary key,
  purpose text not null check (purpose in ('first-administrator', 'invitation')),
  token_hash text not null unique,
  email text,
  role text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index one_time_link_open on identity.one_time_link (workspace_id, created_at) where used_at is null and revoked_at is null;

create table identity.api_token (
  workspace_id uuid not null references workspace,
  id uuid primary key,
  user_id uuid not null references identity."user" on delete cascade,
  title text not null,
  token_hash text not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_token_of_user on identity.api_token (user_id);

-- Failed sign-ins by account and by address; a key is a hash, since people type passwords into the e-mail field.
create table identity.sign_in_attempt (
  key text primary key,
  failures int not null,
  blocked_until timestamptz,
  touched_at timestamptz not null default now()
);
create index sign_in_attempt_age on identity.sign_in_attempt (touched_at);

grant select, insert, update, delete on all tables in schema identity to tidewheel_engine;

-- Why: passwords are changed and reset, and sessions end by rules that an administrator sets. One row of rules for the installation.
create table identity.sign_in_rules (
  singleton boolean primary key default true check (singleton),
  min_password_length int not null default 12,
  self_registration boolean not null default false,
  registration_role text not null default 'viewer',
  idle_minutes int not null default 720,
  max_sessions int not null default 10,
  second_factor_roles text[] not null default '{}'
);
insert into identity.sign_in_rules default values;

-- The newest hashes of each user, the present one among them: none of these may come back.
create table identity.password_history (
  id uuid primary key,
  user_id uuid not null references identity."user" on delete cascade,
  hash text not null,
  created_at timestamptz not null default now()
);
create index password_history_of_user on identity.password_history (user_id, id desc);

-- A link to an account that exists: to reset its password, or to confirm its address.
create table identity.account_link (
  id uuid primary key,
  user_id uuid not null references identity."user" on delete cascade,
  purpose text not null check (purpose in ('password-reset', 'email-verification')),
  token_hash text not null unique,
  -- It came by mail, so whoever holds it reads that address.
  mailed boolean not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index account_link_of_user on identity.account_link (user_id);

-- Mailed: accepting it confirms the address. A registration is an invitation that its owner asked for.
alter table identity.one_time_link add column mailed boolean not null default false;
alter table identity.one_time_link drop constraint one_time_link_purpose_check;
alter table identity.one_time_link add check (purpose in ('first-administrator', 'invitation', 'registration'));

grant select, insert, update, delete on identity.sign_in_rules, identity.password_history, identity.account_link to tidewheel_engine;

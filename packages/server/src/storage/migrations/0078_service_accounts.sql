-- Why: programs get an account of their own, with a role and grants like people, and keys that may do less than the account, from fewer
-- places and for a limited time. API tokens of people get the same limits.
create table identity.service_account (
  workspace_id uuid not null references workspace,
  user_id uuid primary key references identity."user" on delete cascade,
  slug text not null,
  description text not null default '',
  -- Who answers for it. Without one (the person left) an administrator does.
  owner_id uuid references identity."user" on delete set null,
  created_by text not null,
  created_at timestamptz not null default now(),
  unique (workspace_id, slug)
);
create index service_account_owner on identity.service_account (owner_id);
grant select, insert, update, delete on identity.service_account to tidewheel_engine;

-- `service:<slug>` stands in the place of an address, and two workspaces may have the same slug.
drop index identity.user_email;
create unique index user_email on identity."user" (email) where kind <> 'service';

alter table identity.api_token add column prefix text;
-- Rules: what of the holder's rights it carries. Null: all of them.
alter table identity.api_token add column scope jsonb;
-- Networks (CIDR) from which it may be used. Null: from everywhere.
alter table identity.api_token add column networks text[];
alter table identity.api_token add column last_used_address text;
alter table identity.api_token add column created_by text;
alter table identity.api_token add column reminded_at timestamptz;
create index api_token_expiry on identity.api_token (expires_at) where revoked_at is null;

-- Why: people sign in through the identity provider of their company, and its groups decide their roles. Who somebody is there is the
-- provider with its subject, never an e-mail address.
create table identity.sso_provider (
  id uuid primary key,
  slug text not null unique,
  title text not null,
  issuer text not null,
  client_id text not null,
  -- Sealed with a key of the master key, bound to the provider. Null: a public client.
  sealed_secret bytea,
  scopes text[] not null,
  email_domains text[] not null,
  email_trust text not null check (email_trust in ('claim', 'always', 'never')),
  provision boolean not null,
  link_by_email boolean not null,
  groups_claim text not null,
  second_factor text not null check (second_factor in ('ours', 'claims', 'always')),
  factor_values text[] not null,
  end_session boolean not null,
  certificate_authority text,
  enabled boolean not null,
  position int not null,
  -- SsoMapping of the contract.
  mapping jsonb not null default '{"rules": [], "otherwise": null}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null
);

-- A sign-in on its way. Taken by deleting it, by the browser that began it.
create table identity.sso_transaction (
  -- SHA-256 of `state`.
  state_hash text primary key,
  -- SHA-256 of a cookie.
  browser_hash text not null,
  provider_id uuid not null references identity.sso_provider on delete cascade,
  -- Who links an account; null for a sign-in.
  user_id uuid references identity."user" on delete cascade,
  -- PKCE verifier and nonce.
  sealed bytea not null,
  next text not null,
  expires_at timestamptz not null
);
create index sso_transaction_age on identity.sso_transaction (expires_at);

create table identity.external_identity (
  provider_id uuid not null references identity.sso_provider on delete cascade,
  subject text not null,
  user_id uuid not null references identity."user" on delete cascade,
  email text,
  -- Of the last sign-in: what a dry run of new rules asks.
  claims jsonb not null,
  created_at timestamptz not null default now(),
  last_sign_in_at timestamptz,
  primary key (provider_id, subject),
  unique (provider_id, user_id)
);
create index external_identity_of_user on identity.external_identity (user_id);

alter table identity.session
  add column sso_provider_id uuid references identity.sso_provider on delete cascade,
  -- The provider proved a second factor, so none of ours is due.
  add column sso_factor boolean not null default false,
  -- For signing out at the provider.
  add column sealed_id_token bytea;
create index session_of_sso_provider on identity.session (sso_provider_id) where sso_provider_id is not null;

-- The rules of this provider gave the role and take it away again. Null: set by hand, which rules never touch.
alter table identity.membership add column sso_provider_id uuid references identity.sso_provider on delete set null;

-- What a sign-in through a provider needs besides, while it waits for our second factor.
create table identity.sso_step (
  token_hash text primary key references identity.pending_sign_in on delete cascade,
  provider_id uuid not null references identity.sso_provider on delete cascade,
  sealed_id_token bytea
);

grant select, insert, update, delete on identity.sso_provider, identity.sso_transaction, identity.external_identity, identity.sso_step to tidewheel_engine;

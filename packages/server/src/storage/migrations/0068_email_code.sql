-- Why: who has neither an app nor a passkey gets the code of the second step by mail. The password was right and the second factor is due: that
-- moment becomes a row, so that a mailed code or a passkey is good for this sign-in and no other.
create table identity.pending_sign_in (
  -- SHA-256 of a cookie.
  token_hash text primary key,
  user_id uuid not null references identity."user" on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- HMAC with a key of the master key: six digits would be guessed from a plain hash.
  code_hash text,
  code_expires_at timestamptz,
  code_tries int not null default 0,
  codes_sent int not null default 0,
  code_sent_at timestamptz
);
create index pending_sign_in_of_user on identity.pending_sign_in (user_id);
create index pending_sign_in_age on identity.pending_sign_in (expires_at);

create table identity.email_factor (
  user_id uuid primary key references identity."user" on delete cascade,
  created_at timestamptz not null default now()
);

alter table identity.sign_in_rules add column email_code_allowed boolean not null default true;

-- The one place that says what counts as a second factor.
create view identity.second_factor as
  select user_id, 'app' as method from identity.totp where confirmed_at is not null
  union all
  select distinct user_id, 'passkey' from identity.passkey
  union all
  select e.user_id, 'email' from identity.email_factor e, identity.sign_in_rules r where r.email_code_allowed;

grant select, insert, update, delete on identity.pending_sign_in, identity.email_factor to tidewheel_engine;
grant select on identity.second_factor to tidewheel_engine;

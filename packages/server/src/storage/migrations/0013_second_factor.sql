-- Why: a password alone is phished. A time-based code (RFC 6238) as the second factor, with recovery codes for the day the device is lost.
create table identity.totp (
  user_id uuid primary key references identity."user" on delete cascade,
  -- Sealed with a key of the master key, bound to the user.
  sealed_secret bytea not null,
  -- Null until a first code proved that the device has the secret.
  confirmed_at timestamptz,
  -- The step of the last code that was taken: none of it or before it is taken again.
  last_step bigint not null default 0,
  created_at timestamptz not null default now()
);

create table identity.recovery_code (
  code_hash text primary key,
  user_id uuid not null references identity."user" on delete cascade,
  used_at timestamptz
);
create index recovery_code_of_user on identity.recovery_code (user_id);

grant select, insert, update, delete on identity.totp, identity.recovery_code to tidewheel_engine;

-- Why: a password and a typed code are both phished; a passkey answers only the site it was made for. Each is a public key: a copy of these
-- tables signs nobody in.
create table identity.passkey (
  id uuid primary key,
  user_id uuid not null references identity."user" on delete cascade,
  title text not null,
  -- Base64url, as the device made it.
  credential_id text not null unique,
  public_key bytea not null,
  -- The domain that it answers to: another one than the present, after the public address changed, cannot be used.
  rp_id text not null,
  -- Of signatures. One that does not grow is a copy of the device.
  counter bigint not null,
  transports text[] not null,
  -- Kept by a provider on several devices, rather than by this one device alone.
  backed_up boolean not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index passkey_of_user on identity.passkey (user_id, created_at);

-- What a device must sign. Taken by deleting it: each is answered once, by the browser that asked.
create table identity.passkey_challenge (
  challenge text primary key,
  -- SHA-256 of a cookie.
  browser_hash text not null,
  purpose text not null check (purpose in ('register', 'sign-in', 'second-factor')),
  -- Who registers, or gave the password; null when the passkey says who it is.
  user_id uuid references identity."user" on delete cascade,
  expires_at timestamptz not null
);
create index passkey_challenge_age on identity.passkey_challenge (expires_at);

grant select, insert, update, delete on identity.passkey, identity.passkey_challenge to tidewheel_engine;

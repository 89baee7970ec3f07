-- Why: verification, password reset and notifications need mail. One mail server for the installation, and an outbox, so that a mail that
-- was promised in a transaction is sent even if the mail server or this process is down at that moment. Closed to the app role: a mail's
-- text may hold a one-time link.
create table mail_server (
  singleton boolean primary key default true check (singleton),
  host text not null,
  port int not null,
  security text not null check (security in ('starttls', 'tls', 'none')),
  certificate_authority text,
  user_name text,
  -- The password, sealed in the vault of the main workspace.
  workspace_id uuid not null references workspace,
  credential_id uuid,
  from_address text not null,
  from_name text,
  updated_at timestamptz not null default now(),
  updated_by text not null
);
grant select, insert, update, delete on mail_server to tidewheel_engine;

create table mail_outbox (
  id uuid primary key,
  message_id text not null unique,
  purpose text not null,
  to_address text not null,
  subject text not null,
  -- Sealed with a key of the master key; gone once it is sent or given up.
  sealed_text bytea,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
  attempts int not null default 0,
  created_at timestamptz not null default now(),
  next_attempt_at timestamptz not null default now(),
  -- Until then a sender works on it; later the sender counts as dead.
  claimed_until timestamptz,
  -- After that it is of no use to the reader, such as a link that has expired.
  useful_until timestamptz not null,
  sent_at timestamptz,
  error text
);
create index mail_outbox_waiting on mail_outbox (next_attempt_at) where state = 'waiting';
grant select, insert, update, delete on mail_outbox to tidewheel_engine;

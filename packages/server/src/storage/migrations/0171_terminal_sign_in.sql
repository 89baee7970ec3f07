-- Why: who signs in through a provider or with a passkey has no password to type on a terminal. The browser, where the person is signed in already, lets the terminal
-- in: it gets a code that only who holds the verifier behind the challenge can use (PKCE, RFC 7636), once and soon. The code dies with the session that gave it.
create table identity.terminal_sign_in (
  -- SHA-256 of the code.
  code_hash text primary key,
  -- SHA-256 of the verifier, in base64url.
  challenge text not null,
  session_id uuid not null references identity.session on delete cascade,
  workspace_id uuid not null references workspace on delete cascade,
  -- What the terminal calls itself.
  title text not null,
  expires_at timestamptz not null
);
create index terminal_sign_in_of_session on identity.terminal_sign_in (session_id);
create index terminal_sign_in_age on identity.terminal_sign_in (expires_at);

grant select, insert, update, delete on identity.terminal_sign_in to tidewheel_engine;

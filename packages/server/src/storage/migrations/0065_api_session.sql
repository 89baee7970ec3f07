-- Why: programs that sign in as a person get a short access token and a refresh token that is exchanged at each use. Such a session is a
-- row like that of a browser, so that the list, the limit, the idle time and every "end all sessions" hold for both.
alter table identity.session add column kind text not null default 'web' check (kind in ('web', 'api'));

-- `session.token` of an api session is the hash of its present refresh token; here are those that it replaced. One of them coming back
-- means that two hold the session: it ends. The rows go with the session, which lives seven days at most.
create table identity.used_refresh_token (
  token_hash text primary key check (token_hash ~ '^[0-9a-f]{64}$'),
  session_id uuid not null references identity.session on delete cascade,
  used_at timestamptz not null default now()
);
create index used_refresh_token_of_session on identity.used_refresh_token (session_id);

grant select, insert, update, delete on identity.used_refresh_token to tidewheel_engine;

-- Why: search over everything that was processed. Ten million colors are some fifty thousand bonds: a text is matched on these first, and their colors are found by an index.
-- A role of its own reads past row-level security, under which Postgres uses no text index; it may read these three tables and nothing else.

-- What a color is of: its CUSIP, else its ISIN, else ticker, coupon and maturity as dealers write them.
create function color_security(cusip text, isin text, ticker text, issuer text, coupon numeric, maturity date) returns text language sql immutable parallel safe as $$
  select coalesce(cusip, isin, left(upper(coalesce(ticker, issuer)), 200) || coalesce(' ' || trim_scale(coupon)::text, '')
    || coalesce(' ' || (extract(year from maturity) * 10000 + extract(month from maturity) * 100 + extract(day from maturity))::int::text, ''), '')
$$;
alter table color add column security text not null generated always as (color_security(cusip, isin, ticker, issuer, coupon, maturity)) stored;

-- What is searched was not excluded. Days repeat, so these stay small; within a day Postgres sorts.
drop index color_cusip;
drop index color_isin;
create index color_by_security on color (workspace_id, security, date desc) where excluded_by is null;
create index color_by_sector on color (workspace_id, sector, date desc) where excluded_by is null;
create index color_by_market on color (workspace_id, market, date desc) where excluded_by is null;
create index color_by_source on color (workspace_id, source, date desc) where excluded_by is null;
create index color_by_dealer on color (workspace_id, dealer, date desc) where excluded_by is null;

-- One row for each bond that was ever kept; its facts are those of its newest color.
create table color_security (
  workspace_id uuid not null references workspace,
  security text not null,
  cusip text, isin text, ticker text, issuer text, coupon numeric, maturity date, sector text, market text, currency text,
  colors int not null,
  first_day date not null,
  last_day date not null,
  -- Ticker and issuer as words; `simple`: names are not stemmed. Without marks: `amazon.com` would be one word, a host.
  words tsvector not null generated always as (to_tsvector('simple', translate(coalesce(ticker, '') || ' ' || coalesce(issuer, ''), './-_&@:,''', '         '))) stored,
  primary key (workspace_id, security)
);
create index color_security_cusip on color_security (workspace_id, cusip text_pattern_ops);
create index color_security_isin on color_security (workspace_id, isin text_pattern_ops);
create index color_security_ticker on color_security (workspace_id, upper(ticker) text_pattern_ops);
create index color_security_words on color_security using gin (words);
call protect_by_workspace('color_security', 'select');

-- What is there already.
insert into color_security (workspace_id, security, cusip, isin, ticker, issuer, coupon, maturity, sector, market, currency, colors, first_day, last_day)
  select distinct on (workspace_id, security) workspace_id, security, cusip, isin, ticker, issuer, coupon, maturity, sector, market, currency,
    count(*) over whole, min(date) over whole, max(date) over whole
  from color where excluded_by is null and security <> ''
  window whole as (partition by workspace_id, security)
  order by workspace_id, security, date desc, at desc nulls last;

create policy search_all on color to tidewheel_search using (true);
create policy search_all on color_security to tidewheel_search using (true);
create policy search_all on color_processing to tidewheel_search using (true);
grant select on color, color_security, color_processing to tidewheel_search;

-- What somebody looked for last.
create table color_search_recent (
  workspace_id uuid not null references workspace,
  user_id uuid not null,
  -- Of its content: the same search again only becomes the newest.
  sameness bytea not null,
  search jsonb not null,
  found int not null,
  at timestamptz not null default now(),
  primary key (workspace_id, user_id, sameness)
);
create index color_search_recent_newest on color_search_recent (workspace_id, user_id, at desc);
call protect_by_workspace('color_search_recent', 'select, insert, update, delete');

create table color_search_saved (
  workspace_id uuid not null references workspace,
  id uuid not null,
  owner_id uuid not null,
  -- Whom an alert is told.
  owner_label text not null,
  title text not null,
  search jsonb not null,
  shared boolean not null default false,
  alert boolean not null default false,
  revision int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index color_search_saved_owner on color_search_saved (workspace_id, owner_id);
create index color_search_saved_alert on color_search_saved (workspace_id) where alert;
call protect_by_workspace('color_search_saved', 'select, insert, update, delete');

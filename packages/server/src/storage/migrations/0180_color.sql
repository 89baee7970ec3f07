-- Why: the color desk. What dealers said waits in a buffer until a processing takes it, exactly once; what a processing made of it is kept for ever, by day, with the rule that
-- excluded or coloured each row. One desk for each workspace.

-- Changed as one: the order of the sheet, its columns, which flow processes a session.
create table color_settings (
  workspace_id uuid primary key references workspace,
  revision int not null default 1,
  -- {date, rank, px}: asc or desc.
  ranking jsonb not null,
  sheet jsonb not null default '{}',
  flow_id uuid,
  updated_at timestamptz not null default now(),
  updated_by text not null,
  foreign key (workspace_id, flow_id) references flow (workspace_id, id)
);
call protect_by_workspace('color_settings', 'select, insert, update');

create table color_rule (
  workspace_id uuid not null references workspace,
  id uuid not null,
  kind text not null check (kind in ('exclude', 'color')),
  title text not null,
  note text not null default '',
  condition jsonb not null,
  color text,
  -- 1 is asked first. Unique while it is in use; deferred, so that rules can change places.
  priority int not null check (priority > 0),
  active boolean not null default true,
  revision int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null,
  archived_at timestamptz,
  primary key (workspace_id, id),
  check ((kind = 'color') = (color is not null))
);
create index color_rule_order on color_rule (workspace_id, kind, priority) where archived_at is null;
call protect_by_workspace('color_rule', 'select, insert, update');

-- Which incoming column feeds which field, by source. A version never changes; the source points at the one that counts.
create table color_source (
  workspace_id uuid not null references workspace,
  id uuid not null,
  slug text not null,
  title text not null,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null,
  archived_at timestamptz,
  primary key (workspace_id, id)
);
create unique index color_source_slug on color_source (workspace_id, slug) where archived_at is null;
call protect_by_workspace('color_source', 'select, insert, update');
create table color_source_version (
  workspace_id uuid not null,
  source_id uuid not null,
  version int not null,
  columns jsonb not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  primary key (workspace_id, source_id, version),
  foreign key (workspace_id, source_id) references color_source
);
call protect_by_workspace('color_source_version', 'select, insert');

-- One file, paste or table that came.
create table color_upload (
  workspace_id uuid not null references workspace,
  id uuid not null,
  kind text not null check (kind in ('file', 'paste', 'step')),
  title text not null,
  source text,
  columns_version int,
  -- As it came (a reference into the object store), and its hash: the same content again is recognised.
  file jsonb,
  sha256 text,
  state text not null check (state in ('reading', 'ready', 'failed', 'withdrawn')),
  rows int not null default 0,
  doubtful int not null default 0,
  duplicates int not null default 0,
  refused int not null default 0,
  -- What was noticed of the whole file, and the first rows that were refused with their reason.
  notes jsonb not null default '[]',
  error jsonb,
  run_id uuid,
  created_at timestamptz not null default now(),
  created_by text not null,
  ended_at timestamptz,
  primary key (workspace_id, id)
);
create index color_upload_content on color_upload (workspace_id, sha256) where sha256 is not null;
call protect_by_workspace('color_upload', 'select, insert, update');

-- The rows that wait. Once a processing kept them they go.
create table color_buffer (
  workspace_id uuid not null,
  id uuid not null,
  upload_id uuid not null,
  line int not null,
  date date not null, cusip text, isin text, ticker text, issuer text, coupon numeric, maturity date, sector text, market text, currency text, source text, dealer text, bias text,
  px numeric, spread numeric, yield numeric, size numeric, rank int, level text, bwic text, at timestamptz, confidence numeric,
  more jsonb not null default '{}',
  -- Fields that a person should look at, with what stood there; a row with doubts is processed all the same unless the desk says otherwise.
  doubts jsonb not null default '{}',
  -- Of what makes two rows the same quote; the row that came first is not a duplicate.
  sameness bytea not null,
  duplicate_of uuid,
  -- Who works with it: a run, or a session by hand. A run that ended without keeping them has let them go.
  taken_by_run uuid,
  taken_by_session uuid,
  taken_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, upload_id) references color_upload,
  check (taken_by_run is null or taken_by_session is null)
);
create index color_buffer_upload on color_buffer (workspace_id, upload_id, line);
create index color_buffer_sameness on color_buffer (workspace_id, sameness);
create index color_buffer_taken on color_buffer (taken_by_run) where taken_by_run is not null;
create index color_buffer_session on color_buffer (workspace_id, taken_by_session) where taken_by_session is not null;
call protect_by_workspace('color_buffer', 'select, insert, update, delete');

-- One morning's sheet: what was taken, what came of it, and by which rules.
create table color_processing (
  workspace_id uuid not null references workspace,
  id uuid not null,
  number int not null,
  kind text not null check (kind in ('automatic', 'manual')),
  date date not null,
  run_id uuid,
  step text,
  session_id uuid,
  -- The rules and the order it went by.
  rule_set jsonb not null,
  taken int not null,
  excluded int not null,
  kept int not null,
  families int not null,
  by_source jsonb not null default '{}',
  -- Rows that each rule excluded or coloured.
  by_rule jsonb not null default '{}',
  -- Of its rows: which months hold them.
  first_day date,
  last_day date,
  started_at timestamptz not null,
  ended_at timestamptz not null default now(),
  by_label text not null,
  primary key (workspace_id, id),
  unique (workspace_id, number),
  unique (workspace_id, run_id, step)
);
create index color_processing_date on color_processing (workspace_id, date desc, id desc);
call protect_by_workspace('color_processing', 'select');

-- Every color that was processed, the excluded ones with their rule. Months are made as they are needed.
create table color (
  workspace_id uuid not null,
  processing_id uuid not null,
  -- Counts up within a processing, in the order of its sheet; excluded rows come behind.
  line int not null,
  date date not null, cusip text, isin text, ticker text, issuer text, coupon numeric, maturity date, sector text, market text, currency text, source text, dealer text, bias text,
  px numeric, spread numeric, yield numeric, size numeric, rank int, level text, bwic text, at timestamptz, confidence numeric,
  more jsonb not null default '{}',
  excluded_by uuid,
  position int,
  family int,
  child int,
  color text,
  color_by uuid,
  primary key (workspace_id, date, processing_id, line)
) partition by range (date);
create index color_cusip on color (workspace_id, cusip, date desc) where excluded_by is null;
create index color_isin on color (workspace_id, isin, date desc) where excluded_by is null;
create index color_of_processing on color (workspace_id, processing_id, line);
call protect_by_workspace('color', 'select');

-- Makes the partitions of the months of these days. Rows are reached by way of `color` alone, whose policies then count.
create function color_months(days date[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare month date;
begin
  for month in select distinct date_trunc('month', d)::date from unnest(days) d order by 1 loop
    if to_regclass(format('color_%s', to_char(month, 'YYYYMM'))) is null then
      perform pg_advisory_xact_lock(hashtext('color_months'));
      execute format('create table if not exists %I partition of color for values from (%L) to (%L)', 'color_' || to_char(month, 'YYYYMM'), month, (month + interval '1 month')::date);
    end if;
  end loop;
end $$;
revoke execute on function color_months(date[]) from public;
grant execute on function color_months(date[]) to tidewheel_engine;

-- Why: a person arranges a morning's colors by hand: a session holds rows of the buffer with their place, every change is an entry that says what stood there before and after, and a run
-- of the desk's flow keeps the rows as they were arranged. Undo, sharing, two people at once and going on tomorrow follow from that.

create table color_session (
  workspace_id uuid not null references workspace,
  id uuid not null,
  title text not null,
  -- The user, else (a service account) the label.
  owner text not null,
  owner_label text not null,
  shared text not null default 'no' check (shared in ('no', 'read', 'edit')),
  state text not null default 'open' check (state in ('open', 'processed', 'discarded')),
  -- The number of its last entry: whoever changes it waits for who is at it.
  revision int not null default 0,
  -- By what it was ranked last.
  rule_set jsonb not null,
  rows int not null,
  -- The run that processes it, or did last.
  run_id uuid,
  processing int,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null,
  ended_at timestamptz,
  primary key (workspace_id, id)
);
create index color_session_newest on color_session (workspace_id, created_at desc, id desc);
call protect_by_workspace('color_session', 'select, insert, update');

-- Its rows, by the id that they have in the buffer. They go when it is processed or discarded; what was kept is in color.
create table color_session_row (
  workspace_id uuid not null,
  session_id uuid not null,
  id uuid not null,
  date date not null, cusip text, isin text, ticker text, issuer text, coupon numeric, maturity date, sector text, market text, currency text, source text, dealer text, bias text,
  px numeric, spread numeric, yield numeric, size numeric, rank int, level text, bwic text, at timestamptz, confidence numeric,
  more jsonb not null default '{}',
  doubts jsonb not null default '{}',
  -- What it is ordered by: numbers of any precision, so that there is always one between two others.
  place numeric not null,
  excluded boolean not null default false,
  -- The rule that did; null: a person.
  excluded_by uuid,
  -- A person decided it, one way or the other: rules leave it alone.
  excluded_by_hand boolean not null default false,
  color text,
  color_by uuid,
  color_by_hand boolean not null default false,
  removed boolean not null default false,
  -- Counts the changes of this row.
  revision int not null default 1,
  primary key (workspace_id, session_id, id),
  foreign key (workspace_id, session_id) references color_session
);
create index color_session_row_place on color_session_row (workspace_id, session_id, place, id);
call protect_by_workspace('color_session_row', 'select, insert, update, delete');

create table color_session_entry (
  workspace_id uuid not null,
  session_id uuid not null,
  number int not null,
  kind text not null,
  -- What was asked, in short: fields and values, the colour, where to.
  what jsonb not null default '{}',
  rows int not null,
  -- Of undo and redo: the entry that it takes back or brings again.
  of_entry int,
  -- Rules by which it was ranked before and after, when that changed.
  rule_sets jsonb,
  by_user text not null,
  by_label text not null,
  at timestamptz not null default now(),
  primary key (workspace_id, session_id, number),
  foreign key (workspace_id, session_id) references color_session
);
call protect_by_workspace('color_session_entry', 'select, insert');

-- Of each row that an entry changed: the columns that changed, as they were and as they became.
create table color_session_change (
  workspace_id uuid not null,
  session_id uuid not null,
  number int not null,
  row_id uuid not null,
  before jsonb not null,
  after jsonb not null,
  primary key (workspace_id, session_id, number, row_id),
  foreign key (workspace_id, session_id) references color_session
);
create index color_session_change_row on color_session_change (workspace_id, session_id, row_id, number);
call protect_by_workspace('color_session_change', 'select, insert');

-- Which runs process it, and as it stood at which entry: a run that is repeated finds its session, unless somebody went on with it.
create table color_session_run (
  workspace_id uuid not null,
  run_id uuid not null,
  session_id uuid not null,
  revision int not null,
  primary key (workspace_id, run_id),
  foreign key (workspace_id, session_id) references color_session
);
call protect_by_workspace('color_session_run', 'select');

-- Who has it open, and where they are.
create table color_session_presence (
  workspace_id uuid not null,
  session_id uuid not null,
  who text not null,
  label text not null,
  row_id uuid,
  field text,
  seen_at timestamptz not null default now(),
  primary key (workspace_id, session_id, who),
  foreign key (workspace_id, session_id) references color_session
);
call protect_by_workspace('color_session_presence', 'select, insert, update, delete');

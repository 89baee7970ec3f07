-- Why: which days are business days is known by a calendar that many flows and schedules share. What it said when a run started must still be
-- found when the run is repeated, so a change is a new version and no version ever changes.
create table calendar (
  workspace_id uuid not null references workspace,
  id uuid not null,
  slug text not null,
  title text not null,
  description text not null default '',
  newest_version int not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  archived_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, slug)
);
call protect_by_workspace('calendar', 'select, insert, update');

create table calendar_version (
  workspace_id uuid not null,
  id uuid not null,
  calendar_id uuid not null,
  version int not null check (version > 0),
  definition jsonb not null,
  -- Why it was changed, in the words of who did it.
  note text not null default '',
  created_by text not null,
  -- By the clock of the product, as the moment at which runs start: the newest version of that moment is what a run sees.
  created_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, calendar_id, version),
  foreign key (workspace_id, calendar_id) references calendar
);
call protect_by_workspace('calendar_version', 'select, insert');

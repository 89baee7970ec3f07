-- Why: a text may be kept before it is a version: with faults, by whom and when, one for each flow. Who saves over a revision that he has not
-- seen is told. A flow that only has a draft has newest_version 0 and starts no runs. The text of a draft that is tested is kept as a version
-- whose number is minus its revision: what has run never changes, and the revision never counts back.
alter table flow add column draft_revision int not null default 0;

create table flow_draft (
  workspace_id uuid not null,
  flow_id uuid not null,
  source text not null,
  revision int not null check (revision > 0),
  -- The newest version when it was saved.
  base int not null,
  errors int not null,
  saved_by text not null,
  saved_at timestamptz not null default now(),
  primary key (workspace_id, flow_id),
  foreign key (workspace_id, flow_id) references flow
);
call protect_by_workspace('flow_draft', 'select, insert, update, delete');

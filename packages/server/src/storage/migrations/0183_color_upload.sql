-- Why: an upload of the color desk comes in chunks that can go on after a break, waits for an answer when its content came before, and is read as often as asked;
-- a row of the buffer is edited by one person at a time, taken out and put back, and held by one step of a run.

alter table color_upload drop constraint color_upload_state_check;
-- receiving: chunks come. held: whole, and somebody has to say how, or whether again, it is read.
alter table color_upload add constraint color_upload_state_check check (state in ('receiving', 'held', 'reading', 'ready', 'failed', 'withdrawn'));
alter table color_upload add column size bigint not null default 0;
alter table color_upload add column received bigint not null default 0;
-- Once it is whole it waits to be looked at.
alter table color_upload add column holds boolean not null default false;
-- For which day it is where it says none.
alter table color_upload add column date date not null default current_date;
-- The upload that brought the same content before.
alter table color_upload add column same_as uuid;
-- The first rows that could not be read: line, reason, text.
alter table color_upload add column refusals jsonb not null default '[]';
-- Of a run: its step. An attempt that is repeated finds what an earlier one collected.
alter table color_upload add column step text;
create unique index color_upload_of_run on color_upload (workspace_id, run_id, step, sha256) where run_id is not null;
create index color_upload_newest on color_upload (workspace_id, created_at desc, id desc);

-- The parts of an upload that is not whole yet, as objects.
create table color_upload_chunk (
  workspace_id uuid not null,
  upload_id uuid not null,
  position bigint not null,
  size bigint not null,
  sha256 text not null,
  primary key (workspace_id, upload_id, position),
  foreign key (workspace_id, upload_id) references color_upload
);
call protect_by_workspace('color_upload_chunk', 'select, insert, delete');

-- Counts the changes by hand, so that two people do not overwrite one another.
alter table color_buffer add column revision int not null default 1;
alter table color_buffer add column removed_at timestamptz;
alter table color_buffer add column removed_by text;
alter table color_buffer add column taken_by_step text;
create index color_buffer_doubtful on color_buffer (workspace_id, id) where doubts <> '{}' and removed_at is null;

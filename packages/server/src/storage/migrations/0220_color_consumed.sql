-- Why: a processing frees the buffer of the rows it keeps, so a backup from before it brought them back and they were processed a second time. Which lines of which upload a
-- processing was made of is kept with it, as ranges: a morning is one of them for each file. An upload of which anything was processed is never read again, so its lines stand for ever.
-- Rows that were processed before this migration are not on record.
create table color_consumed (
  workspace_id uuid not null,
  processing_id uuid not null,
  upload_id uuid not null,
  lines int4multirange not null,
  primary key (workspace_id, processing_id, upload_id),
  foreign key (workspace_id, processing_id) references color_processing,
  foreign key (workspace_id, upload_id) references color_upload
);
create index color_consumed_upload on color_consumed (workspace_id, upload_id);
call protect_by_workspace('color_consumed', 'select');

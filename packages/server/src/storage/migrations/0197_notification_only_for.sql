-- Why: the title of a search that somebody keeps for himself is his own, and so is the news that it found something; whoever may read notifications saw it.
-- Null: for everybody who may read them.
alter table notification_event add column only_for uuid;

update notification_event e set only_for = coalesce(
  (select s.owner_id from color_search_saved s where s.workspace_id = e.workspace_id and s.owner_label = e.data ->> 'owner' limit 1),
  '00000000-0000-0000-0000-000000000000')
where e.kind = 'color.matched';

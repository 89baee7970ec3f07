-- Why: color.take reads what it holds in pages, in the order of the ids. Each page fetched and sorted all of them, as the index knew only whose they are.
drop index color_buffer_taken;
create index color_buffer_taken on color_buffer (taken_by_run, id) where taken_by_run is not null;

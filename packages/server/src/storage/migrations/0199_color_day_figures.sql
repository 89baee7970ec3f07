-- Why: sums of every type by source by sector by market are a thousand rows a day where the dashboard asks for each of them alone; at ten million colors in five hundred days it
-- added up 360,000 rows and took seconds. A row for each figure and name are seventy a day.
alter table color_day rename to color_day_before;
create table color_day (
  workspace_id uuid not null references workspace,
  processing_id uuid not null,
  -- The business date of the processing.
  day date not null,
  -- sector: by market, too. all: the whole processing.
  figure text not null check (figure in ('all', 'bias', 'source', 'sector')),
  name text not null,
  market text not null,
  colors int not null,
  -- Millions, whatever the currency.
  volume numeric not null,
  px_sum numeric not null,
  px_colors int not null,
  primary key (workspace_id, figure, day, processing_id, name, market)
);
call protect_by_workspace('color_day', 'select');

insert into color_day (workspace_id, processing_id, day, figure, name, market, colors, volume, px_sum, px_colors)
  select d.workspace_id, d.processing_id, d.day, f.figure, f.name, f.market, sum(d.colors), sum(d.volume), sum(d.px_sum), sum(d.px_colors)
  from color_day_before d, lateral (values ('all', '', ''), ('bias', d.bias, ''), ('source', d.source, ''), ('sector', d.sector, d.market)) f (figure, name, market)
  group by 1, 2, 3, 4, 5, 6;
drop table color_day_before;

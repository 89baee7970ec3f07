-- Why: the dashboard of the desk reads months and years of what was kept: sums of a day instead of millions of colors. Written in the transaction that keeps a processing.
create table color_day (
  workspace_id uuid not null references workspace,
  processing_id uuid not null,
  -- The business date of the processing.
  day date not null,
  bias text not null,
  source text not null,
  sector text not null,
  market text not null,
  colors int not null,
  -- Millions, whatever the currency.
  volume numeric not null,
  px_sum numeric not null,
  px_colors int not null,
  primary key (workspace_id, day, processing_id, bias, source, sector, market)
);
call protect_by_workspace('color_day', 'select');

insert into color_day (workspace_id, processing_id, day, bias, source, sector, market, colors, volume, px_sum, px_colors)
  select c.workspace_id, c.processing_id, p.date, coalesce(c.bias, ''), coalesce(c.source, ''), coalesce(c.sector, ''), coalesce(c.market, ''),
    count(*), coalesce(sum(c.size), 0), coalesce(sum(c.px), 0), count(c.px)
  from color c join color_processing p on p.workspace_id = c.workspace_id and p.id = c.processing_id
  where c.excluded_by is null group by 1, 2, 3, 4, 5, 6, 7;

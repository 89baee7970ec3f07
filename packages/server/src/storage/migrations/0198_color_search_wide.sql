-- Why: at ten million colors a popular bond has tens of thousands of rows all over the table. With what else may be asked for beside the bond in its index, filters, counts
-- and orders read that alone, and only the rows of a page are fetched. A range of prices, spreads, sizes or ranks without a bond read the whole table before.
drop index color_by_security;
create index color_by_security on color (workspace_id, security, date desc) include (processing_id, line, source, dealer, bias, px, spread, size, rank) where excluded_by is null;
create index color_by_px on color (workspace_id, px, date desc) where excluded_by is null;
create index color_by_spread on color (workspace_id, spread, date desc) where excluded_by is null;
create index color_by_size on color (workspace_id, size, date desc) where excluded_by is null;
create index color_by_rank on color (workspace_id, rank, date desc) where excluded_by is null;

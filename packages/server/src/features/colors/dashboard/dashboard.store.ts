// The only SQL of the dashboard: sums of days, never the colors themselves.
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';
import { isFree } from '../buffer/free-rows.store.ts';

export interface Days {
  from: string;
  to: string;
}
interface Share {
  name: string;
  colors: number;
  volume: number;
}

export async function sumsBy(trx: WorkspaceTransaction, figure: 'bias' | 'source' | 'sector', { from, to }: Days): Promise<Share[]> {
  const { rows } = await sql<Share>`select name, sum(colors)::int as colors, sum(volume)::float8 as volume from color_day
    where figure = ${figure} and day between ${from} and ${to} group by 1 order by 2 desc, 1 limit 100`.execute(trx);
  return rows;
}

export async function volumes(trx: WorkspaceTransaction, { from, to }: Days) {
  const { rows } = await sql<{ sector: string; market: string; colors: number; volume: number }>`select name as sector, market, sum(colors)::int as colors,
    sum(volume)::float8 as volume from color_day where figure = 'sector' and day between ${from} and ${to} group by 1, 2 order by 4 desc, 1, 2 limit 200`.execute(
    trx,
  );
  return rows;
}

export async function pricesByDay(trx: WorkspaceTransaction, { from, to }: Days) {
  const { rows } = await sql<{ day: string; colors: number; px: number | null }>`select day::text as day, sum(colors)::int as colors,
    round(sum(px_sum) / nullif(sum(px_colors), 0), 4)::float8 as px from color_day where figure = 'all' and day between ${from} and ${to} group by 1 order by 1`.execute(
    trx,
  );
  return rows;
}

export async function lastMonths(trx: WorkspaceTransaction, to: string) {
  const { rows } = await sql<{ month: string; processings: number; colors: number; excluded: number; volume: number }>`
    with bounds as (select (date_trunc('month', ${to}::date) - interval '11 months')::date as first),
      done as (select to_char(date, 'YYYY-MM') as month, count(*)::int as processings, sum(kept)::int as colors, sum(excluded)::int as excluded
        from color_processing, bounds where date >= bounds.first and date <= ${to} group by 1),
      sums as (select to_char(day, 'YYYY-MM') as month, sum(volume)::float8 as volume from color_day, bounds
        where figure = 'all' and day >= bounds.first and day <= ${to} group by 1)
    select done.*, coalesce(sums.volume, 0) as volume from done left join sums using (month) order by month desc`.execute(trx);
  return rows;
}

export async function lastTimes(trx: WorkspaceTransaction) {
  const { rows } = await sql<{ number: number; at: Date; taken: number; ms: number }>`select number, ended_at as at, taken,
    round(extract(epoch from ended_at - started_at) * 1000)::float8 as ms from color_processing order by number desc limit 60`.execute(trx);
  return rows.reverse();
}

export async function doneOn(trx: WorkspaceTransaction, day: string) {
  const { rows } = await sql<{ colors: number; excluded: number; processings: number }>`select coalesce(sum(kept), 0)::int as colors,
    coalesce(sum(excluded), 0)::int as excluded, count(*)::int as processings from color_processing where date = ${day}`.execute(trx);
  return rows[0] ?? { colors: 0, excluded: 0, processings: 0 };
}

export async function waitingRows(trx: WorkspaceTransaction): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from color_buffer where ${isFree}`.execute(trx);
  return rows[0]?.n ?? 0;
}

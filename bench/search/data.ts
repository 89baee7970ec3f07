// Synthetic colors, made inside Postgres: half a million bonds' days would take longer to send than to make. Some bonds are spoken of far more than others.
import type pg from 'pg';

export interface Made {
  colors: number;
  securities: number;
  /** Each of them one processing. */
  days: number;
}

const words = (list: string) => `(array[${list.split(' ').map((word) => `'${word}'`)}])`;
const first = words(
  'Northern Atlantic Pacific Silver Granite Harbor Summit Prairie Cedar Falcon Ironwood Meridian Beacon Copper Juniper Keystone Lakeside Monarch Nimbus Orchard',
);
const second = words(
  'Energy Power Water Freight Foods Steel Media Realty Health Motors Telecom Insurance Chemicals Paper Airlines Mining Hotels Software Retail Credit',
);
const kinds = words('Inc Corp Holdings Group Trust');
const sectors = words('Energy Utilities Banks Insurance Telecom Health Retail Autos Metals Paper Media Transport');
const pick = (list: string, by: string) => `${list}[1 + ((${by}) % array_length(${list}, 1))::int]`;

/** Without its indexes, which are made once afterwards: sorted once is faster than kept sorted ten million times. */
export async function makeColors(owner: pg.Client, workspace: string, { colors, securities, days }: Made): Promise<void> {
  await owner.query(`set synchronous_commit = off; set maintenance_work_mem = '512MB'; set max_parallel_maintenance_workers = 2`);
  await owner.query(
    `create table bond as select n, lpad((n * 17 + 10000000)::text, 8, '0') || (n % 10) as cusip, 'US' || lpad((n * 17 + 10000000)::text, 9, '0') || (n % 10) as isin,
      'T' || upper(to_hex(n / 10 + 4096)) as ticker, ${pick(first, 'n / 10')} || ' ' || ${pick(second, 'n / 200')} || ' ' || ${pick(kinds, 'n / 10')} as issuer,
      round(2 + (n % 600)::numeric / 100, 3) as coupon, date '2027-01-01' + (n % 9000) as maturity, ${pick(sectors, 'n / 10')} as sector, (array['IG', 'HY', 'EM', 'ABS'])[1 + (n / 7) % 4] as market
    from generate_series(0, $1::int - 1) n`.replace('$1::int', String(securities)),
  );
  await owner.query('create unique index on bond (n); analyze bond');
  const indexes = await withoutIndexes(owner);
  for (let from = 0; from < days; from += 50) await makeDays(owner, { workspace, from, to: Math.min(days, from + 50), perDay: colors / days, securities });
  for (const index of indexes) await owner.query(index);
  await owner.query(`insert into color_security (workspace_id, security, cusip, isin, ticker, issuer, coupon, maturity, sector, market, currency, colors, first_day, last_day)
    select '${workspace}', b.cusip, b.cusip, b.isin, b.ticker, b.issuer, b.coupon, b.maturity, b.sector, b.market, 'USD', c.colors, c.first, c.last
    from (select cusip, count(*) as colors, min(date) as first, max(date) as last from color where excluded_by is null group by cusip) c join bond b using (cusip)`);
  await owner.query(`insert into color_day (workspace_id, processing_id, day, figure, name, market, colors, volume, px_sum, px_colors)
    select workspace_id, processing_id, date, figure, name, f.market, sum(colors), sum(volume), sum(px_sum), sum(px_colors)
    from (select workspace_id, processing_id, date, bias, source, sector, market, count(*) as colors, sum(size) as volume, sum(px) as px_sum, count(px) as px_colors
      from color where excluded_by is null group by 1, 2, 3, 4, 5, 6, 7) d,
      lateral (values ('all', '', ''), ('bias', bias, ''), ('source', source, ''), ('sector', sector, d.market)) f (figure, name, market) group by 1, 2, 3, 4, 5, 6`);
  await owner.query('vacuum analyze color_day');
  await owner.query('vacuum analyze color_processing');
  await owner.query('vacuum analyze color; ');
  await owner.query('vacuum analyze color_security');
}

async function withoutIndexes(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query<{ name: string; text: string }>(
    `select c.relname as name, pg_get_indexdef(i.indexrelid) as text from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = 'color'::regclass and not i.indisprimary`,
  );
  await owner.query('alter table color drop constraint color_pkey');
  for (const { name } of rows) await owner.query(`drop index ${name}`);
  return ['alter table color add primary key (workspace_id, date, processing_id, line)', ...rows.map(({ text }) => text.replace(' ON ONLY ', ' ON '))];
}

interface Days {
  workspace: string;
  from: number;
  to: number;
  perDay: number;
  securities: number;
}

async function makeDays(owner: pg.Client, { workspace, from, to, perDay, securities }: Days): Promise<void> {
  const day = `(date '2024-12-02' + d + 2 * (d / 5))`;
  await owner.query(`select color_months(array(select ${day} from generate_series(${from}, ${to - 1}) d))`);
  await owner.query(`insert into color_processing (workspace_id, id, number, kind, date, rule_set, taken, excluded, kept, families, first_day, last_day, started_at, by_label)
    select '${workspace}', md5('day' || d)::uuid, d + 1, 'automatic', ${day}, '{"rules":[],"order":{}}', ${perDay}, 0, ${perDay}, 1, ${day}, ${day}, now(), 'bench' from generate_series(${from}, ${to - 1}) d`);
  await owner.query(`insert into color (workspace_id, processing_id, line, date, cusip, isin, ticker, issuer, coupon, maturity, sector, market, currency, source, dealer, bias, px, spread, size, rank, level, at, position, family, child)
    select '${workspace}', md5('day' || d)::uuid, l, ${day}, b.cusip, b.isin, b.ticker, b.issuer, b.coupon, b.maturity, b.sector, b.market, 'USD',
      (array['mail', 'folder', 'chat', 's3', 'runs'])[1 + l % 5], 'D' || (hashint4(l * 31 + d) & 31), (array['bid', 'offer', 'talk', 'cover', 'trade'])[1 + (l / 3) % 5],
      round(80 + (hashint4(l + d * 7) & 2047)::numeric / 64, 3), 50 + (l % 400), 1 + l % 25, 1 + l % 9, 'indicative', ${day} + interval '8 hours' + l * interval '1 second', l, l, 0
    from generate_series(${from}, ${to - 1}) d, generate_series(1, ${perDay}) l,
      lateral (select floor(${securities} * power((hashint4(l * 7919 + d * 104729) & 1048575) / 1048576.0, 2))::int as n) p join bond b on b.n = p.n`);
}

// 200 rules as a desk has them, each as a condition and as a person would write it in SQL.
import type { ColorComparison, ColorCondition, RowColor } from '@tidewheel/contract/color-rule';

export interface BenchRule {
  id: string;
  when: ColorCondition;
  sql: string;
}
const compare = (field: string, operator: ColorComparison['operator'], value: string | number, to?: number): ColorComparison => ({
  field,
  operator,
  value,
  ...(to === undefined ? {} : { to }),
});

/** Eight kinds in turn; most rows fulfil none of them, so that nearly every rule is asked. */
const kinds: ((k: number) => Omit<BenchRule, 'id'>)[] = [
  (k) => ({ when: { all: [compare('ticker', 'is', `tk${k + 900}`), compare('px', 'greater', 100)] }, sql: `l_ticker = 'tk${k + 900}' AND px > 100` }),
  (k) => ({
    when: { all: [compare('issuer', 'contains', `NUMBER ${k}9 `), compare('sector', 'is', 'Banks')] },
    sql: `contains(l_issuer, 'number ${k}9 ') AND l_sector = 'banks'`,
  }),
  (k) => ({ when: { all: [compare('px', 'less', 60 + k / 100), compare('rank', 'atLeast', 8)] }, sql: `px < ${60 + k / 100} AND rank >= 8` }),
  (k) => ({
    when: { any: [compare('cusip', 'startsWith', `0000${k}`), compare('isin', 'endsWith', `99${k}`)] },
    sql: `starts_with(l_cusip, '0000${k}') OR ends_with(l_isin, '99${k}')`,
  }),
  (k) => ({
    when: {
      all: [compare('date', 'less', 'today-30'), { any: [compare('spread', 'greater', 480), compare('yield', 'between', k / 100, k / 100 + 0.01)] }],
    },
    sql: `date < DATE '2026-10-21' AND (spread > 480 OR yield BETWEEN ${k / 100} AND ${k / 100 + 0.01})`,
  }),
  (k) => ({
    when: { all: [compare('dealer', 'is', `Dealer ${k}`), compare('bias', 'is', 'talk'), compare('size', 'atMost', 2)] },
    sql: `l_dealer = 'dealer ${k}' AND l_bias = 'talk' AND size <= 2`,
  }),
  (k) => ({
    when: { all: [compare('size', 'greater', 49), compare('source', 'is', `Source-${k % 20}`), compare('px', 'between', 60 + k / 4, 60.5 + k / 4)] },
    sql: `size > 49 AND l_source = 'source-${k % 20}' AND px BETWEEN ${60 + k / 4} AND ${60.5 + k / 4}`,
  }),
  (k) => ({
    when: { any: [compare('confidence', 'less', 0.5), { all: [compare('level', 'is', 'firm'), compare('ticker', 'is', `tk${k}9x`)] }] },
    sql: `confidence < 0.5 OR (l_level = 'firm' AND l_ticker = 'tk${k}9x')`,
  }),
];

export const benchRules: BenchRule[] = Array.from({ length: 200 }, (_, k) => ({
  id: `rule ${k}`,
  ...(kinds[k % kinds.length] as (k: number) => Omit<BenchRule, 'id'>)(k),
}));
export const exclusions = benchRules.slice(0, 140);
export const colorings = benchRules.slice(140).map((rule) => ({ ...rule, color: 'yellow' satisfies RowColor as RowColor }));

/** A million colors, the same each time. */
export function millionColors(file: string): string {
  const pick = (salt: number, words: string[]) => `[${words.map((word) => `'${word}'`).join(', ')}][1 + (hash(i * ${salt}) % ${words.length})::INT]`;
  const number = (salt: number, below: number, scale: number) => `(hash(i * ${salt}) % ${below} / ${scale}.0)::DECIMAL(18, 6)`;
  return `COPY (SELECT DATE '2026-11-20' - (hash(i) % 30)::INT AS date, CASE WHEN i % 40 > 0 THEN printf('%09d', hash(i * 7) % 100000) END AS cusip,
    printf('US%010d', hash(i * 7) % 100000) AS isin, 'TK' || hash(i * 3) % 900 AS ticker, 'Issuer number ' || hash(i * 3) % 900 || ' (synthetic)' AS issuer,
    ${number(11, 800, 100)} AS coupon, DATE '2030-01-01' + (hash(i * 5) % 9000)::INT AS maturity,
    ${pick(13, ['Energy', 'Banks', 'Tech', 'Autos', 'Retail', 'Utilities'])} AS sector, ${pick(17, ['IG', 'HY', 'EM', 'ABS'])} AS market, 'USD' AS currency,
    'source-' || hash(i * 19) % 12 AS source, 'Dealer ' || hash(i * 23) % 25 AS dealer, ${pick(29, ['bid', 'offer', 'talk', 'cover', 'trade'])} AS bias,
    60 + ${number(31, 70_000, 1_000)} AS px, ${number(37, 500, 1)} AS spread, ${number(41, 900, 100)} AS yield, 1 + ${number(43, 50, 1)} AS size,
    (1 + hash(i * 47) % 9)::INTEGER AS rank, ${pick(53, ['firm', 'indicative'])} AS level, CAST(NULL AS VARCHAR) AS bwic,
    TIMESTAMPTZ '2026-11-20 08:00:00Z' + INTERVAL (hash(i * 59) % 30000) SECOND AS "at", 0.5 + ${number(61, 50, 100)} AS confidence, '{"label":"synthetic"}' AS more
    FROM range(1000000) t(i)) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`;
}

/** What a person who knows DuckDB would write for the same table: lower-cased columns once, one CASE for each kind of rule, windows for places and families. */
export function handWritten(file: string, target: string): string {
  const lowered = ['ticker', 'issuer', 'sector', 'cusip', 'isin', 'dealer', 'bias', 'source', 'level'];
  const first = (rules: { sql: string }[]) => `CASE ${rules.map(({ sql }, i) => `WHEN ${sql} THEN ${i + 1}`).join(' ')} END`;
  const titles = (rules: { id: string }[]) => `[${rules.map(({ id }) => `'${id}'`).join(', ')}]`;
  return `COPY (
    WITH ready AS (SELECT *, ${lowered.map((name) => `lower(${name}) AS l_${name}`).join(', ')} FROM read_parquet('${file}')),
      excluded AS (SELECT *, ${first(exclusions)} AS x FROM ready),
      ruled AS (SELECT * EXCLUDE (${lowered.map((name) => `l_${name}`).join(', ')}), CASE WHEN x IS NULL THEN ${first(colorings)} END AS c FROM excluded),
      kept AS (SELECT *, coalesce(cusip, isin) AS k, row_number() OVER (ORDER BY date DESC NULLS LAST, rank NULLS LAST, px DESC NULLS LAST, "at" DESC NULLS LAST,
        cusip NULLS LAST, isin NULLS LAST, dealer NULLS LAST, source NULLS LAST, bias NULLS LAST) AS n FROM ruled WHERE x IS NULL),
      families AS (SELECT *, min(n) OVER (PARTITION BY k) AS first, row_number() OVER (PARTITION BY k ORDER BY n) - 1 AS child FROM kept),
      placed AS (SELECT * EXCLUDE (k, n, first), row_number() OVER (ORDER BY first, n) AS position, dense_rank() OVER (ORDER BY first) AS family FROM families)
    SELECT * EXCLUDE (x, c), ${titles(exclusions)}[x] AS "excludedBy", CASE WHEN c IS NULL THEN NULL ELSE 'yellow' END AS color, ${titles(colorings)}[c] AS "colorBy"
    FROM (FROM placed UNION ALL BY NAME SELECT * FROM ruled WHERE x IS NOT NULL) ORDER BY position NULLS LAST
  ) TO '${target}' (FORMAT parquet, COMPRESSION zstd)`;
}

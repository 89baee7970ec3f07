import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TableHarness, tableHarness } from '../testing/table-harness.ts';
import { bindText } from './bind-text.ts';
import { tokenize } from './lexer.ts';

const clock = { now: new Date('2026-11-20T23:30:00Z'), today: '2026-11-21', timeZone: 'Europe/Berlin' };
const bind = (text: string) =>
  bindText(text, {
    clock,
    parameters: {
      day: { type: 'date', value: '2026-01-02' },
      name: { type: 'string', value: "O'Neil" },
      n: { type: 'integer', value: 7 },
      x: { type: 'number', value: 1.5 },
      none: { type: 'string', value: null },
    },
  });

describe('bindText', () => {
  test.each([
    ['a = :name', "a = (CAST('O''Neil' AS VARCHAR))"],
    ['a > :n AND b < :x', "a > (CAST('7' AS BIGINT)) AND b < (1.5)"],
    ['a IS NOT DISTINCT FROM :none', 'a IS NOT DISTINCT FROM (CAST(NULL AS VARCHAR))'],
    ['a::DATE = :day', "a::DATE = (CAST('2026-01-02' AS DATE))"],
    ["':day' || a", "':day' || a"],
    ['":day" -- :day', '":day" -- :day'],
    ["/* :day /* nested */ :n */ 'it''s :n' || E'\\':n'", "/* :day /* nested */ :n */ 'it''s :n' || E'\\':n'"],
    ['$$ :n $$ || $tag$ :n $tag$', '$$ :n $$ || $tag$ :n $tag$'],
    ["struct_pack(a := 1, b := ':n')", "struct_pack(a := 1, b := ':n')"],
    ['today() - day', "(DATE '2026-11-21') - day"],
    ['current_date', "(DATE '2026-11-21')"],
    ['now ( )', "(CAST('2026-11-20T23:30:00.000Z' AS TIMESTAMPTZ))"],
    ['t.current_date + now', 't.current_date + now'],
    ['"current_date"', '"current_date"'],
  ])('%s', (text, expected) => expect(bind(text)).toBe(expected));

  test('names what is not declared, with the closest', () => {
    expect(() => bind('a = :naem')).toThrow(expect.objectContaining({ code: 'expression.parameter', hint: 'Did you mean :name?' }));
    expect(() => bind('a = :toString')).toThrow(expect.objectContaining({ code: 'expression.parameter' }));
  });

  test('tokens put together again are the text', () => {
    for (const text of ["a'b", '"x', '/* open', '$1 $$', "e'\\", 'ä.ß::x:y', '::::a'])
      expect(
        tokenize(text)
          .map((token) => token.text)
          .join(''),
      ).toBe(text);
  });
});

describe('check', () => {
  let tables: TableHarness;
  beforeAll(async () => {
    tables = await tableHarness();
  });
  afterAll(() => tables.close());
  const faults = (text: string, kind: 'row' | 'sql' = 'row') => tables.engine.check([{ path: 'steps.a.with.where', text, kind, parameters: ['day'] }]);

  test.each([
    "price > 10 AND country IN ('US', 'DE')",
    'CASE WHEN a IS NULL THEN 0 ELSE a END',
    "date_trunc('month', day::DATE) = :day -- a comment",
    "regexp_matches(name, '^[A-Z]') OR name LIKE 'a%' OR name NOT ILIKE '%b_'",
    'coalesce(try_cast(a AS DECIMAL(18,2)), 0) BETWEEN -1 AND 1',
    "list_transform(string_split(tags, ','), lambda x: trim(x))[1]",
    "extract(year FROM day) + date_part('month', day) - interval 3 day IS NOT NULL",
    'lei_valid(lei) AND isin_valid(isin) AND cusip_valid(cusip)',
    '"Größe (cm)" // 2 % 3 ** 2',
    "{'a': 1, 'b': [1, 2]}.a",
    "name.upper() || strftime(now(), '%Y')",
    "day AT TIME ZONE 'Europe/Berlin'",
    "json_extract_string(doc, '$.a') IS DISTINCT FROM 'x' COLLATE nocase",
  ])('allowed: %s', async (text) => expect(await faults(text)).toEqual([]));

  test.each([
    ['a +', 'syntax'],
    ["a = 'open", 'unterminated quoted string$'],
    ['1; SELECT 2', 'syntax'],
    ['1) FROM x WHERE (1 = 1', 'syntax|not one expression|not allowed'],
    ['(SELECT 1)', 'a subquery'],
    ['EXISTS (FROM input)', 'a subquery'],
    ['a IN (SELECT 1)', 'a subquery'],
    ['row_number() OVER ()', 'a window function'],
    ['sum(a)', 'the aggregate sum'],
    ['*', '\\*'],
    ['COLUMNS(a)', '\\*'],
    ['$1', 'parameter'],
    ['?', 'parameter'],
    ["getenv('HOME')", 'getenv'],
    ["current_setting('memory_limit')", 'current_setting'],
    ["read_text('/etc/passwd')", 'read_text'],
    ['random() > 0.5', 'random'],
    ['uuid()', 'uuid'],
    ["nextval('s')", 'nextval'],
    ["query('select 1')", 'query'],
    ['pg_backend_pid()', 'pg_backend_pid'],
    ['txid_current()', 'txid_current'],
    ['"~high"(a)', '~high'],
    ['upprr(a)', 'upprr'],
    ['a = :month', ':month'],
  ])('refused: %s', async (text, message) => {
    const found = await faults(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ path: 'steps.a.with.where', severity: 'error' });
    expect(found[0]?.message).toMatch(new RegExp(message, 'i'));
    expect(found[0]?.hint).toBeTruthy();
  });

  test.each([
    'SELECT a, count(*) FROM input GROUP BY a HAVING count(*) > 1 ORDER BY 2 DESC LIMIT 5',
    'WITH x AS (SELECT * FROM input) SELECT x.*, row_number() OVER (PARTITION BY a ORDER BY b) AS n FROM x JOIN other USING (a) QUALIFY n = 1;',
    'FROM input SELECT a WHERE a > :day',
    'SELECT unnest(l) FROM input UNION ALL SELECT i FROM range(3) t(i)',
  ])('SQL allowed: %s', async (text) => expect(await faults(text, 'sql')).toEqual([]));

  test.each([
    'SELECT 1; SELECT 2',
    "COPY input TO 'x.csv'",
    'DROP TABLE input',
    "ATTACH 'x.db'",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM glob('/*')",
    "SELECT getenv('HOME') FROM input",
    'SELECT * FROM duckdb_settings()',
    'SELECT * FROM information_schema.tables, pragma_version()',
    'SELECT * FROM input USING SAMPLE 10',
    'CALL enable_logging()',
    "SET memory_limit = '10GB'",
    'INSERT INTO input VALUES (1)',
    'SELECT random() FROM input',
    'EXPLAIN SELECT 1',
  ])('SQL refused: %s', async (text) => {
    const found = await faults(text, 'sql');
    expect(found).toHaveLength(1);
  });
});

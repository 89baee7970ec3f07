import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesIn, placed, readOne, readStatements, type SqlDialect, written } from './statement-text.ts';

const postgres: SqlDialect = { backslashEscapes: false, dollarQuotes: true, brackets: false, hashComments: false, nestedComments: true };
const mysql: SqlDialect = { backslashEscapes: true, dollarQuotes: false, brackets: false, hashComments: true, nestedComments: false };
const sqlserver: SqlDialect = { backslashEscapes: false, dollarQuotes: false, brackets: true, hashComments: false, nestedComments: true };
const names = (sql: string, dialect = postgres) => readStatements(sql, dialect).map((statement) => statement.names);

describe('names of values', () => {
  it.each([
    ['select :a, :b_2 where x = :a', [['a', 'b_2', 'a']]],
    ["select ':a', \":b\", E'it\\'s :c', :d", [['d']]],
    ['select x::date, y::text[], :z::int', [['z']]],
    ['select list[1:last], list[:from]', [['from']]],
    ['select $$ :a $$, $fn$ :b $$ $fn$, :c', [['c']]],
    ['select 1 -- :a\n, :b /* :c /* :d */ :e */', [['b']]],
    ["select 'it''s :a', :b", [['b']]],
    ['select 1; select :a;; -- nothing\n ;', [[], ['a']]],
    ["do $$ begin perform 1; end $$; select ';'", [[], []]],
    ['select price$1, $1', [[]]],
  ])('are found in %j', (sql, expected) => expect(names(sql)).toEqual(expected));

  it('follow the way each database writes its texts', () => {
    expect(names("select 'it\\'s :a', `:b`, :c # :d\n", mysql)).toEqual([['c']]);
    expect(names("select [a :x ]]], 'c:\\', :b", sqlserver)).toEqual([['b']]);
    expect(names("select 'c:\\', :b", postgres)).toEqual([['b']]);
  });

  it('are never found inside what is quoted, whatever is in it', () => {
    const inner = fc.string({ maxLength: 30 });
    fc.assert(
      fc.property(inner, inner, (first, second) => {
        const sql = `select '${first.replaceAll("'", "''")}', :only, "${second.replaceAll('"', '""')}"`;
        expect(names(sql)).toEqual([['only']]);
        expect(written(readOne(sql, postgres))).toBe(sql);
      }),
    );
  });

  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: fc.constantFrom(...':a;\'"$-/*[]\\ \n#`b1') }), (sql) => {
        for (const dialect of [postgres, mysql, sqlserver]) for (const statement of readStatements(sql, dialect)) expect(sql).toContain(written(statement));
      }),
    );
  });
});

describe('one statement', () => {
  it('is taken, none and several are refused', () => {
    expect(placed(readOne('select :a + :b', postgres), (name) => `<${name}>`)).toBe('select <a> + <b>');
    expect(() => readOne('select 1; drop table x', postgres)).toThrow(/2 statements/);
    expect(() => readOne(' ; -- x', postgres)).toThrow(/no statement/);
  });
  it('names what has no value', () => {
    const statement = readOne('select :businesDate', postgres);
    expect(() => namesIn(statement, { businessDate: 1 })).toThrow(expect.objectContaining({ code: 'sql.unknown_name', hint: 'Did you mean :businessDate?' }));
    expect(() => namesIn(statement, {})).toThrow(expect.objectContaining({ hint: expect.stringContaining('parameters') }));
    expect(() => namesIn(readOne('select :toString', postgres), {})).toThrow(/toString/);
  });
});

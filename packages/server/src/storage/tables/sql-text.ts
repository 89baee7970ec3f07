// Names and values as DuckDB SQL text. Every name of a user goes through `ident`, every value through a literal.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { SqlParameter } from './table-engine.ts';

export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
export function text(value: string): string {
  if (value.includes('\u0000')) throw new InvalidInput('table.zero_character', 'A text holds the character U+0000, which tables cannot keep.');
  return `'${value.replaceAll("'", "''")}'`;
}

const sqlTypes: Record<SqlParameter['type'], string> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  datetime: 'TIMESTAMPTZ',
};

/** A parameter as a typed literal, always in parentheses. Plain decimals stay exact. */
export function parameterLiteral({ type, value }: SqlParameter): string {
  if (value === null) return `(CAST(NULL AS ${sqlTypes[type]}))`;
  if (type === 'number' && /^-?\d{1,18}(\.\d{1,18})?$/.test(String(value))) return `(${String(value)})`;
  return `(CAST(${text(String(value))} AS ${sqlTypes[type]}))`;
}

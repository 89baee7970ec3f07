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
  json: 'VARCHAR',
};

/** A parameter as a typed literal, always in parentheses. Plain decimals stay exact. */
export function parameterLiteral({ type, value }: SqlParameter): string {
  if (value === null) return `(CAST(NULL AS ${sqlTypes[type]}))`;
  if (type === 'json') return `(${jsonLiteral(value)})`;
  if (type === 'number' && /^-?\d{1,18}(\.\d{1,18})?$/.test(String(value))) return `(${String(value)})`;
  return `(CAST(${text(String(value))} AS ${sqlTypes[type]}))`;
}

/** Whole numbers are BIGINT, others stay exact decimals or become DOUBLE; a list of what differs in kind is refused by DuckDB. */
function jsonLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number') return parameterLiteral({ type: Number.isSafeInteger(value) ? 'integer' : 'number', value });
  if (Array.isArray(value)) return `[${value.map(jsonLiteral).join(', ')}]`;
  if (typeof value !== 'object') return text(String(value));
  const fields = Object.entries(value).map(([name, item]) => `${text(name)}: ${jsonLiteral(item)}`);
  return fields.length === 0 ? 'NULL' : `{${fields.join(', ')}}`;
}

// The types of SQL Server as those of our tables, by the driver's names of them.
import { InvalidInput } from '@tidewheel/contract/errors';

/** What the driver tells of a column; its own type is not exported. */
export interface ColumnMetadata {
  colName: string;
  type: { name: string };
  precision?: number | undefined;
  scale?: number | undefined;
  dataLength?: number | undefined;
}

const types: Readonly<Record<string, string>> = {
  Bit: 'BOOLEAN',
  BitN: 'BOOLEAN',
  TinyInt: 'UTINYINT',
  SmallInt: 'SMALLINT',
  Int: 'INTEGER',
  BigInt: 'BIGINT',
  Real: 'REAL',
  Float: 'DOUBLE',
  Date: 'DATE',
  DateTime: 'TIMESTAMP',
  DateTimeN: 'TIMESTAMP',
  SmallDateTime: 'TIMESTAMP',
  DateTime2: 'TIMESTAMP',
  DateTimeOffset: 'TIMESTAMP WITH TIME ZONE',
  UniqueIdentifier: 'UUID',
};
const integers: Readonly<Record<number, string>> = { 1: 'UTINYINT', 2: 'SMALLINT', 4: 'INTEGER', 8: 'BIGINT' };
/** Digits that a double holds whatever they are. */
const exactDigits = 15;

function isDecimal({ type: { name } }: ColumnMetadata): boolean {
  return /^(Decimal|Numeric|Money|SmallMoney)N?$/.test(name);
}
function scaleOf(column: ColumnMetadata): number {
  return /Money/.test(column.type.name) ? 4 : (column.scale ?? 0);
}

export function columnType(column: ColumnMetadata): string {
  const { name } = column.type;
  if (isDecimal(column)) return `DECIMAL(${/Money/.test(name) ? 19 : (column.precision ?? 38)},${scaleOf(column)})`;
  if (name === 'IntN') return integers[column.dataLength ?? 4] ?? 'BIGINT';
  if (name === 'FloatN') return column.dataLength === 4 ? 'REAL' : 'DOUBLE';
  return types[name] ?? 'VARCHAR';
}

/** A cell as text for a table. @throws InvalidInput for a decimal of more digits than the driver hands over exactly */
export function cellText(value: unknown, column: ColumnMetadata): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (value instanceof Date) return timeText(value, column);
  if (typeof value === 'number' && isDecimal(column)) return decimalText(value, column);
  return String(value);
}

/** A cell for JSON: numbers that it holds exactly as such. */
export function plainCell(value: unknown, column: ColumnMetadata): unknown {
  return typeof value === 'boolean' || (typeof value === 'number' && !isDecimal(column)) ? value : cellText(value, column);
}

function decimalText(value: number, column: ColumnMetadata): string {
  const scale = scaleOf(column);
  if (Math.abs(value) * 10 ** scale < 10 ** exactDigits) return value.toFixed(scale);
  throw new InvalidInput(
    'sql.inexact',
    `The column ${column.colName} holds a number of more than ${exactDigits} digits, which the driver does not hand over exactly.`,
    {
      hint: `Convert it in the query: convert(varchar(40), ${column.colName}).`,
    },
  );
}

/** The driver keeps what is finer than a millisecond beside the date, in seconds. */
function timeText(value: Date & { nanosecondsDelta?: number }, { type: { name } }: ColumnMetadata): string {
  const iso = value.toISOString();
  const micros = String(Math.floor((value.nanosecondsDelta ?? 0) * 1e6 + 1e-6)).padStart(3, '0');
  if (name === 'Date') return iso.slice(0, 10);
  if (name === 'Time') return `${iso.slice(11, 23)}${micros}`;
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}${micros}${name === 'DateTimeOffset' ? '+00' : ''}`;
}

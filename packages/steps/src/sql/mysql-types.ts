// The types of MySQL and MariaDB as those of our tables (field_types.h of its protocol).
import type { FieldPacket } from 'mysql2';

const kind = {
  decimal: 0,
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  timestamp: 7,
  longlong: 8,
  int24: 9,
  date: 10,
  datetime: 12,
  year: 13,
  bit: 16,
  newDecimal: 246,
} as const;
const unsignedFlag = 32;

const types: Readonly<Record<number, [signed: string, unsigned: string]>> = {
  [kind.tiny]: ['TINYINT', 'UTINYINT'],
  [kind.short]: ['SMALLINT', 'USMALLINT'],
  [kind.int24]: ['INTEGER', 'UINTEGER'],
  [kind.long]: ['INTEGER', 'UINTEGER'],
  [kind.longlong]: ['BIGINT', 'UBIGINT'],
  [kind.year]: ['SMALLINT', 'SMALLINT'],
  [kind.float]: ['REAL', 'REAL'],
  [kind.double]: ['DOUBLE', 'DOUBLE'],
  [kind.date]: ['DATE', 'DATE'],
  [kind.datetime]: ['TIMESTAMP', 'TIMESTAMP'],
  [kind.timestamp]: ['TIMESTAMP WITH TIME ZONE', 'TIMESTAMP WITH TIME ZONE'],
  [kind.bit]: ['UBIGINT', 'UBIGINT'],
};

function isUnsigned({ flags }: FieldPacket): boolean {
  return (Number(flags) & unsignedFlag) !== 0;
}

/** What has no counterpart comes as text: TIME (it goes beyond a day), JSON, binary data as `\x…`. */
export function columnType(field: FieldPacket): string {
  const number = field.columnType ?? 253;
  if (number !== kind.newDecimal && number !== kind.decimal) return types[number]?.[isUnsigned(field) ? 1 : 0] ?? 'VARCHAR';
  const scale = Number(field.decimals ?? 0);
  const precision = Number(field.columnLength ?? 0) - (scale > 0 ? 1 : 0) - (isUnsigned(field) ? 0 : 1);
  return precision < 1 || precision > 38 || scale > precision ? 'VARCHAR' : `DECIMAL(${precision},${scale})`;
}

/** A cell as text for a table; instants with their zone. */
export function cellText(cell: unknown, field: FieldPacket | undefined): string | null {
  if (cell === null || cell === undefined) return null;
  if (cell instanceof Uint8Array)
    return field?.columnType === kind.bit ? String(BigInt(`0x${Buffer.from(cell).toString('hex') || '0'}`)) : `\\x${Buffer.from(cell).toString('hex')}`;
  const text = typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
  return field?.columnType === kind.timestamp ? `${text}+00` : text;
}

/** A cell for JSON: numbers that it holds exactly as such. */
export function plainCell(cell: unknown, field: FieldPacket | undefined): unknown {
  return typeof cell === 'number' ? cell : cellText(cell, field);
}

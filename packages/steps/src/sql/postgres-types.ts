// The types of Postgres as those of our tables, by object identifier (pg_type.dat).
const types: Readonly<Record<number, string>> = {
  16: 'BOOLEAN',
  20: 'BIGINT',
  21: 'SMALLINT',
  23: 'INTEGER',
  26: 'BIGINT',
  700: 'REAL',
  701: 'DOUBLE',
  1082: 'DATE',
  1083: 'TIME',
  1114: 'TIMESTAMP',
  1184: 'TIMESTAMP WITH TIME ZONE',
  2950: 'UUID',
};
const numeric = 1700;

/** What has no counterpart that keeps every value comes as text, so does `numeric` without a precision. */
export function columnType(oid: number, modifier: number): string {
  if (oid !== numeric) return types[oid] ?? 'VARCHAR';
  const precision = ((modifier - 4) >> 16) & 0xffff;
  const scale = (modifier - 4) & 0x7ff;
  return modifier < 4 || precision > 38 || scale > precision ? 'VARCHAR' : `DECIMAL(${precision},${scale})`;
}

/** A cell for JSON: small numbers and truths as such, all else as the text of the server. */
export function plainCell(cell: string | null, oid: number): unknown {
  if (cell === null) return null;
  const type = types[oid];
  if (type === 'BOOLEAN') return cell === 't';
  if (type === 'SMALLINT' || type === 'INTEGER') return Number(cell);
  if ((type === 'REAL' || type === 'DOUBLE') && Number.isFinite(Number(cell))) return Number(cell);
  return cell;
}

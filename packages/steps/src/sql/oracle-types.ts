// The types of Oracle as those of our tables, by the driver's names of them, and its values as text without loss.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { OracleColumn } from './oracle-driver.ts';

const types: Readonly<Record<string, string>> = {
  BINARY_INTEGER: 'INTEGER',
  BINARY_FLOAT: 'REAL',
  BINARY_DOUBLE: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  // A DATE of Oracle has a time of day.
  DATE: 'TIMESTAMP',
  TIMESTAMP: 'TIMESTAMP',
  TIMESTAMP_TZ: 'TIMESTAMP WITH TIME ZONE',
  TIMESTAMP_LTZ: 'TIMESTAMP WITH TIME ZONE',
};
/** What the driver hands over as something that is neither a value nor a text. */
const unreadable = new Set(['BFILE', 'CURSOR', 'OBJECT']);
const mostDigits = 38;

function kindOf({ dbType }: OracleColumn): string {
  return dbType.name.replace(/^DB_TYPE_/, '');
}

/** What has no counterpart comes as text, so does NUMBER without a precision (such as a sum). @throws InvalidInput for what cannot be read */
export function columnType(column: OracleColumn): string {
  const kind = kindOf(column);
  if (unreadable.has(kind))
    throw new InvalidInput('sql.type', `The column ${column.name} is of the type ${kind}, which cannot be read.`, {
      hint: 'Leave it out, or convert it in the query: to_char(…), xmlserialize(…), its attributes one by one.',
    });
  return kind === 'NUMBER' ? numberType(column) : (types[kind] ?? 'VARCHAR');
}

// A scale below 0 rounds before the point, one above the precision stands for zeros behind it; FLOAT has the scale -127.
function numberType({ precision = 0, scale = 0 }: OracleColumn): string {
  if (precision === 0 || scale === -127) return 'VARCHAR';
  const digits = scale < 0 ? precision - scale : Math.max(precision, scale);
  if (digits > mostDigits) return 'VARCHAR';
  if (scale > 0) return `DECIMAL(${digits},${scale})`;
  if (digits <= 4) return 'SMALLINT';
  if (digits <= 9) return 'INTEGER';
  return digits <= 18 ? 'BIGINT' : `DECIMAL(${digits},0)`;
}

/** A cell as text for a table. */
export function cellText(value: unknown, column: OracleColumn): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  const kind = kindOf(column);
  if (/^TIMESTAMP_L?TZ$/.test(kind)) return `${String(value)}+00`;
  if (kind === 'INTERVAL_YM' || kind === 'INTERVAL_DS') return intervalText(value as Interval);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A cell for JSON: numbers that it holds exactly as such. */
export function plainCell(value: unknown, column: OracleColumn): unknown {
  const text = cellText(value, column);
  if (text === null || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return /^(SMALLINT|INTEGER)$/.test(columnType(column)) ? Number(text) : text;
}

/**
 * The bytes of a DATE (7), a TIMESTAMP (7 or 11) or one with a time zone (13, in UTC) as text: `2026-11-20 18:00:00.123456`. A JavaScript date would lose what is
 * finer than a millisecond, and hours that the zone of this machine skips.
 */
export function timeTextOf(bytes: Buffer): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const [century = 100, ofCentury = 100, month = 1, day = 1, hour = 1, minute = 1, second = 1] = bytes;
  const year = (century - 100) * 100 + ofCentury - 100;
  const date = `${String(Math.abs(year)).padStart(4, '0')}-${two(month)}-${two(day)}`;
  const nanos = bytes.length >= 11 ? bytes.readUInt32BE(7) : 0;
  const fraction =
    nanos === 0
      ? ''
      : `.${String(nanos)
          .padStart(9, '0')
          .replace(/0{1,3}$/, '')}`;
  const time = `${two(hour - 1)}:${two(minute - 1)}:${two(second - 1)}${fraction}`;
  return `${date}${year < 0 ? ' (BC)' : ''} ${time}`;
}

interface Interval {
  years?: number;
  months?: number;
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  /** Nanoseconds. */
  fseconds?: number;
}

/** As ISO 8601 has it: `P1Y2M`, `P3DT4H5M6.5S`; each part with its sign. */
function intervalText({ years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0, fseconds = 0 }: Interval): string {
  const fraction = fseconds === 0 ? '' : `.${String(Math.abs(fseconds)).padStart(9, '0').replace(/0+$/, '')}`;
  const sign = seconds === 0 && fseconds < 0 ? '-' : '';
  const part = (number: number, unit: string) => (number === 0 ? '' : `${number}${unit}`);
  const time = part(hours, 'H') + part(minutes, 'M') + (seconds === 0 && fseconds === 0 ? '' : `${sign}${seconds}${fraction}S`);
  const text = part(years, 'Y') + part(months, 'M') + part(days, 'D') + (time === '' ? '' : `T${time}`);
  return text === '' ? 'PT0S' : `P${text}`;
}

// Reads one row's fields as the texts that XML Schema wants, and keeps every fault instead of stopping at the first.
import type { Row } from '@tidewheel/kit/step-context';
import { isWritable } from './xml-text.ts';

export interface RecordFault {
  field: string;
  message: string;
}
export interface DecimalLimits {
  totalDigits: number;
  fractionDigits: number;
  above?: 'zero' | undefined;
  atLeast?: 'zero' | undefined;
}

const shown = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

export class RecordReader {
  readonly faults: RecordFault[] = [];
  readonly #columns: ReadonlyMap<string, string>;
  #row: Row = {};

  /** `columns` names the column of each field that the table has. */
  constructor(columns: ReadonlyMap<string, string>) {
    this.#columns = columns;
  }
  next(row: Row): void {
    this.#row = row;
    this.faults.length = 0;
  }
  fault(field: string, message: string): void {
    this.faults.push({ field, message });
  }

  /** The text of a field, trimmed of nothing; null when empty or when there is no such column. */
  text(field: string): string | null {
    const column = this.#columns.get(field);
    const value = column === undefined ? null : this.#row[column];
    if (value === null || value === undefined || value === '') return null;
    const text = String(value);
    if (isWritable(text)) return text;
    this.fault(field, `holds a control character, which XML cannot carry: ${shown(text)}`);
    return null;
  }
  required(field: string): string {
    const text = this.text(field);
    if (text === null && !this.faults.some((fault) => fault.field === field)) this.fault(field, 'is missing');
    return text ?? '';
  }
  /** One of the codes that the message knows. */
  code(field: string, codes: readonly string[]): string | null {
    const text = this.text(field);
    if (text === null || codes.includes(text)) return text;
    this.fault(field, `is ${shown(text)}; it must be one of ${codes.join(', ')}`);
    return null;
  }
  /** Empty when it is missing or unknown: what depends on the code is then not looked at, so that one fault does not show as three. */
  requiredCode(field: string, codes: readonly string[]): string {
    return this.required(field) === '' ? '' : (this.code(field, codes) ?? '');
  }
  flag(field: string): string | null {
    const text = this.text(field);
    if (text === null) return null;
    if (/^(true|1)$/i.test(text)) return 'true';
    if (/^(false|0)$/i.test(text)) return 'false';
    this.fault(field, `is ${shown(text)}; it must be true or false`);
    return null;
  }
  requiredFlag(field: string): string {
    return this.required(field) === '' ? '' : (this.flag(field) ?? '');
  }
  /** xs:dateTime in UTC; the digits of the seconds stay as they are. A date that the calendar does not have is a fault. */
  instant(field: string): string {
    const text = this.required(field);
    if (text === '') return '';
    if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text) && isInstant(text)) return text;
    this.fault(field, `is ${shown(text)}; it must be an instant in UTC like 2026-11-18T09:30:00.123456Z`);
    return '';
  }
  date(field: string): string {
    const text = this.required(field);
    if (text !== '' && !(/^\d{4}-\d\d-\d\d$/.test(text) && isInstant(`${text}T00:00:00Z`)))
      this.fault(field, `is ${shown(text)}; it must be a date like 1980-12-31`);
    return text;
  }
  /** A decimal in plain notation without needless zeros. Digits beyond the limits are a fault, never rounded away. */
  decimal(field: string, limits: DecimalLimits): string | null {
    const text = this.text(field);
    if (text === null) return null;
    const canonical = canonicalDecimal(text);
    const problem = canonical === null ? 'must be a plain decimal number' : beyond(canonical, limits);
    if (problem === null) return canonical;
    this.fault(field, `is ${shown(text)}; it ${problem}`);
    return null;
  }
  requiredDecimal(field: string, limits: DecimalLimits): string {
    return this.required(field) === '' ? '' : (this.decimal(field, limits) ?? '');
  }
}

function isInstant(text: string): boolean {
  const instant = new Date(text);
  // Date rolls 31 February over into March; XML Schema does not.
  return !Number.isNaN(instant.getTime()) && instant.toISOString().slice(0, 10) === text.slice(0, 10);
}

export function canonicalDecimal(text: string): string | null {
  const match = /^([+-]?)0*(\d+)(?:\.(\d*))?$/.exec(text);
  if (!match) return null;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const digits = fraction === '' ? `${match[2]}` : `${match[2]}.${fraction}`;
  return match[1] === '-' && digits !== '0' ? `-${digits}` : digits;
}
function beyond(canonical: string, { totalDigits, fractionDigits, above, atLeast }: DecimalLimits): string | null {
  const [whole = '', fraction = ''] = canonical.replace('-', '').split('.');
  if (fraction.length > fractionDigits) return `may have at most ${fractionDigits} digits after the point`;
  // XML Schema counts significant digits only: the zero of 0.5 is none.
  if (whole.replace(/^0/, '').length + fraction.length > totalDigits) return `may have at most ${totalDigits} digits`;
  if (above === 'zero' && (canonical === '0' || canonical.startsWith('-'))) return 'must be above zero';
  if (atLeast === 'zero' && canonical.startsWith('-')) return 'must not be negative';
  return null;
}

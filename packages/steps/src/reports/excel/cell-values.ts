// From the value of a table's cell to what Excel keeps: a number where it is exact there, a date where Excel has that date, else text. Nothing is rounded and nothing is eaten.
import { InvalidInput } from '@tidewheel/contract/errors';

/** As a cell is written (ECMA-376 part 1, 18.3.1.4). */
export type ExcelValue = { kind: 'empty' } | { kind: 'number'; text: string } | { kind: 'bool'; is: boolean } | { kind: 'text'; text: string };

/** How a column is read: by the type of the table's column. */
export type ColumnKind = 'number' | 'date' | 'instant' | 'time' | 'bool' | 'text';

const mostCharacters = 32_767;
/** Excel keeps numbers as doubles: so many digits come out as they went in. */
const exactDigits = 15;
const dayMs = 86_400_000;
const empty: ExcelValue = { kind: 'empty' };

/** By DuckDB's name of a type. */
export function kindOf(type: string): ColumnKind {
  if (/^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|U?HUGEINT|DECIMAL|DOUBLE|FLOAT|REAL)(\(|$)/i.test(type)) return 'number';
  if (/^DATE$/i.test(type)) return 'date';
  if (/^TIMESTAMP/i.test(type)) return 'instant';
  if (/^TIME$/i.test(type)) return 'time';
  return /^BOOLEAN$/i.test(type) ? 'bool' : 'text';
}

/** The usual format of a column. */
export function formatOf(type: string): string | undefined {
  const scale = /^DECIMAL\(\d+,\s*(\d+)\)$/i.exec(type)?.[1];
  if (scale !== undefined) return scale === '0' ? '0' : `0.${'0'.repeat(Number(scale))}`;
  return { number: undefined, bool: undefined, date: 'yyyy-mm-dd', instant: 'yyyy-mm-dd hh:mm:ss', time: 'hh:mm:ss', text: '@' }[kindOf(type)];
}

export function excelValue(value: unknown, kind: ColumnKind): ExcelValue {
  if (value === null || value === undefined) return empty;
  if (kind === 'bool' && typeof value === 'boolean') return { kind: 'bool', is: value };
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (kind === 'number') return numberValue(text);
  if (kind === 'date' || kind === 'instant' || kind === 'time') return timeValue(text, kind);
  return textValue(text);
}

export function textValue(text: string): ExcelValue {
  return text === '' ? empty : { kind: 'text', text };
}

function numberValue(text: string): ExcelValue {
  const digits = /^-?(\d+)(?:\.(\d+))?$/.exec(text);
  if (digits) {
    const significant = `${digits[1]}${digits[2] ?? ''}`.replace(/^0+/, '').replace(digits[2] === undefined ? /$^/ : /0+$/, '');
    return significant.length <= exactDigits ? { kind: 'number', text } : textValue(text);
  }
  // A double in the form of an exponent is no more exact than without; NaN and Infinity Excel does not have.
  return Number.isFinite(Number(text)) ? { kind: 'number', text } : textValue(text);
}

/** Days since the thirtieth of December 1899. Before March 1900 Excel counts a day that there was not: such dates stay text. */
function timeValue(text: string, kind: 'date' | 'instant' | 'time'): ExcelValue {
  if (kind === 'time') {
    const ms = /^\d\d:\d\d:\d\d(\.\d+)?$/.test(text) ? Date.parse(`1970-01-01T${text.slice(0, 12)}Z`) : Number.NaN;
    return Number.isNaN(ms) ? textValue(text) : { kind: 'number', text: serial(ms / dayMs) };
  }
  const [, day, time = '00:00:00', zone = 'Z'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d(?:\.\d+)?))?(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text) ?? [];
  if (day === undefined) return textValue(text);
  const ms = Date.parse(`${day}T${time.slice(0, 12)}${/^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone}`);
  const micros = Number(time.slice(12, 15).padEnd(3, '0'));
  const days = (ms + micros / 1000) / dayMs + 25_569;
  return Number.isNaN(days) || days < 61 || days >= 2_958_466 ? textValue(text) : { kind: 'number', text: serial(days) };
}

function serial(days: number): string {
  return Number.isInteger(days) ? String(days) : days.toFixed(11).replace(/0+$/, '');
}

/** Whether somebody who edits the cell would turn it into a formula, or a program that exports it. */
export function looksLikeFormula(text: string): boolean {
  return /^[=+\-@\t\r]/.test(text);
}

/** Text of a cell as XML: what XML cannot hold as `_x0008_` (ECMA-376 part 1, 22.9.2.19), halves of surrogate pairs as the sign for what is unknown. */
export function textXml(text: string, where: () => string): string {
  if (text.length > mostCharacters)
    throw new InvalidInput('excel.text_too_long', `${where()} has ${text.length} characters; a cell of Excel holds ${mostCharacters.toLocaleString('en')}.`, {
      hint: 'Shorten it in a step before (left(column, 32767)), or write the table as CSV.',
    });
  return (
    text
      .toWellFormed()
      .replace(/_x[0-9A-Fa-f]{4}_/g, (match) => `_x005F${match}`)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      .replace(/[\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\ufffe\uffff]/g, (char) => `_x${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
      .replace(/[&<>]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] ?? char)
  );
}

// Dates out of CSV: `date,name`, with or without a head line, whatever divides the fields.
import type { ImportPreview } from '@tidewheel/contract/routes/calendars';
import { parse } from 'csv-parse/sync';
import { Imported } from './imported.ts';

const delimiters = [',', ';', '\t', '|'] as const;

interface Row {
  line: number;
  fields: string[];
}

export function importCsv(text: string): ImportPreview {
  const imported = new Imported();
  const rows = readRows(text, imported);
  const columns = columnsOf(rows[0]?.fields ?? []);
  for (const { line, fields } of columns.isHead ? rows.slice(1) : rows) {
    const written = (fields[columns.date] ?? '').trim();
    if (written === '') {
      imported.fault(line, 'has no date');
      continue;
    }
    const date = dateIn(written);
    if (date === null) imported.fault(line, `"${written.slice(0, 40)}" is not a date: write 2026-12-31 or 31.12.2026`);
    else imported.add({ line, date, name: fields[columns.name] ?? '' });
  }
  return imported.result();
}

/** A quote that never closes spoils the rest: what comes before is kept, and the line told. */
function readRows(text: string, imported: Imported): Row[] {
  const rows: Row[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (record: string[], { lines }) => {
        rows.push({ line: lines, fields: record });
        return null;
      },
    });
  } catch (thrown) {
    const { lines, message } = thrown as { lines?: number; message: string };
    imported.fault(lines ?? rows.length + 1, `cannot be read as CSV: ${message}`);
  }
  return rows;
}

/** The one that its first lines have most of. */
function delimiterOf(text: string): string {
  const head = text.split(/\r?\n/, 5).join('\n');
  const counts = delimiters.map((delimiter) => [delimiter, head.split(delimiter).length] as const);
  return counts.reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

function columnsOf(first: readonly string[]): { isHead: boolean; date: number; name: number } {
  if (first.length === 0 || dateIn((first[0] ?? '').trim()) !== null) return { isHead: false, date: 0, name: 1 };
  const heads = first.map((head) => head.trim().toLowerCase());
  const date = heads.findIndex((head) => /\b(date|day|datum|fecha|data)\b/.test(head));
  const isHead = date >= 0;
  const at = isHead ? date : 0;
  const name = heads.findIndex((head, index) => index !== at && /\b(name|holiday|title|description|reason|summary|nom|feiertag)\b/.test(head));
  return { isHead, date: at, name: name >= 0 ? name : at === 0 ? 1 : 0 };
}

/** A slash may mean the month or the day, so it is refused. */
function dateIn(text: string): string | null {
  const iso = /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?$/.exec(text);
  if (iso) return `${iso[1]}-${iso[2]}-${iso[3]}`;
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  return dotted ? `${dotted[3]}-${dotted[2]?.padStart(2, '0')}-${dotted[1]?.padStart(2, '0')}` : null;
}

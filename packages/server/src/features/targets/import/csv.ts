// Hosts from CSV: a heading line, then one host on each. Which column is what is told by its heading or by the caller.
import { InvalidInput } from '@tidewheel/contract/errors';
import { importFields } from '@tidewheel/contract/routes/target-operations';
import { CsvError, type Info, parse } from 'csv-parse/sync';
import { closest } from '../../../base/text.ts';
import { type ImportFault, type ImportField, type ImportLine, listFields, listOf, type Parsed, readValue } from './import-line.ts';

/** Headings that people use, in small letters without what is no letter. */
const aliases: Record<string, string> = {
  host: 'name',
  hostname: 'name',
  server: 'name',
  target: 'name',
  ip: 'address',
  ipaddress: 'address',
  fqdn: 'address',
  dnsname: 'address',
  system: 'os',
  platform: 'os',
  operatingsystem: 'os',
  comment: 'description',
  notes: 'description',
  connection: 'transport',
  jumphost: 'via',
  bastion: 'via',
  tag: 'tags',
  labels: 'tags',
  group: 'groups',
  folder: 'category',
  port: 'settings.port',
  hostkey: 'settings.hostKey',
};

/** @throws InvalidInput when it is no CSV at all */
export function parseCsv(text: string, columns?: Record<string, string>): Parsed {
  const records = read(text);
  const [head, ...rows] = records;
  if (!head)
    throw new InvalidInput('target.import_empty', 'There is nothing to import.', { hint: 'The first line holds the headings, then comes one host on each.' });
  const taken = head.record.map((heading) => ({ column: heading, field: fieldOf(heading.trim(), columns) }));
  const faults = headingFaults(taken, { columns, line: head.info.lines });
  const lines: ImportLine[] = [];
  for (const { record, info } of faults.length > 0 ? [] : rows) {
    const { line, fault } = lineOf(record, { taken, at: info.lines });
    if (line) lines.push(line);
    if (fault) faults.push(fault);
  }
  return { columns: taken, lines, faults, notes: [], groupTitles: new Map() };
}

interface CsvRecord {
  record: string[];
  info: Info;
}

function read(text: string): CsvRecord[] {
  const [first = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1);
  const delimiter = [',', ';', '\t'].toSorted((one, other) => first.split(other).length - first.split(one).length)[0] ?? ',';
  try {
    const options = { bom: true, delimiter, info: true, relax_column_count: true, skip_empty_lines: true, skip_records_with_empty_values: true } as const;
    return parse(text, options) as unknown as CsvRecord[];
  } catch (thrown) {
    const line = thrown instanceof CsvError ? (thrown as CsvError & { lines?: number }).lines : undefined;
    throw new InvalidInput('target.import_csv', `This is no CSV${line === undefined ? '' : `, as of line ${line}`}: ${(thrown as Error).message}.`, {
      hint: 'A text with a comma, a line break or a quotation mark stands in double quotes; those inside it are doubled.',
    });
  }
}

function fieldOf(heading: string, columns: Record<string, string> | undefined): string | null {
  const told = columns?.[heading];
  if (told !== undefined) return told === '' ? null : told;
  if (/^(settings|facts)\.[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(heading)) return heading;
  const plain = heading.toLowerCase().replace(/[^a-z0-9]/g, '');
  return importFields.find((field) => field.toLowerCase() === plain) ?? aliases[plain] ?? null;
}

function headingFaults(taken: Parsed['columns'], { columns, line }: { columns: Record<string, string> | undefined; line: number }): ImportFault[] {
  const headings = taken.map(({ column }) => column.trim());
  const faults: ImportFault[] = Object.keys(columns ?? {})
    .filter((heading) => !headings.includes(heading))
    .map((heading) => {
      const slip = closest(heading, headings);
      return { line, name: null, message: `there is no column "${heading}"`, ...(slip ? { hint: `Did you mean "${slip}"?` } : {}) };
    });
  const fields = taken.flatMap(({ field }) => field ?? []);
  for (const field of new Set(fields))
    if (fields.filter((one) => one === field).length > 1) faults.push({ line, name: null, message: `more than one column is taken as ${field}` });
  if (!fields.includes('name'))
    faults.push({
      line,
      name: null,
      message: 'no column is taken as name',
      hint: `The columns are ${headings.slice(0, 20).join(', ')}: say which one holds the name.`,
    });
  return faults;
}

function lineOf(record: readonly string[], { taken, at }: { taken: Parsed['columns']; at: number }): { line?: ImportLine; fault?: ImportFault } {
  if (record.length !== taken.length)
    return {
      fault: {
        line: at,
        name: null,
        message: `has ${record.length} columns, but the headings are ${taken.length}`,
        hint: 'Put a text with a comma into double quotes.',
      },
    };
  const line: ImportLine = { line: at, name: '', fields: {}, settings: {}, facts: {} };
  for (const [index, { field }] of taken.entries()) {
    const text = (record[index] ?? '').trim();
    if (field !== null && text !== '') put(line, { field, text });
  }
  if (line.name === '') return { fault: { line: at, name: null, message: 'has no name' } };
  return { line };
}

function put(line: ImportLine, { field, text }: { field: string; text: string }): void {
  const [head, inner] = field.split('.', 2);
  if (field === 'name') line.name = text;
  else if (head === 'settings' && inner) line.settings[inner] = readValue(text);
  else if (head === 'facts' && inner) line.facts[inner] = readValue(text);
  else line.fields[field as Exclude<ImportField, 'name'>] = listFields.has(field) ? listOf(text) : text;
}

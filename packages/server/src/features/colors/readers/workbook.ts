// The sheets of an .xlsx, one row at a time. Our own instead of hucre's streaming reader, which tells nothing of formulas, merged cells, hidden sheets and formats
// of numbers, and keeps rows in memory that nobody has asked for yet. ECMA-376 part 1, 18.3.
import { open } from 'node:fs/promises';
import { InvalidInput, TooLarge } from '@tidewheel/contract/errors';
import { type Cell, type IncomingFile, type IncomingRow, Notes, nothing } from './incoming.ts';
import { mergedAreas } from './merged-cells.ts';
import { attribute, elements, runsText, unescaped } from './xml-scan.ts';
import { damaged, ZipFile } from './zip-file.ts';

const mostColumns = 1_000;
const mostStringLength = 128 * 1024 ** 2;

/** @throws InvalidInput for what is protected, old, damaged or no workbook; TooLarge for what would unpack to too much */
export async function openWorkbook(file: string): Promise<IncomingFile> {
  await refuseOldAndProtected(file);
  const zip = await ZipFile.open(file);
  if (zip.has('xl/workbook.bin'))
    throw new InvalidInput('color.file_kind', 'The workbook is an .xlsb, which is not read.', { hint: 'Save it as .xlsx and upload that.' });
  if (!zip.has('xl/workbook.xml')) throw damaged('it holds no workbook');
  const notes = new Notes();
  if (zip.has('xl/vbaProject.bin')) notes.say('The macros of the workbook were not run; they do not count.');
  const book = await partsOf(zip, notes);
  return { kind: 'workbook', notes, tables: book.sheets.map(({ name, part }) => ({ sheet: name, rows: rowsOf({ zip, part, book, notes }) })) };
}

/** Compound files: an .xls, or an .xlsx that a password encrypts. */
async function refuseOldAndProtected(file: string): Promise<void> {
  await using handle = await open(file, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(256 * 1024), 0, 256 * 1024, 0);
  const head = buffer.subarray(0, bytesRead);
  if (head.length < 8 || head.readUInt32BE(0) !== 0xd0cf11e0) return;
  if (head.includes(Buffer.from('EncryptedPackage', 'utf16le')))
    throw new InvalidInput('color.file_protected', 'The workbook is protected by a password.', { hint: 'Save it without a password and upload it again.' });
  throw new InvalidInput('color.file_kind', 'The file is an old .xls workbook, which is not read.', { hint: 'Save it as .xlsx and upload that.' });
}

interface Book {
  sheets: { name: string; part: string }[];
  from1904: boolean;
  strings: string[];
  formats: Format[];
}
/** What a style makes of a number: `zeros` pads it to so many digits. */
type Format = 'plain' | 'date' | { zeros: number };

async function partsOf(zip: ZipFile, notes: Notes): Promise<Book> {
  const xml = await zip.text('xl/workbook.xml');
  const targets = await targetsOf(zip);
  const all = [...xml.matchAll(/<(?:\w+:)?sheet\s([^<>]*?)\/?>/g)].map(([, attributes = '']) => ({
    name: attribute(attributes, 'name') ?? '',
    isHidden: (attribute(attributes, 'state') ?? 'visible') !== 'visible',
    part: targets.get(/(?:^|\s)\w+:id\s*=\s*["']([^"']*)["']/.exec(attributes)?.[1] ?? '') ?? '',
  }));
  const worksheets = all.filter(({ part }) => /worksheets\//.test(part) && zip.has(part));
  for (const { name } of worksheets.filter(({ isHidden }) => isHidden)) notes.say(`The sheet ${name} is hidden and was left out.`);
  const sheets = worksheets.filter(({ isHidden }) => !isHidden);
  if (sheets.length === 0) throw damaged('it has no sheet that can be seen');
  const from1904 = /<(?:\w+:)?workbookPr\b[^<>]*\bdate1904\s*=\s*["'](1|true)["']/.test(xml);
  if (from1904) notes.say('Its dates count from 1904.');
  return { sheets, from1904, strings: await stringsOf(zip), formats: await formatsOf(zip) };
}

async function targetsOf(zip: ZipFile): Promise<Map<string, string>> {
  const xml = await zip.text('xl/_rels/workbook.xml.rels');
  const pairs = [...xml.matchAll(/<(?:\w+:)?Relationship\s([^<>]*?)\/?>/g)].map(([, attributes = '']): [string, string] => {
    const target = attribute(attributes, 'Target') ?? '';
    return [attribute(attributes, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`];
  });
  return new Map(pairs);
}

async function stringsOf(zip: ZipFile): Promise<string[]> {
  if (!zip.has('xl/sharedStrings.xml')) return [];
  const strings: string[] = [];
  let length = 0;
  for await (const { inside } of elements(zip.read('xl/sharedStrings.xml'), 'si')) {
    const text = runsText(inside);
    length += text.length;
    if (length > mostStringLength)
      throw new TooLarge('color.file_too_large', 'The texts of the workbook take more than 128 MB.', { hint: 'Split it, or save it as CSV.' });
    strings.push(text);
  }
  return strings;
}

async function formatsOf(zip: ZipFile): Promise<Format[]> {
  if (!zip.has('xl/styles.xml')) return [];
  const xml = await zip.text('xl/styles.xml');
  const codes = new Map(
    [...xml.matchAll(/<(?:\w+:)?numFmt\s([^<>]*?)\/?>/g)].map(([, at = '']) => [attribute(at, 'numFmtId'), attribute(at, 'formatCode') ?? '']),
  );
  const cells = /<(?:\w+:)?cellXfs\b[^<>]*>([\s\S]*?)<\/(?:\w+:)?cellXfs>/.exec(xml)?.[1] ?? '';
  return [...cells.matchAll(/<(?:\w+:)?xf\b([^<>]*?)\/?>/g)].map(([, at = '']) => {
    const id = attribute(at, 'numFmtId') ?? '0';
    return formatOf(Number(id), codes.get(id));
  });
}

function formatOf(id: number, code: string | undefined): Format {
  if (code === undefined) return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58) ? 'date' : 'plain';
  if (/^0{2,20}$/.test(code)) return { zeros: code.length };
  const bare = code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_./g, '');
  return /[ymdhs]/i.test(bare) && !/general/i.test(bare) ? 'date' : 'plain';
}

async function* rowsOf({ zip, part, book, notes }: { zip: ZipFile; part: string; book: Book; notes: Notes }): AsyncGenerator<IncomingRow> {
  const merges = await mergedAreas(elements(zip.read(part), 'mergeCell'));
  if (merges.count > 0) notes.count('merged areas: what stands in one counts for each of its rows', merges.count);
  let line = 0;
  for await (const { attributes, inside } of elements(zip.read(part), 'row')) {
    const given = Number(attribute(attributes, 'r') ?? '');
    line = Number.isInteger(given) && given > line ? given : line + 1;
    const cells = merges.fill(line, cellsOf(inside, { book, notes }));
    if (cells.some(({ text }) => text !== '')) yield { line, cells };
  }
}

const cellForm = /<(?:\w+:)?c(\s[^<>]*?)?(?:\/>|>([\s\S]*?)<\/(?:\w+:)?c>)/g;

function cellsOf(row: string, { book, notes }: { book: Book; notes: Notes }): Cell[] {
  const cells: Cell[] = [];
  let next = 0;
  for (const [, attributes = '', inside = ''] of row.matchAll(cellForm)) {
    const column = columnOf(attribute(attributes, 'r')) ?? next;
    if (column >= mostColumns)
      throw new TooLarge('color.file_too_wide', 'A row of the sheet has more than 1,000 columns.', { hint: 'Delete the columns that hold no color.' });
    while (cells.length < column) cells.push(nothing);
    cells[column] = cellOf({ attributes, inside, book, notes });
    next = column + 1;
  }
  return cells;
}

function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  return letters === undefined ? undefined : [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function cellOf({ attributes, inside, book, notes }: { attributes: string; inside: string; book: Book; notes: Notes }): Cell {
  const value = /<(?:\w+:)?v(?:\s[^<>]*)?>([\s\S]*?)<\/(?:\w+:)?v>/.exec(inside)?.[1];
  if (/<(?:\w+:)?f[\s>/]/.test(inside))
    notes.count(value === undefined ? 'formulas without a kept value are empty' : 'formulas count by the value that was kept');
  const type = attribute(attributes, 't') ?? 'n';
  if (type === 'inlineStr') return { text: runsText(inside).trim(), kind: 'text' };
  if (value === undefined) return nothing;
  const raw = unescaped(value);
  if (type === 's') return { text: (book.strings[Number(raw)] ?? '').trim(), kind: 'text' };
  if (type === 'str') return { text: raw.trim(), kind: 'text' };
  if (type === 'd') return { text: raw.replace(/(\.\d+)?Z?$/, ''), kind: 'date' };
  if (type === 'b') return { text: raw === '1' ? 'TRUE' : 'FALSE', kind: 'text' };
  if (type === 'e') {
    notes.count('cells with an error of Excel are empty');
    return nothing;
  }
  return numberCell(raw.trim(), book.formats[Number(attribute(attributes, 's') ?? '0')] ?? 'plain', book.from1904);
}

function numberCell(raw: string, format: Format, from1904: boolean): Cell {
  const value = Number(raw);
  if (raw === '' || !Number.isFinite(value)) return { text: raw, kind: 'text' };
  if (format === 'date') return { text: dateOf(value, from1904), kind: 'date' };
  if (format !== 'plain' && Number.isInteger(value) && value >= 0) return { text: raw.padStart(format.zeros, '0'), kind: 'text' };
  return { text: raw, kind: 'number' };
}

/** Days since 1899-12-30 (so that 61 is 1900-03-01, whatever Excel thinks of 1900-02-29), or since 1904-01-01. */
export function dateOf(serial: number, from1904 = false): string {
  const milliseconds = Math.round(serial * 86_400) * 1_000 + Date.UTC(from1904 ? 1904 : 1899, from1904 ? 0 : 11, from1904 ? 1 : 30);
  if (Math.abs(milliseconds) > 8e15) return String(serial);
  const text = new Date(milliseconds).toISOString();
  return text.slice(11, 19) === '00:00:00' ? text.slice(0, 10) : text.slice(0, 19);
}

// Synthetic colors as the files people send: with the habits that cost leading zeros, dates and rows.
import type { Color } from '@tidewheel/contract/color';
import { zipBytes } from './zip-bytes.ts';

export interface WorkbookHabits {
  /** Lines above the header, the first merged over all columns. */
  titles?: string[];
  /** Dates count from 1904, as old Macs had it. */
  from1904?: boolean;
  /** CUSIPs of digits alone are numbers: leading zeros are gone. */
  numericCusips?: boolean;
  /** Prices are typed as text. */
  textPrices?: boolean;
  /** Prices are formulas: with the value that was kept, or (`bare`) without. */
  formulas?: 'kept' | 'bare';
  /** A sheet nobody sees, with rows that must not count. */
  hiddenSheet?: boolean;
  /** The dealer stands once, merged over the rows that follow. */
  mergedDealers?: boolean;
  /** A macro part, as .xlsm has it. */
  macros?: boolean;
}

const headers = [
  'Trade Date',
  'CUSIP',
  'ISIN',
  'Ticker',
  'Issuer Name',
  'Cpn',
  'Mty',
  'Sector',
  'Mkt',
  'Ccy',
  'Dealer',
  'Side',
  'Price',
  'Sprd',
  'Size (MM)',
  'Rank',
  'Label',
];

/** An .xlsx with these colors and habits. Nothing in it is real. */
export function syntheticWorkbook(colors: Iterable<Color>, habits: WorkbookHabits = {}): Buffer {
  const { rows, merges } = rowsOf([...colors], habits);
  const sheets = [{ name: 'Colors', hidden: false, xml: sheetXml(rows, merges) }];
  if (habits.hiddenSheet)
    sheets.unshift({
      name: 'Old',
      hidden: true,
      xml: sheetXml(
        [
          row(1, headers.map(text)),
          row(
            2,
            headers.map(() => text('hidden')),
          ),
        ],
        [],
      ),
    });
  return zipBytes([
    { name: '[Content_Types].xml', content: contentTypes(sheets.length, habits.macros === true) },
    { name: '_rels/.rels', content: relations([['officeDocument', 'xl/workbook.xml']]) },
    { name: 'xl/workbook.xml', content: workbookXml(sheets, habits.from1904 === true) },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: relations([...sheets.map((_, at) => ['worksheet', `worksheets/sheet${at + 1}.xml`] as const), ['styles', 'styles.xml']]),
    },
    { name: 'xl/styles.xml', content: styles },
    ...sheets.map(({ xml }, at) => ({ name: `xl/worksheets/sheet${at + 1}.xml`, content: xml })),
    ...(habits.macros ? [{ name: 'xl/vbaProject.bin', content: 'not run' }] : []),
  ]);
}

type Cell = (reference: string) => string;
const text =
  (value: string | null): Cell =>
  (at) =>
    value === null ? '' : `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
const number =
  (value: number | null, style = 0): Cell =>
  (at) =>
    value === null ? '' : `<c r="${at}"${style ? ` s="${style}"` : ''}><v>${value}</v></c>`;
const formula =
  (value: number, kept: boolean): Cell =>
  (at) =>
    `<c r="${at}"><f>${value - 1}+1</f>${kept ? `<v>${value}</v>` : ''}</c>`;

function rowsOf(colors: readonly Color[], habits: WorkbookHabits): { rows: string[]; merges: string[] } {
  const titles = habits.titles ?? [];
  const rows = titles.map((title, at) => row(at + 1, [text(title)]));
  const merges = titles.length > 0 ? [`A1:${columnName(headers.length - 1)}1`] : [];
  const first = titles.length + 1;
  rows.push(row(first, headers.map(text)));
  colors.forEach((color, index) => {
    const at = first + 1 + index;
    const isFirstOfMerge = index % 3 === 0;
    rows.push(row(at, cellsOf(color, habits, { showsDealer: !habits.mergedDealers || isFirstOfMerge })));
    if (habits.mergedDealers && isFirstOfMerge && index + 2 < colors.length) merges.push(`K${at}:K${at + 2}`);
  });
  return { rows, merges };
}

function cellsOf(color: Color, habits: WorkbookHabits, { showsDealer }: { showsDealer: boolean }): Cell[] {
  const cusip = habits.numericCusips && looksLikeNumber(color.cusip) ? number(Number(color.cusip)) : text(color.cusip);
  const price =
    habits.formulas && color.px !== null ? formula(color.px, habits.formulas === 'kept') : habits.textPrices ? text(String(color.px)) : number(color.px);
  return [
    number(serial(color.date, habits), 1),
    cusip,
    text(color.isin),
    text(color.ticker),
    text(color.issuer),
    number(color.coupon),
    number(color.maturity === null ? null : serial(color.maturity, habits), 1),
    text(color.sector),
    text(color.market),
    text(color.currency),
    text(showsDealer ? color.dealer : null),
    text(color.bias),
    price,
    number(color.spread),
    number(color.size),
    number(color.rank),
    text('synthetic'),
  ];
}

/** What Excel takes for one: digits alone, or digits around an E that are no more than it can count. */
function looksLikeNumber(cusip: string | null): boolean {
  return cusip !== null && /^(\d{9}|\d{5}E\d{3})$/.test(cusip) && Number(cusip) < 1e308;
}

function serial(date: string, { from1904 }: WorkbookHabits): number {
  return Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(from1904 ? '1904-01-01T00:00:00Z' : '1899-12-30T00:00:00Z')) / 86_400_000);
}

export interface CsvHabits {
  delimiter?: ',' | ';' | '\t';
  encoding?: 'utf8' | 'utf16le' | 'latin1';
  /** What Excel shows of long numbers is what it saves: 1.23E+08. */
  scientific?: boolean;
}

/** A CSV file as Excel saves it. */
export function syntheticCsv(colors: Iterable<Color>, { delimiter = ',', encoding = 'utf8', scientific = false }: CsvHabits = {}): Buffer {
  const lines = [headers];
  for (const color of colors) lines.push(csvValues(color, scientific));
  const body = lines.map((values) => values.map((value) => quoted(value, delimiter)).join(delimiter)).join('\r\n');
  return Buffer.concat([encoding === 'utf16le' ? Buffer.from([0xff, 0xfe]) : Buffer.alloc(0), Buffer.from(`${body}\r\n`, encoding)]);
}

function csvValues(color: Color, scientific: boolean): string[] {
  const cusip = scientific && looksLikeNumber(color.cusip) ? Number(color.cusip).toExponential(2).toUpperCase() : color.cusip;
  const [date, maturity] = [usDate(color.date), color.maturity === null ? null : usDate(color.maturity)];
  const facts = [date, cusip, color.isin, color.ticker, color.issuer, color.coupon, maturity, color.sector, color.market, color.currency];
  return [...facts, color.dealer, color.bias, color.px, color.spread, color.size, color.rank, 'synthetic'].map((value) =>
    value === null ? '' : String(value),
  );
}

function usDate(date: string): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${month}/${day}/${year}`;
}

function quoted(value: string, delimiter: string): string {
  return value.includes(delimiter) || /["\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function row(number: number, cells: readonly Cell[]): string {
  return `<row r="${number}">${cells.map((cell, at) => cell(`${columnName(at)}${number}`)).join('')}</row>`;
}

function columnName(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : `${columnName(Math.floor(index / 26) - 1)}${columnName(index % 26)}`;
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

function sheetXml(rows: readonly string[], merges: readonly string[]): string {
  const merged = merges.length === 0 ? '' : `<mergeCells count="${merges.length}">${merges.map((area) => `<mergeCell ref="${area}"/>`).join('')}</mergeCells>`;
  return `${head}<worksheet xmlns="${main}"><sheetData>${rows.join('')}</sheetData>${merged}</worksheet>`;
}

function workbookXml(sheets: readonly { name: string; hidden: boolean }[], from1904: boolean): string {
  const list = sheets
    .map(({ name, hidden }, at) => `<sheet name="${name}" sheetId="${at + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${at + 1}"/>`)
    .join('');
  return `${head}<workbook xmlns="${main}" xmlns:r="${office}">${from1904 ? '<workbookPr date1904="1"/>' : ''}<sheets>${list}</sheets></workbook>`;
}

function relations(list: readonly (readonly [string, string])[]): string {
  const all = list.map(([type, target], at) => `<Relationship Id="rId${at + 1}" Type="${office}/${type}" Target="${target}"/>`).join('');
  return `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all}</Relationships>`;
}

function contentTypes(sheets: number, macros: boolean): string {
  const book = macros ? 'application/vnd.ms-excel.sheet.macroEnabled.main+xml' : `${types}.sheet.main+xml`;
  const parts = Array.from({ length: sheets }, (_, at) => `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${types}.worksheet+xml"/>`).join(
    '',
  );
  return `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override PartName="/xl/workbook.xml" ContentType="${book}"/><Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/>${parts}</Types>`;
}

const styles = `${head}<styleSheet xmlns="${main}"><fonts count="1"><font><sz val="11"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`;

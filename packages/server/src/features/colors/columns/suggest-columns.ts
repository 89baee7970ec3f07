// Where the header of a table is, and which of its columns feeds which field: by name, else by what stands in it.

import type { ColorField } from '@tidewheel/contract/color';
import { ColorColumns } from '@tidewheel/contract/color-columns';
import { fieldOfHeader, plainHeader } from '@tidewheel/contract/color-headers';
import { cusipFault, isinFault } from '@tidewheel/contract/security-id';
import type { Cell, IncomingRow } from '../readers/incoming.ts';
import { isKnownHeader, sideOfHeader } from './header-names.ts';

export interface FoundHeader {
  /** Of the line it stands on; 0 when there is none and columns are called `#1`, `#2` … */
  line: number;
  headers: string[];
}

/** Of the first rows of a table, the one that reads most like headers: two known ones at least. */
export function findHeader(rows: readonly IncomingRow[], columns?: ColorColumns): FoundHeader {
  if (columns?.headerLine === 0) return withoutHeader(rows);
  if (columns?.headerLine != null) {
    const row = rows.find(({ line }) => line === columns.headerLine);
    return row ? headerOf(row) : withoutHeader(rows);
  }
  const wanted = new Set(columns ? headersOf(columns).map(plainHeader) : []);
  const known = (cell: Cell) => cell.kind === 'text' && (wanted.has(plainHeader(cell.text)) || (columns === undefined && isKnownHeader(cell.text)));
  let best: { row: IncomingRow; score: number } | null = null;
  for (const row of rows) {
    const score = row.cells.filter((cell) => cell.text !== '' && known(cell)).length;
    if (score > (best?.score ?? 0)) best = { row, score };
  }
  const needed = columns ? Math.min(2, Math.max(1, wanted.size)) : 2;
  return best && best.score >= needed ? headerOf(best.row) : withoutHeader(rows);
}

function headerOf({ line, cells }: IncomingRow): FoundHeader {
  const seen = new Map<string, number>();
  const headers = cells.map(({ text }, at) => {
    const name = text.replace(/\s+/g, ' ').trim().slice(0, 190) || `#${at + 1}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
  return { line, headers };
}

function withoutHeader(rows: readonly IncomingRow[]): FoundHeader {
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
  return { line: 0, headers: Array.from({ length: width }, (_, at) => `#${at + 1}`) };
}

/** Every header that a configuration names. */
export function headersOf({ fields, bid, offer }: ColorColumns): string[] {
  return [...Object.values(fields), ...Object.values(bid), ...Object.values(offer)].filter((header) => header !== undefined);
}

/** What each column probably is. Nothing is taken twice; the first column of a name wins. */
export function suggestColumns({ line, headers }: FoundHeader, samples: readonly IncomingRow[]): ColorColumns {
  const columns = ColorColumns.parse({ headerLine: line === 0 ? 0 : null });
  for (const header of headers) byName(columns, header);
  headers.forEach((header, at) => {
    if (!headersOf(columns).includes(header))
      byContent(
        columns,
        header,
        samples.map(({ cells }) => cells[at]?.text ?? '').filter((text) => text !== ''),
      );
  });
  const isTwoSided = Object.keys(columns.bid).length > 0 && Object.keys(columns.offer).length > 0;
  return isTwoSided ? columns : oneSided(columns);
}

function byName(columns: ColorColumns, header: string): void {
  const side = sideOfHeader(header);
  const field = fieldOfHeader(header);
  if (side && columns[side.side][side.field] === undefined) columns[side.side][side.field] = header;
  else if (field && columns.fields[field] === undefined) columns.fields[field] = header;
}

/** A file of bids alone: its prices are the price, its bias is fixed. */
function oneSided(columns: ColorColumns): ColorColumns {
  const side = Object.keys(columns.bid).length > 0 ? 'bid' : Object.keys(columns.offer).length > 0 ? 'offer' : null;
  if (side === null) return columns;
  const fields = { ...columns[side], ...columns.fields };
  return { ...columns, fields, bid: {}, offer: {}, fixed: columns.fields.bias === undefined ? { ...columns.fixed, bias: side } : columns.fixed };
}

const tests: [ColorField, (text: string) => boolean][] = [
  ['cusip', (text) => cusipFault(text) === undefined],
  ['isin', (text) => isinFault(text) === undefined],
  ['date', (text) => /^\d{4}-\d{2}-\d{2}$|^\d{1,2}\/\d{1,2}\/\d{2,4}$/.test(text)],
  ['currency', (text) => /^(USD|EUR|GBP|JPY|CHF|CAD|AUD)$/i.test(text)],
  ['bias', (text) => /^(bid|offer|ask|talk|cover|trade)$/i.test(text)],
];

function byContent(columns: ColorColumns, header: string, texts: readonly string[]): void {
  if (texts.length === 0) return;
  const found = tests.find(([field, fits]) => columns.fields[field] === undefined && texts.filter(fits).length >= texts.length * 0.8);
  if (found) columns.fields[found[0]] = header;
}

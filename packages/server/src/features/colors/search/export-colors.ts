// What a search finds as a file, written while it is read.
import { Readable } from 'node:stream';
import { type ColorField, colorFieldNames, colorFields, mostExportedColors } from '@tidewheel/contract/color';
import { TooLarge } from '@tidewheel/contract/errors';
import {
  type ColorCount,
  type ColorFilter,
  type ColorSearch,
  type exportFormats,
  type FoundColor,
  mostCountedColors,
} from '@tidewheel/contract/routes/color-search';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import type { Download } from '../../../base/endpoint.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { inWorkspace } from '../../../storage/database.ts';
import { type InSearch, inSearch } from './in-search.ts';
import { askedOf, inTime, type SearchDeps, withNumbers } from './search.service.ts';
import { type Asked, countFound, findAll } from './search.store.ts';

/** A table as Excel keeps it; the app gives the one that reports are written with. */
export type WriteSheet = (sheet: {
  title: string;
  columns: readonly { header: string; kind: 'text' | 'number' | 'date' | 'instant'; width: number }[];
  rows: AsyncIterable<unknown[][]>;
}) => AsyncIterable<Uint8Array>;
export type ExportDeps = SearchDeps & { writeSheet: WriteSheet };

/** @throws TooLarge `color_search.too_many_colors` before anything is written */
export async function exportColors(
  { databases, writeSheet }: ExportDeps,
  actor: Actor,
  { format, ...query }: ColorSearch & { format: (typeof exportFormats)[number] },
): Promise<Download> {
  requirePermission(actor, 'color.read');
  const search = inSearch(databases, actor.workspaceId);
  const asked = askedOf(query);
  const count = await counted(search, asked.filter);
  refuseTooMany(count);
  await inWorkspace(databases.app, actor.workspaceId, (trx) =>
    recordAudit(trx, actor, {
      action: 'color.exported',
      object: { type: 'color_search', id: format, title: `colors.${format}` },
      after: { search: query, colors: count.colors },
    }),
  );
  const rows = exported(search, asked);
  if (format === 'csv') return { stream: Readable.from(csv(rows)), mediaType: 'text/csv; charset=utf-8', fileName: 'colors.csv' };
  const stream = Readable.from(writeSheet({ title: 'Colors', columns, rows }));
  return { stream, mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', fileName: 'colors.xlsx' };
}

export async function countColors({ databases }: SearchDeps, actor: Actor, filter: ColorFilter): Promise<ColorCount> {
  requirePermission(actor, 'color.read');
  return counted(inSearch(databases, actor.workspaceId), askedOf(filter).filter);
}

async function counted(search: InSearch, filter: ColorFilter): Promise<ColorCount> {
  const found = await inTime(() => countFound(search, { filter, cap: mostCountedColors + 1 }));
  return { colors: Math.min(found, mostCountedColors), isMore: found > mostCountedColors, fits: found <= mostExportedColors };
}

/** @throws TooLarge `color_search.too_many_colors` with how many they are */
export function refuseTooMany({ colors, isMore, fits }: ColorCount): void {
  if (fits) return;
  const [found, most] = [colors, mostExportedColors].map((count) => count.toLocaleString('en'));
  throw new TooLarge('color_search.too_many_colors', `The search finds ${isMore ? 'more than ' : ''}${found} colors, and a file takes ${most}.`, {
    hint: 'Narrow it: fewer days, a sector or a dealer. Several files can be put together.',
    details: { colors, most: mostExportedColors },
  });
}

const kinds = { text: 'text', number: 'number', integer: 'number', date: 'date', instant: 'instant' } as const;
const widths = { text: 14, number: 10, date: 11, instant: 20 };
const columnOf = (name: ColorField) => {
  const { title, kind } = colorFields[name];
  return { header: title, kind: kinds[kind], width: name === 'issuer' ? 30 : widths[kinds[kind]] };
};
const columns = [
  ...colorFieldNames.map(columnOf),
  { header: 'Processing', kind: 'number' as const, width: 11 },
  { header: 'Line', kind: 'number' as const, width: 8 },
];

async function* exported(search: ReturnType<typeof inSearch>, asked: Asked): AsyncGenerator<unknown[][]> {
  for await (const batch of findAll(search, asked)) yield (await withNumbers(search, batch)).map(cellsOf);
}

function cellsOf(color: FoundColor): unknown[] {
  return [...colorFieldNames.map((name) => color[name]), color.processing, color.line];
}

async function* csv(batches: AsyncIterable<unknown[][]>): AsyncGenerator<string> {
  yield lineOf(columns.map(({ header }) => header));
  for await (const rows of batches) yield rows.map(lineOf).join('');
}

/** A line of CSV. */
export function lineOf(cells: readonly unknown[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

/** A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers are numbers. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(String(value)) ? `'${String(value)}` : String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// Ranked rows as the cells of a sheet, and as the lines of a CSV file.
import { rowColors } from '@tidewheel/contract/color-rule';
import { type ColorSheetColumn, columnKind, columnTitle, columnWidth } from '@tidewheel/contract/color-sheet';
import type { TableRef } from '@tidewheel/contract/values';
import type { Row, StepContext } from '@tidewheel/kit/step-context';
import { type ColumnKind, excelValue, looksLikeFormula } from '../reports/excel/cell-values.ts';
import type { SheetColumn, SheetRow } from '../reports/excel/sheet.ts';

/** What is written: the rows that were kept, or those that were excluded. */
export interface Written {
  ctx: Pick<StepContext, 'tables' | 'signal'>;
  table: TableRef;
  which: 'kept' | 'excluded';
  columns: readonly ColorSheetColumn[];
  /** Titles of rules by id. */
  titles: ReadonlyMap<string, string>;
  onRows(rows: number): void;
}

const cellKinds = { text: 'text', number: 'number', integer: 'number', date: 'date', instant: 'instant' } as const satisfies Record<string, ColumnKind>;
const formats = { text: '@', number: '#,##0.00####', integer: '0', date: 'yyyy-mm-dd', instant: 'yyyy-mm-dd hh:mm:ss' } as const;

export function sheetColumns(columns: readonly ColorSheetColumn[]): SheetColumn[] {
  return columns.map((column) => ({
    header: column.header ?? columnTitle(column.column),
    width: columnWidth(column),
    look: { format: column.format ?? formats[columnKind(column.column)] },
  }));
}

export async function* excelRows(written: Written, hasOutline: boolean): AsyncGenerator<SheetRow[]> {
  for await (const rows of rowsOf(written))
    yield rows.map(({ row, values }) => ({
      cells: values.map((value, index) => excelValue(value, cellKinds[columnKind(written.columns[index]?.column ?? '')])),
      fill: rowColors[row['color'] as keyof typeof rowColors] as string | undefined,
      ...(hasOutline && Number(row['child'] ?? 0) > 0 ? { level: 1 } : {}),
    }));
}

/** UTF-8 with the mark by which Excel knows it. A text that would be a formula gets an apostrophe before it; CUSIPs stay as they are. */
export async function* csvLines(written: Written): AsyncGenerator<Uint8Array> {
  const head = written.columns.map(({ column, header }) => csvCell(header ?? columnTitle(column), true)).join(',');
  yield Buffer.from(`\ufeff${head}\r\n`);
  const isText = written.columns.map(({ column }) => columnKind(column) === 'text');
  for await (const rows of rowsOf(written))
    yield Buffer.from(rows.map(({ values }) => `${values.map((value, index) => csvCell(value, isText[index] === true)).join(',')}\r\n`).join(''));
}

function csvCell(value: unknown, isText: boolean): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  const safe = isText && looksLikeFormula(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

async function* rowsOf({ ctx, table, which, columns, titles, onRows }: Written): AsyncGenerator<{ row: Row; values: unknown[] }[]> {
  let written = 0;
  for await (const batch of ctx.tables.rows(table, { batch: 1_000 })) {
    ctx.signal.throwIfAborted();
    const rows = batch.filter(({ excludedBy }) => (which === 'kept') === (excludedBy === null || excludedBy === undefined));
    if (rows.length === 0) continue;
    yield rows.map((row) => ({ row, values: valuesOf(row, { columns, titles }) }));
    written += rows.length;
    onRows(written);
  }
}

function valuesOf(row: Row, { columns, titles }: Pick<Written, 'columns' | 'titles'>): unknown[] {
  let more: Record<string, unknown> | undefined;
  return columns.map(({ column }) => {
    if (column === 'rule') return titles.get(String(row['excludedBy'] ?? row['colorBy'])) ?? null;
    if (!column.startsWith('more.')) return columnKind(column) === 'number' ? plainNumber(row[column]) : row[column];
    more ??= JSON.parse(typeof row['more'] === 'string' ? row['more'] : '{}') as Record<string, unknown>;
    return more[column.slice('more.'.length)];
  });
}

/** Six decimals are what the table keeps, not what was said. */
function plainNumber(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+\.\d+$/.test(value) ? value.replace(/\.?0+$/, '') : value;
}

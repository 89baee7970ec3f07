// A table as a sheet: which columns, how they look and how wide they are, and which rows are coloured or fold.
import { InvalidInput, TooLarge } from '@tidewheel/contract/errors';
import type { Column, TableRef } from '@tidewheel/contract/values';
import type { Row, Tables } from '@tidewheel/kit/step-context';
import { type ColumnKind, excelValue, formatOf, kindOf } from './cell-values.ts';
import { mostColumns, mostRows, type SheetColumn, type SheetRow } from './sheet.ts';
import type { WorkbookSheet } from './workbook.ts';

export interface ColumnOptions {
  header?: string | undefined;
  /** In characters. */
  width?: number | undefined;
  /** As Excel writes formats: `#,##0.00`. */
  format?: string | undefined;
}

export interface TableSheetOptions {
  name: string;
  title?: string | undefined;
  /** These alone, in this order; all of the table when left out. */
  only?: readonly string[] | undefined;
  columns: Readonly<Record<string, ColumnOptions>>;
  /** Rows in the colour (`RRGGBB`) of what stands in this column. */
  colors?: { column: string; values: Readonly<Record<string, string>> } | undefined;
  /** The column that says how deep a row lies below the one above it: 0 to 7. */
  levels?: string | undefined;
  freezesHeader: boolean;
  hasFilter: boolean;
  /** What happens to rows that Excel has no room for. */
  whenTooLong: 'split' | 'refuse';
  onRows(rows: number): void;
  signal: AbortSignal;
}

const narrowest = 8;
const widest = 60;
const sampleRows = 200;

/** @throws InvalidInput naming each column that is missing, TooLarge for more than Excel has room for */
export async function tableSheet(tables: Tables, table: TableRef, options: TableSheetOptions): Promise<WorkbookSheet> {
  const chosen = chooseColumns(table, options);
  const head = options.title === undefined ? 1 : 2;
  if (options.whenTooLong === 'refuse' && table.rows > mostRows - head)
    throw new TooLarge(
      'excel.too_many_rows',
      `The table has ${table.rows.toLocaleString('en')} rows; a sheet of Excel holds ${(mostRows - head).toLocaleString('en')}.`,
      {
        hint: 'Let it go on in further sheets (whenTooLong: split), or write it as CSV or Parquet.',
      },
    );
  const sample = await tables.preview(table, sampleRows);
  const columns = chosen.map((column) => sheetColumn(column, { own: options.columns[column.name] ?? {}, sample: cellsOf(sample, column.name) }));
  const { name, title, freezesHeader, hasFilter } = options;
  return { name, title, columns, freezesHeader, hasFilter, hasLevels: options.levels !== undefined, rows: sheetRows(tables, table, { chosen, options }) };
}

function chooseColumns(table: TableRef, { only, columns, colors, levels }: TableSheetOptions): Column[] {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const named = [...(only ?? []), ...Object.keys(columns), ...(colors ? [colors.column] : []), ...(levels === undefined ? [] : [levels])];
  const missing = [...new Set(named.filter((name) => !byName.has(name)))];
  if (missing.length > 0)
    throw new InvalidInput('report.column_missing', `The table lacks the columns ${missing.join(', ')}.`, {
      hint: `It has ${[...byName.keys()].slice(0, 30).join(', ')}.`,
      details: { missing },
    });
  const chosen = only ? only.map((name) => byName.get(name) as Column) : table.columns;
  if (chosen.length > 0 && chosen.length <= mostColumns) return chosen;
  throw new TooLarge('excel.columns', `A sheet of Excel has 1 to ${mostColumns.toLocaleString('en')} columns, and these are ${chosen.length}.`, {
    hint: 'Name those that are wanted.',
  });
}

function cellsOf({ columns, rows }: { columns: readonly Column[]; rows: readonly unknown[][] }, name: string): unknown[] {
  const index = columns.findIndex((column) => column.name === name);
  return rows.map((row) => row[index]);
}

function sheetColumn({ name, type }: Column, { own, sample }: { own: ColumnOptions; sample: unknown[] }): SheetColumn {
  const header = own.header ?? name;
  const format = own.format ?? formatOf(type);
  const kind = kindOf(type);
  const usual = { date: 10, instant: 19, time: 8, bool: 6, number: 0, text: 0 }[kind];
  const longest = Math.max(
    header.length + 2,
    usual,
    ...sample.map((value) =>
      Math.max(
        ...shownText(value)
          .split('\n')
          .map((line) => line.length),
      ),
    ),
  );
  return { header, width: own.width ?? Math.min(widest, Math.max(narrowest, longest + 1)), look: format === undefined ? {} : { format } };
}

function shownText(value: unknown): string {
  return value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

async function* sheetRows(tables: Tables, table: TableRef, { chosen, options }: { chosen: Column[]; options: TableSheetOptions }): AsyncGenerator<SheetRow[]> {
  const { colors, levels, onRows, signal } = options;
  const kinds: ColumnKind[] = chosen.map(({ type }) => kindOf(type));
  const extra = [...(colors ? [colors.column] : []), ...(levels === undefined ? [] : [levels])];
  const columns = [...new Set([...chosen.map(({ name }) => name), ...extra])];
  let count = 0;
  for await (const batch of tables.rows(table, { columns, batch: 1_000 })) {
    signal.throwIfAborted();
    yield batch.map((row) => ({
      cells: chosen.map(({ name }, index) => excelValue(row[name], kinds[index] as ColumnKind)),
      ...(colors ? { fill: colors.values[shownText(row[colors.column])] } : {}),
      ...(levels === undefined ? {} : { level: levelOf(row, levels) }),
    }));
    count += batch.length;
    onRows(count);
  }
}

function levelOf(row: Row, column: string): number {
  const level = Number(row[column] ?? 0);
  if (Number.isInteger(level) && level >= 0 && level <= 7) return level;
  throw new InvalidInput('excel.level', `The column ${column} holds ${JSON.stringify(row[column])}, and levels are 0 to 7.`);
}

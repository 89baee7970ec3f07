// Aligned tables; the widest flexible column gives way when the terminal is too narrow.
import { columnsOf, cut, plain } from './text.ts';

export interface TableColumn<T> {
  title: string;
  value(row: T): string;
  align?: 'left' | 'right';
  /** Applied after the width is known, so that colour codes never count. */
  paint?(text: string, row: T): string;
  /** Never cut: ids and names that people copy. */
  whole?: boolean;
  /** Left out where there is no room for it. */
  optional?: boolean;
}

const gap = '  ';
const narrowest = 8;

/** Lines of a table with a head. `width` null: nothing is cut. */
export function tableLines<T>(all: TableColumn<T>[], rows: T[], width: number | null): string[] {
  const columns = width === null ? all : thatFit(all, rows, width);
  const cells = rows.map((row) => columns.map((column) => plain(column.value(row))));
  const widths = columns.map((column, index) => Math.max(columnsOf(column.title), ...cells.map((line) => columnsOf(line[index] ?? ''))));
  if (width !== null) shrink(widths, columns, width);
  const head = joinCells(columns.map((column, index) => pad(column.title, widths[index] ?? 0, column.align)));
  const body = rows.map((row, at) =>
    joinCells(columns.map((column, index) => paintedCell({ column, row, text: cells[at]?.[index] ?? '', width: widths[index] ?? 0 }))),
  );
  return [head, ...body];
}

/** Drops optional columns, the last first, until even the narrowest form has room. */
function thatFit<T>(all: TableColumn<T>[], rows: T[], width: number): TableColumn<T>[] {
  const columns = [...all];
  const least = (column: TableColumn<T>) => {
    const full = Math.max(columnsOf(column.title), ...rows.map((row) => columnsOf(plain(column.value(row)))));
    return column.whole || column.align === 'right' ? full : Math.min(full, narrowest);
  };
  const needed = () => columns.reduce((sum, column) => sum + least(column) + gap.length, -gap.length);
  while (needed() > width) {
    const last = columns.findLastIndex((column) => column.optional);
    if (last < 0) break;
    columns.splice(last, 1);
  }
  return columns;
}

function paintedCell<T>(cell: { column: TableColumn<T>; row: T; text: string; width: number }): string {
  const text = cut(cell.text, cell.width);
  const painted = cell.column.paint ? cell.column.paint(text, cell.row) : text;
  const fill = ' '.repeat(Math.max(0, cell.width - columnsOf(text)));
  return cell.column.align === 'right' ? fill + painted : painted + fill;
}

function joinCells(cells: string[]): string {
  return cells.join(gap).trimEnd();
}

function pad(text: string, width: number, align: 'left' | 'right' | undefined): string {
  return align === 'right' ? text.padStart(width) : text.padEnd(width);
}

function shrink<T>(widths: number[], columns: TableColumn<T>[], width: number): void {
  const excess = () => widths.reduce((sum, item) => sum + item, 0) + gap.length * (widths.length - 1) - width;
  while (excess() > 0) {
    const flexible = widths.map((item, index) => (columns[index]?.whole || columns[index]?.align === 'right' ? 0 : item));
    const widest = flexible.indexOf(Math.max(...flexible));
    const now = flexible[widest] ?? 0;
    if (now <= narrowest) return;
    const second = Math.max(narrowest, ...flexible.filter((item, index) => index !== widest && item < now));
    widths[widest] = Math.max(narrowest, Math.min(now - 1, second), now - excess());
  }
}

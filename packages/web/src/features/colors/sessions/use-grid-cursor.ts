// Where the keyboard is in the grid, what is selected, and which cell is being edited.
import { type KeyboardEvent, useState } from 'react';
import { gridColumns } from './session-columns.ts';

export interface Cell {
  row: number;
  column: number;
}
interface Cursor extends Cell {
  /** The other corner of what is selected. */
  anchor: Cell;
  /** Further rows, one by one. */
  picked: ReadonlySet<number>;
  /** All that are listed. */
  isAll: boolean;
  editing: string | null;
}
export interface CellBlock {
  top: number;
  bottom: number;
  left: number;
  right: number;
}
export interface GridCursor extends Cursor {
  block: CellBlock;
  /** How many rows are selected. */
  count: number;
  rows(): number[];
  isSelected(index: number): boolean;
  go(to: { row?: number; column?: number; extend?: boolean }): void;
  pick(row: number): void;
  pickAll(): void;
  edit(text: string): void;
  leave(): void;
  onKeyDown(event: KeyboardEvent): void;
}

export interface GridKeys {
  undo(): void;
  redo(): void;
  /** Empties the selected cells. */
  clear(): void;
  remove(): void;
  /** Begins to edit the cell with what stands in it. */
  edit(): void;
  /** Moves the selected rows up or down by one. */
  shift(by: -1 | 1): void;
  why(): void;
}
interface Options {
  total: number;
  canEdit: boolean;
  pageRows: number;
  keys: GridKeys;
}

const origin: Cell = { row: 0, column: 0 };
const start: Cursor = { ...origin, anchor: origin, picked: new Set(), isAll: false, editing: null };

export function useGridCursor({ total, canEdit, pageRows, keys }: Options): GridCursor {
  const [cursor, set] = useState<Cursor>(start);
  const last = Math.max(0, total - 1);
  const row = Math.min(cursor.row, last);
  const { column, picked, isAll } = cursor;
  const anchor = { row: Math.min(cursor.anchor.row, last), column: cursor.anchor.column };
  const block: CellBlock = {
    top: Math.min(anchor.row, row),
    bottom: Math.max(anchor.row, row),
    left: Math.min(anchor.column, column),
    right: Math.max(anchor.column, column),
  };
  const go: GridCursor['go'] = (to) =>
    set((old) => {
      const next = { row: within(to.row ?? Math.min(old.row, last), last), column: within(to.column ?? old.column, gridColumns.length - 1) };
      return { ...next, anchor: to.extend ? old.anchor : next, picked: to.extend ? old.picked : start.picked, isAll: false, editing: null };
    });
  const isIn = (index: number) => index >= block.top && index <= block.bottom;
  const rows = () => [...new Set([...Array.from({ length: block.bottom - block.top + 1 }, (_, i) => block.top + i), ...picked])].sort((a, b) => a - b);
  const pickAll = () => set((old) => ({ ...old, isAll: true, editing: null }));
  return {
    ...cursor,
    row,
    anchor,
    block,
    count: isAll ? total : block.bottom - block.top + 1 + [...picked].filter((index) => !isIn(index)).length,
    rows,
    isSelected: (index) => isAll || isIn(index) || picked.has(index),
    go,
    pick: (index) =>
      set((old) => ({
        ...old,
        row: index,
        anchor: { row: index, column: old.column },
        picked: new Set([...old.picked, old.row, index]),
        isAll: false,
        editing: null,
      })),
    pickAll,
    edit: (text) => set((old) => ({ ...old, editing: text })),
    leave: () => set((old) => ({ ...old, editing: null })),
    onKeyDown: (event) => {
      if (cursor.editing !== null) return;
      const move = event.altKey ? undefined : movesOf({ row, column, total, pageRows, isFar: event.ctrlKey || event.metaKey })[event.key];
      const work = move ? () => go({ ...move, extend: event.shiftKey }) : workOf(event, { canEdit, keys, pickAll });
      if (work) {
        event.preventDefault();
        work();
      } else if (canEdit && isText(event)) {
        event.preventDefault();
        set((old) => ({ ...old, editing: event.key }));
      }
    },
  };
}

function within(index: number, most: number): number {
  return Math.max(0, Math.min(most, index));
}

function isText({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey;
}

/** What a key does beside going somewhere. */
function workOf(
  { key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent,
  { canEdit, keys, pickAll }: { canEdit: boolean; keys: GridKeys; pickAll: () => void },
): (() => void) | undefined {
  const isControl = ctrlKey || metaKey;
  if (isControl && key.toLowerCase() === 'a') return pickAll;
  if (altKey && key === 'Enter') return keys.why;
  if (!canEdit) return undefined;
  if (altKey && (key === 'ArrowUp' || key === 'ArrowDown')) return () => keys.shift(key === 'ArrowUp' ? -1 : 1);
  if (isControl) {
    if (key.toLowerCase() === 'z') return shiftKey ? keys.redo : keys.undo;
    return { y: keys.redo, Y: keys.redo, '-': keys.remove }[key];
  }
  return { Delete: keys.clear, Backspace: keys.clear, Enter: keys.edit, F2: keys.edit }[key];
}

interface Standing extends Cell {
  total: number;
  pageRows: number;
  /** To the end instead of by one. */
  isFar: boolean;
}

/** Where each key goes to. */
function movesOf({ row, column, total, pageRows, isFar }: Standing): Partial<Record<string, { row?: number; column?: number }>> {
  const lastColumn = gridColumns.length - 1;
  return {
    ArrowDown: { row: isFar ? total - 1 : row + 1 },
    ArrowUp: { row: isFar ? 0 : row - 1 },
    ArrowRight: { column: isFar ? lastColumn : column + 1 },
    ArrowLeft: { column: isFar ? 0 : column - 1 },
    PageDown: { row: row + pageRows },
    PageUp: { row: row - pageRows },
    Home: isFar ? { row: 0, column: 0 } : { column: 0 },
    End: isFar ? { row: total - 1, column: lastColumn } : { column: lastColumn },
  };
}

// Where the keyboard is in the grid, what is selected, and which cell is being edited.
import { type KeyboardEvent, useState } from 'react';
import { gridColumns } from './session-columns.ts';

export interface GridCursor {
  row: number;
  column: number;
  /** The rows from here to `row` are selected, too. */
  anchor: number;
  /** Further rows, one by one. */
  picked: ReadonlySet<number>;
  editing: string | null;
}
export interface CursorControl extends GridCursor {
  selected(): number[];
  isSelected(index: number): boolean;
  go(to: { row?: number; column?: number; extend?: boolean }): void;
  pick(row: number): void;
  edit(text: string): void;
  leave(): void;
  onKeyDown(event: KeyboardEvent): void;
}

interface Options {
  total: number;
  canEdit: boolean;
  pageRows: number;
  onUndo(): void;
  onRedo(): void;
  onRemove(): void;
  onEdit(): void;
}

const start: GridCursor = { row: 0, column: 0, anchor: 0, picked: new Set(), editing: null };

export function useGridCursor({ total, canEdit, pageRows, ...on }: Options): CursorControl {
  const [cursor, set] = useState<GridCursor>(start);
  const row = Math.min(cursor.row, Math.max(0, total - 1));
  const go: CursorControl['go'] = (to) =>
    set((old) => {
      const next = Math.max(0, Math.min(total - 1, to.row ?? old.row));
      const column = Math.max(0, Math.min(gridColumns.length - 1, to.column ?? old.column));
      return { row: next, column, anchor: to.extend ? old.anchor : next, picked: to.extend ? old.picked : new Set(), editing: null };
    });
  const range = [Math.min(cursor.anchor, row), Math.max(cursor.anchor, row)] as const;
  const isSelected = (index: number) => (index >= range[0] && index <= range[1]) || cursor.picked.has(index);
  const step = (event: KeyboardEvent): (() => void) | undefined => {
    const { shiftKey: extend, ctrlKey } = event;
    const to = movesOf({ ...cursor, row, total, pageRows, isFar: ctrlKey })[event.key];
    if (to) return () => go({ ...to, extend: extend && to.row !== undefined });
    if (!canEdit) return undefined;
    if (event.key === 'Delete') return on.onRemove;
    return event.key === 'Enter' || event.key === 'F2' ? on.onEdit : undefined;
  };
  const letters: Record<string, () => void> = canEdit ? { z: on.onUndo, y: on.onRedo } : {};
  return {
    ...cursor,
    row,
    isSelected,
    selected: () => [...new Set([...Array.from({ length: range[1] - range[0] + 1 }, (_, i) => range[0] + i), ...cursor.picked])],
    go,
    pick: (index) => set((old) => ({ ...old, row: index, anchor: index, picked: new Set([...old.picked, old.row, index]), editing: null })),
    edit: (text) => set((old) => ({ ...old, editing: text })),
    leave: () => set((old) => ({ ...old, editing: null })),
    onKeyDown: (event) => {
      if (cursor.editing !== null) return;
      const work = (event.ctrlKey || event.metaKey ? letters[event.key.toLowerCase()] : undefined) ?? step(event);
      if (work) {
        event.preventDefault();
        work();
      } else if (canEdit && event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        set((old) => ({ ...old, editing: event.key }));
      }
    },
  };
}

interface Standing {
  row: number;
  column: number;
  total: number;
  pageRows: number;
  /** To the ends of the rows instead of those of the columns. */
  isFar: boolean;
}

/** Where each key goes to. */
function movesOf({ row, column, total, pageRows, isFar }: Standing): Record<string, { row?: number; column?: number }> {
  return Object.fromEntries([
    ['ArrowDown', { row: row + 1 }],
    ['ArrowUp', { row: row - 1 }],
    ['ArrowRight', { column: column + 1 }],
    ['ArrowLeft', { column: column - 1 }],
    ['PageDown', { row: row + pageRows }],
    ['PageUp', { row: row - pageRows }],
    ['Home', isFar ? { row: 0 } : { column: 0 }],
    ['End', isFar ? { row: total - 1 } : { column: gridColumns.length - 1 }],
  ]);
}

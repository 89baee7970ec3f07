// What is done to the selected rows and cells: the same from keys, menus, clipboard and the mouse.
import type { ColorField } from '@tidewheel/contract/color';
import type { SessionAction, SessionFilter, SessionRow } from '@tidewheel/contract/color-session';
import { useState } from 'react';
import { cellsOf, textOfCells } from './grid-clipboard.ts';
import { cellText, gridColumns } from './session-columns.ts';
import type { CellBlock, GridCursor } from './use-grid-cursor.ts';
import type { SessionRows } from './use-session-rows.ts';
import type { SessionVerbs } from './use-session-verbs.ts';

/** Of one change that names its rows. */
const most = 2_000;

export interface GridActions {
  /** Why something was not done, or not whole. */
  notice: string | null;
  act(action: SessionAction): void;
  setCells(fields: Partial<Record<ColorField, string>>, rows: readonly number[]): void;
  clear(): void;
  /** Puts the selected rows before this one, or to the end. */
  move(to: { before: number; families?: boolean; rows?: readonly number[] }): void;
  shift(by: -1 | 1): void;
  copy(): string | null;
  paste(text: string): void;
  /** The selected rows, read where they are not known yet; none and a notice when they are too many. */
  chosen(): Promise<SessionRow[]>;
}

interface Parts {
  cursor: GridCursor;
  rows: SessionRows;
  verbs: SessionVerbs;
  filter: SessionFilter;
  total: number;
}

export function useGridActions({ cursor, rows, verbs, filter, total }: Parts): GridActions {
  const [notice, setNotice] = useState<string | null>(null);
  const { block } = cursor;
  const load = async (indices: readonly number[]): Promise<SessionRow[]> => {
    setNotice(
      indices.length > most
        ? `${indices.length.toLocaleString('en')} rows are more than ${most.toLocaleString('en')}: choose all that are listed (Ctrl+A).`
        : null,
    );
    return indices.length > most ? [] : rows.load(indices);
  };
  const change = (action: SessionAction, indices: readonly number[]) => void load(indices).then((found) => verbs.change(action, found));
  const act = (action: SessionAction) => (cursor.isAll ? verbs.changeAll(action, filter, rows.revision ?? 0) : change(action, cursor.rows()));
  const move: GridActions['move'] = ({ before, families = false, rows: moved = cursor.rows() }) => {
    if (cursor.isAll) return setNotice('All rows that are listed stand as they do: choose some of them to move.');
    void load(before < total ? [before] : []).then(([anchor]) => change({ kind: 'move', before: anchor?.id ?? null, families }, moved));
  };
  return {
    notice,
    act,
    setCells: (fields, indices) => change({ kind: 'cells', fields }, indices),
    clear: () => act({ kind: 'cells', fields: Object.fromEntries(fieldsIn(block).map((field) => [field, ''])) }),
    move,
    shift: (by) => {
      const { top, bottom } = block;
      if (by === -1 ? top === 0 : bottom >= total - 1) return;
      move({ before: by === -1 ? top - 1 : bottom + 2 });
      const [from, to] = cursor.anchor.row === top ? [top, bottom] : [bottom, top];
      cursor.go({ row: from + by });
      if (from !== to) cursor.go({ row: to + by, extend: true });
    },
    copy: () => {
      const lines = Array.from({ length: block.bottom - block.top + 1 }, (_, i) => rows.at(block.top + i));
      if (cursor.isAll || lines.includes(undefined)) {
        setNotice('Only rows that were in sight can be copied: export the processing to have all of them.');
        return null;
      }
      return textOfCells(lines.map((row) => fieldsIn(block).map((field) => (row ? cellText(row, field) : ''))));
    },
    paste: (text) => {
      const lines = cellsOf(text);
      const given = sizeOf(lines, block, cursor.isAll ? 1 : total - block.top);
      if (given === null) return;
      const { height, width } = given;
      const fields = fieldsIn({ ...block, right: block.left + width - 1 });
      void load(Array.from({ length: height }, (_, i) => block.top + i)).then((found) => {
        const values = found.map((row, i) => fields.map((field, n) => lines[i % lines.length]?.[n % (lines[0]?.length ?? 1)] ?? cellText(row, field)));
        if (height < lines.length) setNotice(`${lines.length - height} lines of what was pasted found no row.`);
        if (found.length > 0) verbs.change({ kind: 'block', fields, values }, found);
      });
    },
    chosen: () => load(cursor.rows()),
  };
}

function fieldsIn({ left, right }: Pick<CellBlock, 'left' | 'right'>): ColorField[] {
  return gridColumns.slice(left, right + 1).map(({ field }) => field);
}

/** One cell fills what is selected; a block is as large as it is, as far as there is room. */
function sizeOf(lines: string[][], block: CellBlock, room: number): { height: number; width: number } | null {
  const widest = Math.max(0, ...lines.map((line) => line.length));
  if (widest === 0) return null;
  if (lines.length === 1 && widest === 1) return { height: block.bottom - block.top + 1, width: block.right - block.left + 1 };
  return { height: Math.min(lines.length, room), width: Math.min(widest, gridColumns.length - block.left) };
}

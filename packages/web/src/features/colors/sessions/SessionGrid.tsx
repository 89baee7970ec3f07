import { useVirtualizer } from '@tanstack/react-virtual';
import type { ColorSessionDetail, SessionFilter, SessionPresence } from '@tidewheel/contract/color-session';
import { type ClipboardEvent, type MouseEvent, useCallback, useEffect, useRef, useState } from 'react';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { GridRow, type Leaving } from './GridRow.tsx';
import { RowsMenu } from './RowsMenu.tsx';
import classes from './SessionGrid.module.css';
import { cellText, gridColumns, gridWidth, headWidth, leftOf, rowHeight } from './session-columns.ts';
import { useGridActions } from './use-grid-actions.ts';
import { type GridCursor, useGridCursor } from './use-grid-cursor.ts';
import { useRowDrag } from './use-row-drag.ts';
import { useSessionRows } from './use-session-rows.ts';
import type { SessionVerbs } from './use-session-verbs.ts';

interface Props {
  session: ColorSessionDetail;
  filter: SessionFilter;
  verbs: SessionVerbs;
  others: readonly SessionPresence[];
  onAt(at: { row: string | null; field: string | null }): void;
  onWhy(row: string): void;
}

/** Only rows in sight are drawn, and only their windows are read. */
export function SessionGrid({ session, filter, verbs, others, onAt, onWhy }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const [total, setTotal] = useState(0);
  const canEdit = session.mayEdit && !verbs.isBusy;
  const list = useVirtualizer({
    ...{ count: total, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 8 },
    ...{ paddingStart: rowHeight, scrollPaddingStart: rowHeight },
  });
  const items = list.getVirtualItems();
  const rows = useSessionRows({ id: session.id, filter, first: items[0]?.index ?? 0, last: items.at(-1)?.index ?? 0 });
  useEffect(() => setTotal((old) => rows.total ?? old), [rows.total]);
  const at = (): Element | undefined => grid.current?.querySelector('[data-active]') ?? undefined;
  const cursor: GridCursor = useGridCursor({
    ...{ total, canEdit, pageRows: Math.max(1, Math.floor((box.current?.clientHeight ?? 600) / rowHeight) - 2) },
    keys: {
      undo: verbs.undo,
      redo: verbs.redo,
      clear: () => actions.clear(),
      remove: () => actions.act({ kind: 'remove' }),
      edit: () => current && cursor.edit(cellText(current, fieldAt(cursor.column))),
      shift: (by) => actions.shift(by),
      why: () => current && onWhy(current.id),
    },
  });
  const actions = useGridActions({ cursor, rows, verbs, filter, total });
  const drag = useRowDrag({
    ...{ box, rowHeight, headHeight: rowHeight, total },
    onDrop: (from, before) => canEdit && actions.move({ before, ...(cursor.isSelected(from) ? {} : { rows: [from] }) }),
  });
  const { row, column } = cursor;
  const current = rows.at(row);
  useEffect(() => {
    if (total > 0) list.scrollToIndex(row);
  }, [row, total, list]);
  useEffect(() => intoSight(box.current, column), [column]);
  useEffect(() => onAt({ row: current?.id ?? null, field: fieldAt(column) }), [current?.id, column, onAt]);
  const state = useRef({ cursor, actions, current });
  state.current = { cursor, actions, current };
  const save = useCallback((text: string, leaving: Leaving) => {
    const { cursor: now, actions: doing, current: saved } = state.current;
    const field = fieldAt(now.column);
    const fields = { [field]: text };
    if (leaving === 'all') doing.act({ kind: 'cells', fields });
    else if (saved && cellText(saved, field) !== text) doing.setCells(fields, [now.row]);
    now.leave();
    const steps: Partial<Record<Leaving, { row?: number; column?: number }>> = {
      ...{ down: { row: now.row + 1 }, up: { row: now.row - 1 }, right: { column: now.column + 1 }, left: { column: now.column - 1 } },
    };
    const step = steps[leaving];
    if (step) now.go(step);
    if (leaving !== 'stay') grid.current?.focus({ preventScroll: true });
  }, []);
  const toGrid = () => grid.current?.focus({ preventScroll: true });
  const leave = useCallback(() => {
    state.current.cursor.leave();
    grid.current?.focus({ preventScroll: true });
  }, []);
  const point = (event: MouseEvent) => {
    const to = cellUnder(event.target);
    if (to === null || event.target instanceof HTMLInputElement) return;
    // What is being edited is saved first, while the cursor is still there.
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
    if (event.button === 2 && cursor.isSelected(to.row)) return;
    if (event.ctrlKey || event.metaKey) return cursor.pick(to.row);
    if (to.column === undefined && cursor.isSelected(to.row) && !event.shiftKey) return;
    cursor.go({ ...to, extend: event.shiftKey });
  };
  const extend = (event: MouseEvent) => {
    const to = event.buttons === 1 && cursor.editing === null ? cellUnder(event.target) : null;
    if (to?.column !== undefined && (to.row !== row || to.column !== column)) cursor.go({ ...to, extend: true });
  };
  const copy = (event: ClipboardEvent) => {
    const text = event.target instanceof HTMLInputElement ? null : actions.copy();
    if (text === null) return;
    event.preventDefault();
    event.clipboardData.setData('text/plain', text);
  };
  const paste = (event: ClipboardEvent) => {
    if (event.target instanceof HTMLInputElement || !canEdit) return;
    event.preventDefault();
    actions.paste(event.clipboardData.getData('text/plain'));
  };
  if (rows.error && total === 0) return <ErrorNotice error={rows.error} onRetry={rows.retry} />;
  const isBlock = !cursor.isAll && (cursor.block.left !== cursor.block.right || cursor.block.top !== cursor.block.bottom);
  const range = isBlock ? `${cursor.block.left} ${cursor.block.right}` : null;
  const titles = new Map(session.rules.map(({ id, title }) => [id, title]));
  return (
    <>
      <RowsMenu {...{ area: box, at, cursor, actions, total }} canEdit={canEdit} onWhy={() => current && onWhy(current.id)} onLeave={toGrid} />
      <div ref={box} className={classes['box']} aria-busy={verbs.isBusy} data-busy={verbs.isBusy || undefined}>
        <table
          ref={grid}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are walked and edited is what ARIA calls a grid
          role="grid"
          tabIndex={0}
          className={classes['grid']}
          style={{ height: list.getTotalSize(), width: gridWidth }}
          aria-label={`Rows of ${session.title}`}
          aria-rowcount={total + 1}
          aria-colcount={gridColumns.length + 1}
          aria-multiselectable
          aria-readonly={!session.mayEdit}
          aria-activedescendant={current === undefined ? undefined : `session-cell-${row}-${column}`}
          onKeyDown={cursor.onKeyDown}
          onMouseDown={point}
          onMouseMove={extend}
          onPointerDown={(event) => canEdit && drag.onPointerDown(event)}
          onDoubleClick={(event) => canEdit && current && cellUnder(event.target)?.column !== undefined && cursor.edit(cellText(current, fieldAt(column)))}
          onCopy={copy}
          onPaste={paste}
        >
          <GridHead />
          <tbody>
            {items.map(({ index, start }) => {
              const shown = rows.at(index);
              const isHere = index === row;
              const other = shown && others.find((one) => one.row === shown.id);
              const isIn = index >= cursor.block.top && index <= cursor.block.bottom;
              return (
                <GridRow
                  key={index}
                  row={shown}
                  index={index}
                  top={start}
                  isSelected={cursor.isSelected(index)}
                  range={isIn ? range : null}
                  active={isHere ? column : -1}
                  editing={isHere ? cursor.editing : null}
                  pending={shown && verbs.pending.get(shown.id)}
                  other={other?.label}
                  otherField={other?.field}
                  why={shown?.excludedBy ? titles.get(shown.excludedBy) : undefined}
                  onSave={save}
                  onLeave={leave}
                />
              );
            })}
          </tbody>
          {drag.before !== null && (
            <tfoot>
              <tr className={classes['drop']} style={{ transform: `translateY(${(drag.before + 1) * rowHeight - 2}px)`, width: gridWidth }} aria-hidden>
                <td />
              </tr>
            </tfoot>
          )}
        </table>
      </div>
    </>
  );
}

function fieldAt(column: number) {
  return gridColumns[column]?.field ?? 'px';
}

function cellUnder(target: EventTarget): { row: number; column?: number } | null {
  const cell = (target as HTMLElement).closest<HTMLElement>('td, th');
  const line = cell?.closest<HTMLElement>('[data-index]')?.dataset['index'];
  if (line === undefined) return null;
  const column = cell?.dataset['column'];
  return { row: Number(line), ...(column === undefined ? {} : { column: Number(column) }) };
}

/** Scrolls sideways as far as is needed; the lines stay at the left. */
function intoSight(box: HTMLDivElement | null, column: number): void {
  if (box === null) return;
  const left = leftOf(column);
  const width = gridColumns[column]?.width ?? 0;
  if (left - headWidth < box.scrollLeft) box.scrollLeft = left - headWidth;
  else if (left + width > box.scrollLeft + box.clientWidth) box.scrollLeft = left + width - box.clientWidth;
}

function GridHead() {
  return (
    <thead className={classes['head']}>
      <tr style={{ width: gridWidth }} aria-rowindex={1}>
        <th scope="col" className={`${classes['cell']} ${classes['line']}`} style={{ width: headWidth }}>
          Line
        </th>
        {gridColumns.map(({ field, title, width, isNumber }) => (
          <th key={field} scope="col" className={classes['cell']} data-number={isNumber || undefined} style={{ width }}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}

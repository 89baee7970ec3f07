import { useVirtualizer } from '@tanstack/react-virtual';
import type { ColorSessionDetail, SessionFilter, SessionPresence } from '@tidewheel/contract/color-session';
import { type MouseEvent, useCallback, useEffect, useRef, useState } from 'react';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { GridRow } from './GridRow.tsx';
import { RowsMenu } from './RowsMenu.tsx';
import classes from './SessionGrid.module.css';
import { cellText, gridColumns, gridWidth, headWidth } from './session-columns.ts';
import { useGridCursor } from './use-grid-cursor.ts';
import { useSessionRows } from './use-session-rows.ts';
import type { SessionVerbs } from './use-session-verbs.ts';

interface Props {
  session: ColorSessionDetail;
  filter: SessionFilter;
  verbs: SessionVerbs;
  others: readonly SessionPresence[];
  onAt(at: { row: string | null; field: string | null }): void;
}

/** Only rows in sight are drawn, and only their windows are read. */
export function SessionGrid({ session, filter, verbs, others, onAt }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const [total, setTotal] = useState(0);
  const list = useVirtualizer({ count: total, getScrollElement: () => box.current, estimateSize: () => 28, overscan: 12, paddingStart: 28 });
  const items = list.getVirtualItems();
  const rows = useSessionRows({ id: session.id, filter, first: items[0]?.index ?? 0, last: items.at(-1)?.index ?? 0 });
  useEffect(() => setTotal((old) => rows.total ?? old), [rows.total]);
  const chosen = () => cursor.selected().flatMap((index) => rows.at(index) ?? []);
  const cursor = useGridCursor({
    total,
    canEdit: session.mayEdit,
    pageRows: 20,
    onUndo: verbs.undo,
    onRedo: verbs.redo,
    onRemove: () => verbs.change({ kind: 'remove' }, chosen()),
    onEdit: () => {
      const row = rows.at(cursor.row);
      const column = gridColumns[cursor.column];
      if (row && column) cursor.edit(cellText(row, column.field));
    },
  });
  const { row: at, column } = cursor;
  useEffect(() => {
    if (total > 0) list.scrollToIndex(at);
  }, [at, total, list]);
  const current = rows.at(at);
  useEffect(() => onAt({ row: current?.id ?? null, field: gridColumns[column]?.field ?? null }), [current?.id, column, onAt]);
  const state = useRef({ cursor, chosen, verbs });
  state.current = { cursor, chosen, verbs };
  const save = useCallback((text: string) => {
    const { cursor: now, chosen: selected, verbs: act } = state.current;
    const field = gridColumns[now.column]?.field;
    if (field) act.change({ kind: 'cells', fields: { [field]: text } }, selected());
    now.leave();
    grid.current?.focus({ preventScroll: true });
  }, []);
  const leave = useCallback(() => state.current.cursor.leave(), []);
  const click = (event: MouseEvent) => {
    const cell = (event.target as HTMLElement).closest('td, th');
    const line = cell?.closest<HTMLElement>('[data-index]')?.dataset['index'];
    if (line === undefined || event.target instanceof HTMLInputElement) return;
    if (event.ctrlKey || event.metaKey) return cursor.pick(Number(line));
    const where = (cell as HTMLElement).dataset['column'];
    if (event.type === 'contextmenu' && cursor.isSelected(Number(line))) return;
    cursor.go({ row: Number(line), extend: event.shiftKey, ...(where === undefined ? {} : { column: Number(where) }) });
  };
  if (rows.error && total === 0) return <ErrorNotice error={rows.error} onRetry={rows.retry} />;
  return (
    <>
      {session.mayEdit && <RowsMenu area={box} selected={chosen} count={cursor.selected().length} filter={filter} total={total} verbs={verbs} />}
      <div ref={box} className={classes['box']}>
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
          aria-activedescendant={total === 0 ? undefined : `session-cell-${at}-${column}`}
          onKeyDown={cursor.onKeyDown}
          onClick={click}
          onContextMenu={click}
          onDoubleClick={() => session.mayEdit && current && cursor.edit(cellText(current, gridColumns[column]?.field ?? 'px'))}
        >
          <GridHead />
          <tbody>
            {items.map(({ index, start }) => {
              const row = rows.at(index);
              const isHere = index === at;
              return (
                <GridRow
                  key={index}
                  row={row}
                  index={index}
                  top={start}
                  isSelected={cursor.isSelected(index)}
                  active={isHere ? column : -1}
                  editing={isHere ? cursor.editing : null}
                  other={others.find((one) => row && one.row === row.id)?.label}
                  onSave={save}
                  onLeave={leave}
                />
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
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

import type { ColorField } from '@tidewheel/contract/color';
import type { SessionRow } from '@tidewheel/contract/color-session';
import { memo, useRef } from 'react';
import classes from './SessionGrid.module.css';
import { cellText, gridColumns, gridWidth, headWidth, lineText } from './session-columns.ts';

/** Where a person goes on to once a cell is saved. */
export type Leaving = 'down' | 'up' | 'right' | 'left' | 'all' | 'stay';

export interface GridRowProps {
  row: SessionRow | undefined;
  index: number;
  /** Pixels from the top. */
  top: number;
  isSelected: boolean;
  /** Columns that are selected, when not the whole row is; as one text, so that equal ones are the same. */
  range: string | null;
  /** The column where the keyboard is; -1: in another row. */
  active: number;
  /** The text with which the active cell is being edited. */
  editing: string | null;
  pending: Partial<Record<ColorField, string>> | undefined;
  /** Who else is at this row, and in which cell. */
  other: string | undefined;
  otherField: string | null | undefined;
  /** Rule that took it out. */
  why: string | undefined;
  onSave: (text: string, leaving: Leaving) => void;
  onLeave: () => void;
}

/** Drawn again only when something of it is different: scrolling through many must not touch those that stay. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { row, index, top, isSelected, range, active, editing, pending, other, otherField, why, onSave, onLeave } = props;
  const [left = 0, right = -1] = range?.split(' ').map(Number) ?? [];
  return (
    <tr
      id={`session-row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classes['row']}
      data-index={index}
      data-selected={(isSelected && range === null) || undefined}
      data-out={row?.excluded || row?.removed || undefined}
      data-child={row?.child ? true : undefined}
      data-color={row?.color ?? undefined}
      data-other={other}
      style={{ transform: `translateY(${top}px)`, width: gridWidth }}
    >
      <th scope="row" className={`${classes['cell']} ${classes['line']}`} style={{ width: headWidth }} title={other ? `${other} is here` : why}>
        {row ? lineText(row) : '…'}
      </th>
      {gridColumns.map(({ field, width, isNumber }, i) => (
        <td
          key={field}
          id={i === active ? `session-cell-${index}-${i}` : undefined}
          className={classes['cell']}
          data-column={i}
          data-number={isNumber || undefined}
          data-active={i === active || undefined}
          data-in={(i >= left && i <= right) || undefined}
          data-other={otherField === field ? other : undefined}
          data-pending={pending?.[field] === undefined ? undefined : true}
          data-doubt={row?.doubts[field] ? true : undefined}
          title={row?.doubts[field] && `${row.doubts[field].was} ${row.doubts[field].why}`}
          style={{ width }}
        >
          {i === active && editing !== null ? (
            <CellInput text={editing} field={field} onSave={onSave} onLeave={onLeave} />
          ) : (
            (pending?.[field] ?? (row && cellText(row, field)))
          )}
        </td>
      ))}
    </tr>
  );
});

const leavings: Partial<Record<string, [plain: Leaving, shifted: Leaving]>> = { Enter: ['down', 'up'], Tab: ['right', 'left'] };

function CellInput({ text, field, onSave, onLeave }: { text: string; field: string; onSave: GridRowProps['onSave']; onLeave: () => void }) {
  const isDone = useRef(false);
  const once = (work: () => void) => {
    if (isDone.current) return;
    isDone.current = true;
    work();
  };
  return (
    <input
      className={classes['input']}
      aria-label={`New value of ${field}`}
      defaultValue={text}
      // biome-ignore lint/a11y/noAutofocus: the person asked to edit this very cell
      autoFocus
      onKeyDown={(event) => {
        const { value } = event.currentTarget;
        const leaving = leavings[event.key]?.[event.shiftKey ? 1 : 0];
        event.stopPropagation();
        if (event.key === 'Escape') once(onLeave);
        if (leaving === undefined || event.nativeEvent.isComposing) return;
        event.preventDefault();
        once(() => onSave(value, event.key === 'Enter' && (event.ctrlKey || event.metaKey) ? 'all' : leaving));
      }}
      // Whoever clicks elsewhere means what was typed.
      onBlur={(event) => {
        const { value } = event.currentTarget;
        once(() => onSave(value, 'stay'));
      }}
    />
  );
}

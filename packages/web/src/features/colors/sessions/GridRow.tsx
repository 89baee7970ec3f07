import type { SessionRow } from '@tidewheel/contract/color-session';
import { memo } from 'react';
import classes from './SessionGrid.module.css';
import { cellText, gridColumns, gridWidth, headWidth, lineText } from './session-columns.ts';

export interface GridRowProps {
  row: SessionRow | undefined;
  index: number;
  /** Pixels from the top. */
  top: number;
  isSelected: boolean;
  /** The column where the keyboard is; -1: in another row. */
  active: number;
  /** The text with which the active cell is being edited. */
  editing: string | null;
  /** Who else is at this row. */
  other: string | undefined;
  onSave: (text: string) => void;
  onLeave: () => void;
}

/** Drawn again only when something of it is different: scrolling through many must not touch those that stay. */
export const GridRow = memo(function GridRow({ row, index, top, isSelected, active, editing, other, onSave, onLeave }: GridRowProps) {
  return (
    <tr
      id={`session-row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classes['row']}
      data-index={index}
      data-selected={isSelected || undefined}
      data-out={row?.excluded || row?.removed || undefined}
      data-child={row?.child ? true : undefined}
      data-color={row?.color ?? undefined}
      data-other={other}
      title={other && `${other} is here`}
      style={{ transform: `translateY(${top}px)`, width: gridWidth }}
    >
      <th scope="row" className={`${classes['cell']} ${classes['line']}`} style={{ width: headWidth }}>
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
          data-doubt={row?.doubts[field] ? true : undefined}
          title={row?.doubts[field] && `${row.doubts[field].was} ${row.doubts[field].why}`}
          style={{ width }}
        >
          {i === active && editing !== null ? <CellInput text={editing} field={field} onSave={onSave} onLeave={onLeave} /> : row && cellText(row, field)}
        </td>
      ))}
    </tr>
  );
});

function CellInput({ text, field, onSave, onLeave }: { text: string; field: string; onSave: (text: string) => void; onLeave: () => void }) {
  return (
    <input
      className={classes['input']}
      aria-label={`New value of ${field}`}
      defaultValue={text}
      // biome-ignore lint/a11y/noAutofocus: the person asked to edit this very cell
      autoFocus
      onKeyDown={(event) => {
        if (event.key === 'Escape') onLeave();
        if (event.key === 'Enter' || event.key === 'Tab') {
          event.preventDefault();
          onSave(event.currentTarget.value);
        }
        event.stopPropagation();
      }}
      onBlur={onLeave}
    />
  );
}

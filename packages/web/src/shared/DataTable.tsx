import type { ReactNode } from 'react';
import classes from './DataTable.module.css';

export interface TableColumn<T> {
  key: string;
  title: string;
  render: (row: T) => ReactNode;
  align?: 'right';
  /** Takes a whole line of a card on a phone. */
  isWide?: boolean;
  /** The first column of a card on a phone; shown without its title. */
  isHead?: boolean;
}

/** A dense table of records; on a phone every record becomes a card. */
export function DataTable<T>({
  label,
  columns,
  rows,
  rowKey,
  isSelected,
}: {
  label: string;
  columns: TableColumn<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  isSelected?: (row: T) => boolean;
}) {
  return (
    <div className={classes['box']}>
      <table className={classes['table']} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) =>
              column.title === '' ? (
                <td key={column.key} />
              ) : (
                <th key={column.key} scope="col" data-align={column.align}>
                  {column.title}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} data-selected={isSelected?.(row) || undefined}>
              {columns.map((column) => (
                <td
                  key={column.key}
                  data-title={column.title}
                  data-align={column.align}
                  data-head={column.isHead || undefined}
                  data-wide={column.isWide || undefined}
                >
                  {column.render(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

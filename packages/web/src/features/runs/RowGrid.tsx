import type { Preview } from '@tidewheel/contract/values';
import { formatCell } from '../../shared/format.ts';
import { ScrollBox } from '../../shared/ScrollBox.tsx';
import classes from './RowGrid.module.css';

const numeric = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/;

/** Rows of a table as they are: null is told apart from an empty text, numbers are aligned. */
export function RowGrid({ label, table }: { label: string; table: Pick<Preview, 'columns' | 'rows'> }) {
  const isNumber = table.columns.map((column) => numeric.test(column.type));
  return (
    <ScrollBox label={label} style={{ maxHeight: 420 }}>
      <table className={classes['grid']} aria-label={label}>
        <thead>
          <tr>
            {table.columns.map((column, index) => (
              <th key={column.name} scope="col" data-number={isNumber[index] || undefined}>
                {column.name}
                <span>{column.type.toLowerCase()}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a result have no identity but their place
            <tr key={at}>
              {row.map((cell, index) => (
                <td
                  key={table.columns[index]?.name ?? index}
                  data-number={isNumber[index] || undefined}
                  data-reason={table.columns[index]?.name === '_reason' || undefined}
                >
                  {cell === null ? <i>null</i> : formatCell(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

import { Box, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { rowColors } from '@tidewheel/contract/color-rule';
import { type ColorSheetColumn, columnKind, columnTitle, columnWidth } from '@tidewheel/contract/color-sheet';
import type { ProcessedColor } from '@tidewheel/contract/routes/color-processings';
import { ScrollBox } from '../../../shared/ScrollBox.tsx';
import classes from './SheetPreview.module.css';
import { type SampleRows, sampleQuery } from './sheet.queries.ts';

/** The sheet as it will stand there, in its widths and colours, with the first rows of what was processed last. */
export function SheetPreview({ columns }: { columns: ColorSheetColumn[] }) {
  const { data: sample } = useQuery(sampleQuery);
  return (
    <Box>
      <Text size="sm" fw={600}>
        Preview
      </Text>
      <Text size="xs" c="dimmed" mb={4}>
        {sample ? `The first rows of processing ${sample.number}; formats are applied by Excel.` : 'Rows are shown here once something was processed.'}
      </Text>
      <ScrollBox label="Preview of the sheet">
        <table className={classes['sheet']} aria-label="Preview of the sheet">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.column} scope="col" style={{ minWidth: `${columnWidth(column)}ch`, maxWidth: `${columnWidth(column)}ch` }}>
                  {column.header ?? columnTitle(column.column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sample?.rows.map((row) => (
              <SheetRow key={row.line} row={row} columns={columns} titles={sample.titles} />
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </Box>
  );
}

function SheetRow({ row, columns, titles }: { row: ProcessedColor; columns: ColorSheetColumn[]; titles: SampleRows['titles'] }) {
  const fill = row.color === null ? undefined : (rowColors as Record<string, string>)[row.color];
  return (
    <tr data-filled={fill === undefined ? undefined : true} style={fill === undefined ? undefined : { background: `#${fill}` }}>
      {columns.map(({ column }) => (
        <td key={column} data-number={['number', 'integer'].includes(columnKind(column)) || undefined}>
          {cellText(row, { column, titles })}
        </td>
      ))}
    </tr>
  );
}

function cellText(row: ProcessedColor, { column, titles }: { column: string; titles: SampleRows['titles'] }): string {
  if (column === 'rule') return titles.get(row.colorBy ?? '') ?? '';
  const value = column.startsWith('more.') ? row.more[column.slice('more.'.length)] : row[column as keyof ProcessedColor];
  return value === null || value === undefined ? '' : String(value);
}

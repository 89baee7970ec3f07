// A table as a workbook of one sheet, written with what reports are written with.
import { excelValue } from '@tidewheel/steps/reports/excel/cell-values';
import { writeWorkbook } from '@tidewheel/steps/reports/excel/workbook';
import type { WriteSheet } from '../features/colors/search/export-colors.ts';

const formats = { text: '@', number: undefined, date: 'yyyy-mm-dd', instant: 'yyyy-mm-dd hh:mm:ss' };

export const writeSheet: WriteSheet = ({ title, columns, rows }) => {
  const sheet = {
    name: title,
    columns: columns.map(({ header, width, kind }) => ({ header, width, look: formats[kind] === undefined ? {} : { format: formats[kind] } })),
    freezesHeader: true,
    hasFilter: true,
    hasLevels: false,
    rows: sheetRows(rows, columns),
  };
  return writeWorkbook({ sheets: [sheet], title, createdAt: new Date() });
};

type Given = Parameters<WriteSheet>[0];

async function* sheetRows(batches: Given['rows'], columns: Given['columns']) {
  for await (const batch of batches) yield batch.map((cells) => ({ cells: cells.map((value, index) => excelValue(value, columns[index]?.kind ?? 'text')) }));
}

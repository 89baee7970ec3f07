import { defineTableStep } from '@tidewheel/kit/define-step';
import { template } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { csvOptions, fileFormat, oneTable, sortKey } from './table-fields.ts';

export const tableWrite = defineTableStep({
  type: 'table.write',
  version: 1,
  ui: { title: 'Write a file', group: 'Tables', icon: 'file-export', summary: '{{name}}' },
  description: `Writes the table as an artifact: CSV (RFC 4180, UTF-8), JSON (one array, or one object per line) or Parquet (zstd). Two runs on the same input give the same bytes:
rows are written in the order of \`orderBy\` (ties broken by the other columns), else in the table's own, else by all columns. \`ordered: false\` writes them as they come, as do
unordered tables of more than 10 million rows.`,
  config: z.strictObject({
    name: template({ title: 'File name', description: 'Without any folder.', examples: ['trades-{{ today }}.csv'] }),
    format: fileFormat,
    csv: csvOptions.optional(),
    json: z
      .strictObject({ lines: z.boolean().default(false).meta({ title: 'One object per line' }) })
      .optional()
      .meta({ title: 'JSON' }),
    orderBy: z.array(sortKey).max(100).optional().meta({ title: 'Order by' }),
    ordered: z.boolean().default(true).meta({ title: 'Same bytes each time' }),
  }),
  inputs: oneTable,
  produces: 'file',
  artifacts: true,
  examples: [{ title: 'CSV with CRLF', config: { name: 'report-{{ today }}.csv', format: 'csv', csv: { newline: 'crlf' }, orderBy: ['id'] } }],
  relation: ({ name, format, csv, json, orderBy, ordered }) => ({ op: 'write', name, format, csv, json, orderBy, ordered }),
});

import { defineTableStep } from '@tidewheel/kit/define-step';
import { z } from 'zod';
import { columnName, oneTable, onRowError } from './table-fields.ts';

const chosen = z
  .union([
    columnName(),
    z.strictObject({
      column: columnName(),
      as: columnName('New name').optional(),
      type: z
        .string()
        .max(60)
        .optional()
        .meta({ title: 'Type', examples: ['DECIMAL(18,2)', 'DATE'] }),
    }),
  ])
  .transform((column) => (typeof column === 'string' ? { column } : column));

export const tableSelect = defineTableStep({
  type: 'table.select',
  version: 1,
  ui: { title: 'Choose columns', group: 'Tables', icon: 'columns', summary: '{{columns}}' },
  description:
    'Keeps the named columns in this order, renames them with `as`, converts them with `type`. A row whose value does not convert is rejected with its reason.',
  config: z.strictObject({ columns: z.array(chosen).min(1).max(2_000).meta({ title: 'Columns' }), onRowError }),
  inputs: oneTable,
  produces: 'table',
  examples: [{ title: 'Two columns, one renamed and typed', config: { columns: ['isin', { column: 'px', as: 'price', type: 'DECIMAL(18,4)' }] } }],
  relation: ({ columns, onRowError: rule }) => ({ op: 'select', columns, onRowError: rule }),
});

import { defineTableStep } from '@tidewheel/kit/define-step';
import { rowExpression } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { oneTable, onRowError } from './table-fields.ts';

export const tableFilter = defineTableStep({
  type: 'table.filter',
  version: 1,
  ui: { title: 'Filter rows', group: 'Tables', icon: 'filter', summary: '{{where}}' },
  description:
    'Keeps the rows for which the condition is true; false and empty (NULL) drop the row. A row on which the condition cannot be evaluated is rejected.',
  config: z.strictObject({
    where: rowExpression({ title: 'Condition', field: 'row', widget: 'code', language: 'sql', examples: ["country = 'USA' AND delay > :minimum"] }),
    onRowError,
  }),
  inputs: oneTable,
  produces: 'table',
  examples: [{ title: 'Late flights', config: { where: 'delay > 15' } }],
  relation: ({ where, onRowError: rule }) => ({ op: 'filter', where, onRowError: rule }),
});

import { defineTableStep } from '@tidewheel/kit/define-step';
import { z } from 'zod';
import { oneTable } from './table-fields.ts';

export const tableLimit = defineTableStep({
  type: 'table.limit',
  version: 1,
  ui: { title: 'Keep the first rows', group: 'Tables', icon: 'list-numbers', summary: '{{rows}} rows' },
  description: 'Keeps the first rows in the order of the table; a table without an order (after a join or a grouping) is ordered by all its columns first.',
  config: z.strictObject({ rows: z.number().int().min(0).meta({ title: 'Rows' }) }),
  inputs: oneTable,
  produces: 'table',
  examples: [{ title: 'A sample', config: { rows: 1_000 } }],
  relation: ({ rows }) => ({ op: 'limit', rows }),
});

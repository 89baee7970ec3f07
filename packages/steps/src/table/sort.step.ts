import { defineTableStep } from '@tidewheel/kit/define-step';
import { z } from 'zod';
import { oneTable, sortKey } from './table-fields.ts';

export const tableSort = defineTableStep({
  type: 'table.sort',
  version: 1,
  ui: { title: 'Sort rows', group: 'Tables', icon: 'arrows-sort', summary: 'by {{by}}' },
  description:
    'Sorts by the named columns, empty values last unless told; ties are broken by the other columns, so that two runs agree. `limit` keeps the first rows only (top ten).',
  config: z.strictObject({
    by: z.array(sortKey).min(1).max(100).meta({ title: 'By' }),
    limit: z.number().int().min(1).optional().meta({ title: 'Keep the first' }),
  }),
  inputs: oneTable,
  produces: 'table',
  examples: [{ title: 'Top ten', config: { by: [{ column: 'flights', direction: 'desc' }], limit: 10 } }],
  relation: ({ by, limit }) => ({ op: 'sort', keys: by, limit }),
});

import { defineTableStep } from '@tidewheel/kit/define-step';
import { z } from 'zod';
import { columnName, oneTable, sortKey } from './table-fields.ts';

export const tableDedupe = defineTableStep({
  type: 'table.dedupe',
  version: 1,
  ui: { title: 'Remove duplicates', group: 'Tables', icon: 'copy-off', summary: 'by {{by}}' },
  description:
    'Keeps one row for each combination of the named columns (all columns unless told): the first in the order of `keep`, ties broken by the other columns.',
  config: z.strictObject({
    by: z.array(columnName()).max(500).default([]).meta({ title: 'Same in' }),
    keep: z.array(sortKey).max(100).default([]).meta({ title: 'Keep the first by' }),
  }),
  inputs: oneTable,
  produces: 'table',
  examples: [{ title: 'Newest version of each trade', config: { by: ['tradeId'], keep: [{ column: 'version', direction: 'desc' }] } }],
  relation: ({ by, keep }) => ({ op: 'dedupe', by, keep }),
});

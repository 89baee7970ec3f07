import { defineTableStep } from '@tidewheel/kit/define-step';
import { z } from 'zod';

export const tableUnion = defineTableStep({
  type: 'table.union',
  version: 1,
  ui: { title: 'Put tables together', group: 'Tables', icon: 'stack-2', summary: 'rows of all inputs' },
  description:
    'The rows of all inputs one after the other, columns matched by name (a missing one is empty) or by position. `distinct` drops rows that are equal in all columns.',
  config: z.strictObject({
    distinct: z.boolean().default(false).meta({ title: 'Drop equal rows' }),
    byName: z.boolean().default(true).meta({ title: 'Match columns by name' }),
  }),
  inputs: { min: 2, max: null, carries: 'table' },
  produces: 'table',
  examples: [{ title: 'Two desks', config: {} }],
  relation: ({ distinct, byName }) => ({ op: 'union', distinct, byName }),
});

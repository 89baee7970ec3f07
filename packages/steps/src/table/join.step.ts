import { defineTableStep } from '@tidewheel/kit/define-step';
import { z } from 'zod';
import { columnName } from './table-fields.ts';

const pair = z
  .union([columnName(), z.strictObject({ left: columnName('Left column'), right: columnName('Right column') })])
  .transform((on) => (typeof on === 'string' ? { left: on, right: on } : on));

export const tableJoin = defineTableStep({
  type: 'table.join',
  version: 1,
  ui: { title: 'Join two tables', group: 'Tables', icon: 'arrows-join', summary: '{{how}} on {{on}}' },
  description: `Puts rows of \`left\` and \`right\` side by side where all pairs of columns in \`on\` are equal. inner keeps matches only, left keeps every left row, full every row of both;
semi keeps left rows that have a match, anti those that have none. Without \`columns\`: all of the left, then the right without its keys; a right column whose name is taken becomes \`right_<name>\`.`,
  config: z.strictObject({
    how: z.enum(['inner', 'left', 'full', 'semi', 'anti']).default('inner').meta({ title: 'Which rows' }),
    on: z.array(pair).min(1).max(50).meta({ title: 'Equal columns' }),
    columns: z
      .array(z.strictObject({ side: z.enum(['left', 'right']).meta({ title: 'Side' }), column: columnName(), as: columnName('New name').optional() }))
      .min(1)
      .max(2_000)
      .optional()
      .meta({ title: 'Columns' }),
  }),
  inputs: { min: 2, max: 2, named: ['left', 'right'], carries: 'table' },
  produces: 'table',
  examples: [{ title: 'Flights with their airport', config: { how: 'left', on: [{ left: 'origin', right: 'iata' }] } }],
  relation: ({ how, on, columns }) => ({ op: 'join', how, on, columns }),
});

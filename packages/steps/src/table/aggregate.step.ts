import { aggregateFunctions } from '@tidewheel/contract/relation';
import { defineTableStep } from '@tidewheel/kit/define-step';
import { rowExpression } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { columnName, oneTable } from './table-fields.ts';

const group = z.union([
  columnName(),
  z.strictObject({ as: columnName('Name'), expression: rowExpression({ title: 'Expression', widget: 'code', language: 'sql' }) }),
]);
const aggregate = z.strictObject({
  as: columnName('Name'),
  function: z.enum(aggregateFunctions).meta({ title: 'Function' }),
  of: rowExpression({ title: 'Of', description: 'A column or expression; leave it out to count rows.', widget: 'code', language: 'sql' }).optional(),
  where: rowExpression({ title: 'Only rows where', widget: 'code', language: 'sql' }).optional(),
});

export const tableAggregate = defineTableStep({
  type: 'table.aggregate',
  version: 1,
  ui: { title: 'Group and aggregate', group: 'Tables', icon: 'sum', summary: 'by {{by}}' },
  description: `One row per group with counts, sums, averages and so on; without groups one row in all. The result of two runs is the same to the last digit: floating-point numbers are added
in their own order (slower than decimals and integers: cast to DECIMAL where you can), \`first\` and \`last\` follow the order of the input, or of all its columns when it has none.`,
  config: z
    .strictObject({
      by: z.array(group).max(100).default([]).meta({ title: 'Groups' }),
      aggregates: z.array(aggregate).max(500).default([]).meta({ title: 'Aggregates' }),
    })
    .refine(({ by, aggregates }) => by.length + aggregates.length > 0, 'name at least one group or aggregate'),
  inputs: oneTable,
  produces: 'table',
  examples: [
    {
      title: 'Delay by airport',
      config: {
        by: ['origin'],
        aggregates: [
          { as: 'flights', function: 'count' },
          { as: 'delay', function: 'avg', of: 'delay' },
        ],
      },
    },
  ],
  relation: ({ by, aggregates }) => ({ op: 'aggregate', by, aggregates }),
});

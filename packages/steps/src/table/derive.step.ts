import { defineTableStep } from '@tidewheel/kit/define-step';
import { rowExpression } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { columnName, oneTable, onRowError } from './table-fields.ts';

export const tableDerive = defineTableStep({
  type: 'table.derive',
  version: 1,
  ui: { title: 'Compute columns', group: 'Tables', icon: 'math-function', summary: '{{columns}}' },
  description: `Adds columns computed row by row, or replaces columns of the same name. A column may use those written before it.

Expressions are SQL: operators, CASE, CAST, and functions of numbers, text, dates, lists and JSON, \`lei_valid\`, \`isin_valid\` and \`cusip_valid\`; \`:name\` is a parameter of the flow;
\`now()\` and \`today()\` are frozen when the run starts. A row on which one fails (a cast of "abc" to a number, an overflow) is rejected with its reason.`,
  config: z.strictObject({
    columns: z
      .record(columnName(), rowExpression({ title: 'Expression', widget: 'code', language: 'sql' }))
      .refine((columns) => Object.keys(columns).length > 0, 'name at least one column')
      .meta({ title: 'Columns', field: 'row' }),
    onRowError,
  }),
  inputs: oneTable,
  produces: 'table',
  examples: [{ title: 'Day and speed', config: { columns: { day: 'CAST(date AS DATE)', hours: 'minutes / 60.0' } } }],
  relation: ({ columns, onRowError: rule }) => ({ op: 'derive', columns, onRowError: rule }),
});

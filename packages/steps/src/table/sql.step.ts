import { defineTableStep } from '@tidewheel/kit/define-step';
import { z } from 'zod';

export const tableSql = defineTableStep({
  type: 'table.sql',
  version: 1,
  ui: { title: 'SQL', group: 'Tables', icon: 'sql', summary: '{{sql}}' },
  description: `One SELECT (DuckDB SQL, WITH allowed) over the inputs by name; a single input is called \`input\`. \`:name\` is a parameter of the flow, \`now()\` and \`today()\` are frozen.
It reads its inputs and nothing else: no files, no settings, no random values. Its own ORDER BY is kept; without one the written files are ordered by all columns.`,
  config: z.strictObject({ sql: z.string().min(1).max(100_000).meta({ title: 'SELECT', field: 'literal', widget: 'code', language: 'sql' }) }),
  inputs: { min: 1, max: null, carries: 'table' },
  produces: 'table',
  examples: [
    {
      title: 'Share of each origin',
      config: { sql: 'SELECT origin, count(*) AS flights, count(*) / sum(count(*)) OVER () AS share FROM input GROUP BY origin' },
    },
  ],
  relation: ({ sql }) => ({ op: 'sql', sql }),
});

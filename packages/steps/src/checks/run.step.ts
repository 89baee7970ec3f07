import { defineTableStep } from '@tidewheel/kit/define-step';
import { rowExpression } from '@tidewheel/kit/fields';
import { z } from 'zod';

const check = z.strictObject({
  name: z.string().min(1).max(200).meta({ title: 'Name' }),
  severity: z.enum(['stop', 'quarantine', 'warn']).default('quarantine').meta({ title: 'When it fails' }),
  message: z.string().max(2_000).optional().meta({ title: 'Message' }),
  expect: rowExpression({ title: 'Must be true for every row', widget: 'code', language: 'sql' }).optional(),
  query: z.string().min(1).max(20_000).optional().meta({ title: 'Or: SELECT of the offending rows', field: 'literal', widget: 'code', language: 'sql' }),
});

export const checksRun = defineTableStep({
  type: 'checks.run',
  version: 1,
  ui: { title: 'Check data', group: 'Checks', icon: 'shield-check', summary: '{{checks}}' },
  description: `Checks a table by SQL. A check either says what must be true for every row (\`expect\`; false, empty and what cannot be evaluated fail the row) or selects the offending rows
from \`input\` (\`query\`; \`input\` also has \`_row\`, the row's number, which a quarantining query must return). **stop** ends the run, **quarantine** keeps the failing rows aside with the names of
the checks they failed in \`_reason\`, **warn** only reports. Each check keeps its count and the first 20 failing rows.

\`lei_valid\`, \`isin_valid\` and \`cusip_valid\` test check digits.`,
  config: z.strictObject({ checks: z.array(check).min(1).max(500).meta({ title: 'Checks' }) }),
  inputs: { min: 1, max: 1, carries: 'table' },
  produces: 'table',
  examples: [
    {
      title: 'Prices and identifiers',
      config: {
        checks: [
          { name: 'price is positive', expect: 'price > 0' },
          { name: 'LEI', severity: 'quarantine', expect: 'lei_valid(lei)' },
          { name: 'no duplicates', severity: 'stop', query: 'SELECT id FROM input GROUP BY id HAVING count(*) > 1' },
        ],
      },
    },
  ],
  check({ checks }) {
    const names = new Set<string>();
    return checks.flatMap((each, i) => {
      const faults = [];
      if ((each.expect === undefined) === (each.query === undefined)) faults.push({ path: `checks.${i}`, message: 'say either expect or query' });
      if (names.has(each.name)) faults.push({ path: `checks.${i}.name`, message: `another check is called "${each.name}"` });
      names.add(each.name);
      return faults;
    });
  },
  relation: ({ checks }) => ({ op: 'checks', checks: checks }),
});

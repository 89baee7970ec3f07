import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { defineTableStep } from '@tidewheel/kit/define-step';
import { z } from 'zod';
import { onRowError } from '../table/table-fields.ts';
import { withDatabase } from './databases.ts';
import { databaseField, parametersField, sqlField, timeoutField, valuesOf } from './sql-fields.ts';

export const sqlQuery = defineTableStep({
  type: 'sql.query',
  version: 1,
  ui: { title: 'Query a database', group: 'Databases', icon: 'database-search', summary: '{{sql}} on {{connection}}' },
  description: `Reads the rows of one query of a database as a table, as many as there are: they go to disk as they come, never through memory.

\`:name\` stands for a value: a parameter of the flow, or one of \`parameters\`. Values are bound, never made part of the text. The query runs in a read-only transaction (but on SQL Server,
which has none); to change something use sql.execute. Columns keep their types; what has no counterpart comes as text, so do numbers of unlimited precision (Postgres \`numeric\` without one,
such as a \`sum\`): say in \`types\` what they shall be, \`total: DECIMAL(18,2)\`, or cast them in the query. A column name that stands twice gets \`_1\` appended.
A query that takes longer than its time, and that of a cancelled run, is stopped on the server.`,
  config: z.strictObject({
    connection: databaseField,
    sql: sqlField('Query', 'One SELECT in the SQL of that database; `:name` for values'),
    parameters: parametersField,
    types: z
      .record(z.string(), z.string().max(60))
      .optional()
      .meta({ title: 'Types', description: 'Of some columns, for example total: DECIMAL(18,2). The others are those of the database.' }),
    timeoutSeconds: timeoutField,
    maxBytes: z
      .number()
      .int()
      .min(1)
      .default(20 * 1024 ** 3)
      .meta({ title: 'At most this many bytes', description: 'Of all rows as text.' }),
    onRowError,
  }),
  inputs: { min: 0, max: 0, carries: 'none' },
  produces: 'table',
  examples: [
    { title: 'The trades of a day', config: { connection: 'trading', sql: 'select * from trades where trade_date = :businessDate' } },
    {
      title: 'A sum with its type',
      config: { connection: 'trading', sql: 'select venue, sum(amount) as total from trades group by venue', types: { total: 'DECIMAL(18,2)' } },
    },
  ],
  relation: ({ types, onRowError: rule }) => ({ op: 'read', format: 'csv', onRowError: rule, csv: { ...(types ? { types } : {}) } }),
  async source({ connection, sql, parameters, timeoutSeconds, maxBytes }, ctx) {
    const opened = await ctx.connection(connection);
    const file = path.join(await ctx.files.scratch(), 'rows.csv');
    // Nobody can have this text in a column by chance.
    const nullText = `~null-${randomBytes(9).toString('hex')}~`;
    const started = performance.now();
    const copied = await withDatabase(ctx, {
      connection: opened,
      work: (session, { queryTimeoutSeconds }) =>
        session.copyOut(
          { sql, parameters: valuesOf(ctx, parameters), timeoutMs: (timeoutSeconds ?? queryTimeoutSeconds) * 1000 },
          { file, nullText, maxBytes, onBytes: (bytes) => ctx.progress({ bytes }) },
        ),
    });
    ctx.log.info(`${copied.rows} rows, ${copied.bytes} bytes, read in ${Math.round(performance.now() - started)} ms.`);
    return {
      path: file,
      csv: { delimiter: ',', quote: '"', header: true, nullText, types: Object.fromEntries(copied.columns.map(({ name, type }) => [name, type])) },
    };
  },
});

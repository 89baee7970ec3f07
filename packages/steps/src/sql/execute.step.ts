import { InvalidInput } from '@tidewheel/contract/errors';
import { valueLimitBytes } from '@tidewheel/contract/values';
import { defineStep } from '@tidewheel/kit/define-step';
import type { SqlOutcome, SqlSession } from '@tidewheel/kit/sql-session';
import { z } from 'zod';
import { withDatabase } from './databases.ts';
import { databaseField, parametersField, sqlField, timeoutField, valuesOf } from './sql-fields.ts';

/** Room for what is beside the rows in the value. */
const rowsLimitBytes = valueLimitBytes - 4_096;

const Config = z.strictObject({
  connection: databaseField,
  sql: sqlField('Statements', 'In the SQL of that database, separated by `;`; `:name` for values'),
  parameters: parametersField,
  transaction: z
    .boolean()
    .default(true)
    .meta({ title: 'In one transaction', description: 'All of it or nothing. Off for what a database runs outside of one only (VACUUM, CREATE DATABASE).' }),
  single: z.boolean().default(false).meta({ title: 'Send as one statement', description: 'Does not split at `;`: for the body of a procedure.' }),
  maxRows: z
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(100)
    .meta({ title: 'Keep at most this many rows', description: 'Of the last statement that gives some, as a value. For more use sql.query.' }),
  timeoutSeconds: timeoutField,
});

export const sqlExecute = defineStep({
  type: 'sql.execute',
  version: 1,
  ui: { title: 'Run SQL', group: 'Databases', icon: 'database-edit', summary: '{{sql}} on {{connection}}' },
  description: `Runs one or several statements on a database and says how many rows each changed. Rows that the last of them gives come back as a value (\`rows\`, each by column name), up to
\`maxRows\` and 60 KB; for tables use sql.query.

\`:name\` stands for a value: a parameter of the flow, or one of \`parameters\`. Values are bound, never made part of the text. On SQL Server the whole text is one batch.
With \`transaction\` a fault in one statement takes all of them back. A statement that takes longer than its time, and that of a cancelled run, is stopped on the server.
A transaction whose end was lost with the connection may have happened: statements that may run twice (\`on conflict do nothing\`, a key) make a retry harmless; only lost connections,
deadlocks and time-outs are tried again, and only where \`retry\` says so.`,
  config: Config,
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  output: z.object({
    rowsAffected: z.number().describe('Of all statements together'),
    statements: z.array(z.object({ rowsAffected: z.number().nullable() })),
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    rows: z.array(z.record(z.string(), z.unknown())),
    truncated: z.boolean().describe('There were more rows than were kept'),
  }),
  // A lost answer does not say whether it happened: who writes the flow knows whether twice is harmless.
  retry: { attempts: 1 },
  effects: true,
  examples: [
    {
      title: 'Mark what was reported',
      config: { connection: 'trading', sql: 'update trades set reported = true where trade_date = :day', parameters: { day: 'today' } },
    },
    { title: 'Ask for one number', config: { connection: 'trading', sql: 'select max(id) as newest from trades' } },
  ],
  async run(config, ctx) {
    const values = valuesOf(ctx, config.parameters);
    const opened = await ctx.connection(config.connection);
    const outcomes = await withDatabase(ctx, {
      connection: opened,
      work: async (session, { queryTimeoutSeconds }) => {
        const statements = statementsOf(session, config);
        const timeoutMs = (config.timeoutSeconds ?? queryTimeoutSeconds) * 1000;
        const all = async () => {
          const done: SqlOutcome[] = [];
          for (const sql of statements) {
            done.push(await session.execute({ sql, parameters: values, timeoutMs }, { keep: config.maxRows }));
            ctx.progress({ items: done.length, total: statements.length });
          }
          return done;
        };
        return config.transaction ? session.transaction({ readOnly: false }, all) : all();
      },
    });
    for (const [index, { rowsAffected }] of outcomes.entries()) if (rowsAffected !== null) ctx.log.info(`Statement ${index + 1}: ${rowsAffected} rows.`);
    return { value: summaryOf(outcomes) };
  },
  async dryRun(config, ctx) {
    const values = valuesOf(ctx, config.parameters);
    const opened = await ctx.connection(config.connection);
    const statements = await withDatabase(ctx, { connection: opened, work: async (session) => statementsOf(session, config) });
    ctx.log.info(
      `Dry run: would run ${statements.length} statement${statements.length === 1 ? '' : 's'} on ${opened.slug} with ${Object.keys(values).length} values at hand.`,
    );
    return { value: { rowsAffected: 0, statements: statements.map(() => ({ rowsAffected: null })), columns: [], rows: [], truncated: false } };
  },
});

function statementsOf(session: SqlSession, { sql, single }: z.output<typeof Config>): string[] {
  const statements = single ? [sql] : session.split(sql);
  if (statements.length > 0) return statements;
  throw new InvalidInput('sql.several', 'The text has no statement.', { hint: 'Write at least one.' });
}

function summaryOf(outcomes: readonly SqlOutcome[]): Record<string, unknown> {
  const last = outcomes.findLast(({ result }) => result !== null)?.result ?? { columns: [], rows: [], truncated: false };
  const { rows, isCut } = fitting(last.rows.map((row) => Object.fromEntries(last.columns.map(({ name }, index) => [name, row[index]]))));
  return {
    rowsAffected: outcomes.reduce((sum, { rowsAffected }) => sum + (rowsAffected ?? 0), 0),
    statements: outcomes.map(({ rowsAffected }) => ({ rowsAffected })),
    columns: last.columns,
    rows,
    truncated: last.truncated || isCut,
  };
}

/** As many of the first rows as a value has room for: what was done is done, so it is no fault. */
function fitting(rows: Record<string, unknown>[]): { rows: Record<string, unknown>[]; isCut: boolean } {
  let bytes = 0;
  const fit = rows.findIndex((row) => {
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
    return bytes > rowsLimitBytes;
  });
  return fit < 0 ? { rows, isCut: false } : { rows: rows.slice(0, fit), isCut: true };
}

import { InvalidInput } from '@tidewheel/contract/errors';
import { definePollingTrigger, type TriggerContext } from '@tidewheel/kit/define-trigger';
import { connection } from '@tidewheel/kit/fields';
import type { SqlRows } from '@tidewheel/kit/sql-session';
import { z } from 'zod';

const WatermarkConfig = z.strictObject({
  connection: connection('postgres|mysql|sqlserver|oracle', { title: 'Connection', description: 'A database' }),
  query: z
    .string()
    .min(1)
    .max(20_000)
    .meta({
      title: 'Query of the new rows',
      widget: 'code',
      language: 'sql',
      description: 'Gives what is newer than :mark, with the column of the mark. It only reads.',
      examples: ['select id from trades where id > :mark order by id'],
    }),
  column: z
    .string()
    .min(1)
    .max(200)
    .meta({ title: 'Column of the mark', description: 'It must only grow: a number or a time', examples: ['id'] }),
  start: z.union([z.string().min(1).max(200), z.number()]).meta({
    title: 'First mark',
    description: 'Rows above it are new. In the form of the column: 0, or 2026-01-01T00:00:00Z',
  }),
  everySeconds: z.number().int().min(1).max(86_400).default(60).meta({ title: 'Look every (s)' }),
  maxRows: z.number().int().min(1).max(100_000).default(10_000).meta({
    title: 'Rows of one look',
    description: 'A query that gives more must be ordered by the mark: the others are found by the next look',
  }),
  timeoutSeconds: z.number().int().min(1).max(100).default(30).meta({ title: 'Give up a query after (s)' }),
});
type WatermarkConfig = z.output<typeof WatermarkConfig>;

export const watermarkTrigger = definePollingTrigger({
  kind: 'watermark',
  title: 'New rows of a database',
  icon: 'database-import',
  description:
    'Fires when a query finds rows above the mark of before, once for all of them. The mark moves in the transaction that starts the run. Rows that are written late, below the mark, are not seen.',
  config: WatermarkConfig,
  event: z.object({
    from: z.unknown().describe('The mark before: rows above it'),
    to: z.unknown().describe('The mark now: rows up to it'),
    rows: z.number().describe('How many were found'),
  }),
  examples: [{ title: 'New trades', config: { connection: 'trading', query: 'select id from trades where id > :mark order by id', column: 'id', start: 0 } }],
  check: ({ query }) => (/:mark\b/.test(query) ? [] : [{ path: 'query', message: 'must name :mark' }]),
  everySeconds: (config) => config.everySeconds,
  async look(config, ctx) {
    const from = markOf(config, ctx);
    const found = await read(config, ctx, from);
    const to = highest(config, found);
    if (to === null) return { findings: [], memory: { mark: from } };
    refuseBackwards(from, to);
    const count = found.rows.length;
    const title = `${count}${found.truncated ? '+' : ''} new ${count === 1 ? 'row' : 'rows'}, up to ${String(to)}`;
    return {
      findings: [
        {
          key: `mark ${JSON.stringify(from)} ${JSON.stringify(to)}`.slice(0, 500),
          title,
          event: { from: eventMark(from, config, found), to: eventMark(to, config, found), rows: count },
        },
      ],
      memory: { mark: to },
      more: found.truncated,
    };
  },
  async test(config, ctx) {
    const from = markOf(config, ctx);
    const found = await read(config, ctx, from);
    const to = highest(config, found);
    const count = `${found.rows.length}${found.truncated ? ' or more' : ''} rows`;
    return { ok: true, summary: `The mark is ${String(from)}; ${count} are above it${to === null ? '' : `, up to ${String(to)}`}.`, lines: [] };
  },
});

type Mark = string | number;

function markOf(config: WatermarkConfig, { memory }: TriggerContext): Mark {
  const mark = memory?.['mark'];
  return typeof mark === 'string' || typeof mark === 'number' ? mark : config.start;
}

async function read(config: WatermarkConfig, ctx: TriggerContext, mark: Mark): Promise<SqlRows> {
  const opened = await ctx.connection(config.connection);
  const statement = { sql: config.query, parameters: { mark }, timeoutMs: config.timeoutSeconds * 1000 };
  const { result } = await ctx.withDatabase(opened, (session) =>
    session.transaction({ readOnly: true }, () => session.execute(statement, { keep: config.maxRows })),
  );
  if (result) return result;
  throw new InvalidInput('trigger.no_rows', 'The query of this trigger gives no rows at all, not even none.', { hint: 'It must be a select.' });
}

/** @throws InvalidInput when the column is not there, or holds what is no mark */
function highest({ column }: WatermarkConfig, { columns, rows }: SqlRows): Mark | null {
  const place = columns.findIndex(({ name }) => name === column);
  if (place < 0)
    throw new InvalidInput('trigger.no_mark', `The query gives no column "${column}".`, { hint: `It gives ${columns.map(({ name }) => name).join(', ')}.` });
  let most: Mark | null = null;
  for (const row of rows) {
    const value = row[place];
    if (value === null || value === undefined) continue;
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new InvalidInput('trigger.mark', `The column "${column}" holds ${JSON.stringify(value).slice(0, 60)}, which is neither a number nor a text.`);
    if (most === null || compareMarks(value, most) > 0) most = value;
  }
  return most;
}

/** As parameters of flows take it: databases give long whole numbers as text, also those that a number holds. */
function eventMark(mark: Mark, { column }: WatermarkConfig, { columns }: SqlRows): Mark {
  const type = columns.find(({ name }) => name === column)?.type ?? '';
  return type.includes('INT') && /^-?\d{1,15}$/.test(String(mark)) ? Number(mark) : mark;
}

/** Whole numbers beyond what JSON holds come as text: compared as numbers where both are, else as text, which holds for ISO times. */
export function compareMarks(one: Mark, other: Mark): number {
  const [a, b] = [String(one), String(other)];
  if (/^-?\d+$/.test(a) && /^-?\d+$/.test(b)) return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0;
  const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(text);
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b);
  const [x, y] = [Date.parse(a), Date.parse(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y) && x !== y) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A sequence that was reset or a query without its condition would fire for the same rows for ever. */
function refuseBackwards(from: Mark, to: Mark): void {
  if (compareMarks(to, from) > 0) return;
  throw new InvalidInput(
    'trigger.mark_back',
    `The newest mark that the query finds is ${String(to)}, which is not above the mark of before, ${String(from)}.`,
    {
      hint: 'The query must give only rows above :mark. If the table was begun anew, set another first mark: changing it begins anew.',
    },
  );
}

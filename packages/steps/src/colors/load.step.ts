import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import { defineTableStep } from '@tidewheel/kit/define-step';
import { template } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { loadedColumns } from './storage/color-storage.ts';
import { openStorage } from './storage/open-storage.ts';
import { storagePlace } from './storage/storage-fields.ts';

/** No text of a color holds a control character. */
const nullText = '\u0001null';

const day = (title: string, description: string) => template({ title, description, examples: ['{{ today }}', '2026-11-20'] });

export const colorLoad = defineTableStep({
  type: 'color.load',
  version: 1,
  ui: { title: 'Load stored colors', group: 'Colors', icon: 'database-import', summary: 'of {{from}} from {{connection}}' },
  description: `Reads back what color.store kept, from the same kinds of connections (a folder, a bucket of S3, Postgres, Oracle), as one table: the columns of a color, \`more\` (free columns, JSON),
the places of color.rank, and of which run and day each row is (\`processing\`, \`day\`, \`row\`). Days are the business dates of the runs that stored them.`,
  config: z.strictObject({
    ...storagePlace,
    from: day('From day', 'YYYY-MM-DD').default('{{ today }}'),
    to: day('To day', 'YYYY-MM-DD; the first one when left out').optional(),
  }),
  inputs: { min: 0, max: 0, carries: 'none' },
  produces: 'table',
  examples: [
    { title: 'What was stored today', config: { connection: 'archive', path: 'colors' } },
    { title: 'A month from a table', config: { connection: 'warehouse', table: 'desk.colors', from: '2026-11-01', to: '2026-11-30' } },
  ],
  relation: () => ({ op: 'read', format: 'csv', onRowError: 'fail' }),
  async source({ from, to, ...place }, ctx) {
    const days = { from: checkedDay(from), to: checkedDay(to ?? from) };
    if (days.to < days.from) throw new InvalidInput('color.days', `There is no day from ${days.from} to ${days.to}.`, { hint: 'Give the earlier day first.' });
    const file = path.join(await ctx.files.scratch(), 'stored.csv');
    const storage = await openStorage(ctx, place);
    const rows = await storage.load(days, { file, nullText, onBytes: (bytes) => ctx.progress({ bytes }) });
    ctx.log.info(`${rows} colors of ${days.from === days.to ? days.from : `${days.from} to ${days.to}`}.`);
    return { path: file, csv: { delimiter: ',', quote: '"', header: true, nullText, types: Object.fromEntries(loadedColumns) } };
  },
});

function checkedDay(text: string): string {
  if (z.iso.date().safeParse(text).success) return text;
  throw new InvalidInput('color.days', `${JSON.stringify(text)} is no day.`, { hint: 'As 2026-11-20, or {{ today }}.' });
}

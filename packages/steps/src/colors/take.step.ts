import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { colorFieldNames, colorFields } from '@tidewheel/contract/color';
import { slugForm, slugRule } from '@tidewheel/contract/slug';
import { defineTableStep } from '@tidewheel/kit/define-step';
import type { Row } from '@tidewheel/kit/step-context';
import { z } from 'zod';

const types = { text: 'VARCHAR', number: 'DECIMAL(18,6)', integer: 'INTEGER', date: 'DATE', instant: 'TIMESTAMPTZ' } as const;
const columns: [string, string][] = [...colorFieldNames.map((name): [string, string] => [name, types[colorFields[name].kind]]), ['more', 'VARCHAR']];
/** Of the rows of a session, which people arranged. */
const places: [string, string][] = [
  ['excludedBy', 'VARCHAR'],
  ['position', 'INTEGER'],
  ['family', 'INTEGER'],
  ['child', 'INTEGER'],
  ['color', 'VARCHAR'],
  ['colorBy', 'VARCHAR'],
];
/** Nobody writes this into a field: readers leave control characters out. */
const nullText = '\u0001null';

export const colorTake = defineTableStep({
  type: 'color.take',
  version: 1,
  ui: { title: 'Take colors', group: 'Colors', icon: 'inbox-off', summary: 'what waits in the buffer {{sources}}' },
  description: `Hands on what waits in the buffer of the desk, as a table with a column for each field of a color and \`more\` (free columns, JSON).

Each row is taken exactly once: it is held by this run until \`color.keep\` keeps it. A run that ends without keeping lets its rows go, and the next one finds them. However often the step is
tried, it hands on the same rows. In a dry run nothing is held.

In a run that processes a session it hands on the rows of that session instead, as people arranged them, with the columns excludedBy, position, family, child, color and colorBy.`,
  config: z.strictObject({
    sources: z.array(z.string().regex(slugForm, slugRule)).max(100).default([]).meta({ title: 'Only these sources', description: 'Slugs; none: all' }),
    doubtful: z.enum(['take', 'leave']).default('take').meta({ title: 'Rows with doubts', description: 'leave: they stay in the buffer for a person' }),
    duplicates: z
      .enum(['take', 'leave'])
      .default('leave')
      .meta({ title: 'Rows that say what an earlier one says', description: 'leave: they go with it, but only the first is handed on' }),
  }),
  inputs: { min: 0, max: 0, carries: 'none' },
  produces: 'table',
  examples: [
    { title: 'Everything that waits', config: {} },
    { title: 'Without what a person should look at', config: { doubtful: 'leave' } },
  ],
  relation: () => ({ op: 'read', format: 'csv', onRowError: 'fail' }),
  async source({ sources, doubtful, duplicates }, ctx) {
    const file = path.join(await ctx.files.scratch(), 'colors.csv');
    const given = (await ctx.colors.arranged()) === null ? columns : [...columns, ...places];
    let taken = 0;
    const batches = ctx.colors.take({ sources, leaveDoubtful: doubtful === 'leave', leaveDuplicates: duplicates === 'leave' });
    async function* text(): AsyncGenerator<string> {
      yield `${given.map(([name]) => name).join(',')}\n`;
      for await (const rows of batches) {
        taken += rows.length;
        ctx.progress({ rows: taken });
        yield rows.map((row) => lineOf(row, given)).join('');
      }
    }
    await pipeline(text, createWriteStream(file, { flags: 'wx', mode: 0o600 }), { signal: ctx.signal });
    ctx.log.info(ctx.isDry ? `${taken} colors wait; a dry run holds none of them.` : `${taken} colors taken.`);
    return { path: file, csv: { delimiter: ',', quote: '"', header: true, nullText, types: Object.fromEntries(given) } };
  },
});

function lineOf(row: Row, given: [string, string][]): string {
  return `${given.map(([name]) => csvValue(row[name])).join(',')}\n`;
}

function csvValue(value: unknown): string {
  if (value === null || value === undefined) return nullText;
  const text = typeof value === 'string' ? value : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}

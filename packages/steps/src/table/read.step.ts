import { InvalidInput } from '@tidewheel/contract/errors';
import { defineTableStep } from '@tidewheel/kit/define-step';
import { connection, storedFile, template } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { localFileOf } from '../files/folder-source.ts';
import { csvOptions, fileFormat, onRowError } from './table-fields.ts';

export const tableRead = defineTableStep({
  type: 'table.read',
  version: 1,
  ui: { title: 'Read a table', group: 'Tables', icon: 'table-import', summary: '{{format}} {{file}}' },
  description: `Reads a CSV, JSON or Parquet file as a table: one in a folder connection, the file that the step before handed on, or an uploaded one by its slug.

CSV: the delimiter is found in the first line unless told; types are those declared, else detected from the first 20,480 rows (columns of codes such as 00123 stay text).
Lines with too few or too many values, and values that do not fit the type, are rejected with their line number, raw text and reason; with \`onRowError: fail\` the first one stops the step.
JSON: one array of objects or one object per line. A column name that stands twice gets \`_1\` appended. Limits: 2 MB for a line of CSV, 16 MB for an object of JSON.`,
  config: z.strictObject({
    connection: connection('folder', { title: 'Folder', description: 'The folder connection that holds the file.' }).optional(),
    path: template({ title: 'Path', description: 'The file in that folder.', examples: ['in/trades-{{ today }}.csv'] }).optional(),
    file: storedFile({
      title: 'Uploaded file',
      description: 'The slug of an uploaded file. Leave it out to read what the step before hands on.',
    }).optional(),
    pick: template({ title: 'Which file', description: 'When the step before hands on several: the name of one.' }).optional(),
    format: fileFormat,
    csv: csvOptions.optional(),
    onRowError,
  }),
  inputs: { min: 0, max: 1, carries: 'file' },
  produces: 'table',
  examples: [
    { title: 'A file in a folder', config: { connection: 'exchange', path: 'in/trades-{{ today }}.csv', format: 'csv' } },
    { title: 'An uploaded CSV with declared types', config: { file: 'trades', format: 'csv', csv: { types: { price: 'DECIMAL(18,4)' } } } },
    { title: 'The file of the step before', config: { format: 'parquet' } },
  ],
  check({ connection: folder, path, file }) {
    const faults = [];
    if ((folder === undefined) !== (path === undefined))
      faults.push({ path: folder === undefined ? 'connection' : 'path', message: 'connection and path belong together' });
    if (folder !== undefined && file !== undefined) faults.push({ path: 'file', message: 'say either a connection with a path or an uploaded file' });
    return faults;
  },
  relation: ({ format, csv, onRowError: rule }) => ({ op: 'read', format, csv, onRowError: rule }),
  async source({ connection: folder, path, file, pick }, ctx) {
    if (folder !== undefined && path !== undefined) return { path: await localFileOf(await ctx.connection(folder), path) };
    if (file !== undefined) return { path: await ctx.files.localPath(await ctx.files.uploaded(file)) };
    const files = Object.values(ctx.inputs).flatMap((input) => input.files);
    const found = pick === undefined ? files[0] : files.find((candidate) => candidate.name === pick);
    const names = files.map((candidate) => candidate.name).join(', ');
    if (!found) {
      throw new InvalidInput('table.read_nothing', pick === undefined ? 'There is no file to read.' : `There is no file "${pick}".`, {
        hint: files.length
          ? `The step before hands on ${names}.`
          : 'Set connection and path, or file to an uploaded file, or from to a step that hands on a file.',
      });
    }
    if (pick === undefined && files.length > 1)
      throw new InvalidInput('table.read_several', `The step before hands on ${files.length} files.`, { hint: `Set pick to one of ${names}.` });
    return { path: await ctx.files.localPath(found) };
  },
});

import { NotAllowed } from '@tidewheel/contract/errors';
import { defineStep } from '@tidewheel/kit/define-step';
import { connection, template } from '@tidewheel/kit/fields';
import type { StepContext } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { folderOf } from '../connectors/folder.connector.ts';
import { inputFiles } from './input-files.ts';
import { placeFile, type WouldFind, wouldPlace } from './place-file.ts';

export const fileWrite = defineStep({
  type: 'file.write',
  version: 1,
  ui: { title: 'Write files to a folder', group: 'Files', icon: 'file-export', summary: 'to {{path}} in {{connection}}' },
  description:
    'Writes its input files below the folder of a connection. Each is written under a hidden name, synced, read back and compared, then renamed: nobody sees half a file. Missing folders are made. Refuses paths that leave the folder and connections that are read only. To keep a receipt of who got the file, use deliver.folder.',
  config: z.strictObject({
    connection: connection('folder', { title: 'Folder' }),
    path: template({ title: 'Path', description: "Folder below the connection's folder", examples: ['out/{{ today }}'] }).default(''),
    name: template({ title: 'File name', description: 'For a single file; its own name when left out', examples: ['trades-{{ today }}.csv'] }).optional(),
    overwrite: z
      .enum(['replace', 'refuse'])
      .default('replace')
      .meta({ title: 'When the file exists', description: 'A file with the very same content is always left as it is.' }),
  }),
  inputs: { min: 1, max: null, carries: 'file' },
  produces: 'file',
  output: z.object({ paths: z.array(z.string()) }),
  retry: { attempts: 4 },
  effects: true,
  examples: [{ title: 'The CSV of the day', config: { connection: 'exchange', path: 'out/{{ today }}' } }],
  async run(config, ctx) {
    const root = await writableRoot(ctx, config.connection);
    const files = inputFiles(ctx, config.name);
    const paths: string[] = [];
    for (const file of files) {
      const place = joinPath(config.path, file.name);
      const placed = await placeFile({
        root,
        file: place,
        source: await ctx.files.localPath(file),
        sha256: file.sha256,
        size: file.size,
        overwrite: config.overwrite,
        key: ctx.idempotencyKey,
        signal: ctx.signal,
      });
      ctx.log.info(placed.alreadyThere ? `${place} was there already with the same content.` : `Wrote ${place}: ${file.size} bytes, SHA-256 ${file.sha256}.`);
      paths.push(place);
    }
    return { files, value: { paths } };
  },
  async dryRun(config, ctx) {
    const root = await writableRoot(ctx, config.connection);
    const files = inputFiles(ctx, config.name);
    const paths: string[] = [];
    for (const file of files) {
      const place = joinPath(config.path, file.name);
      const found = await wouldPlace({ root, file: place, sha256: file.sha256, size: file.size, overwrite: config.overwrite, signal: ctx.signal });
      ctx.log.info(wouldText({ what: 'write', place, size: file.size, found }));
      paths.push(place);
    }
    return { files, value: { paths } };
  },
});

/** What a dry run says of one file. */
export function wouldText({ what, place, size, found }: { what: 'write' | 'deliver'; place: string; size: number; found: WouldFind }): string {
  if (found === 'same') return `Dry run: ${place} is there already with the same content.`;
  return `Dry run: would ${what} ${place}, ${size} bytes${found === 'other' ? ', in place of another file' : ''}.`;
}

/** The root of a folder connection that may be written to. @throws NotAllowed when it is read only */
export async function writableRoot(ctx: StepContext, slug: string): Promise<string> {
  const { root, readOnly } = folderOf(await ctx.connection(slug));
  if (!readOnly) return root;
  throw new NotAllowed('folder.read_only', `The connection "${slug}" is read only.`, {
    hint: 'Use another connection, or take the mark off if writing there is right.',
  });
}

/** `folder/name`, for a folder that may be empty or end with a slash. */
export function joinPath(folder: string, name: string): string {
  const trimmed = folder.replace(/\/+$/, '');
  return trimmed === '' ? (folder.startsWith('/') ? `/${name}` : name) : `${trimmed}/${name}`;
}

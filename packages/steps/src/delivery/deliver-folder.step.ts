import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { defineStep } from '@tidewheel/kit/define-step';
import { connection, template } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { joinPath, writableRoot } from '../files/file-write.step.ts';
import { inputFiles } from '../files/input-files.ts';
import { placeFile, wouldPlace } from '../files/place-file.ts';
import { companionField, companionOf, Deliveries, deliverEach, overwriteField, wouldDeliverEach } from './deliver-each.ts';

export const deliverFolder = defineStep({
  type: 'deliver.folder',
  version: 1,
  ui: { title: 'Deliver to a folder', group: 'Delivery', icon: 'folder-share', summary: 'to {{path}} in {{connection}}' },
  description:
    'Hands files over in a folder (also a mounted share) and keeps a receipt of each with the run: size, SHA-256, MD5, how it was verified, how long it took. A file is written under a hidden name, synced, read back and compared, then renamed. Every attempt is kept, failed ones too; a file that is already there with the same content counts as delivered.',
  config: z.strictObject({
    connection: connection('folder', { title: 'Folder' }),
    path: template({ title: 'Path', description: "Folder below the connection's folder; made when missing", examples: ['inbox/{{ today }}'] }).default(''),
    name: template({ title: 'File name', description: 'For a single file; its own name when left out' }).optional(),
    overwrite: overwriteField,
    checksumFile: companionField,
  }),
  inputs: { min: 1, max: null, carries: 'file' },
  produces: 'value',
  output: Deliveries,
  retry: { attempts: 4 },
  effects: true,
  examples: [{ title: "Into the supervisor's inbox", config: { connection: 'outbox', path: 'mifir/{{ today }}', checksumFile: 'sha256' } }],
  async run(config, ctx) {
    const root = await writableRoot(ctx, config.connection);
    const place = (name: string) => joinPath(config.path, name);
    const put = (what: { name: string; source: string; sha256: string; size: number }) =>
      placeFile({
        root,
        file: place(what.name),
        source: what.source,
        sha256: what.sha256,
        size: what.size,
        overwrite: config.overwrite,
        key: ctx.idempotencyKey,
        signal: ctx.signal,
      });
    const value = await deliverEach(ctx, {
      connection: config.connection,
      files: inputFiles(ctx, config.name),
      destination: (file) => place(file.name),
      async send(file) {
        const placed = await put({ name: file.name, source: await ctx.files.localPath(file), sha256: file.sha256, size: file.size });
        if (config.checksumFile !== 'none') {
          const { name, text } = companionOf(file, config.checksumFile);
          const source = path.join(await ctx.files.scratch(), 'companion');
          await writeFile(source, text);
          await put({ name, source, sha256: createHash('sha256').update(text).digest('hex'), size: Buffer.byteLength(text) });
        }
        return { verifiedBy: 'read back', alreadyThere: placed.alreadyThere, path: placed.path };
      },
    });
    return { value };
  },
  async dryRun(config, ctx) {
    const root = await writableRoot(ctx, config.connection);
    const place = (name: string) => joinPath(config.path, name);
    const value = await wouldDeliverEach(ctx, {
      files: inputFiles(ctx, config.name),
      destination: (file) => place(file.name),
      find: ({ name, sha256, size }) => wouldPlace({ root, file: place(name), sha256, size, overwrite: config.overwrite, signal: ctx.signal }),
    });
    return { value };
  },
});

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { defineStep } from '@tidewheel/kit/define-step';
import { connection, template } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { sftpOf } from '../connectors/sftp.connector.ts';
import { joinPath } from '../files/file-write.step.ts';
import { inputFiles } from '../files/input-files.ts';
import { withSftp } from '../ssh/sftp-pool.ts';
import { placeOf } from '../ssh/ssh-errors.ts';
import { companionField, companionOf, Deliveries, deliverEach, overwriteField, wouldDeliverEach } from './deliver-each.ts';
import { type Parcel, sendParcel, wouldSend } from './sftp-delivery.ts';

export const deliverSftp = defineStep({
  type: 'deliver.sftp',
  version: 1,
  ui: { title: 'Deliver by SFTP', group: 'Delivery', icon: 'cloud-upload', summary: 'to {{path}} on {{connection}}' },
  description:
    'Hands files over to an SFTP server whose host key is pinned, and keeps a receipt of each with the run. A file is written under a hidden name, its size and SHA-256 are compared on the other side (by sha256sum there, else it is read back), then it is renamed into place. Missing folders are made. Every attempt is kept, failed ones too; a file that is already there with the same content counts as delivered, so a retry after a lost answer sends nothing twice. A wrong host key or password is not tried again.',
  config: z.strictObject({
    connection: connection('sftp', { title: 'SFTP server' }),
    path: template({ title: 'Folder', description: 'On the server; relative to where the sign-in starts, or absolute', examples: ['/in/{{ today }}'] }).default(
      '.',
    ),
    name: template({ title: 'File name', description: 'For a single file; its own name when left out' }).optional(),
    verify: z
      .enum(['hash', 'size'])
      .default('hash')
      .meta({ title: 'Verify by', description: 'The size alone does not notice damage; choose it only where the server does not let files be read back.' }),
    overwrite: overwriteField,
    checksumFile: companionField,
  }),
  inputs: { min: 1, max: null, carries: 'file' },
  produces: 'value',
  output: Deliveries,
  retry: { attempts: 4 },
  effects: true,
  examples: [{ title: "To a regulator's inbox", config: { connection: 'regulator', path: '/in' } }],
  async run(config, ctx) {
    const opened = await ctx.connection(config.connection);
    const reached = sftpOf(opened);
    const files = inputFiles(ctx, config.name);
    const total = files.reduce((sum, file) => sum + file.size, 0);
    let before = 0;
    const value = await deliverEach(ctx, {
      connection: config.connection,
      files,
      destination: (file) => `sftp://${placeOf(reached.target)}/${joinPath(config.path, file.name).replace(/^\.?\//, '')}`,
      send: async (file) => {
        const source = await ctx.files.localPath(file);
        return withSftp({ workspaceId: ctx.run.workspaceId, slug: opened.slug, signal: ctx.signal, ...reached }, async (session) => {
          const send = (parcel: Parcel, onBytes: (bytes: number) => void) =>
            sendParcel({
              session,
              folder: config.path,
              parcel,
              verify: config.verify,
              overwrite: config.overwrite,
              key: ctx.idempotencyKey,
              scratch: () => ctx.files.scratch(),
              onBytes,
              signal: ctx.signal,
            });
          const sent = await send({ name: file.name, source, sha256: file.sha256, size: file.size }, (bytes) => ctx.progress({ bytes: before + bytes, total }));
          before += file.size;
          if (config.checksumFile !== 'none') {
            const { name, text } = companionOf(file, config.checksumFile);
            const companion = path.join(await ctx.files.scratch(), 'companion');
            await writeFile(companion, text);
            await send({ name, source: companion, sha256: createHash('sha256').update(text).digest('hex'), size: Buffer.byteLength(text) }, () => undefined);
          }
          return sent;
        });
      },
    });
    return { value };
  },
  async dryRun(config, ctx) {
    const opened = await ctx.connection(config.connection);
    const reached = sftpOf(opened);
    const value = await wouldDeliverEach(ctx, {
      files: inputFiles(ctx, config.name),
      destination: (file) => `sftp://${placeOf(reached.target)}/${joinPath(config.path, file.name).replace(/^\.?\//, '')}`,
      find: (file) =>
        withSftp({ workspaceId: ctx.run.workspaceId, slug: opened.slug, signal: ctx.signal, ...reached }, (session) =>
          wouldSend({ session, folder: config.path, parcel: { name: file.name, size: file.size }, overwrite: config.overwrite }),
        ),
    });
    return { value };
  },
});

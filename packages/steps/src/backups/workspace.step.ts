import { backupScopes } from '@tidewheel/contract/backup';
import { defineStep } from '@tidewheel/kit/define-step';
import { connection, template } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { fileConnections } from '../files/open-place.ts';

export const backupWorkspace = defineStep({
  type: 'backup.workspace',
  version: 1,
  ui: { title: 'Back up the workspace', group: 'Operations', icon: 'database-export', summary: '{{scope}} {{connection}} {{path}}' },
  description: `Makes a backup of the workspace, or of its color desk alone, as it stands at one moment: on a schedule, the backup of every night. It is listed under Admin, Backups, where it can be
checked, compared and restored. Its file goes into the object store of the server, or to a folder, SFTP or FTP server or bucket that a connection reaches.

With **keep**, older backups of the same step are deleted with their files once the new one is whole. With **passphrase**, the file is encrypted by the password of a credential, which only this
step opens; whoever restores it types that password. A backup holds everything: only somebody with the permission \`backup.edit\` can write this step into a flow.`,
  config: z.strictObject({
    scope: z.enum(backupScopes).default('workspace').meta({ title: 'What', description: 'desk: the color desk with its flows and their ended runs' }),
    title: template({ title: 'Title', examples: ['Night of {{ today }}'] })
      .pipe(z.string().min(1).max(200))
      .optional()
      .meta({ title: 'Title', field: 'template', examples: ['Night of {{ today }}'] }),
    connection: connection(fileConnections, { title: 'Connection', description: 'Left out: the object store of the server' }).optional(),
    path: template({ title: 'Folder', description: 'At the connection; made when missing', examples: ['backups/{{ today }}'] }).default(''),
    keep: z.number().int().min(1).max(10_000).optional().meta({ title: 'Keep the newest', description: 'Left out: all of them' }),
    passphrase: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ title: 'Passphrase', description: 'A credential with a password of at least 12 characters', widget: 'credential', of: 'password' }),
  }),
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  output: z.object({
    backup: z.number().int(),
    fileName: z.string(),
    size: z.number(),
    sha256: z.string(),
    rows: z.number(),
    files: z.number(),
    removed: z.array(z.number().int()),
  }),
  effects: true,
  asks: 'backup.edit',
  retry: { attempts: 3 },
  examples: [
    { title: 'Every night, the newest 30', config: { title: 'Night of {{ today }}', keep: 30 } },
    {
      title: 'The desk into a bucket, encrypted',
      config: { scope: 'desk', connection: 'vault-bucket', path: 'desk', passphrase: 'backup-passphrase', keep: 60 },
    },
  ],
  check({ connection: named, path }) {
    return named === undefined && path !== '' ? [{ path: 'path', message: 'is for a connection: the object store of the server has no folders' }] : [];
  },
  async run({ scope, title, connection: named, path, keep, passphrase }, ctx) {
    const made = await ctx.once('backup', () =>
      ctx.backups.make({
        scope,
        title: title ?? `By ${ctx.run.flow}, ${ctx.today}`,
        place: named === undefined ? null : { connection: named, path },
        passphraseFrom: passphrase ?? null,
        keep: keep ?? null,
      }),
    );
    ctx.log.info(`Backup ${made.backup}: ${made.rows} rows and ${made.files} files in ${made.size} bytes, SHA-256 ${made.sha256}.`);
    if (made.removed.length > 0) ctx.log.info(`Older ones were deleted: ${made.removed.join(', ')}.`);
    return { value: made };
  },
});

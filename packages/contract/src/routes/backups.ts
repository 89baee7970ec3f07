import { z } from 'zod';
import { Id, Instant } from '../identifiers.ts';
import { defineRoute } from '../route.ts';

/** What a file of a backup says of itself, once all of it has been checked. */
export const BackupContents = z
  .object({
    format: z.number().int(),
    migration: z.string().describe('The newest change of the database when it was made'),
    workspace: z.object({ id: Id, slug: z.string() }),
    createdAt: Instant,
    createdBy: z.string(),
    tables: z.array(z.object({ table: z.string(), rows: z.number().int(), sha256: z.string() })),
    objects: z.object({ count: z.number().int(), bytes: z.number().int() }),
  })
  .meta({ id: 'BackupContents' });
export type BackupContents = z.infer<typeof BackupContents>;

/** What a restore does, or would do, to one kind of row. */
export const BackupTableDifference = z
  .object({
    table: z.string(),
    added: z.number().int().describe('Rows of the backup that are not there'),
    changed: z.number().int().describe('Rows that are there with another content'),
    same: z.number().int(),
    kept: z.number().int().describe('Rows that are there and not in the backup: they stay'),
    names: z.array(z.string()).describe('The first of those that are added or changed, where they have names'),
  })
  .meta({ id: 'BackupTableDifference' });
export type BackupTableDifference = z.infer<typeof BackupTableDifference>;
export const BackupDifference = z.object({ contents: BackupContents, tables: z.array(BackupTableDifference) }).meta({ id: 'BackupDifference' });
export type BackupDifference = z.infer<typeof BackupDifference>;

const aboutBackups = { tag: 'Backups', access: 'backup.edit', cost: 'expensive' } as const;
const file = { body: z.string(), bodyType: 'application/octet-stream' } as const;

export const createBackup = defineRoute({
  ...aboutBackups,
  name: 'backup.create',
  method: 'POST',
  path: '/api/backups',
  summary: 'Make a backup of the workspace',
  description: 'Its configuration, its color desk and its files, as they stood at one moment, as one file. Secrets stay sealed.',
  response: z.string(),
  responseType: 'application/octet-stream',
});
export const verifyBackup = defineRoute({
  ...aboutBackups,
  ...file,
  name: 'backup.verify',
  method: 'POST',
  path: '/api/backups/verify',
  summary: 'Check a backup: its seal, and the hash of every table and file',
  response: BackupContents,
});
export const compareBackup = defineRoute({
  ...aboutBackups,
  ...file,
  name: 'backup.compare',
  method: 'POST',
  path: '/api/backups/compare',
  summary: 'Show what a restore would add and change, and change nothing',
  response: BackupDifference,
});
export const restoreBackup = defineRoute({
  ...aboutBackups,
  ...file,
  name: 'backup.restore',
  method: 'POST',
  path: '/api/backups/restore',
  summary: 'Bring back what a backup of this workspace has',
  description: 'All of it or nothing. What came after the backup stays.',
  response: BackupDifference,
});

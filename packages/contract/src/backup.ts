// What is known of a backup, and what a restore of it would do.
import { z } from 'zod';
import { Id, Instant, Sha256 } from './identifiers.ts';

/** desk: what the color desk has, with its flows and their ended runs. workspace: that, and everything else that people set up. */
export const backupScopes = ['desk', 'workspace'] as const;
export const BackupScope = z.enum(backupScopes);
export type BackupScope = z.infer<typeof BackupScope>;
export const backupOrigins = ['hand', 'flow', 'restore', 'upload'] as const;

/** Shorter ones are guessed. */
export const passphraseLength = { min: 12, max: 1_000 } as const;
/** Kept by nobody: who loses it has lost what is in the file. */
export const Passphrase = z.string().min(passphraseLength.min).max(passphraseLength.max).describe('Never kept: without it nobody can read the backup');

export const BackupWorkspace = z.object({ id: Id, slug: z.string() });

/** What a file of a backup says of itself, once all of it has been checked. */
export const BackupContents = z
  .object({
    format: z.number().int(),
    migration: z.string().describe('The newest change of the database when it was made'),
    workspace: BackupWorkspace,
    scope: BackupScope.default('workspace'),
    createdAt: Instant,
    createdBy: z.string(),
    tables: z.array(z.object({ table: z.string(), rows: z.number().int(), sha256: z.string() })),
    objects: z.object({ count: z.number().int(), bytes: z.number().int() }),
  })
  .meta({ id: 'BackupContents' });
export type BackupContents = z.infer<typeof BackupContents>;

/** What was found when a backup was restored into a scratch workspace and compared with what came out of it. */
export const BackupVerification = z
  .object({
    at: Instant,
    by: z.string(),
    tables: z.number().int(),
    rows: z.number().int().describe('Restored, read back and compared'),
    files: z.number().int().describe('Stored, read back and compared by SHA-256'),
    opened: z
      .boolean()
      .describe('false: of an encrypted one without its passphrase, whose size and SHA-256 were compared with those that were kept, and nothing else'),
    fault: z.string().nullable().describe('Why it does not hold; null when all of it was the same'),
  })
  .meta({ id: 'BackupVerification' });
export type BackupVerification = z.infer<typeof BackupVerification>;

export const BackupPlace = z
  .object({
    connection: z.string().min(1).max(64).describe('Of the kind folder, sftp, ftp or s3'),
    path: z.string().max(1_000).default('').describe('Folder there'),
  })
  .meta({ id: 'BackupPlace' });
export type BackupPlace = z.infer<typeof BackupPlace>;

/** One backup of the list. */
export const Backup = z
  .object({
    number: z.number().int(),
    title: z.string(),
    scope: BackupScope,
    origin: z.enum(backupOrigins).describe('hand: somebody made it; flow: a step; restore: by itself before a restore; upload: it was brought'),
    state: z.enum(['making', 'ready', 'failed']),
    encrypted: z.boolean(),
    place: BackupPlace.nullable().describe('Where its file lies; null: in the object store of the server'),
    fileName: z.string(),
    size: z.number().int().nullable(),
    sha256: Sha256.nullable(),
    rows: z.number().int().nullable(),
    files: z.number().int().nullable(),
    madeAt: Instant.describe('The moment that it shows'),
    madeBy: z.string(),
    createdAt: Instant,
    createdBy: z.string(),
    flow: z.string().nullable(),
    runId: Id.nullable(),
    error: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
    damage: z
      .string()
      .nullable()
      .describe('That its file is gone or cut off, as its size shows; null: it is as long as it was, or lies at a connection, where verifying looks'),
    verified: BackupVerification.nullable(),
    restored: z.object({ at: Instant, by: z.string() }).nullable().describe('When it was brought back last'),
  })
  .meta({ id: 'Backup' });
export type Backup = z.infer<typeof Backup>;

/** What a restore does, or would do, to one kind of row. */
export const BackupTableDifference = z
  .object({
    table: z.string(),
    title: z.string(),
    added: z.number().int().describe('Rows of the backup that are not there: they come back'),
    changed: z.number().int().describe('Rows that are there with another content: they become what they were'),
    same: z.number().int(),
    kept: z.number().int().describe('Rows that are there and not in the backup: they stay'),
    spent: z.number().int().describe('Rows of the buffer that were processed since: they stay away, or they would be processed twice'),
    names: z.array(z.string()).describe('The first of those that are added or changed, where they have names'),
  })
  .meta({ id: 'BackupTableDifference' });
export type BackupTableDifference = z.infer<typeof BackupTableDifference>;
export const BackupDifference = z
  .object({
    contents: BackupContents,
    tables: z.array(BackupTableDifference),
    files: z.object({ missing: z.number().int().describe('Files of the backup that the object store does not have'), same: z.number().int() }),
  })
  .meta({ id: 'BackupDifference' });
export type BackupDifference = z.infer<typeof BackupDifference>;

export const backupRowChanges = ['added', 'changed', 'kept', 'spent'] as const;
/** One row that differs, before and after a restore. What is sealed shows as a fingerprint. */
export const BackupRowDifference = z
  .object({
    change: z.enum(backupRowChanges),
    name: z.string(),
    now: z.record(z.string(), z.unknown()).nullable().describe('As it is; null where it is gone'),
    was: z.record(z.string(), z.unknown()).nullable().describe('As the backup has it; null where it came later'),
  })
  .meta({ id: 'BackupRowDifference' });
export type BackupRowDifference = z.infer<typeof BackupRowDifference>;
export const BackupRows = z.object({ table: z.string(), title: z.string(), rows: z.array(BackupRowDifference), more: z.boolean() }).meta({ id: 'BackupRows' });
export type BackupRows = z.infer<typeof BackupRows>;
export const BackupRestored = BackupDifference.extend({ before: z.number().int().describe('The backup that was made of what was there before') }).meta({
  id: 'BackupRestored',
});
export type BackupRestored = z.infer<typeof BackupRestored>;

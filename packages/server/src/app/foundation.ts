// What every role stands on: data folder, master key, Postgres with the newest schema, pools, object store.
import type { Logger } from '../base/logger.ts';
import type { Settings } from '../base/settings.ts';
import { type DatabaseAddress, type Databases, openDatabases, searchPoolSize } from '../storage/database.ts';
import { readFormerKeys, readMasterKey } from '../storage/master-key.ts';
import type { ObjectStore } from '../storage/objects/object-store.ts';
import { openObjectStore } from '../storage/objects/open-store.ts';
import { startEmbedded } from '../storage/postgres/embedded.ts';
import { prepareDatabase } from '../storage/prepare.ts';
import { travelsInClear } from '../storage/transport.ts';
import type { DataFolder } from './data-folder.ts';

export interface Foundation {
  folder: DataFolder;
  masterKey: Buffer;
  formerMasterKeys: readonly Buffer[];
  /** What the keys of mail and sign-in derive from. */
  rootKey: Buffer;
  /** What the signature of the audit trail derives from. */
  auditKey: Buffer;
  address: DatabaseAddress;
  databases: Databases;
  objects: ObjectStore;
  workspaceId: string;
}

/** Connections in each of the two large pools (app, engine) by what this process does. */
export function poolSize(settings: Pick<Settings, 'roles' | 'databasePool'>): number {
  if (settings.databasePool !== undefined) return settings.databasePool;
  return (settings.roles.has('api') ? 10 : 2) + (settings.roles.has('worker') ? 6 : 0) + (settings.roles.has('scheduler') ? 2 : 0);
}

/** What it opens, it leaves to `closers`, which close in the opposite order. @throws AppError that says what to do */
export async function layFoundation(options: { settings: Settings; folder: DataFolder; log: Logger; closers: AsyncDisposableStack }): Promise<Foundation> {
  const { settings, folder, log, closers } = options;
  const masterKey = await readMasterKey(settings);
  const formerMasterKeys = await readFormerKeys(settings);
  const ownerUrl = settings.databaseUrl ?? (await startOwnPostgres({ folder, log, closers }));
  const address = { ownerUrl, masterKey, formerMasterKeys };
  const size = poolSize(settings);
  const { applied, workspaceId, rootKey, auditKey } = await prepareDatabase(address, { connections: 2 * size + searchPoolSize(size) });
  if (applied.length > 0) log.info({ applied }, 'Brought the database up to date.');
  const databases = openDatabases({ ...address, rootKey }, { size, name: `tidewheel ${[...settings.roles].join(',')}` });
  closers.defer(() => databases.close());
  if (await travelsInClear(databases, ownerUrl))
    log.warn('The connections to Postgres on another machine are not encrypted. Add ?sslmode=verify-full&sslrootcert=… to DATABASE_URL (docs/hardening.md).');
  return { folder, masterKey, formerMasterKeys, rootKey, auditKey, address, databases, objects: await openObjectStore(settings, folder.objects), workspaceId };
}

async function startOwnPostgres({ folder, log, closers }: { folder: DataFolder; log: Logger; closers: AsyncDisposableStack }): Promise<string> {
  const postgres = await startEmbedded({ dataFolder: folder.root, logger: log });
  closers.defer(() => postgres.stop());
  return postgres.ownerUrl;
}

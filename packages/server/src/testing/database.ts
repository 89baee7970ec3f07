// A real, migrated Postgres database for one test file: cloned from the run's template in about 30 ms.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type DatabaseAddress, type Databases, openDatabases } from '../storage/database.ts';
import { templateName, withDatabase } from './postgres.global.ts';

export interface FreshDatabase {
  databases: Databases;
  address: DatabaseAddress;
  /** The one workspace that the template has. */
  workspaceId: string;
  /** Closes the pools and removes the database; call it in afterAll. */
  drop(): Promise<void>;
}

export async function freshDatabase(options: { size?: number } = {}): Promise<FreshDatabase> {
  const { ownerUrl, masterKey, workspaceId } = inject('testPostgres');
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await onServer(ownerUrl, `create database ${name} template ${templateName} strategy file_copy`);
  const address = { ownerUrl: withDatabase(ownerUrl, name), masterKey: Buffer.from(masterKey, 'base64') };
  const databases = openDatabases(address, { size: options.size ?? 4, name: 'test' });
  const drop = async (): Promise<void> => {
    await databases.close();
    await onServer(ownerUrl, `drop database ${name} with (force)`);
  };
  return { databases, address, workspaceId, drop };
}

/** An empty database without roles or migrations, for tests of the set-up itself. */
export async function emptyDatabase(): Promise<{ address: DatabaseAddress; drop(): Promise<void> }> {
  const { ownerUrl, masterKey } = inject('testPostgres');
  const name = `empty_${process.pid}_${randomBytes(4).toString('hex')}`;
  await onServer(ownerUrl, `create database ${name}`);
  return {
    address: { ownerUrl: withDatabase(ownerUrl, name), masterKey: Buffer.from(masterKey, 'base64') },
    drop: () => onServer(ownerUrl, `drop database ${name} with (force)`),
  };
}

async function onServer(ownerUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

// Vitest's global set-up of the projects that need Postgres: one server per run with a migrated template database, gone afterwards.
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { createLogger } from '../base/logger.ts';
import { startEmbedded } from '../storage/postgres/embedded.ts';
import { prepareDatabase } from '../storage/prepare.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    testPostgres: TestPostgres;
  }
}

export interface TestPostgres {
  /** The owner's connection to the template's server. */
  ownerUrl: string;
  masterKey: string;
  workspaceId: string;
}

export const templateName = 'tidewheel_template';

/** Durability is for crash tests, which start a server of their own. */
const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '64MB', autovacuum: 'on' };

export function withDatabase(ownerUrl: string, name: string): string {
  const url = new URL(ownerUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'tw-test-'));
  await chmod(dataFolder, 0o711);
  const server = await startEmbedded({ dataFolder, logger: createLogger({ role: 'test', level: 'error' }), parameters: fast, sync: false });
  const masterKey = randomBytes(32);
  await onServer(server.ownerUrl, `create database ${templateName}`);
  const { workspaceId } = await prepareDatabase({ ownerUrl: withDatabase(server.ownerUrl, templateName), masterKey });
  await onServer(server.ownerUrl, `alter database ${templateName} is_template true allow_connections false`);
  project.provide('testPostgres', { ownerUrl: server.ownerUrl, masterKey: masterKey.toString('base64'), workspaceId });
  return async () => {
    await server.stop();
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
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

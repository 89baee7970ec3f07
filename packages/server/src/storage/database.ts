// The connections to Postgres, one pool per role of the database, and the one way to work inside a workspace.
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { appRole, engineRole, rolePassword, searchRole } from './roles.ts';
import type { Database } from './schema.ts';

// int8 as number (our counts stay far below 2^53), date as `YYYY-MM-DD` text: a Date would shift it by the zone.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

export interface DatabaseAddress {
  /** Connection string of the owner: a role that may create roles and tables. */
  ownerUrl: string;
  masterKey: Buffer;
  /** Master keys of before, for reading, while the master key is being changed. */
  formerMasterKeys?: readonly Buffer[];
}

export interface Databases {
  /** Row-level security applies: use inWorkspace. */
  app: Kysely<Database>;
  /** Sees every workspace: only for the engine's store and start-up. */
  engine: Kysely<Database>;
  /** Reads what may be looked for, of every workspace: only by way of features/colors/search/in-search.ts, which names the workspace. */
  search: Kysely<Database>;
  /** The engine's pool itself, for batched statements, LISTEN and advisory locks. */
  enginePool: pg.Pool;
  /** Connection string of the engine role, for pg-boss and for a worker's own heartbeat connection. */
  engineUrl: string;
  close(): Promise<void>;
}

/** `rootKey` as `prepareDatabase` gave it; the master key itself until that is changed for the first time. */
export function urlForRole(address: { ownerUrl: string; rootKey: Buffer }, role: string): string {
  const url = new URL(address.ownerUrl);
  url.username = role;
  url.password = rolePassword(address.rootKey, role);
  return url.toString();
}

/** Of the `size` of the others: a search is short. */
export function searchPoolSize(size: number): number {
  return Math.min(4, size);
}

/** `size`: connections in each pool. An idle client's error (a restart of Postgres) is left to the next query, which reconnects. */
export function openDatabases(
  { ownerUrl, masterKey, rootKey = masterKey }: DatabaseAddress & { rootKey?: Buffer },
  { size, name }: { size: number; name: string },
): Databases {
  const address = { ownerUrl, rootKey };
  const open = (role: string, pipeline: boolean, max = size) => {
    const pool = new pg.Pool({ connectionString: urlForRole(address, role), max, application_name: name, idleTimeoutMillis: 30_000, pipeline });
    pool.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
    return pool;
  };
  const appPool = open(appRole, false);
  // Its statements are many and short: they may be sent without waiting for the answers of those before.
  const enginePool = open(engineRole, true);
  const search = new Kysely<Database>({ dialect: new PostgresDialect({ pool: open(searchRole, false, searchPoolSize(size)) }) });
  const app = new Kysely<Database>({ dialect: new PostgresDialect({ pool: appPool }) });
  const engine = new Kysely<Database>({ dialect: new PostgresDialect({ pool: enginePool }) });
  return {
    app,
    engine,
    search,
    enginePool,
    engineUrl: urlForRole(address, engineRole),
    close: async () => void (await Promise.all([app.destroy(), engine.destroy(), search.destroy()])),
  };
}

/** What `inWorkspace` hands to its work. */
export type WorkspaceTransaction = Transaction<Database>;

/** A transaction in which row-level security shows this workspace only. */
export function inWorkspace<T>(app: Kysely<Database>, workspaceId: string, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return app.transaction().execute(async (trx) => {
    await sql`select set_config('app.workspace', ${workspaceId}, true)`.execute(trx);
    return work(trx);
  });
}

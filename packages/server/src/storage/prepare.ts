// Brings a database to the state this version needs: reachable, new enough, with the three roles, every migration and a first workspace.
import { AppError, Conflict, NotAllowed, toAppError, Unreachable } from '@tidewheel/contract/errors';
import pg from 'pg';
import { newId } from '../base/ids.ts';
import type { DatabaseAddress } from './database.ts';
import { baseOf, findRoots, settleRoots } from './key-ring.ts';
import { migrate } from './migrate.ts';
import { installQueue } from './queue-schema.ts';
import { renewBase } from './renew-base.ts';
import { ensureRoles } from './roles.ts';

export interface PreparedDatabase {
  /** The migrations applied now. */
  applied: string[];
  /** The oldest workspace: the one a single-workspace installation works in. */
  workspaceId: string;
  /** What the keys of mail, sign-in and the database's roles derive from. */
  rootKey: Buffer;
  /** What the signature of the audit trail derives from: the first root key, for verifiers know its public half. */
  auditKey: Buffer;
}

const oldestMajor = 15;
const lockKey = 7_283_640_000;

/** Several starters at once wait for one another. `connections`: how many the caller will open at most. @throws Unreachable, NotAllowed, Conflict: each says what to do */
export async function prepareDatabase(address: DatabaseAddress, { connections = 0 } = {}): Promise<PreparedDatabase> {
  const owner = await connectOwner(address.ownerUrl);
  try {
    await refuseOldVersion(owner);
    await refuseMissingRights(owner);
    await refuseTooFewConnections(owner, connections);
    await owner.query('select pg_advisory_lock($1)', [lockKey]);
    // Before the roles: their passwords follow from the key, so a wrong one would lock out the servers that have the right one.
    const masters = { current: address.masterKey, former: address.formerMasterKeys ?? [] };
    const roots = await renewBase(owner, await findRoots(owner, masters));
    const rootKey = baseOf(roots).key;
    await ensureRoles(owner, rootKey);
    const applied = await migrate(owner);
    await installQueue(owner);
    await settleRoots(owner, roots, masters);
    return { applied, workspaceId: await ensureWorkspace(owner), rootKey, auditKey: roots[0]?.key ?? rootKey };
  } catch (error) {
    throw explained(error);
  } finally {
    await owner.end();
  }
}

/** The address without its password. */
function shown(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  return `${url.hostname}${url.port ? `:${url.port}` : ''}${url.pathname}`;
}

async function connectOwner(ownerUrl: string): Promise<pg.Client> {
  if (!URL.canParse(ownerUrl) || !/^postgres(ql)?:$/.test(new URL(ownerUrl).protocol)) {
    throw new Conflict('database.url', 'DATABASE_URL is not the address of a Postgres.', { hint: 'Write it as postgres://user:password@host:5432/database.' });
  }
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000, application_name: 'tidewheel start' });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (cause) {
    await client.end().catch(() => {});
    const { code, message } = cause as { code?: string; message: string };
    if (code === '28P01' || code === '28000')
      throw new NotAllowed('database.refused', `Postgres at ${shown(ownerUrl)} refused the user: ${message}`, {
        hint: 'Look at user and password in DATABASE_URL.',
        cause,
      });
    if (code === '3D000')
      throw new Conflict('database.missing', `Postgres at ${shown(ownerUrl)} answers, but has no such database: ${message}`, {
        hint: 'Make the database first (create database …).',
        cause,
      });
    throw new Unreachable('database.unreachable', `Postgres at ${shown(ownerUrl)} cannot be reached: ${message || code}`, {
      hint: 'Look at host and port in DATABASE_URL, and whether that Postgres runs and lets this machine in.',
      cause,
    });
  }
}

async function refuseOldVersion(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ number: number; text: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as text`,
  );
  const version = rows[0];
  if (version && version.number >= oldestMajor * 10_000) return;
  throw new Conflict('database.too_old', `This Postgres is version ${version?.text}; Tidewheel needs ${oldestMajor} or newer.`, {
    hint: 'Upgrade it, or unset DATABASE_URL to use the embedded one.',
  });
}

async function refuseMissingRights(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ name: string; roles: boolean; tables: boolean }>(
    `select rolname as name, rolsuper or rolcreaterole as roles, has_schema_privilege('public', 'create') as tables from pg_roles where rolname = current_user`,
  );
  const found = rows[0];
  const missing = [found?.roles ? null : 'CREATEROLE', found?.tables ? null : 'CREATE on the schema public'].filter((right) => right !== null);
  if (missing.length === 0) return;
  throw new NotAllowed('database.rights', `The user ${found?.name} of DATABASE_URL lacks ${missing.join(' and ')}.`, {
    hint: `As an administrator: alter role ${found?.name} createrole; alter database … owner to ${found?.name}.`,
  });
}

/** Beside the pools each process holds a few connections of its own: listener, heartbeat, lock. */
const ownConnections = 4;

async function refuseTooFewConnections(owner: pg.Client, connections: number): Promise<void> {
  const { rows } = await owner.query<{ allowed: number }>(
    `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as allowed`,
  );
  const allowed = rows[0]?.allowed ?? 0;
  if (connections + ownConnections <= allowed) return;
  throw new Conflict('database.connections', `This process wants up to ${connections + ownConnections} connections, and Postgres allows ${allowed} in all.`, {
    hint: 'Raise max_connections there, lower TIDEWHEEL_DATABASE_POOL, or split the roles over processes.',
  });
}

async function ensureWorkspace(owner: pg.Client): Promise<string> {
  const { rows } = await owner.query<{ id: string }>(
    `with found as (select id from workspace order by created_at, id limit 1),
          made as (insert into workspace (id, slug, title) select $1, 'main', 'Main' where not exists (select from found) returning id)
     select id from found union all select id from made`,
    [newId()],
  );
  return rows[0]?.id ?? '';
}

/** A rule of Postgres that a person at the start of the server can act on; the rest keeps its own words. */
function explained(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, message } = thrown as { code?: string; message?: string };
  if (code === '53100')
    return new Conflict('database.disk_full', `The database has no space left: ${message}`, { hint: 'Free some space, then start again.', cause: thrown });
  if (code === '42501')
    return new NotAllowed('database.rights', `The database refused a step of the set-up: ${message}`, {
      hint: 'Give the user of DATABASE_URL the rights that the message names.',
      cause: thrown,
    });
  if (code?.startsWith('08') || code?.startsWith('57'))
    return new Unreachable('database.lost', `The database went away during the set-up: ${message}`, { cause: thrown });
  return toAppError(thrown);
}

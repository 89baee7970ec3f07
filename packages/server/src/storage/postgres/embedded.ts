// The embedded PostgreSQL: started with us, ended with us, started again when it dies while we live.
import { closeSync, fchmodSync, openSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Unreachable } from '@tidewheel/contract/errors';
import pg from 'pg';
import type { Logger } from '../../base/logger.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { makeCluster, ownerName, readPassword, serverEnvironment } from './cluster.ts';
import { type GuardedProcess, spawnGuarded } from './guarded-process.ts';
import { lockFolder } from './instance-lock.ts';
import { clearLeftover, readLockFile, refuseOtherMajor } from './leftover.ts';
import { findPlace, type Place, socketFolder } from './place.ts';
import { asUser } from './server-user.ts';

export interface EmbeddedPostgres {
  /** Connection string of the owner, over a Unix socket that only its user can enter. */
  ownerUrl: string;
  /** The postmaster's process id, for crash tests. */
  pid(): Promise<number>;
  /** A fast shutdown; resolves when it is gone. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Our data folder; the database is below it or, when its user cannot reach that, where the log says. */
  dataFolder: string;
  logger: Logger;
  /** Further settings (`fsync: 'off'` in tests). */
  parameters?: Record<string, string>;
  /** false: a new database is not flushed to disk (tests). */
  sync?: boolean;
}

const databaseName = 'tidewheel';
const startWithinMs = 60_000;
const largestLogBytes = 20_000_000;

/** For many short transactions on a small machine; durability stays whole. No parallel queries: they need more /dev/shm than containers have. */
const parameters: Record<string, string> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '200',
  shared_buffers: '256MB',
  wal_compression: 'on',
  wal_buffers: '16MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  synchronous_commit: 'on',
  fsync: 'on',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  random_page_cost: '1.1',
  autovacuum_naptime: '15s',
  autovacuum_vacuum_scale_factor: '0.05',
  autovacuum_analyze_scale_factor: '0.02',
  idle_in_transaction_session_timeout: '10min',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_line_prefix: '%m [%p] %q%u@%d ',
};

interface Server {
  binaries: Binaries;
  place: Place;
  sockets: string;
  logFile: string;
  options: EmbeddedOptions;
}

async function openLog(file: string): Promise<number> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > largestLogBytes) await rename(file, `${file}.1`);
  const log = openSync(file, 'a', 0o600);
  fchmodSync(log, 0o600);
  return log;
}

function lastWords(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').slice(-4_000).trim().split('\n');
  return lines.findLast((line) => /FATAL|PANIC|could not/.test(line)) ?? lines.at(-1) ?? '';
}

async function spawnServer({ binaries, place, sockets, logFile, options }: Server): Promise<GuardedProcess> {
  const log = await openLog(logFile);
  const all = { ...parameters, ...options.parameters, unix_socket_directories: sockets };
  const settings = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  try {
    return spawnGuarded({ command: binaries.postgres, args: ['-D', place.data, ...settings], log, ...asUser(place.user), environment: serverEnvironment });
  } finally {
    closeSync(log);
  }
}

/** Its lock file says `ready` once it takes connections. */
async function becomesReady(server: Server, process: GuardedProcess): Promise<boolean> {
  const exited = process.exited.then(() => true);
  const end = Date.now() + startWithinMs;
  while (Date.now() < end) {
    if (await Promise.race([exited, sleep(15, false)])) return false;
    if ((await readLockFile(server.place.data))?.state === 'ready') return true;
  }
  process.end();
  await process.exited;
  return false;
}

/** Tried again for a while: after a kill -9 the dead server's children hold its shared memory for a moment. @throws Unreachable with Postgres' own last words */
async function launch(server: Server): Promise<GuardedProcess> {
  for (let attempt = 1; ; attempt++) {
    const note = await clearLeftover(server.place.data);
    if (note) server.options.logger.warn(note);
    const process = await spawnServer(server);
    if (await becomesReady(server, process)) return process;
    const words = lastWords(server.logFile);
    if (attempt < 20 && /shared memory block|lock file/.test(words)) {
      await sleep(250);
      continue;
    }
    throw new Unreachable('postgres.start_failed', `The embedded Postgres did not start: ${words.replace(/^.*?(FATAL|PANIC):\s*/, '')}`, {
      hint: `Its log is ${server.logFile}.`,
    });
  }
}

function urlOf(server: Server, password: string, database: string): string {
  const url = new URL(`postgres://${ownerName}@localhost/${database}`);
  url.password = password;
  url.searchParams.set('host', server.sockets);
  return url.toString();
}

async function ensureDatabase(server: Server, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(server, password, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [databaseName]);
    if (!rowCount) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

/** Keeps it running until stop: a Postgres that dies is started again, and the pools reconnect with their next query. */
class Keeper {
  #process: GuardedProcess;
  #stopping = false;
  readonly #server: Server;
  #kept: Promise<void>;

  constructor(server: Server, process: GuardedProcess) {
    this.#server = server;
    this.#process = process;
    this.#kept = this.#keep();
  }

  async #keep(): Promise<void> {
    for (let pause = 50; !this.#stopping; pause = Math.min(pause * 2, 10_000)) {
      const ended = await this.#process.exited;
      if (this.#stopping) return;
      const { logger } = this.#server.options;
      logger.error({ ended }, 'The embedded Postgres ended by itself; starting it again.');
      await sleep(pause);
      const started = await launch(this.#server).catch((error: unknown) => void logger.error({ err: error }, 'The embedded Postgres did not start again.'));
      if (!started) continue;
      this.#process = started;
      pause = 50;
      logger.info('The embedded Postgres runs again.');
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#process.end();
    await this.#kept;
    // A restart that was under way when stop was called.
    this.#process.end();
    await this.#process.exited;
  }
}

/**
 * Starts the database of a data folder, making it first when there is none.
 * @throws Conflict when another Tidewheel runs on the folder, another major version made it, or nobody can run it; Unreachable when Postgres fails to start
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataFolder = path.resolve(options.dataFolder);
  // Root's own folder stays passable (its files and folders are closed), so that the server's user reaches the database in it.
  await mkdir(dataFolder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  await mkdir(path.join(dataFolder, 'logs'), { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(dataFolder);
  try {
    const place = await findPlace(dataFolder);
    if (place.moved) options.logger.info(place.moved);
    const binaries = await findBinaries(place.user);
    await refuseOtherMajor(place.data, binaries.major);
    const made = await makeCluster({ binaries, place, dataFolder, sync: options.sync ?? true });
    const password = await readPassword(dataFolder);
    const server = { binaries, place, sockets: await socketFolder(place), logFile: path.join(dataFolder, 'logs', 'postgres.log'), options };
    const keeper = new Keeper(server, await launch(server));
    if (made) options.logger.info({ folder: place.home, user: place.user?.name }, 'Made a new database.');
    const stop = async (): Promise<void> => {
      await keeper.stop();
      if (!server.sockets.startsWith(place.home)) await rm(server.sockets, { recursive: true, force: true });
      await unlock();
    };
    await ensureDatabase(server, password).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { ownerUrl: urlOf(server, password, databaseName), pid: async () => (await readLockFile(place.data))?.pid ?? 0, stop };
  } catch (error) {
    await unlock();
    throw error;
  }
}

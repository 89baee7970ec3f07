// A worker's entry in the table of workers, kept alive by its heartbeat thread.
import { hostname } from 'node:os';
import { Worker as Thread } from 'node:worker_threads';
import { Unreachable } from '@tidewheel/contract/errors';
import pg from 'pg';
import { newId } from '../../base/ids.ts';
import { version } from '../../base/version.ts';
import type { FromHeartbeat, ToHeartbeat } from './heartbeat-thread.ts';
import type { EngineServices } from './services.ts';

export interface Registration {
  id: string;
  /** Connections that carry the worker's id, so that a supervisor can end them when the process is stopped inside a transaction. */
  pool: pg.Pool;
  /** Resolves once a beat not older than `freshForMs` stands: a process that was stopped finds out that it is dead before it begins anything. */
  provenAlive(): Promise<void> | undefined;
  /** Whether the last beat found that it may take work: not drained, and the installation not paused. */
  isTaking(): boolean;
  /** Beats at once, to see a change. */
  look(): void;
  /** Tells the next beat how many steps a minute it records, by tag. */
  report(rates: Record<string, number>): void;
  /** Takes the worker off the list and ends its thread. */
  end(): Promise<void>;
}

const beatEveryMs = 500;
/** Below the age of a beat at which a supervisor may declare a worker dead (supervisor.ts, goneAfter): whoever was declared dead begins nothing more. */
const freshForMs = 1_400;

export interface RegistrationOptions {
  tags: string[];
  concurrency: number;
  /** The id it had before it was declared dead: a drain outlives that. */
  formerId: string | null;
  onDead(): void;
  /** It may take work again. */
  onTaking(): void;
}

export async function register(services: EngineServices, { tags, concurrency, formerId, onDead, onTaking }: RegistrationOptions): Promise<Registration> {
  const id = newId();
  await services.pool.query(
    `insert into worker (id, host, pid, tags, version, concurrency, drain_at, drain_by)
     select $1::uuid, $2::text, $3::int, $4::text[], $5::text, $6::int, former.drain_at, former.drain_by
     from (select) as nothing left join worker former on former.id = $7::uuid`,
    [id, hostname(), process.pid, tags, version, concurrency, formerId],
  );
  const pool = new pg.Pool({
    connectionString: services.engineUrl,
    application_name: `tidewheel-worker-${id}`,
    max: 4,
    connectionTimeoutMillis: 10_000,
    pipeline: true,
  });
  // Also while checked out a client may lose its connection; the query that meets it reports it.
  pool.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
  const thread = new Thread(new URL('./heartbeat-thread.ts', import.meta.url), { workerData: { url: services.engineUrl, worker: id, everyMs: beatEveryMs } });
  let { sent: lastBeat, taking } = await firstBeat(thread).catch(async (error: unknown) => {
    await Promise.allSettled([thread.terminate(), pool.end()]);
    throw error;
  });
  const waiting: (() => void)[] = [];
  thread.on('message', (message: FromHeartbeat) => {
    if (message === 'dead') return onDead();
    const before = taking;
    ({ sent: lastBeat, taking } = message);
    for (const go of waiting.splice(0)) go();
    if (taking && !before) onTaking();
  });
  const tell = (message: ToHeartbeat) => thread.postMessage(message);
  const provenAlive = () => {
    if (process.hrtime.bigint() - lastBeat < BigInt(freshForMs) * 1_000_000n) return undefined;
    return new Promise<void>((resolve) => waiting.push(resolve));
  };
  thread.on('error', (error) => services.log.error({ err: error }, 'the heartbeat thread failed'));
  const end = async () => {
    thread.removeAllListeners('message');
    for (const go of waiting.splice(0)) go();
    tell({ type: 'stop' });
    await new Promise<void>((resolve) => thread.once('exit', () => resolve()));
    await pool.end().catch(() => {});
    await services.pool.query('update worker set dead_at = now() where id = $1 and dead_at is null', [id]).catch(() => {});
  };
  return { id, pool, provenAlive, isTaking: () => taking, look: () => tell({ type: 'look' }), report: (rates) => tell({ type: 'rates', rates }), end };
}

function firstBeat(thread: Thread): Promise<Exclude<FromHeartbeat, 'dead'>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Unreachable('worker.heartbeat', 'The heartbeat of this worker could not reach the database within 15 s.')),
      15_000,
    );
    thread.once('message', (message: FromHeartbeat) => {
      clearTimeout(timer);
      // Buried before its first beat (a busy host): it takes nothing, and the next beat, which says so again, lets it come back under a new id.
      resolve(message === 'dead' ? { sent: 0n, taking: false } : message);
    });
    thread.once('error', reject);
  });
}

// Proves that its worker lives: holds a session advisory lock on its id on a connection of its own, and beats. A thread, so that a busy event loop is not taken for death.
import { parentPort, workerData } from 'node:worker_threads';
import pg from 'pg';

const { url, worker, everyMs } = workerData as { url: string; worker: string; everyMs: number };
let client: pg.Client | null = null;
let stopping = false;

async function connect(): Promise<pg.Client> {
  const next = new pg.Client({ connectionString: url, application_name: `tidewheel-worker-${worker}`, connectionTimeoutMillis: 3_000 });
  next.on('error', () => {
    client = null;
  });
  try {
    await next.connect();
    await next.query('select pg_advisory_lock(hashtextextended($1, 0))', [worker]);
    return next;
  } catch (error) {
    void next.end().catch(() => {});
    throw error;
  }
}

async function beat(): Promise<void> {
  try {
    client ??= await connect();
    const sent = process.hrtime.bigint();
    const { rowCount } = await client.query('update worker set beat_at = now() where id = $1 and dead_at is null', [worker]);
    parentPort?.postMessage(rowCount === 1 ? sent : 'dead');
  } catch {
    client?.end().catch(() => {});
    client = null;
  }
  if (!stopping) setTimeout(() => void beat(), everyMs);
}

parentPort?.on('message', () => {
  stopping = true;
  void (client ? client.end() : Promise.resolve()).finally(() => process.exit(0));
});
void beat();

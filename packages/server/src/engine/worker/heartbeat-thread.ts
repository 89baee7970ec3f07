// Proves that its worker lives: holds a session advisory lock on its id on a connection of its own, and beats. A thread, so that a busy event loop is not taken for death.
// What it writes brings back whether its worker may take work: the switch and the drain cost no query of their own.
import { parentPort, workerData } from 'node:worker_threads';
import pg from 'pg';

/** What the worker says to its heartbeat. */
export type ToHeartbeat = { type: 'stop' } | { type: 'look' } | { type: 'rates'; rates: Record<string, number> };
/** What it hears: when the beat was sent (hrtime), and whether it may take work. */
export type FromHeartbeat = { sent: bigint; taking: boolean } | 'dead';

const { url, worker, everyMs } = workerData as { url: string; worker: string; everyMs: number };
let client: pg.Client | null = null;
let stopping = false;
let beating = false;
let lookAgain = false;
let timer: NodeJS.Timeout | undefined;
let rates: string | null = null;
let ratesWritten = '{}';

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

async function write(): Promise<FromHeartbeat> {
  client ??= await connect();
  const sent = process.hrtime.bigint();
  const { rows } = await client.query<{ taking: boolean }>({
    name: 'beat',
    text: `update worker set beat_at = now(), rates = coalesce($2::jsonb, rates) where id = $1 and dead_at is null
      returning drain_at is null and not exists (select from engine_control where paused_at is not null) as taking`,
    values: [worker, rates],
  });
  ratesWritten = rates ?? ratesWritten;
  rates = null;
  return rows[0] ? { sent, taking: rows[0].taking } : 'dead';
}

async function beat(): Promise<void> {
  if (beating) {
    // What the beat under way brings back may be from before the change.
    lookAgain = true;
    return;
  }
  beating = true;
  clearTimeout(timer);
  try {
    parentPort?.postMessage(await write());
  } catch {
    client?.end().catch(() => {});
    client = null;
    lookAgain = false;
  }
  beating = false;
  if (stopping) return;
  timer = setTimeout(() => void beat(), lookAgain ? 0 : everyMs);
  lookAgain = false;
}

parentPort?.on('message', (message: ToHeartbeat) => {
  if (message.type === 'look') return void beat();
  if (message.type === 'rates') {
    const text = JSON.stringify(message.rates);
    if (text !== ratesWritten) rates = text;
    return;
  }
  stopping = true;
  void (client ? client.end() : Promise.resolve()).finally(() => process.exit(0));
});
void beat();

// The one LISTEN connection of this process. What is missed while it is down is told as a gap, so that nobody waits for ever.
import pg from 'pg';
import type { Logger } from '../../base/logger.ts';

export interface ListenOptions {
  /** Connection string of the engine role. */
  url: string;
  log: Logger;
  /** What is done with the payload of a notification, by channel. */
  channels: Readonly<Record<string, (payload: string) => void>>;
  /** Connected again after a gap: whatever happened meanwhile was not told. */
  onReconnected(): void;
}

export interface Listening {
  close(): Promise<void>;
}

const firstRetryMs = 100;
const longestRetryMs = 5_000;
/** A connection that ended without a word (a cut cable) is found out by a query now and then. */
const probeEveryMs = 10_000;

/** Resolves once the first connection listens. @throws what that first connection throws */
export async function listenTo(options: ListenOptions): Promise<Listening> {
  let closed = false;
  let client = await connect(options, lost);
  let retrying: Promise<void> | undefined;

  function lost(): void {
    if (closed || retrying !== undefined) return;
    retrying = reconnect().finally(() => {
      retrying = undefined;
    });
  }
  async function reconnect(): Promise<void> {
    for (let wait = firstRetryMs; !closed; wait = Math.min(longestRetryMs, wait * 2)) {
      try {
        client = await connect(options, lost);
        options.onReconnected();
        return;
      } catch (error) {
        options.log.warn({ err: error, waitMs: wait }, 'the event connection to Postgres is down, trying again');
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }
  return {
    async close() {
      closed = true;
      await retrying;
      await client.end().catch(() => {});
    },
  };
}

async function connect({ url, channels }: ListenOptions, lost: () => void): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'tidewheel events', keepAlive: true, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  await client.connect();
  client.on('notification', ({ channel, payload }) => channels[channel]?.(payload ?? ''));
  for (const channel of Object.keys(channels)) await client.query(`listen ${channel}`);
  const probe = setInterval(() => probeConnection(client), probeEveryMs);
  client.once('end', () => {
    clearInterval(probe);
    lost();
  });
  return client;
}

/** No answer within the time: the socket is torn down, which ends the client and so makes it reconnect. */
function probeConnection(client: pg.Client): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  const timer = setTimeout(() => connection.stream.destroy(), probeEveryMs / 2);
  client
    .query('select 1')
    .catch(() => {})
    .finally(() => clearTimeout(timer));
}

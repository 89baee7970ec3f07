// Listens for news on a connection of its own and comes back after it was lost. Missed news only cost the time to the next poll.
import pg from 'pg';
import type { Logger } from '../../base/logger.ts';

export interface WakeupOptions {
  connectionString: string;
  log: Logger;
  onJobs(tags: string): void;
  onCancel(run: string, forced: boolean): void;
  /** Whether work may be taken has changed, for one worker or for all. */
  onControl(worker: string): void;
}

export class Wakeups {
  readonly #options: WakeupOptions;
  #client: pg.Client | null = null;
  #closed = false;

  private constructor(options: WakeupOptions) {
    this.#options = options;
  }

  static async listen(options: WakeupOptions): Promise<Wakeups> {
    const wakeups = new Wakeups(options);
    await wakeups.#connect();
    return wakeups;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client?.end().catch(() => {});
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#options.connectionString, application_name: 'tidewheel-wakeups', keepAlive: true });
    client.on('error', () => {});
    client.on('notification', ({ channel, payload }) => {
      if (channel === 'tidewheel_jobs') this.#options.onJobs(payload ?? 'all');
      if (channel === 'tidewheel_engine') this.#options.onControl(payload || 'all');
      if (channel === 'tidewheel_cancel') this.#options.onCancel(...cancelled(payload));
    });
    try {
      await client.connect();
      await client.query('listen tidewheel_jobs; listen tidewheel_cancel; listen tidewheel_engine');
    } catch (error) {
      // Not awaited: the end of a client that never got through may not come.
      void client.end().catch(() => {});
      throw error;
    }
    // Only now: a client that never got through must not start a second round of reconnecting.
    client.on('end', () => !this.#closed && void this.#reconnect());
    this.#client = client;
    if (this.#closed) await client.end();
  }

  async #reconnect(): Promise<void> {
    for (let wait = 100; !this.#closed; wait = Math.min(wait * 2, 3_000)) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        await this.#connect();
        return this.#options.onJobs('all');
      } catch (error) {
        this.#options.log.debug({ err: error }, 'could not listen yet');
      }
    }
  }
}

/** `<run>`, or `<run> forced` when it is not to be cleaned up after. */
function cancelled(payload = ''): [run: string, forced: boolean] {
  const [run = '', forced] = payload.split(' ');
  return [run, forced === 'forced'];
}

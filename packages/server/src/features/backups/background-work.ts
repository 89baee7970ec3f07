// Work that goes on after the answer of a request: ended in order when the server stops.
import type { Logger } from '../../base/logger.ts';

export class BackgroundWork {
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #log: Logger;
  constructor(log: Logger) {
    this.#log = log;
  }

  /** What it throws is logged: whoever asked for it has gone. */
  start(work: (signal: AbortSignal) => Promise<void>): void {
    const running = work(this.#stopping.signal)
      .catch((error: unknown) => this.#log.warn({ err: error }, 'work after a request failed'))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** All that was begun has ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.settled();
  }
}

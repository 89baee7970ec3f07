// A fixed number of warm processes, one job in each at a time; waiters are served in order.
import { Unreachable } from '@tidewheel/contract/errors';
import type { ProcessSettings } from './protocol.ts';
import { WorkerProcess } from './worker-process.ts';

export class ProcessPool {
  readonly #size: number;
  readonly #settings: ProcessSettings;
  readonly #all = new Set<WorkerProcess>();
  readonly #idle: WorkerProcess[] = [];
  readonly #waiting: { resolve(worker: WorkerProcess): void; reject(error: unknown): void }[] = [];
  #closed = false;
  #deaths = 0;

  constructor(size: number, settings: ProcessSettings) {
    this.#size = size;
    this.#settings = settings;
    this.#fill();
  }

  get processIds(): number[] {
    return [...this.#all].flatMap((worker) => worker.pid ?? []);
  }

  /** A ready process of one's own until `release`. Rejects with the signal's reason. */
  async acquire(signal?: AbortSignal): Promise<WorkerProcess> {
    signal?.throwIfAborted();
    if (this.#closed) throw new Unreachable('table.engine_closed', 'The table engine is shutting down.');
    const idle = this.#idle.shift();
    if (idle) return idle;
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      const onAbort = () => {
        const at = this.#waiting.indexOf(waiter);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      waiter.resolve = (worker) => {
        signal?.removeEventListener('abort', onAbort);
        resolve(worker);
      };
      this.#waiting.push(waiter);
    });
  }

  /** `spoiled`: throw it away, a fresh one takes its place. */
  release(worker: WorkerProcess, { spoiled }: { spoiled: boolean }): void {
    if (spoiled || worker.ended || this.#closed) worker.kill();
    else this.#offer(worker);
  }

  close(): void {
    this.#closed = true;
    for (const worker of this.#all) worker.kill();
    const error = new Unreachable('table.engine_closed', 'The table engine is shutting down.');
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
  }

  #fill(): void {
    while (!this.#closed && this.#all.size < this.#size) {
      const worker = new WorkerProcess(this.#settings, () => this.#forget(worker));
      this.#all.add(worker);
      worker.ready.then(
        () => {
          this.#deaths = 0;
          this.#offer(worker);
        },
        () => {},
      );
    }
  }

  #offer(worker: WorkerProcess): void {
    if (worker.ended) return;
    const waiter = this.#waiting.shift();
    if (waiter) waiter.resolve(worker);
    else this.#idle.push(worker);
  }

  // A process that cannot even start must not be forked in a busy loop.
  #forget(worker: WorkerProcess): void {
    this.#all.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#deaths++;
    if (this.#deaths <= this.#size * 3) return this.#fill();
    const error = new Unreachable('table.process_start', 'The table processes do not start.', { hint: 'See the log of the server; is there enough memory?' });
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
    setTimeout(() => this.#fill(), 1_000).unref();
  }
}

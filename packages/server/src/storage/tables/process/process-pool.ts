// A fixed number of warm processes, one job in each at a time; waiters are served in order.
import { Unreachable } from '@tidewheel/contract/errors';
import type { ProcessSettings } from './protocol.ts';
import { WorkerProcess } from './worker-process.ts';

interface Waiter {
  resolve(worker: WorkerProcess): void;
  reject(error: unknown): void;
}

export class ProcessPool {
  readonly #size: number;
  readonly #settings: ProcessSettings;
  readonly #all = new Set<WorkerProcess>();
  readonly #idle: WorkerProcess[] = [];
  readonly #busy = new Set<WorkerProcess>();
  /** Busy with its last job; its successor has been started. */
  readonly #doomed = new Set<WorkerProcess>();
  readonly #waiting: Waiter[] = [];
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

  /**
   * A ready process of one's own until `release`. Rejects with the signal's reason. `once`: it will be thrown away, so
   * its successor starts at once and is warm when the job ends; it is counted until then, so that no more jobs run than processes were asked for.
   */
  async acquire(signal?: AbortSignal, { once = false }: { once?: boolean } = {}): Promise<WorkerProcess> {
    const worker = await this.#next(signal);
    if (once && !this.#closed) {
      this.#doomed.add(worker);
      this.#start();
    }
    return worker;
  }

  async #next(signal: AbortSignal | undefined): Promise<WorkerProcess> {
    signal?.throwIfAborted();
    if (this.#closed) throw new Unreachable('table.engine_closed', 'The table engine is shutting down.');
    const idle = this.#canStart() ? this.#idle.shift() : undefined;
    if (idle) return this.#taken(idle);
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        resolve: (worker) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(this.#taken(worker));
        },
        reject: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiter);
    });
  }

  /** `spoiled`: throw it away, a fresh one takes its place. */
  release(worker: WorkerProcess, { spoiled }: { spoiled: boolean }): void {
    this.#busy.delete(worker);
    if (spoiled || worker.ended || this.#closed || this.#doomed.has(worker)) {
      worker.kill();
      this.#forget(worker);
    } else this.#idle.push(worker);
    this.#serve();
  }

  #canStart(): boolean {
    return this.#busy.size < this.#size;
  }
  #taken(worker: WorkerProcess): WorkerProcess {
    this.#busy.add(worker);
    return worker;
  }

  close(): void {
    this.#closed = true;
    for (const worker of this.#all) worker.kill();
    const error = new Unreachable('table.engine_closed', 'The table engine is shutting down.');
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
  }

  #fill(): void {
    while (!this.#closed && this.#all.size - this.#doomed.size < this.#size) this.#start();
  }

  #start(): void {
    const worker = new WorkerProcess(this.#settings, () => this.#died(worker));
    this.#all.add(worker);
    worker.ready.then(
      () => {
        this.#deaths = 0;
        if (worker.ended) return;
        this.#idle.push(worker);
        this.#serve();
      },
      () => {},
    );
  }

  #serve(): void {
    while (this.#waiting.length > 0 && this.#idle.length > 0 && this.#canStart()) this.#waiting.shift()?.resolve(this.#idle.shift() as WorkerProcess);
  }

  #forget(worker: WorkerProcess): void {
    this.#all.delete(worker);
    this.#doomed.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#fill();
  }

  // A process that cannot even start must not be forked in a busy loop.
  #died(worker: WorkerProcess): void {
    if (!this.#all.has(worker) || this.#closed) return;
    if (++this.#deaths <= this.#size * 3) {
      this.#forget(worker);
      return;
    }
    const error = new Unreachable('table.process_start', 'The table processes do not start.', { hint: 'See the log of the server; is there enough memory?' });
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
    setTimeout(() => this.#forget(worker), 1_000).unref();
  }
}

// Gathers items and commits them, one transaction at a time: while one commits, the next batch fills (group commit without a clock).
import { Bug } from '@tidewheel/contract/errors';
import type pg from 'pg';
import type { Logger } from '../../base/logger.ts';
import { type Item, itemsByRun, setApart } from './batch.ts';
import { flushSeq } from './commit.store.ts';
import { type Committed, writeBatch } from './commit.ts';
import { isConnectionFault } from './connection-fault.ts';
import { DeclaredDead } from './declared-dead.ts';
import type { JobQueue } from './job-queue.ts';

export interface FlusherOptions {
  pool: pg.Pool;
  queue: JobQueue;
  worker: string;
  /** Whether leases end with the unit they are at, instead of going on: what follows is somebody else's to take. */
  isYielding(): boolean;
  log: Logger;
  /** This worker was declared dead: everything it holds is somebody else's now. */
  onDead(): void;
  onCancelling(runs: Map<string, { forced: boolean }>): void;
  /** Keys of limits that may have a free slot now. */
  onFreed(keys: Committed['freed']): void;
  onCommit(): void;
}

const mostItems = 5_000;

export class Flusher {
  readonly #options: FlusherOptions;
  #items: Item[] = [];
  #seq = 0;
  #running: Promise<void> | null = null;
  #dead = false;

  constructor(options: FlusherOptions) {
    this.#options = options;
  }

  add(item: Item): void {
    if (this.#dead) return;
    this.#items.push(item);
    this.#running ??= this.#loop();
  }

  /** Resolves when everything added so far is committed (or this worker is dead). */
  async drained(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  /** Drops what is not committed: it belongs to a worker that is no more. */
  kill(): void {
    this.#dead = true;
    this.#items = [];
  }

  async #loop(): Promise<void> {
    // One turn of the event loop, so that results that arrive together are committed together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#items.length > 0 && !this.#dead) {
      const { now, later } = setApart(this.#items.splice(0, mostItems));
      this.#items = [...later, ...this.#items];
      await this.#commit(now);
    }
    this.#running = null;
  }

  async #commit(batch: Item[]): Promise<void> {
    for (let wait = 50; !this.#dead; wait = Math.min(wait * 2, 2_000)) {
      try {
        return this.#saved(batch, await this.#transaction(batch));
      } catch (error) {
        if (error instanceof DeclaredDead) return this.#declaredDead();
        if (!isConnectionFault(error)) return this.#bisect(batch, error);
        this.#options.log.warn({ err: error, items: batch.length }, 'commit lost its connection; trying again');
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  async #transaction(batch: Item[]): Promise<Committed> {
    const { pool, worker, queue, isYielding } = this.#options;
    const client = await pool.connect();
    let broken: Error | boolean = false;
    try {
      const seq = ++this.#seq;
      return await writeBatch(client, { items: batch, worker, seq, queue, isYielding: isYielding(), commit: () => this.#end(client, seq) });
    } catch (error) {
      broken = isConnectionFault(error);
      if (!broken) await client.query('rollback').catch(() => {});
      throw error;
    } finally {
      client.release(broken);
    }
  }

  // A connection lost inside COMMIT leaves open whether it got through: the fence's number in the worker's row tells.
  async #end(client: pg.ClientBase, seq: number): Promise<void> {
    try {
      const { command } = await client.query('commit');
      // Postgres answers so, and with no error, when a statement before it failed.
      if (command !== 'COMMIT') throw new Bug('commit.refused', `Postgres answered the commit with ${command}`);
    } catch (error) {
      if (!isConnectionFault(error) || !(await this.#gotThrough(seq))) throw error;
    }
  }

  async #gotThrough(seq: number): Promise<boolean> {
    for (let wait = 100; ; wait = Math.min(wait * 2, 2_000)) {
      try {
        const found = await flushSeq(this.#options.pool, this.#options.worker);
        if (!found || found.dead) throw new DeclaredDead();
        return found.seq >= seq;
      } catch (error) {
        if (!isConnectionFault(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  #saved(batch: Item[], committed: Committed): void {
    for (const item of batch) {
      if (item.kind === 'ended') item.saved(committed.next.get(item) ?? null);
      if (item.kind === 'once' || item.kind === 'delivery') item.saved();
      if (item.kind === 'log') item.settled();
    }
    if (committed.cancelling.size > 0) this.#options.onCancelling(committed.cancelling);
    if (committed.freed.length > 0) this.#options.onFreed(committed.freed);
    this.#options.onCommit();
  }

  #declaredDead(): void {
    this.kill();
    this.#options.onDead();
  }

  // One result that Postgres refuses must hurt its own run only: halve by run until it stands alone.
  async #bisect(batch: Item[], error: unknown): Promise<void> {
    const runs = [...itemsByRun(batch).values()];
    if (runs.length > 1) {
      const middle = Math.ceil(runs.length / 2);
      await this.#commit(runs.slice(0, middle).flat());
      await this.#commit(runs.slice(middle).flat());
      return;
    }
    this.#options.log.error({ err: error, run: batch[0]?.live.id }, 'a result could not be stored');
    for (const item of batch) {
      if (item.kind === 'log') item.settled();
      else if (item.kind !== 'started' && item.kind !== 'event') item.lost(error);
    }
  }
}

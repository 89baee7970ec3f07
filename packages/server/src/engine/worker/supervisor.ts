// Finds dead workers and gives their leases to others (DESIGN 4: detection without a lock, then the lock, then the verdict).
import type pg from 'pg';
import type { Logger } from '../../base/logger.ts';
import { inTransaction } from './claim.store.ts';
import { type JobQueue, type LostLease, lostLease } from './job-queue.ts';

export interface SupervisorOptions {
  pool: pg.Pool;
  queue: JobQueue;
  log: Logger;
  /** How often it looks. */
  everyMs?: number;
  /** Called each round: deadlines, cancellations nobody holds. */
  alsoEachRound?: () => Promise<void>;
}

/** A beat this old with the lock free means the process is gone; the age spares a worker that is just reconnecting. */
const goneAfter = '1500 milliseconds';
/** A beat this old means a worker that hangs, though its connections stand. */
const silentAfter = '5 seconds';

interface Suspect {
  id: string;
  silent: boolean;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> = Promise.resolve();
  #healthySince = performance.now();
  #stopped = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  start(): void {
    const tick = () => {
      this.#round = this.#look().finally(() => {
        if (!this.#stopped) this.#timer = setTimeout(tick, this.#options.everyMs ?? 500);
      });
    };
    tick();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#round;
  }

  async #look(): Promise<void> {
    try {
      const suspects = await this.#suspects();
      // After an outage of the database everybody's beat is old: give all of them time to reconnect first.
      if (performance.now() - this.#healthySince < 3_000) return;
      for (const suspect of suspects) await this.#bury(suspect);
      await this.#returnLeftovers();
      await this.#options.alsoEachRound?.();
    } catch (error) {
      this.#healthySince = performance.now();
      if (!this.#stopped) this.#options.log.warn({ err: error }, 'the supervisor could not look');
    }
  }

  async #suspects(): Promise<Suspect[]> {
    const { rows } = await this.#options.pool.query<Suspect>(
      `select id, beat_at < now() - $2::interval as silent from worker
       where dead_at is null and (beat_at < now() - $2::interval or (beat_at < now() - $1::interval and pg_try_advisory_xact_lock(hashtextextended(id::text, 0))))`,
      [goneAfter, silentAfter],
    );
    return rows;
  }

  async #bury({ id, silent }: Suspect): Promise<void> {
    const { pool, log } = this.#options;
    // A stopped process may sit inside a transaction that holds locks on what we need: its backends go first.
    await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1`, [`tidewheel-worker-${id}`]);
    await inTransaction(pool, async (client) => {
      const locked = await client.query(`select 1 from worker where id = $1 and dead_at is null and beat_at < now() - $2::interval for update skip locked`, [
        id,
        goneAfter,
      ]);
      if (locked.rowCount !== 1) return;
      await client.query('update worker set dead_at = now() where id = $1', [id]);
      const leases = await this.#giveBack(client, id);
      log.warn({ worker: id, silent, leases }, 'a worker died; its leases go to others');
    });
  }

  async #giveBack(client: pg.ClientBase, worker: string): Promise<number> {
    const { rows } = await client.query<LostLease>(`delete from lease where worker_id = $1 returning ${lostLease}`, [worker]);
    await this.#options.queue.giveBack(client, rows);
    return rows.length;
  }

  /** A claim that committed between detection and burial leaves a lease with a dead worker: look again each round. */
  async #returnLeftovers(): Promise<void> {
    const { pool } = this.#options;
    const { rows } = await pool.query<{ id: string }>(
      'select distinct l.worker_id as id from lease l join worker w on w.id = l.worker_id where w.dead_at is not null limit 100',
    );
    for (const { id } of rows) await inTransaction(pool, (client) => this.#giveBack(client, id));
  }
}

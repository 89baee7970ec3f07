// The clock of the scheduler role: sleeps until something is due, by the clock of the database, and fires it. Any number of processes may.
import { hostname } from 'node:os';
import { newId } from '../../../base/ids.ts';
import { everyHour } from '../../../base/in-rounds.ts';
import type { Logger } from '../../../base/logger.ts';
import { type Listening, listenTo } from '../../../platform/events/listening.store.ts';
import type { Databases } from '../../../storage/database.ts';
import type { TargetPort } from '../../ports.ts';
import type { RunStarter } from '../../runs/run-starter.ts';
import { inTransaction } from '../../worker/claim.store.ts';
import { isConnectionFault } from '../../worker/connection-fault.ts';
import type { JobQueue } from '../../worker/job-queue.ts';
import { type Fired, type FireServices, failDue, fireDue, renewOutdated } from './fire.ts';
import { beat, endProcess, findDue, msToNext, removeOldFirings } from './firing.store.ts';
import { TimingShelf } from './timing-shelf.ts';

export interface SchedulerOptions {
  databases: Databases;
  queue: JobQueue;
  starter: RunStarter;
  targets: TargetPort;
  log: Logger;
}

const mostTogether = 500;
/** Where very many are due at once: one transaction is written by the database while the next one is made ready here. */
const lanes = 2;
/** However far off the next moment is, it looks so often: what tells of changes may be down. */
const longestSleepMs = 5_000;
const beatEveryMs = 10_000;
const retryMs = 1_000;
const historyDays = 400;

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #services: FireServices;
  readonly #pool: Databases['enginePool'];
  readonly #process = { id: newId(), host: hostname(), pid: process.pid };
  #listening: Listening | null = null;
  #working: Promise<void> = Promise.resolve();
  #endOld: () => Promise<void> = async () => {};
  #wake: () => void = () => {};
  /** Something changed since the last look. */
  #isCalled = false;
  #isStopped = false;
  #beatAt = 0;
  #fired = 0;

  constructor(options: SchedulerOptions) {
    const { databases, queue, starter, targets } = options;
    this.#options = options;
    this.#pool = databases.enginePool;
    this.#services = { engine: databases.engine, queue, starter, targets, shelf: new TimingShelf() };
  }

  async start(): Promise<void> {
    const { databases, log } = this.#options;
    const call = () => this.#call();
    this.#listening = await listenTo({ url: databases.engineUrl, log, channels: { tidewheel_schedule: call }, onReconnected: call });
    const failed = (error: unknown) => log.warn({ err: error }, 'old firings could not be removed');
    this.#endOld = everyHour({ work: () => removeOldFirings(this.#pool, historyDays), failed });
    this.#working = this.#work();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#call();
    await this.#working;
    await this.#endOld();
    await this.#listening?.close();
    await endProcess(this.#pool, this.#process.id).catch(() => undefined);
  }

  async #work(): Promise<void> {
    while (!this.#isStopped) {
      this.#isCalled = false;
      const sleepMs = await this.#look().catch((error: unknown) => {
        if (!this.#isStopped) this.#options.log.warn({ err: error }, 'schedules could not be looked after; trying again');
        return retryMs;
      });
      if (!this.#isCalled && !this.#isStopped) await this.#sleep(sleepMs);
    }
  }

  /** @returns how long nothing is to be done */
  async #look(): Promise<number> {
    if ((await this.#fire()) === mostTogether) await Promise.all(Array.from({ length: lanes }, () => this.#fireOn()));
    if (performance.now() - this.#beatAt > beatEveryMs) await this.#beat();
    const next = await msToNext(this.#pool);
    // A moment that another process holds just now is over soon.
    return next === null ? longestSleepMs : Math.min(longestSleepMs, Math.max(next + 1, 10));
  }

  /** Until nothing is due that nobody holds. */
  async #fireOn(): Promise<void> {
    while (!this.#isStopped && (await this.#fire()) === mostTogether);
  }

  /** @returns how many were due, up to `mostTogether` */
  async #fire(): Promise<number> {
    const fired = await this.#together({ most: mostTogether }).catch((error: unknown) => {
      if (isConnectionFault(error)) throw error;
      this.#options.log.warn({ err: error }, 'schedules could not be fired together; one by one');
      return this.#oneByOne();
    });
    return fired.claimed;
  }

  async #together(which: { most: number; only?: string }): Promise<Fired> {
    const { starter, log } = this.#options;
    const fired = await inTransaction(this.#pool, (client) => fireDue(this.#services, client, which));
    this.#fired += fired.started;
    for (const { actor, run } of fired.cancelling)
      await starter.cancelBefore(actor, run).catch((error: unknown) => log.warn({ err: error, run: run.id }, 'the runs before it could not be cancelled'));
    return fired;
  }

  /** What fails of one schedule must not keep the others from firing. */
  async #oneByOne(): Promise<{ claimed: number }> {
    const due = await findDue(this.#pool, mostTogether);
    for (const schedule of due) {
      await this.#together({ most: 1, only: schedule }).catch(async (error: unknown) => {
        if (isConnectionFault(error)) throw error;
        this.#options.log.error({ err: error, schedule }, 'a schedule could not be fired');
        await inTransaction(this.#pool, (client) => failDue(this.#services, client, { schedule, error }));
      });
    }
    return { claimed: due.length };
  }

  async #beat(): Promise<void> {
    this.#beatAt = performance.now();
    const fired = this.#fired;
    await beat(this.#pool, this.#process, fired);
    this.#fired -= fired;
    while ((await inTransaction(this.#pool, (client) => renewOutdated(this.#services, client, mostTogether))) === mostTogether && !this.#isStopped);
  }

  #call(): void {
    this.#isCalled = true;
    this.#wake();
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

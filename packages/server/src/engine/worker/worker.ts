// The worker: claims leases, runs units, commits their results, and goes on with what became ready under the same lease.
import { toStoredError } from '@tidewheel/contract/errors';
import { abandonRun } from './abandon.ts';
import { liveRunOf, stopIfAsked } from './adoption.ts';
import * as claims from './claim.store.ts';
import { isConnectionFault } from './connection-fault.ts';
import { isLine } from './decide.ts';
import { DeclaredDead } from './declared-dead.ts';
import { Flusher } from './flusher.ts';
import type { ClaimedJob } from './job-queue.ts';
import { releaseKeys } from './limits.ts';
import { type Lease, type LiveRun, RunCancelled } from './live-run.ts';
import { PlanShelf } from './plan-shelf.ts';
import { type Registration, register } from './registration.ts';
import type { EngineServices } from './services.ts';
import { Throughput } from './throughput.ts';
import { type Holder, takeTurn } from './turn.ts';
import { Wakeups } from './wakeups.ts';

export interface WorkerOptions {
  services: EngineServices;
  tags: string[];
  /** The most leases held at once. */
  concurrency: number;
}

const pollMs = 500;
const mostPerClaim = 200;

export class Worker {
  readonly #options: WorkerOptions;
  readonly #runs = new Map<string, LiveRun>();
  readonly #leases = new Map<string, Lease>();
  readonly #plans: PlanShelf;
  readonly #throughput = new Throughput();
  readonly #holder: Holder;
  #registration: Registration | null = null;
  #flusher: Flusher | null = null;
  #wakeups: Wakeups | null = null;
  #stopping = false;
  #loop: Promise<void> = Promise.resolve();
  #wake: () => void = () => {};
  #hasWork = true;
  /** Whether a claim of unknown outcome stands. */
  #unsure = false;
  #eachSecond: NodeJS.Timeout | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#plans = new PlanShelf(options.services);
    this.#holder = {
      services: options.services,
      registration: () => this.#registration,
      add: (item) => this.#flusher?.add(item),
      isMine: (lease) => this.#leases.get(lease.job.id) === lease,
      died: (worker) => this.#dieAndReturn(worker),
      recorded: (tag, steps) => this.#throughput.add(tag, steps),
    };
  }

  get id(): string | null {
    return this.#registration?.id ?? null;
  }
  get held(): number {
    return this.#leases.size;
  }

  async start(): Promise<void> {
    const { services, tags } = this.#options;
    await services.queue.ensure(tags);
    this.#wakeups = await Wakeups.listen({
      connectionString: services.engineUrl,
      log: services.log,
      onJobs: (some) => (some === 'all' || some.split(',').some((tag) => tags.includes(tag))) && this.#nudge(),
      onCancel: (run, forced) => this.#cancel(run, forced),
      onControl: (worker) => (worker === 'all' || worker === this.id) && this.#registration?.look(),
    });
    await this.#beBorn();
    this.#loop = this.#work();
    // The news of a cancellation may be missed while the listening connection is down.
    this.#eachSecond = setInterval(() => {
      void this.#lookForCancellations();
      this.#registration?.report(this.#throughput.perMinute());
    }, 1_000);
  }

  /** Takes no further work, lets the units that run finish within `graceMs`, then gives the rest back. */
  async stop({ graceMs = 10_000 } = {}): Promise<void> {
    this.#stopping = true;
    this.#nudge();
    await this.#loop;
    const until = Date.now() + graceMs;
    while (this.#leases.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    await this.#flusher?.drained();
    const registration = this.#registration;
    this.#forgetAll('the worker stops');
    if (registration) {
      await claims.returnUnknown(registration.pool, { worker: registration.id, queue: this.#options.services.queue, known: new Set() }).catch(() => {});
      await registration.end();
    }
    clearInterval(this.#eachSecond);
    await this.#wakeups?.close();
  }

  async #beBorn(formerId: string | null = null): Promise<void> {
    const { services, tags, concurrency } = this.#options;
    const onDead = () => void this.#dieAndReturn(registration.id);
    const registration = await register(services, { tags, concurrency, formerId, onDead, onTaking: () => this.#nudge() });
    this.#registration = registration;
    this.#flusher = new Flusher({
      pool: registration.pool,
      queue: services.queue,
      worker: registration.id,
      isYielding: () => this.#stopping || !registration.isTaking(),
      log: services.log,
      onDead,
      onCancelling: (runs) => {
        for (const [run, { forced }] of runs) this.#cancel(run, forced);
      },
      // Should it be lost, the supervisor looks for what was forgotten.
      onFreed: (keys) => void releaseKeys(services, keys).catch((error) => services.log.warn({ err: error }, 'slots are free, but could not be passed on yet')),
      onCommit: () => this.#hasWork && this.#nudge(),
    });
  }

  /** Declared dead (a long stop, a lost connection): what it held is somebody else's. It forgets it all and comes back under a new id. */
  async #dieAndReturn(id: string): Promise<void> {
    if (this.#registration?.id !== id || this.#stopping) return;
    this.#options.services.log.warn({ worker: id }, 'this worker was declared dead; it drops what it held and starts anew');
    const old = this.#registration;
    this.#forgetAll('declared dead');
    await old.end().catch(() => {});
    for (let wait = 200; !this.#stopping; wait = Math.min(wait * 2, 5_000)) {
      try {
        await this.#beBorn(id);
        return this.#nudge();
      } catch (error) {
        this.#options.services.log.warn({ err: error }, 'could not register again; trying later');
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  /** Leases first, so that steps which end by the abort are not recorded as cancelled. */
  #forgetAll(why: string): void {
    this.#registration = null;
    this.#flusher?.kill();
    this.#leases.clear();
    for (const live of this.#runs.values()) for (const stop of [live.cancel, live.force]) stop.abort(new DeclaredDead(why));
    this.#runs.clear();
  }

  #nudge(): void {
    this.#hasWork = true;
    this.#wake();
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      const worker = this.#registration?.id;
      const free = this.#options.concurrency - this.#leases.size;
      if (worker && this.#hasWork && this.#mayTake()) {
        this.#hasWork = false;
        const got = await this.#claimAll(worker, free);
        if (got >= Math.min(free, mostPerClaim)) this.#hasWork = true;
        if (got > 0) continue;
      }
      await this.#sleep();
    }
  }

  #mayTake(): boolean {
    return this.#leases.size < this.#options.concurrency && this.#registration?.isTaking() === true;
  }

  async #sleep(): Promise<void> {
    if (this.#hasWork && this.#mayTake()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#hasWork = true;
        resolve();
      }, pollMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #claimAll(worker: string, free: number): Promise<number> {
    let got = 0;
    for (const tag of this.#options.tags) {
      try {
        if (this.#unsure) await this.#returnUnknown(worker);
        got += await this.#claim({ worker, tag, limit: Math.min(free - got, mostPerClaim) });
      } catch (error) {
        await this.#claimFailed(worker, error);
      }
      if (got >= free) break;
    }
    return got;
  }

  async #claimFailed(worker: string, error: unknown): Promise<void> {
    const { services } = this.#options;
    if (error instanceof DeclaredDead) return this.#dieAndReturn(worker);
    services.log.warn({ err: error }, 'could not claim work');
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (isConnectionFault(error)) this.#unsure = true;
    this.#hasWork = true;
  }

  /** A claim whose answer was lost may have been committed: what it took must go back before the next claim. */
  async #returnUnknown(worker: string): Promise<void> {
    const pool = this.#registration?.pool;
    if (!pool) return;
    await claims.returnUnknown(pool, { worker, queue: this.#options.services.queue, known: new Set(this.#leases.keys()) });
    this.#unsure = false;
  }

  async #claim({ worker, tag, limit }: { worker: string; tag: string; limit: number }): Promise<number> {
    const { services } = this.#options;
    const pool = this.#registration?.pool;
    if (limit <= 0 || !pool) return 0;
    // A run that is known here must stay so until its new lease has begun: its last other lease may end while the claim is on its way.
    const pinned: LiveRun[] = [];
    const known = (run: string) => {
      const live = this.#runs.get(run);
      if (live) pinned.push(hold(live));
      return live !== undefined;
    };
    try {
      const claim = await claims.claimJobs(pool, { queue: services.queue, worker, tag, limit, known });
      for (const run of claim.runs.values()) await this.#adoptOrAbandon(run);
      for (const fact of claim.facts) this.#runs.get(fact.run_id)?.facts.set(fact.step_id, { state: fact.state, output: fact.output });
      for (const job of claim.jobs) this.#begin(job, claim.runs.get(job.run));
      return claim.jobs.length;
    } finally {
      for (const live of pinned) this.#letGo(live);
    }
  }

  async #adoptOrAbandon(run: claims.ClaimedRun): Promise<void> {
    const { services } = this.#options;
    try {
      await this.#adopt(run);
    } catch (error) {
      if (isConnectionFault(error)) throw error;
      services.log.error({ err: error, run: run.id }, 'this run cannot be planned');
      await abandonRun(services.pool, { run: run.id, error: toStoredError(error), queue: services.queue });
    }
  }

  async #adopt(run: claims.ClaimedRun): Promise<void> {
    if (this.#runs.has(run.id)) return;
    const { services } = this.#options;
    const live = await liveRunOf(run, { plan: await this.#plans.planOf(run), services });
    if (!this.#runs.has(run.id)) this.#runs.set(run.id, live);
  }

  #begin(job: ClaimedJob, run: claims.ClaimedRun | undefined): void {
    const live = this.#runs.get(job.run);
    if (!live) {
      this.#unsure = true;
      return;
    }
    const unit = whereItStands(live, job.unit);
    const tried = unit === job.unit ? job.attempt : 1;
    const lease: Lease = { job, live, unit, attempt: tried + job.lost, tried };
    this.#leases.set(job.id, lease);
    hold(live);
    if (run) stopIfAsked(live, run);
    this.#advance(lease).catch((error) => this.#options.services.log.error({ err: error, run: live.id, unit: lease.unit }, 'a lease ended badly'));
  }

  /** Runs the lease's unit, commits, and goes on with the next one until nothing is ready for it. */
  async #advance(lease: Lease): Promise<void> {
    const flusher = this.#flusher;
    for (let unit: string | null = lease.unit; unit !== null && flusher === this.#flusher; ) {
      lease.unit = unit;
      const next = await takeTurn(this.#holder, lease);
      // A step that goes on with runs below it is at the same attempt.
      if (next !== null && next !== unit) Object.assign(lease, { attempt: 1, tried: 1 });
      unit = next;
    }
    if (flusher === this.#flusher) this.#drop(lease);
  }

  #drop(lease: Lease): void {
    this.#leases.delete(lease.job.id);
    this.#letGo(lease.live);
    if (this.#hasWork) this.#nudge();
  }

  #letGo(live: LiveRun): void {
    live.held--;
    if (live.held === 0 && this.#runs.get(live.id) === live) this.#runs.delete(live.id);
  }

  #cancel(run: string, forced: boolean): void {
    const live = this.#runs.get(run);
    live?.cancel.abort(new RunCancelled());
    if (forced) live?.force.abort(new RunCancelled());
  }

  async #lookForCancellations(): Promise<void> {
    if (this.#runs.size === 0) return;
    const found = await claims.runsInCancellation(this.#options.services.pool, [...this.#runs.keys()]).catch(() => []);
    for (const { id, forced } of found) this.#cancel(id, forced);
  }
}

function hold(live: LiveRun): LiveRun {
  live.held++;
  return live;
}

/** A lease that was lost on its way along a single line goes on at the first unit without a result. */
function whereItStands(live: LiveRun, unit: string): string {
  if (!isLine(live.plan)) return unit;
  for (let at: string | undefined = unit; at !== undefined; at = live.plan.units.get(at)?.successors[0]) {
    if (!live.plan.units.get(at)?.steps.every((step) => live.facts.has(step))) return at;
    unit = at;
  }
  return unit;
}

// What a worker does, action by action: worker.ts, claim.store.ts, flusher.ts, commit.ts and run-commit.ts.
import type { Move } from './explorer.ts';
import type { Without } from './guards.ts';
import * as leases from './leases.ts';
import { copy, type Held, type Job, type Shape, type State, signs, type Transaction, type Worker } from './state.ts';

export interface Setting {
  shape: Shape;
  without: Without;
}
export interface Acting extends Setting {
  state: State;
  /** Its place in the list of workers. */
  at: number;
}

type Change = (state: State, worker: Worker) => void;

/** The state after something was done to it, as a move. */
export function move({ state, at }: Acting, name: string, change: Change, isFault = false): Move<State> {
  const next = copy(state);
  const worker = next.workers[at] as Worker;
  change(next, worker);
  return { name: `${worker.name} ${name}`, state: next, isFault };
}

export function workerMoves(acting: Acting): Move<State>[] {
  const worker = acting.state.workers[acting.at] as Worker;
  if (worker.process !== 'running') return [];
  return [...beat(acting, worker), ...leave(acting, worker), ...(worker.held ? working(acting, worker, worker.held) : idle(acting, worker))];
}

function beat(acting: Acting, worker: Worker): Move<State>[] {
  if (worker.dead !== 'no') return [move(acting, 'hears that it is dead and drops what it holds', (_, self) => forget(self))];
  if (worker.sign === 'fresh') return [];
  return [move(acting, 'beats', (_, self) => Object.assign(self, { sign: 'fresh' }))];
}

/** It comes back as another one. */
export function forget(worker: Worker): void {
  Object.assign(worker, { process: 'gone', held: null, transaction: null, unsure: false, owesRelease: false });
}

function leave(acting: Acting, worker: Worker): Move<State>[] {
  if (worker.dead !== 'no' || !holdsSomething(worker)) return [];
  const go: Change = (_, self) => {
    self.dead = 'left';
    forget(self);
  };
  const giving: Change = (state, self) => {
    leases.giveBack(state, self, acting.without);
    go(state, self);
  };
  // Nobody is promised that a worker stops.
  return [move(acting, 'stops and gives back what it holds', giving, true), move(acting, 'stops and cannot give back what it holds', go, true)];
}

/** What breaks while it has nothing breaks nothing: all such moments are one. */
export function holdsSomething({ leases: some, held, transaction, unsure, owesRelease }: Worker): boolean {
  return some.length > 0 || held !== null || transaction !== null || unsure || owesRelease;
}

function idle(acting: Acting, worker: Worker): Move<State>[] {
  if (worker.owesRelease) return beginRelease(acting);
  if (worker.unsure && !acting.without.has('unknownClaims'))
    return [move(acting, 'returns claims of unknown outcome', (state, self) => returnUnknown(state, self, acting))];
  if (acting.state.paused) return [];
  return acting.state.jobs.filter((job) => !leases.jobIsLocked(acting.state, job.id)).flatMap((job) => beginClaim(acting, worker, job));
}

function returnUnknown(state: State, self: Worker, { without }: Acting): void {
  leases.giveBack(state, self, without);
  self.unsure = false;
}

function beginClaim(acting: Acting, { dead }: Worker, job: Job): Move<State>[] {
  if (dead !== 'no' && !acting.without.has('claimFence')) return [];
  return transact(acting, `claims ${nameOf(acting, job.unit)}`, { kind: 'claim', job: job.id });
}

type Begun = Pick<Transaction, 'kind' | 'job'> & Partial<Transaction>;

/**
 * A transaction, from its begin to its answer. Others see nothing of it before its commit but its locks, so it is one move, unless its worker is held
 * up in it or loses the connection; a worker that is held up is one that is stopped and woken.
 */
function transact(acting: Acting, name: string, begun: Begun): Move<State>[] {
  const begin: Change = (_, self) => {
    self.transaction = { phase: 'open', unit: null, counted: 0, yields: false, ...begun };
    if (begun.kind === 'flush') Object.assign(self, { flushed: false, held: { ...(self.held as Held), phase: 'ended' } });
  };
  const stop: Change = (_, self) => Object.assign(self, { process: 'stopped' });
  const commit: Change = (state, self) => getThrough({ ...acting, state }, self);
  const hear: Change = (state, self) => heard({ ...acting, state }, self);
  const lose: Change = (state, self) => lostConnection({ ...acting, state }, self);
  const all =
    (...changes: Change[]): Change =>
    (state, self) => {
      for (const change of changes) change(state, self);
    };
  return [
    move(acting, name, all(begin, commit, hear)),
    move(acting, `${name} and is stopped before the commit`, all(begin, stop), true),
    move(acting, `${name} and is stopped before it hears of the commit`, all(begin, commit, stop), true),
    move(acting, `${name} and loses the connection before the commit`, all(begin, lose), true),
    move(acting, `${name} and loses the connection after the commit`, all(begin, commit, lose), true),
  ];
}

function getThrough(acting: Acting, worker: Worker): void {
  const transaction = worker.transaction as Transaction;
  transaction.phase = 'committed';
  effects[transaction.kind](acting, worker, transaction);
}

function working(acting: Acting, worker: Worker, held: Held): Move<State>[] {
  if (worker.owesRelease) return beginRelease(acting);
  if (held.phase === 'ended' || held.phase === 'running') return beginFlush(acting, worker, held);
  if (held.phase === 'claimed' && leases.limitedBy(acting.shape, held.unit)) return beginAcquire(acting, worker, held);
  return begin(acting, worker, held);
}

function begin(acting: Acting, { sign }: Worker, held: Held): Move<State>[] {
  const { without, state, shape } = acting;
  const enough = without.has('proofOfLife') ? 'silent' : without.has('beatBelowGone') ? 'lost' : 'fresh';
  if (signs.indexOf(sign) > signs.indexOf(enough)) return [];
  const again = state.steps[held.unit] === 'done';
  const outcome = shape.units[held.unit]?.waits === true && state.steps[held.unit] !== 'answered' ? 'wait' : 'result';
  return [
    move(acting, `begins ${nameOf(acting, held.unit)}`, (next, self) => {
      Object.assign(self.held as Held, { phase: 'running', outcome });
      if (again) next.broken = 'a step began again after its result was recorded';
    }),
  ];
}

function beginAcquire(acting: Acting, worker: Worker, held: Held): Move<State>[] {
  const { state, without } = acting;
  if (!without.has('keyLock') && leases.keyIsLocked(state)) return [];
  if (!without.has('slotFence')) {
    if (worker.dead !== 'no') return [];
    if (!worker.leases.some((lease) => lease.job === held.job)) return [move(acting, 'finds its lease gone', (_, self) => Object.assign(self, { held: null }))];
  }
  const counted = state.slots.filter((job) => job !== held.job).length;
  return transact(acting, `takes a slot for ${nameOf(acting, held.unit)}, or parks it, having counted ${counted}`, {
    kind: 'acquire',
    job: held.job,
    counted,
  });
}

function beginRelease(acting: Acting): Move<State>[] {
  if (!acting.without.has('keyLock') && leases.keyIsLocked(acting.state)) return [];
  const counted = acting.state.slots.length;
  return transact(acting, `lets the next in if one may, having counted ${counted}`, { kind: 'release', job: -1, counted });
}

function beginFlush(acting: Acting, worker: Worker, held: Held): Move<State>[] {
  const { state, without } = acting;
  if (leases.runIsLocked(state) || (worker.dead !== 'no' && !without.has('flushFence'))) return [];
  const start = (yields: boolean) =>
    transact(acting, `commits ${nameOf(acting, held.unit)}${yields ? ', handing on what follows' : ''}`, {
      kind: 'flush',
      job: held.job,
      yields,
    });
  // The news of a pause takes until its next beat.
  return state.paused ? [...start(false), ...start(true)] : start(false);
}

/** A stopped worker goes on: with what it was in the middle of, if it was in a transaction. */
export function wakings(acting: Acting, { transaction }: Worker): Move<State>[] {
  const wake: Change = (state, self) => {
    self.process = 'running';
    if (transaction?.phase === 'broken') lostConnection({ ...acting, state }, self);
    if (transaction?.phase === 'committed') heard({ ...acting, state }, self);
  };
  if (transaction?.phase !== 'open') return [move(acting, 'wakes', wake, true)];
  const commit: Change = (state, self) => getThrough({ ...acting, state }, self);
  const finish: Change = (state, self) => {
    commit(state, self);
    self.process = 'running';
    heard({ ...acting, state }, self);
  };
  return [
    move(acting, `wakes and gets its ${transaction.kind} through`, finish, true),
    move(acting, `wakes, sends its ${transaction.kind} and is stopped again`, commit, true),
  ];
}

type Effect = (acting: Acting, worker: Worker, transaction: Transaction) => void;

const claimed: Effect = ({ state, shape }, worker, transaction) => {
  const job = state.jobs.find((one) => one.id === transaction.job);
  if (!job) return;
  state.jobs = state.jobs.filter((one) => one !== job);
  worker.leases.push({ job: job.id, unit: job.unit });
  transaction.unit = leases.isLine(shape) ? whereItStands({ state, shape, unit: job.unit }) : job.unit;
};

function whereItStands({ state, shape, unit }: { state: State; shape: Shape; unit: number }): number {
  let last = unit;
  for (let at = unit; at >= 0; at = shape.units.findIndex((next) => next.after.includes(at))) {
    if (state.steps[at] !== 'done') return at;
    last = at;
  }
  return last;
}

const acquired: Effect = ({ state, shape, without }, worker, transaction) => {
  const { job, unit } = worker.held as Held;
  if (transaction.counted < shape.slots) {
    // The slot refers to its lease; taken twice it is one.
    if (state.workers.some(({ leases: some }) => some.some((lease) => lease.job === job)) && !state.slots.includes(job)) state.slots.push(job);
    return;
  }
  transaction.yields = true;
  state.parked.push(unit);
  if (without.has('parksInOneCommit')) return;
  leases.dropLease(state, job, without);
};

const released: Effect = ({ state, shape }, _, { counted }) => {
  if (counted < shape.slots) leases.letIn(state);
};

const flushed: Effect = (acting, worker, transaction) => {
  worker.flushed = true;
  const { state, without } = acting;
  const held = worker.held as Held;
  const written = held.outcome !== 'none' && writeResult(acting, held);
  if (state.run === 'running') transaction.unit = goOn(acting, { held, written, yields: transaction.yields });
  leases.freeSlot(state, held.job);
  if (transaction.unit !== null) return moveLease(acting, held, transaction.unit);
  leases.dropLease(state, held.job, without);
  if (state.run === 'cancelling' && state.workers.every((one) => one.leases.length === 0)) endCancelled(state);
};

/** @returns whether the result was written: a final state never is (writeSteps) */
function writeResult({ state, without }: Acting, { unit, outcome }: Held): boolean {
  const before = state.steps[unit];
  const isFinal = before === 'done' || before === 'cancelled';
  if (isFinal && !without.has('writeGate')) return false;
  if (isFinal) state.broken = before === 'done' ? 'two results of one step were accepted' : 'a recorded result was overwritten';
  state.steps[unit] = outcome === 'wait' ? 'waiting' : 'done';
  return true;
}

/** What became ready by this result (RunCommit): @returns the unit with which the lease goes on */
function goOn({ state, shape }: Acting, { held, written, yields }: { held: Held; written: boolean; yields: boolean }): number | null {
  if (!written || held.outcome === 'wait') return null;
  const isReady = (unit: Shape['units'][number], at: number) =>
    state.steps[at] === 'none' && unit.after.includes(held.unit) && unit.after.every((before) => state.steps[before] === 'done');
  const ready = shape.units.flatMap((unit, at) => (isReady(unit, at) ? [at] : []));
  const next = yields ? null : (ready.shift() ?? null);
  for (const unit of ready) leases.enqueue(state, unit);
  return next;
}

function moveLease({ state, shape }: Acting, { job }: Held, unit: number): void {
  if (leases.isLine(shape)) return;
  for (const worker of state.workers) for (const lease of worker.leases) if (lease.job === job) lease.unit = unit;
}

export function endCancelled(state: State): void {
  state.run = 'cancelled';
  state.steps = state.steps.map((step) => (step === 'done' || step === 'none' ? step : 'cancelled'));
}

const effects: Record<Transaction['kind'], Effect> = { claim: claimed, acquire: acquired, flush: flushed, release: released };

function heard(acting: Acting, worker: Worker): void {
  const { kind, unit, job, yields } = worker.transaction as Transaction;
  worker.transaction = null;
  if (kind === 'claim') worker.held = heldAt(acting, { job, unit: unit ?? 0 });
  if (kind === 'acquire') worker.held = yields ? null : { ...(worker.held as Held), phase: 'admitted' };
  if (kind === 'flush') afterFlush(acting, worker, unit);
}

function heldAt({ state }: Acting, held: Pick<Held, 'job' | 'unit'>): Held {
  return { ...held, phase: state.steps[held.unit] === 'done' ? 'ended' : 'claimed', outcome: 'none' };
}

function afterFlush({ shape }: Acting, worker: Worker, next: number | null): void {
  const { job, unit } = worker.held as Held;
  worker.owesRelease = leases.limitedBy(shape, unit);
  worker.held = next === null ? null : { job, unit: next, phase: 'claimed', outcome: 'none' };
}

function lostConnection(acting: Acting, worker: Worker): void {
  const { kind, unit } = worker.transaction as Transaction;
  worker.transaction = null;
  if (kind === 'claim') worker.unsure = true;
  if (kind === 'release') worker.owesRelease = false;
  // The number in its row tells whether the commit got through; who is dead there will hear it.
  const isKnown = !acting.without.has('flushNumber');
  if (kind === 'flush' && isKnown && worker.flushed) afterFlush(acting, worker, unit);
}

export function nameOf({ shape }: Setting, unit: number): string {
  return shape.units[unit]?.name ?? '';
}

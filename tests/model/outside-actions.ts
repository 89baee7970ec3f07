// What happens around the workers: time and faults, the supervisor (supervisor.ts), and people.
import type { Move } from './explorer.ts';
import * as leases from './leases.ts';
import { copy, newWorker, type State, type Worker } from './state.ts';
import { type Acting, endCancelled, forget, holdsSomething, move, nameOf, type Setting, wakings } from './worker-actions.ts';

export interface Outside extends Setting {
  state: State;
  /** What people do in this scenario. */
  people: { cancel: boolean; pause: boolean };
  /** Rows of workers that may stand at once: two that work, and those not yet buried. */
  mostRows: number;
}

export function faultMoves(acting: Acting): Move<State>[] {
  const worker = acting.state.workers[acting.at] as Worker;
  if (!holdsSomething(worker)) return [];
  const fault = (name: string, change: (state: State, self: Worker) => void) => move(acting, name, change, true);
  const moves = silence(acting, worker);
  if (worker.process === 'gone') return moves;
  // One that stays stopped is killed some day; until then others have its work.
  moves.push(move(acting, 'is killed', (_, self) => forget(self), worker.dead === 'no'));
  if (worker.process === 'running') moves.push(fault('is stopped', (_, self) => Object.assign(self, { process: 'stopped' })));
  else moves.push(...wakings(acting, worker));
  if (worker.transaction && worker.transaction.phase !== 'broken') moves.push(fault('loses its connection', (_, self) => breakTransaction(self)));
  return moves;
}

// Time without a beat. Of one that runs it means that something keeps its beats from being written, or that its session has ended.
function silence(acting: Acting, { process, dead, sign }: Worker): Move<State>[] {
  if (dead !== 'no' || process === 'gone') return [];
  const moves: Move<State>[] = [];
  if (sign === 'fresh') moves.push(move(acting, 'loses its lock, and 1.5 s pass', (_, self) => Object.assign(self, { sign: 'lost' }), true));
  if (sign !== 'silent') moves.push(move(acting, 'is silent for 5 s', (_, self) => Object.assign(self, { sign: 'silent' }), process === 'running'));
  return moves;
}

function breakTransaction({ transaction }: Worker): void {
  if (transaction) transaction.phase = 'broken';
}

export function supervisorMoves({ state, shape, without }: Outside): Move<State>[] {
  const setting = { state, shape, without };
  const moves = state.workers.flatMap((worker, at) => [
    ...(state.suspect ? [] : detect({ ...setting, at }, worker)),
    ...(worker.dead !== 'no' && worker.leases.length > 0 && !without.has('leftovers')
      ? [move({ ...setting, at }, 'had leases when it died: they go back', (next, self) => leases.giveBack(next, self, without))]
      : []),
  ]);
  if (state.suspect) moves.push(suspected({ ...setting, at: state.suspect.worker }));
  if (!without.has('safetyNet') && state.parked.length > 0 && state.slots.length < shape.slots && !leases.keyIsLocked(state))
    moves.push(change(state, 'the supervisor lets a parked unit in', leases.letIn));
  return moves;
}

function detect(acting: Acting, worker: Worker): Move<State>[] {
  if (worker.dead !== 'no' || !(worker.process === 'gone' || worker.sign !== 'fresh') || !holdsSomething(worker)) return [];
  return [move(acting, 'is taken to be dead', (next) => Object.assign(next, { suspect: { worker: acting.at, ended: acting.without.has('endsBackends') } }))];
}

function suspected(acting: Acting): Move<State> {
  if (acting.state.suspect?.ended !== true) return move(acting, 'has its connections ended', endBackends);
  return move(acting, 'is buried, if it can be', (next, self) => {
    next.suspect = null;
    const isFresh = self.process !== 'gone' && self.sign === 'fresh';
    if (self.dead !== 'no' || isFresh || leases.rowIsLocked(self, acting.without)) return;
    self.dead = 'buried';
    leases.giveBack(next, self, acting.without);
  });
}

function endBackends(state: State, worker: Worker): void {
  if (state.suspect) state.suspect.ended = true;
  if (worker.transaction?.phase === 'open') worker.transaction.phase = 'broken';
}

export function change(state: State, name: string, apply: (state: State) => void, isFault = false): Move<State> {
  const next = copy(state);
  apply(next);
  return { name, state: next, isFault };
}

/** Somebody starts a process where one is gone. */
export function processMoves({ state, mostRows }: Outside): Move<State>[] {
  const alive = state.workers.filter((worker) => worker.process !== 'gone').length;
  if (alive >= 2 || state.workers.length >= mostRows) return [];
  return [change(state, `${freshName(state)} is started`, (next) => next.workers.push(newWorker(freshName(state))))];
}

/** A row of a process that is gone and left nothing matters to nobody. */
export function withoutRemains(state: State): State {
  const isForgotten = (worker: Worker) => worker.process === 'gone' && !holdsSomething(worker);
  if (!state.workers.some(isForgotten)) return state;
  const suspected = state.suspect ? state.workers[state.suspect.worker] : undefined;
  const workers = state.workers.filter((worker) => !isForgotten(worker));
  const suspect = suspected && workers.includes(suspected) && state.suspect ? { ...state.suspect, worker: workers.indexOf(suspected) } : null;
  return { ...state, workers, suspect };
}

function freshName({ workers }: State): string {
  return `w${Math.max(2, ...workers.map((worker) => Number(worker.name.slice(1)))) + 1}`;
}

export function peopleMoves(outside: Outside): Move<State>[] {
  const { state, people } = outside;
  return [
    ...answers(outside),
    ...(people.cancel ? cancel(outside) : []),
    // Pausing breaks nothing, but nobody is promised an end while it lasts.
    ...(people.pause
      ? [change(state, state.paused ? 'work is resumed' : 'work is paused', (next) => Object.assign(next, { paused: !state.paused }), !state.paused)]
      : []),
  ];
}

function answers({ state, shape, without }: Outside): Move<State>[] {
  if (state.run !== 'running') return [];
  return shape.units.flatMap((_, unit) => {
    const name = `somebody answers ${nameOf({ shape, without }, unit)}`;
    if (state.steps[unit] === 'waiting')
      return [
        change(state, name, (next) => {
          next.steps[unit] = 'answered';
          leases.enqueue(next, unit);
        }),
        ...(without.has('answerOnce') ? [change(state, `${name}, and dies`, (next) => Object.assign(next.steps, { [unit]: 'answered' }), true)] : []),
      ];
    return [];
  });
}

// Deleting what is queued waits for claims that have locked it. A lease may end between that and the look at leases, and its job be queued again.
function cancel({ state, without }: Outside): Move<State>[] {
  const looksFirst = without.has('cancelLooksLast');
  const sight = state.workers.some((worker) => worker.leases.length > 0) ? 'saw leases' : 'saw none';
  if (state.cancel === null) {
    if (state.run !== 'running' || leases.runIsLocked(state)) return [];
    return [change(state, 'somebody cancels the run', (next) => Object.assign(next, { cancel: looksFirst ? sight : 'began' }), true)];
  }
  if (leases.isClaiming(state)) return [];
  if (state.cancel === 'began') {
    return [
      change(state, 'the cancellation takes back what is queued, then looks for leases', (next) => {
        withdraw(next);
        next.cancel = sight;
      }),
    ];
  }
  return [change(state, 'the cancellation gets through', (next) => endCancellation(next, looksFirst))];
}

function endCancellation(state: State, looksFirst: boolean): void {
  if (looksFirst || state.cancel === 'saw none') withdraw(state);
  if (state.cancel === 'saw none') endCancelled(state);
  else state.run = 'cancelling';
  state.cancel = null;
}

function withdraw(state: State): void {
  state.jobs = [];
  state.parked = [];
}

// The engine's protocol of claims, leases, commits, slots and waits as a model to be checked: its moves, what must never be, and what must always come.

import { decode, encode } from './encoding.ts';
import type { Model, Move } from './explorer.ts';
import type { Guard, Without } from './guards.ts';
import { limitedBy } from './leases.ts';
import { faultMoves, type Outside, peopleMoves, processMoves, supervisorMoves, withoutRemains } from './outside-actions.ts';
import { initialState, type Shape, type State } from './state.ts';
import { holdsSomething, workerMoves } from './worker-actions.ts';

export interface Scenario {
  name: string;
  shape: Shape;
  people?: { cancel?: boolean; pause?: boolean };
}

const one = (name: string, more: { after?: number[]; limited?: boolean; waits?: boolean } = {}) => ({ after: [], ...more, name });

/** Three steps in every form in which the protocol treats them differently. */
export const scenarios = {
  chain: { name: 'a chain of three', shape: { slots: 0, units: [one('a'), one('b', { after: [0] }), one('c', { after: [1] })] } },
  fork: { name: 'one, then two side by side', shape: { slots: 0, units: [one('a'), one('b', { after: [0] }), one('c', { after: [0] })] } },
  join: { name: 'two side by side, then one', shape: { slots: 0, units: [one('a'), one('b'), one('c', { after: [0, 1] })] } },
  cancel: {
    name: 'a fork that is cancelled',
    shape: { slots: 0, units: [one('a'), one('b', { after: [0] }), one('c', { after: [0] })] },
    people: { cancel: true },
  },
  slots: {
    name: 'one, then two that share one slot',
    shape: { slots: 1, units: [one('a'), one('b', { after: [0], limited: true }), one('c', { after: [0], limited: true })] },
  },
  pause: { name: 'a fork with pauses', shape: { slots: 0, units: [one('a'), one('b', { after: [0] }), one('c', { after: [0] })] }, people: { pause: true } },
  wait: {
    name: 'one that waits for an answer, two after it',
    shape: { slots: 0, units: [one('a', { waits: true }), one('b', { after: [0] }), one('c', { after: [0] })] },
  },
} as const satisfies Record<string, Scenario>;

export const invariants = [
  'a recorded result is never overwritten',
  'two results of one step are never both accepted',
  'a step whose result is recorded never begins again',
  'no more run with a limit than it has slots',
  'whoever is buried holds no lease and no slot, and no slot is held by nobody',
  'without a further fault every step can still get its result, every parked unit its slot, every answer its step, every cancellation its end',
] as const;

export function protocol(
  { shape, people = {} }: Scenario,
  { without = [], mostRows = 2, mostFaults = null }: { without?: readonly Guard[]; mostRows?: number; mostFaults?: number | null } = {},
): Model<State> {
  const missing: Without = new Set(without);
  const moves = (state: State): Move<State>[] => {
    if (isOver(state)) return [];
    const outside: Outside = { state, shape, without: missing, mostRows, people: { cancel: people.cancel ?? false, pause: people.pause ?? false } };
    const acting = state.workers.map((_, at) => ({ state, shape, without: missing, at }));
    const all = [...acting.flatMap(workerMoves), ...supervisorMoves(outside), ...processMoves(outside), ...peopleMoves(outside), ...acting.flatMap(faultMoves)];
    return all.flatMap((one) => counted(one));
  };
  return { initial: initialState(shape, mostFaults), moves, broken: (state) => broken(state, shape), isGoal, stuck, encode, decode };
}

function counted(one: Move<State>): Move<State>[] {
  const state = withoutRemains(one.state);
  if (!one.isFault || state.faults === null) return [{ ...one, state }];
  return state.faults === 0 ? [] : [{ ...one, state: { ...state, faults: state.faults - 1 } }];
}

function broken(state: State, shape: Shape): string | null {
  if (state.broken) return state.broken;
  const running = state.workers.filter(
    ({ process, dead, held }) => process === 'running' && dead === 'no' && held?.phase === 'running' && limitedBy(shape, held.unit),
  );
  if (running.length > shape.slots) return `${running.length} run where ${shape.slots} may`;
  if (state.workers.some((worker) => worker.dead === 'buried' && worker.leases.length > 0)) return 'the dead hold a lease';
  const leased = new Set(state.workers.flatMap((worker) => worker.leases.map((lease) => lease.job)));
  return state.slots.some((job) => !leased.has(job)) ? 'a slot is held by nobody' : null;
}

function isGoal({ run, steps, jobs, parked, slots, workers }: State): boolean {
  const isOver = run === 'cancelled' || steps.every((step) => step === 'done');
  return isOver && jobs.length + parked.length + slots.length === 0 && workers.every((worker) => worker.leases.length === 0);
}

/** Nothing can happen any more that matters. */
function isOver(state: State): boolean {
  return isGoal(state) && state.cancel === null && !state.workers.some(holdsSomething);
}

function stuck({ run, steps, jobs, parked, workers }: State): string {
  const isHeld = jobs.length > 0 || workers.some((worker) => worker.leases.length > 0);
  if (run === 'cancelling') return 'a cancellation never ends';
  if (isHeld) return 'something stays held or queued for ever';
  if (parked.length > 0) return 'a parked unit is forgotten';
  return steps.includes('answered') ? 'an answered wait is forgotten' : 'work is lost';
}

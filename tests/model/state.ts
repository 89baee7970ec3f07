// The state of the modelled engine: what Postgres holds, what each process remembers, and which transactions are open.

/** What a flow looks like, as far as the protocol minds. */
export interface Shape {
  units: readonly UnitShape[];
  /** How many units with a limit may run at once. */
  slots: number;
}
export interface UnitShape {
  name: string;
  after: readonly number[];
  /** Needs a slot of the one key there is. */
  limited?: boolean;
  /** Ends by waiting until somebody has answered. */
  waits?: boolean;
}

/** `ready`: queued, parked or held; `waiting`: for an answer. */
export type StepState = (typeof stepStates)[number];
export const stepStates = ['none', 'ready', 'waiting', 'answered', 'done', 'cancelled'] as const;
export const cancelPhases = ['none', 'began', 'saw leases', 'saw none'] as const;
export const runStates = ['running', 'cancelling', 'cancelled'] as const;

export interface Job {
  id: number;
  unit: number;
}

/** Of a job that was taken out of the queue. */
export interface Lease {
  job: number;
  /** The unit it has come to; of a plan along one line the one it began with, and the results say the rest. */
  unit: number;
}

/** What a process knows of the one lease it works on. */
export interface Held {
  job: number;
  unit: number;
  phase: Phase;
  /** What it will report: a result, that it must wait, or nothing because the result stands already and only the lease is to be ended. */
  outcome: Outcome;
}
export const phases = ['claimed', 'admitted', 'running', 'ended'] as const;
type Phase = (typeof phases)[number];
export const outcomes = ['none', 'result', 'wait'] as const;
type Outcome = (typeof outcomes)[number];

/**
 * A transaction of a worker. `open`: begun, with its locks. `committed`: durable, the answer is on its way. `broken`: the connection is lost, and
 * whoever was at it cannot tell whether it got through.
 */
export interface Transaction {
  kind: (typeof kinds)[number];
  phase: (typeof transactionPhases)[number];
  job: number;
  /** claim: the unit it begins at. flush: the unit the lease goes on with. */
  unit: number | null;
  /** acquire, release: the holders that it counted. */
  counted: number;
  /** flush: hands on what became ready. acquire: the lease was parked. */
  yields: boolean;
}

export const kinds = ['claim', 'acquire', 'flush', 'release'] as const;
export const transactionPhases = ['open', 'committed', 'broken'] as const;

/** A process and its row in the table of workers. One that comes back has a new row. */
export interface Worker {
  name: string;
  process: (typeof processes)[number];
  /** `buried` by a supervisor, or it `left` by itself. */
  dead: (typeof deaths)[number];
  /** Of life. `lost`: its last beat is older than 1.5 s and its session lock is free; `silent`: the beat is older than 5 s. */
  sign: (typeof signs)[number];
  /** Whether the row's flush_seq is the number of the last flush that was tried. */
  flushed: boolean;
  leases: Lease[];
  held: Held | null;
  transaction: Transaction | null;
  /** A claim of unknown outcome stands. */
  unsure: boolean;
  /** It freed a slot and has yet to let the next one in. */
  owesRelease: boolean;
}

export const processes = ['running', 'stopped', 'gone'] as const;
export const deaths = ['no', 'buried', 'left'] as const;
export const signs = ['fresh', 'lost', 'silent'] as const;

export interface State {
  run: (typeof runStates)[number];
  steps: StepState[];
  jobs: Job[];
  /** Units that wait for a slot, oldest first. */
  parked: number[];
  /** Jobs whose lease holds a slot. */
  slots: number[];
  paused: boolean;
  /** How many faults may still come; null: any number. */
  faults: number | null;
  workers: Worker[];
  /** The worker that the supervisor is about to bury, and whether it has ended its backends. */
  suspect: { worker: number; ended: boolean } | null;
  /** A cancellation under way, which has the run's row: what it has done. */
  cancel: 'began' | 'saw leases' | 'saw none' | null;
  /** What must never be, once it was. */
  broken: string | null;
}

export function initialState({ units }: Shape, faults: number | null): State {
  const isRoot = (unit: UnitShape) => unit.after.length === 0;
  return {
    run: 'running',
    steps: units.map((unit) => (isRoot(unit) ? 'ready' : 'none')),
    jobs: units.flatMap((unit, at) => (isRoot(unit) ? [{ id: at, unit: at }] : [])),
    parked: [],
    slots: [],
    paused: false,
    faults,
    workers: [newWorker('w1'), newWorker('w2')],
    suspect: null,
    cancel: null,
    broken: null,
  };
}

export function newWorker(name: string): Worker {
  return {
    name,
    process: 'running',
    dead: 'no',
    sign: 'fresh',
    flushed: true,
    leases: [],
    held: null,
    transaction: null,
    unsure: false,
    owesRelease: false,
  };
}

export function copy(state: State): State {
  return {
    ...state,
    steps: [...state.steps],
    jobs: state.jobs.map((job) => ({ ...job })),
    parked: [...state.parked],
    slots: [...state.slots],
    workers: state.workers.map((worker) => ({
      ...worker,
      leases: worker.leases.map((lease) => ({ ...lease })),
      held: worker.held && { ...worker.held },
      transaction: worker.transaction && { ...worker.transaction },
    })),
    suspect: state.suspect && { ...state.suspect },
  };
}

/** A number that no job has and nobody remembers. */
export function freshJobId(state: State): number {
  const remembered = state.workers.flatMap(({ leases, held, transaction }) => [...leases.map((lease) => lease.job), held?.job ?? -1, transaction?.job ?? -1]);
  return Math.max(-1, ...state.jobs.map((job) => job.id), ...state.slots, ...remembered) + 1;
}

// A state as a short text, one character a field, the same for states that differ only in what cannot matter.
import {
  cancelPhases,
  deaths,
  kinds,
  outcomes,
  phases,
  processes,
  runStates,
  type State,
  signs,
  stepStates,
  type Transaction,
  transactionPhases,
  type Worker,
} from './state.ts';

export function encode(state: State): string {
  const names = new Names(state);
  let text = word(runStates, state.run) + flag(state.paused) + word(cancelPhases, state.cancel ?? 'none') + digit(state.faults ?? -1);
  text += digit(state.steps.length);
  for (const step of state.steps) text += word(stepStates, step);
  text += digit(state.jobs.length);
  for (const { id, unit } of state.jobs) text += names.job(id) + digit(unit);
  text +=
    digits(state.parked) +
    digit(state.slots.length) +
    state.slots
      .map((job) => names.job(job))
      .sort()
      .join('');
  // Workers differ by nothing but their names.
  const workers = state.workers.map((worker, at) => suspicion(state, at) + workerText(worker, names));
  return text + workers.sort().join('') + (state.broken ?? '');
}

function suspicion({ suspect }: State, at: number): string {
  return digit(suspect?.worker !== at ? 0 : suspect.ended ? 2 : 1);
}

function workerText({ process, dead, sign, flushed, unsure, owesRelease, leases, held, transaction }: Worker, names: Names): string {
  // Of one that is gone nobody minds how long.
  let text = word(processes, process) + word(deaths, dead) + word(signs, process === 'gone' ? 'lost' : sign);
  text += flag(flushed || transaction?.kind !== 'flush') + flag(unsure) + flag(owesRelease) + digit(leases.length);
  for (const { job, unit } of leases) text += names.job(job) + digit(unit);
  text += flag(held !== null);
  if (held) {
    const hasOutcome = held.phase === 'running' || held.phase === 'ended';
    text += names.job(held.job) + digit(held.unit) + word(phases, held.phase) + word(outcomes, hasOutcome ? held.outcome : 'none');
  }
  return text + flag(transaction !== null) + (transaction ? transactionText(transaction, names) : '');
}

// Only a claim that may still come has a job of its own; the others are about the lease that their worker is at.
function transactionText({ kind, phase, job, unit, counted, yields }: Transaction, names: Names): string {
  const isClaim = kind === 'claim' && phase !== 'broken';
  const whose = isClaim ? names.job(job) : digit(-1);
  const isLostClaim = kind === 'claim' && phase === 'broken';
  return (
    word(kinds, kind) + word(transactionPhases, phase) + whose + digit(isLostClaim ? -1 : (unit ?? -1)) + digit(phase === 'open' ? counted : 0) + flag(yields)
  );
}

export function decode(encoded: string): State {
  const text = new Reader(encoded);
  const run = text.word(runStates);
  const paused = text.flag();
  const cancel = text.word(cancelPhases);
  const faults = text.numberOrNull();
  const state: State = {
    run,
    paused,
    faults,
    cancel: cancel === 'none' ? null : cancel,
    steps: text.list(() => text.word(stepStates)),
    jobs: text.list(() => ({ id: text.number(), unit: text.number() })),
    parked: text.list(() => text.number()),
    slots: text.list(() => text.number()),
    workers: [],
    suspect: null,
    broken: null,
  };
  while (text.hasWorker()) {
    const suspicion = text.number();
    if (suspicion > 0) state.suspect = { worker: state.workers.length, ended: suspicion === 2 };
    state.workers.push(readWorker(text, `w${state.workers.length + 1}`));
  }
  state.broken = text.rest();
  return state;
}

function readWorker(text: Reader, name: string): Worker {
  return {
    name,
    process: text.word(processes),
    dead: text.word(deaths),
    sign: text.word(signs),
    flushed: text.flag(),
    unsure: text.flag(),
    owesRelease: text.flag(),
    leases: text.list(() => ({ job: text.number(), unit: text.number() })),
    held: text.flag() ? { job: text.number(), unit: text.number(), phase: text.word(phases), outcome: text.word(outcomes) } : null,
    transaction: text.flag()
      ? {
          kind: text.word(kinds),
          phase: text.word(transactionPhases),
          job: text.number(),
          unit: text.numberOrNull(),
          counted: text.number(),
          yields: text.flag(),
        }
      : null,
  };
}

const zero = 49;

/** From -1 on. */
const digit = (value: number) => String.fromCharCode(zero + value);
const flag = (value: boolean) => digit(value ? 1 : 0);
const word = <Word extends string>(words: readonly Word[], one: Word) => digit(words.indexOf(one));
const digits = (values: readonly number[]) => digit(values.length) + values.map(digit).join('');

/** Numbers of jobs matter only by whether they are equal: each is named by its rank. */
class Names {
  readonly #ids = new Set<number>();

  constructor({ jobs, workers, slots }: State) {
    for (const { id } of jobs) this.#ids.add(id);
    for (const { leases, held, transaction } of workers) {
      for (const { job } of leases) this.#ids.add(job);
      if (held) this.#ids.add(held.job);
      if (transaction?.kind === 'claim' && transaction.phase !== 'broken') this.#ids.add(transaction.job);
    }
    for (const job of slots) this.#ids.add(job);
  }

  job(id: number): string {
    return digit(rank(this.#ids, id));
  }
}

function rank(values: Iterable<number>, value: number): number {
  let below = 0;
  for (const other of values) if (other < value) below++;
  return below;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }
  number(): number {
    return this.#text.charCodeAt(this.#at++) - zero;
  }
  numberOrNull(): number | null {
    const value = this.number();
    return value < 0 ? null : value;
  }
  flag(): boolean {
    return this.number() === 1;
  }
  word<Word extends string>(words: readonly Word[]): Word {
    return words[this.number()] as Word;
  }
  list<Item>(read: () => Item): Item[] {
    return Array.from({ length: this.number() }, read);
  }
  /** Whether a worker begins here: with how far it is suspected. What was broken is in words. */
  hasWorker(): boolean {
    const code = this.#text.charCodeAt(this.#at);
    return code >= zero && code <= zero + 2;
  }
  rest(): string | null {
    return this.#at < this.#text.length ? this.#text.slice(this.#at) : null;
  }
}

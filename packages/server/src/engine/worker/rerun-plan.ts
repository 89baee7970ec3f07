// Pure: which steps of a run are run again, and which results are taken over, when it is repeated from somewhere.
import type { Step } from '@tidewheel/contract/flow-document';
import { predecessorsOf } from '@tidewheel/contract/flow-steps';
import type { RunMode, StepState } from '@tidewheel/contract/run';
import type { StoredOutput } from '../../storage/schema.ts';
import type { Plan, PlannedStep } from '../flows/plan.ts';
import type { GivenStep } from './new-run.store.ts';

/** What an earlier run recorded of a step. */
export interface EarlierStep {
  step_id: string;
  use: string;
  state: StepState;
  reason: string | null;
  attempt: number;
  output: StoredOutput | null;
  reused_from: string | null;
  /** People decided on it, or on something below it. */
  decided: boolean;
}

export interface EarlierRun {
  id: string;
  number: number;
  mode: RunMode;
  /** As it ran: with what it was given itself. */
  plan: Plan;
  steps: readonly EarlierStep[];
}

export interface Repeating {
  earlier: EarlierRun;
  /** null: from the start. */
  from: 'failed' | { step: string } | null;
  /** Names of parameters that have another value now. */
  changed?: readonly string[];
  mode: RunMode;
}

export interface RerunPlan {
  /** Step to why it runs again, in the order of the plan. */
  again: Map<string, string>;
  given: GivenStep[];
  /** Steps that take over what succeeded below them. */
  reuse: string[];
}

export function planRerun({ earlier, from, changed = [], mode }: Repeating): RerunPlan {
  const rows = new Map(earlier.steps.map((row) => [row.step_id, row]));
  const main = [...earlier.plan.steps.values()].filter(({ phase }) => phase === 'main');
  const again = new Map<string, string>();
  for (const planned of main) {
    const why = reasonFor({ planned, row: rows.get(planned.id), earlier, from, changed, mode, rows });
    if (why !== null) again.set(planned.id, why);
  }
  const anew = new Set(again.keys());
  follow({ main, again });
  const recomputed = recompute({ earlier, rows, again });
  return {
    again: new Map(main.flatMap(({ id }) => (again.has(id) ? [[id, again.get(id) ?? '']] : []))),
    given: main.flatMap(({ id }) => (again.has(id) ? [] : givenOf(rows.get(id), earlier))),
    reuse: main.filter((planned) => from !== null && mayReuse({ planned, row: rows.get(planned.id), again, anew, recomputed, changed })).map(({ id }) => id),
  };
}

interface Asked extends Omit<Repeating, 'changed'> {
  planned: PlannedStep;
  row: EarlierStep | undefined;
  rows: ReadonlyMap<string, EarlierStep>;
  changed: readonly string[];
}

/** Why a step runs again for its own sake; null: its result would do. */
function reasonFor({ planned, row, rows, earlier, from, changed, mode }: Asked): string | null {
  if (isChosen(from, planned.id)) return 'it was chosen';
  if (isTestData(row)) return mode === 'dry' ? null : 'its result was test data';
  if (from === null) return 'everything runs again';
  // What was approved was that run, by its hash: another one is another thing.
  if (row?.decided && mode !== 'dry') return 'what people decide counts for the run that they saw';
  if (!row || !isDone(row)) return row?.state === 'failed' ? 'it failed' : 'it had not succeeded';
  if (row.state === 'skipped' && stopped({ planned, rows, plan: earlier.plan })) return 'its table job had stopped';
  if (earlier.mode === 'dry' && mode !== 'dry' && planned.type.where === 'inline' && planned.type.effects) return 'the run before it was a dry run';
  const read = changed.find((name) => readsParameter(planned, name));
  return read === undefined ? null : `it reads the parameter ${read}, which changed`;
}

function isChosen(from: Repeating['from'], step: string): boolean {
  return typeof from === 'object' && from?.step === step;
}
function isDone({ state }: EarlierStep): boolean {
  return state === 'succeeded' || state === 'skipped';
}
/** Given before the run began, and by no other run. */
function isTestData(row: EarlierStep | undefined): boolean {
  return row?.state === 'succeeded' && row.attempt === 0 && row.reused_from === null;
}

/** A stretch ends as one: what stands before its failed step is skipped too, and must run again with it. */
function stopped({ planned, rows, plan }: { planned: PlannedStep; rows: ReadonlyMap<string, EarlierStep>; plan: Plan }): boolean {
  const unit = plan.units.get(planned.unit);
  return unit?.steps.some((id) => !['succeeded', 'skipped'].includes(rows.get(id)?.state ?? '')) ?? false;
}

/** Everything after a step that runs again: by its place, or because an expression reads its result. */
function follow({ main, again }: { main: PlannedStep[]; again: Map<string, string> }): void {
  const readers = new Map<string, string[]>();
  for (const planned of main) for (const name of readsOf(planned)) readers.set(name, [...(readers.get(name) ?? []), planned.id]);
  const queue = [...again.keys()];
  for (let at = 0; at < queue.length; at++) {
    const id = queue[at] as string;
    for (const next of readers.get(id) ?? []) {
      if (again.has(next)) continue;
      again.set(next, `it comes after ${id}`);
      queue.push(next);
    }
  }
}

/** What steps that run again take from others must be stored; a table inside a stretch is not, so it is made again. @returns those */
function recompute({ earlier, rows, again }: { earlier: EarlierRun; rows: ReadonlyMap<string, EarlierStep>; again: Map<string, string> }): Set<string> {
  const made = new Set<string>();
  const queue = [...again.keys()];
  for (let at = 0; at < queue.length; at++) {
    const planned = earlier.plan.steps.get(queue[at] as string);
    for (const name of planned ? takenBy(planned.step) : []) {
      const source = earlier.plan.steps.get(name);
      if (!source || again.has(name) || rows.get(name)?.state !== 'succeeded') continue;
      if (source.type.produces !== 'table' || rows.get(name)?.output?.table) continue;
      again.set(name, `its table was not kept, and ${planned?.id} needs it`);
      made.add(name);
      queue.push(name);
    }
  }
  return made;
}

function takenBy(step: Step): string[] {
  return predecessorsOf({ ...step, after: undefined });
}

function givenOf(row: EarlierStep | undefined, { id, number }: EarlierRun): GivenStep[] {
  if (!row || (row.state !== 'succeeded' && row.state !== 'skipped')) return [];
  const { step_id: step, use, state, output } = row;
  if (isTestData(row)) return [{ step, use, state, reason: row.reason ?? 'test data', output, from: null }];
  const told = `taken over from run ${number}`;
  return [{ step, use, state, reason: state === 'skipped' && row.reason ? `${told}: ${row.reason}` : told, output, from: row.reused_from ?? id }];
}

interface Reusing {
  planned: PlannedStep;
  row: EarlierStep | undefined;
  again: ReadonlyMap<string, string>;
  anew: ReadonlySet<string>;
  recomputed: ReadonlySet<string>;
  changed: readonly string[];
}

/** Only of a step that had not succeeded itself, and to which everything else is as it was. */
function mayReuse({ planned, row, again, anew, recomputed, changed }: Reusing): boolean {
  if (planned.spawn === null || planned.spawn === 'repeat' || !anew.has(planned.id)) return false;
  if (row?.decided || (row?.state !== 'failed' && row?.state !== 'cancelled')) return false;
  if (changed.some((name) => readsParameter(planned, name))) return false;
  return readsOf(planned).every((name) => !again.has(name) || recomputed.has(name));
}

/** The other steps whose ends or results a step goes by: its own is read by its undo. */
function readsOf({ id, step, predecessors }: PlannedStep): string[] {
  const text = textOf(step);
  const named = [...text.matchAll(/\bsteps\s*(?:\.\s*([a-z]\w*)|\[\s*\\?["']([a-z]\w*))/gi)].map(([, field, key]) => field ?? key ?? '');
  return [...new Set([...predecessors, ...named])].filter((name) => name !== id);
}

/** A template may hand all of them on. */
function readsParameter({ step }: PlannedStep, name: string): boolean {
  return new RegExp(`\\b(?:${name}|parameters)\\b`).test(textOf(step));
}

function textOf({ title: _title, ...step }: Step): string {
  return JSON.stringify(step);
}

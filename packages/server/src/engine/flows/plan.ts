// What a document means for the engine: its steps with their neighbours, and the units in which they are executed.

import { InvalidInput } from '@tidewheel/contract/errors';
import { durationMs, type FlowDocument, type Limit, type Resources, Retry, type Step, type Undo } from '@tidewheel/contract/flow-document';
import { allSteps, type Edge, edgesAfter, inputsOf, limitsOf, predecessorsOf } from '@tidewheel/contract/flow-steps';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import type { StepTypes } from '../ports.ts';
import { findCycles, topologicalOrder } from './graph.ts';
import { partOf } from './parts.ts';
import { producesOf } from './produces.ts';
import { groupIntoUnits } from './stretches.ts';

export interface RetryPlan {
  attempts: number;
  delayMs: number;
  factor: number;
  maxDelayMs: number;
  jitter: number;
  /** Codes of errors, or their beginnings followed by `*`; null: whatever may pass by itself. */
  on: string[] | null;
}

/** When in a run a step has its turn: with all others, to undo one that succeeded, or at the end whatever happened. */
export type Phase = 'main' | 'undo' | 'final';

/** How runs below a step come about: one for each item, again and again, or one as the step type says. */
export type Spawn = 'each' | 'repeat' | 'once';

export interface PlannedStep {
  id: string;
  step: Step;
  type: AnyStepType;
  /** Input name to step id. */
  inputs: Record<string, string>;
  /** Of the same run. */
  predecessors: string[];
  successors: string[];
  /** One for each step before it, and for each branch of one. */
  edges: Edge[];
  on: NonNullable<Step['on']>;
  join: NonNullable<Step['join']>;
  phase: Phase;
  mayFail: boolean;
  spawn: Spawn | null;
  limits: Limit[];
  resources: Resources;
  /** Its result is there before the run begins. */
  isGiven: boolean;
  /** Only workers with this tag run it. */
  tag: string;
  timeoutMs: number | null;
  retry: RetryPlan;
  /** The id of its unit. */
  unit: string;
  /** Its table must be written: somebody outside its stretch needs it, or nobody consumes it and it is not a write. */
  kept: boolean;
}

/** What is executed as one: an inline step, or a stretch of table steps. Steps with their own condition, order, retry, timeout or tag stand alone. */
export interface Unit {
  /** The id of its first step. */
  id: string;
  /** In topological order. */
  steps: string[];
  kind: 'inline' | 'table';
  /** Ids of units. */
  predecessors: string[];
  successors: string[];
  tag: string;
  priority: number;
  timeoutMs: number | null;
  retry: RetryPlan;
  when: string | null;
  /** May run ahead of the commit. */
  pure: boolean;
  phase: Phase;
  spawn: Spawn | null;
  /** It may have waited: what it waited for is to be read before it runs. */
  waits: boolean;
  limits: Limit[];
}

export interface Plan {
  document: FlowDocument;
  /** The document that `document` is a part of. */
  whole: FlowDocument;
  /** In topological order. */
  steps: ReadonlyMap<string, PlannedStep>;
  units: ReadonlyMap<string, Unit>;
  /** The units with which a run of it begins. */
  roots: string[];
  /** Something is to be done when it fails or is cancelled. */
  cleansUp: boolean;
  /** Nothing but steps one after another: no branches, no waiting for others, nothing at the end. */
  isPlain: boolean;
}

/** What of a document a run runs. */
export interface Planning {
  /** See parts.ts; null: all of it. */
  part?: string | null | undefined;
  /** Steps that have their result already. */
  given?: readonly string[] | null | undefined;
}

/** The step that undoes another one, as a step of its own: its id is no step id, so no document can name it. */
export function undoOf(step: string): string {
  return `${step}.undo`;
}

/**
 * Plans a document that passed validation. Pure and linear in its size.
 * @throws InvalidInput for a step type that this installation does not have, a name that no step has, or a cycle
 */
export function planFlow(whole: FlowDocument, types: StepTypes, { part = null, given = null }: Planning = {}): Plan {
  const document = part === null ? whole : partOf(whole, part);
  const outside = part === null ? new Set<string>() : idsOf(whole);
  refuseUnknown({ document, types, outside });
  const order = topologicalOrder(document.steps);
  if (order.length < Object.keys(document.steps).length) refuseCycle(document);
  const done = new Set(given ?? []);
  const unitOf = groupIntoUnits({ steps: document.steps, order, types, given: done });
  const steps = planSteps({ document, order, types, unitOf, given: done });
  const units = planUnits(steps);
  const roots = [...units.values()].filter((unit) => unit.predecessors.length === 0 && unit.phase === 'main').map((unit) => unit.id);
  const all = [...steps.values()];
  return {
    document,
    whole,
    steps,
    units,
    roots,
    cleansUp: all.some((step) => step.phase !== 'main'),
    isPlain: !all.some(
      (step) => step.phase !== 'main' || step.on !== 'success' || step.mayFail || step.isGiven || step.edges.some(({ branch }) => branch !== null),
    ),
  };
}

function idsOf(document: FlowDocument): Set<string> {
  return new Set([...allSteps(document.steps)].map(({ id }) => id));
}

function refuseUnknown({ document, types, outside }: { document: FlowDocument; types: StepTypes; outside: ReadonlySet<string> }): void {
  for (const [id, step] of Object.entries(document.steps)) {
    if (!types.has(step.use)) {
      throw unknownType(`steps.${id}.use`, step.use);
    }
    const missing = predecessorsOf(step).find((name) => !Object.hasOwn(document.steps, name) && !outside.has(name));
    if (missing !== undefined) throw new InvalidInput('flow.step_unknown', `steps.${id}: there is no step "${missing}".`);
  }
}

function unknownType(path: string, use: string): InvalidInput {
  return new InvalidInput('flow.step_type_unknown', `${path}: this installation has no step type "${use}".`, {
    hint: 'Install the extension that has it, or save the flow with another step type.',
  });
}

function refuseCycle(document: FlowDocument): never {
  const cycle = findCycles(document.steps)[0] ?? [];
  throw new InvalidInput('flow.cycle', `The steps wait for one another: ${[...cycle, cycle[0]].map((id) => `steps.${id}`).join(' -> ')}.`);
}

interface Parts {
  document: FlowDocument;
  order: readonly string[];
  types: StepTypes;
  unitOf: ReadonlyMap<string, string>;
  given: ReadonlySet<string>;
}

function planSteps({ document, order, types, unitOf, given }: Parts): Map<string, PlannedStep> {
  const steps = new Map<string, PlannedStep>();
  for (const id of order) {
    const step = document.steps[id] as Step;
    const type = types.get(step.use) as AnyStepType;
    steps.set(id, { ...planStep({ id, step, type, unit: unitOf.get(id) as string }), isGiven: given.has(id) });
  }
  connect(steps);
  for (const planned of steps.values()) if (isFinal(planned, steps)) planned.phase = 'final';
  for (const { id, undo } of [...steps.values()].map(({ id, step }) => ({ id, undo: step.undo }))) {
    if (undo) steps.set(undoOf(id), planUndo({ id, undo, types }));
  }
  return steps;
}

/** Links each step with those before and after it in this run, and finds whose tables must be kept. */
function connect(steps: Map<string, PlannedStep>): void {
  const readInside = new Set<string>();
  const readOutside = new Set<string>();
  for (const planned of steps.values()) {
    planned.predecessors = planned.predecessors.filter((name) => steps.has(name));
    planned.edges = planned.edges.filter((edge) => steps.has(edge.step));
    for (const name of planned.predecessors) steps.get(name)?.successors.push(planned.id);
    for (const name of Object.values(planned.inputs)) (steps.get(name)?.unit === planned.unit ? readInside : readOutside).add(name);
    if (planned.step.each?.rows !== undefined) readOutside.add(planned.step.each.rows);
    for (const { step } of allSteps(planned.step.steps ?? {})) for (const name of predecessorsOf(step)) readOutside.add(name);
  }
  for (const planned of steps.values()) {
    const makesTable = planned.type.where === 'table' && producesOf(planned.step, planned.type) === 'table';
    planned.kept = makesTable && (readOutside.has(planned.id) || !readInside.has(planned.id));
  }
}

/** Steps come in topological order, so those before it have their phase. */
function isFinal({ on, predecessors }: PlannedStep, steps: ReadonlyMap<string, PlannedStep>): boolean {
  if (predecessors.length === 0) return on !== 'success';
  return predecessors.some((name) => steps.get(name)?.phase === 'final');
}

function planStep({ id, step, type, unit }: { id: string; step: Step; type: AnyStepType; unit: string }): PlannedStep {
  const on = step.on ?? 'success';
  return {
    id,
    step,
    type,
    inputs: inputsOf(step),
    predecessors: predecessorsOf(step),
    successors: [],
    edges: edgesOf(step),
    on,
    join: step.join ?? (on === 'failure' ? 'any' : 'all'),
    phase: 'main',
    mayFail: step.mayFail ?? false,
    spawn: spawnOf(step, type),
    limits: limitsOf(step),
    resources: step.resources ?? {},
    isGiven: false,
    tag: step.worker ?? 'default',
    timeoutMs: step.timeout === undefined ? null : durationMs(step.timeout),
    retry: planRetry(step, type),
    unit,
    kept: false,
  };
}

/** A step is named by `after` with its branch, else by whatever else needs it. */
export function edgesOf(step: Step): Edge[] {
  const after = edgesAfter(step);
  const told = new Set(after.map((edge) => edge.step));
  return [...after, ...predecessorsOf(step).flatMap((name) => (told.has(name) ? [] : [{ step: name, branch: null }]))];
}

function spawnOf(step: Step, type: AnyStepType): Spawn | null {
  if (step.each) return 'each';
  if (step.repeat) return 'repeat';
  return type.where === 'inline' && type.starts ? 'once' : null;
}

function planUndo({ id, undo, types }: { id: string; undo: Undo; types: StepTypes }): PlannedStep {
  const type = types.get(undo.use);
  if (type?.where !== 'inline') throw unknownType(`steps.${id}.undo.use`, undo.use);
  return { ...planStep({ id: undoOf(id), step: { ...undo }, type, unit: undoOf(id) }), phase: 'undo' };
}

const once: RetryPlan = retryPlan(Retry.parse({ attempts: 1 }));

/** Items are tried again by themselves, not all of them together. */
function planRetry(step: Step, type: AnyStepType): RetryPlan {
  if (step.each && !step.steps) return once;
  if (step.retry) return retryPlan(step.retry);
  return type.where === 'inline' && type.retry ? retryPlan(Retry.parse(type.retry)) : once;
}
function retryPlan(retry: Retry): RetryPlan {
  const { attempts, factor, jitter } = retry;
  return { attempts, delayMs: durationMs(retry.delay), factor, maxDelayMs: durationMs(retry.maxDelay), jitter, on: retry.on ?? null };
}

function planUnits(steps: ReadonlyMap<string, PlannedStep>): Map<string, Unit> {
  const units = new Map<string, Unit>();
  for (const planned of steps.values()) {
    const unit = units.get(planned.unit);
    if (!unit) units.set(planned.unit, startUnit(planned));
    else joinUnit(unit, planned);
  }
  const links = new Map([...units.keys()].map((id) => [id, { before: new Set<string>(), after: new Set<string>() }]));
  for (const planned of steps.values()) {
    for (const name of planned.predecessors) {
      const before = steps.get(name)?.unit as string;
      if (before === planned.unit) continue;
      links.get(planned.unit)?.before.add(before);
      links.get(before)?.after.add(planned.unit);
    }
  }
  for (const unit of units.values()) {
    unit.predecessors = [...(links.get(unit.id)?.before ?? [])];
    unit.successors = [...(links.get(unit.id)?.after ?? [])];
  }
  return units;
}

function startUnit(planned: PlannedStep): Unit {
  const { id, step, type, tag, timeoutMs, retry, phase, spawn, limits } = planned;
  const pure = type.where === 'inline' && type.pure === true;
  return {
    id,
    steps: [id],
    kind: type.where,
    predecessors: [],
    successors: [],
    tag,
    priority: step.priority ?? 0,
    // The same is true of its time.
    timeoutMs: spawn === 'each' && !step.steps ? null : timeoutMs,
    retry,
    when: step.when ?? null,
    pure,
    phase,
    spawn,
    waits: spawn !== null || (type.where === 'inline' && type.resume !== undefined),
    // A slot goes with a lease, and a step with runs below it has none while they run: they ask for themselves.
    limits: spawn === null ? limits : [],
  };
}
function joinUnit(unit: Unit, planned: PlannedStep): void {
  unit.steps.push(planned.id);
  unit.priority = Math.max(unit.priority, planned.step.priority ?? 0);
}

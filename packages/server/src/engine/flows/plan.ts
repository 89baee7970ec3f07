// What a document means for the engine: its steps with their neighbours, and the units in which they are executed.

import { InvalidInput } from '@tidewheel/contract/errors';
import type { FlowDocument, Step } from '@tidewheel/contract/flow-document';
import { durationMs, inputsOf, predecessorsOf, Retry } from '@tidewheel/contract/flow-document';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import type { StepTypes } from '../ports.ts';
import { findCycles, topologicalOrder } from './graph.ts';
import { groupIntoUnits } from './stretches.ts';

export interface RetryPlan {
  attempts: number;
  delayMs: number;
  factor: number;
  maxDelayMs: number;
}

export interface PlannedStep {
  id: string;
  step: Step;
  type: AnyStepType;
  /** Input name to step id. */
  inputs: Record<string, string>;
  predecessors: string[];
  successors: string[];
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
}

export interface Plan {
  document: FlowDocument;
  /** In topological order. */
  steps: ReadonlyMap<string, PlannedStep>;
  units: ReadonlyMap<string, Unit>;
  /** The units without predecessors. */
  roots: string[];
}

/**
 * Plans a document that passed validation. Pure and linear in its size.
 * @throws InvalidInput for a step type that this installation does not have, a name that no step has, or a cycle
 */
export function planFlow(document: FlowDocument, types: StepTypes): Plan {
  refuseUnknown(document, types);
  const order = topologicalOrder(document.steps);
  if (order.length < Object.keys(document.steps).length) refuseCycle(document);
  const unitOf = groupIntoUnits({ steps: document.steps, order, types });
  const steps = planSteps({ document, order, types, unitOf });
  const units = planUnits(steps);
  return { document, steps, units, roots: [...units.values()].filter((unit) => unit.predecessors.length === 0).map((unit) => unit.id) };
}

function refuseUnknown(document: FlowDocument, types: StepTypes): void {
  for (const [id, step] of Object.entries(document.steps)) {
    if (!types.has(step.use)) {
      throw new InvalidInput('flow.step_type_unknown', `steps.${id}.use: this installation has no step type "${step.use}".`, {
        hint: 'Install the extension that has it, or save the flow with another step type.',
      });
    }
    const missing = predecessorsOf(step).find((name) => !Object.hasOwn(document.steps, name));
    if (missing !== undefined) throw new InvalidInput('flow.step_unknown', `steps.${id}: there is no step "${missing}".`);
  }
}

function refuseCycle(document: FlowDocument): never {
  const cycle = findCycles(document.steps)[0] ?? [];
  throw new InvalidInput('flow.cycle', `The steps wait for one another: ${[...cycle, cycle[0]].map((id) => `steps.${id}`).join(' -> ')}.`);
}

function planSteps({
  document,
  order,
  types,
  unitOf,
}: {
  document: FlowDocument;
  order: readonly string[];
  types: StepTypes;
  unitOf: ReadonlyMap<string, string>;
}): Map<string, PlannedStep> {
  const steps = new Map<string, PlannedStep>();
  for (const id of order) steps.set(id, planStep({ id, step: document.steps[id] as Step, types, unit: unitOf.get(id) as string }));
  const readInside = new Set<string>();
  const readOutside = new Set<string>();
  for (const planned of steps.values()) {
    for (const name of planned.predecessors) steps.get(name)?.successors.push(planned.id);
    for (const name of Object.values(planned.inputs)) (steps.get(name)?.unit === planned.unit ? readInside : readOutside).add(name);
  }
  for (const planned of steps.values()) {
    const makesTable = planned.type.where === 'table' && planned.type.produces === 'table';
    planned.kept = makesTable && (readOutside.has(planned.id) || !readInside.has(planned.id));
  }
  return steps;
}

function planStep({ id, step, types, unit }: { id: string; step: Step; types: StepTypes; unit: string }): PlannedStep {
  const type = types.get(step.use) as AnyStepType;
  return {
    id,
    step,
    type,
    inputs: inputsOf(step),
    predecessors: predecessorsOf(step),
    successors: [],
    tag: step.worker ?? 'default',
    timeoutMs: step.timeout === undefined ? null : durationMs(step.timeout),
    retry: planRetry(step, type),
    unit,
    kept: false,
  };
}

const once: RetryPlan = retryPlan(Retry.parse({ attempts: 1 }));

function planRetry(step: Step, type: AnyStepType): RetryPlan {
  if (step.retry) return retryPlan(step.retry);
  return type.where === 'inline' && type.retry ? retryPlan(Retry.parse(type.retry)) : once;
}
function retryPlan(retry: Retry): RetryPlan {
  return { attempts: retry.attempts, delayMs: durationMs(retry.delay), factor: retry.factor, maxDelayMs: durationMs(retry.maxDelay) };
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
  const { id, step, type, tag, timeoutMs, retry } = planned;
  const pure = type.where === 'inline' && type.pure === true;
  return {
    id,
    steps: [id],
    kind: type.where,
    predecessors: [],
    successors: [],
    tag,
    priority: step.priority ?? 0,
    timeoutMs,
    retry,
    when: step.when ?? null,
    pure,
  };
}
function joinUnit(unit: Unit, planned: PlannedStep): void {
  unit.steps.push(planned.id);
  unit.priority = Math.max(unit.priority, planned.step.priority ?? 0);
}

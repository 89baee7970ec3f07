// From the source text of a flow to its document, with every fault of its form named by path and line.
import { FlowDocument, flowLimits, Output, Parameter, Step } from '@tidewheel/contract/flow-document';
import { allSteps } from '@tidewheel/contract/flow-steps';
import { Slug, StepId } from '@tidewheel/contract/identifiers';
import type { Fault } from '@tidewheel/contract/problem';
import type { z } from 'zod';
import { dotted, faultsOfZod } from '../../base/zod-faults.ts';
import { type Keys, readYaml } from './yaml-source.ts';

export interface ParsedFlow {
  /** Null when there is any fault. */
  document: FlowDocument | null;
  faults: Fault[];
}

/** What could be read of a document, faulty or not, so that everything else can be checked at the same time. */
export interface Draft extends ParsedFlow {
  /** What its `flow` says, when that is a name. */
  name: string | null;
  timeZone: string;
  parameters: Record<string, Parameter>;
  outputs: Record<string, Output>;
  /** Where all steps stand, also those that could not be read. */
  places: StepPlace[];
  /** Those that could be read, each before the steps inside it; an id may be there twice. */
  steps: DraftStep[];
  lineOf(keys: Keys): number | undefined;
}
export interface StepPlace {
  id: string;
  /** The ids of the steps around it, outermost first. */
  inside: readonly string[];
  /** Its path in the document. */
  keys: Keys;
}
export interface DraftStep extends StepPlace {
  step: Step;
  /** False when keys had to be left out to read it: what seems to be missing may be in them. */
  whole: boolean;
}

const mostFaults = 200;

/** @throws TooLarge when the source is over its limit; every other fault is in the answer */
export function parseFlow(source: string): ParsedFlow {
  const { document, faults } = readDraft(source);
  return { document, faults };
}

/** @throws TooLarge */
export function readDraft(source: string): Draft {
  const yaml = readYaml(source);
  const draft: Draft = {
    name: nameIn(yaml.value),
    document: null,
    faults: [...yaml.faults],
    timeZone: 'UTC',
    parameters: {},
    outputs: {},
    places: [],
    steps: [],
    lineOf: yaml.lineOf,
  };
  if (yaml.value === undefined) return draft;
  const excess = excessOf(measure(asRecord(yaml.value)['steps']));
  if (excess !== null) {
    draft.faults.push({ path: 'steps', ...excess, severity: 'error', line: yaml.lineOf(['steps']) });
    return draft;
  }
  const parsed = FlowDocument.safeParse(yaml.value);
  if (parsed.success) fill(draft, parsed.data);
  else {
    const faults = faultsOfZod({ error: parsed.error, input: yaml.value, schema: FlowDocument, path: [] });
    for (const { path, message, keys } of faults.slice(0, mostFaults))
      draft.faults.push({ path, message, severity: 'error', line: yaml.lineOf(keys), ...hintFor(message) });
    if (faults.length > mostFaults) draft.faults.push({ path: dotted([]), message: `and ${faults.length - mostFaults} further faults`, severity: 'error' });
    salvage(draft, yaml.value);
  }
  return draft;
}

/** What is not known here may be known elsewhere; a slip names what was meant. */
function hintFor(message: string): { hint?: string } {
  if (!message.startsWith('unknown key') || message.includes('did you mean')) return {};
  return { hint: 'When the document was written for a newer version, update this installation.' };
}

function nameIn(value: unknown): string | null {
  const { flow } = asRecord(value);
  return Slug.safeParse(flow).data ?? null;
}

function fill(draft: Draft, document: FlowDocument): void {
  if (draft.faults.length === 0) draft.document = document;
  draft.timeZone = document.timeZone;
  draft.parameters = document.parameters;
  draft.outputs = document.outputs ?? {};
  for (const { id, step, inside } of allSteps(document.steps)) {
    const place = { id, inside, keys: keysOf(id, inside) };
    draft.places.push(place);
    draft.steps.push({ ...place, step, whole: true });
  }
}
function keysOf(id: string, inside: readonly string[]): Keys {
  return [...inside, id].flatMap((name) => ['steps', name]);
}

function salvage(draft: Draft, value: unknown): void {
  const { timeZone, parameters, outputs, steps } = asRecord(value);
  if (typeof timeZone === 'string') draft.timeZone = timeZone;
  for (const [name, parameter] of Object.entries(asRecord(parameters))) {
    const parsed = Parameter.safeParse(parameter);
    if (parsed.success && StepId.safeParse(name).success) draft.parameters[name] = parsed.data;
  }
  for (const [name, output] of Object.entries(asRecord(outputs))) {
    const parsed = Output.safeParse(output);
    if (parsed.success) draft.outputs[name] = parsed.data;
  }
  salvageSteps(draft, { steps, inside: [] });
}

function salvageSteps(draft: Draft, { steps, inside }: { steps: unknown; inside: readonly string[] }): void {
  for (const [id, step] of Object.entries(asRecord(steps))) {
    const place = { id, inside, keys: keysOf(id, inside) };
    draft.places.push(place);
    const read = salvageStep(step);
    if (read) draft.steps.push({ ...place, ...read });
    salvageSteps(draft, { steps: asRecord(step)['steps'], inside: [...inside, id] });
  }
}

function salvageStep(value: unknown): Pick<DraftStep, 'step' | 'whole'> | null {
  const parsed = Step.safeParse(value);
  if (parsed.success) return { step: parsed.data, whole: true };
  const bad = new Set(parsed.error.issues.flatMap(keysAtFault));
  const rest = Step.safeParse(Object.fromEntries(Object.entries(asRecord(value)).filter(([key]) => !bad.has(key))));
  return rest.success ? { step: rest.data, whole: false } : null;
}
function keysAtFault(issue: z.core.$ZodIssue): PropertyKey[] {
  return issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : issue.path.slice(0, 1);
}

/** How many steps there are, and on how many levels, before anything looks at them. */
function measure(steps: unknown): { count: number; depth: number } {
  const size = { count: 0, depth: 0 };
  const waiting = [{ steps, depth: 1 }];
  for (let level = waiting.pop(); level; level = waiting.pop()) {
    for (const step of Object.values(asRecord(level.steps))) {
      size.count++;
      size.depth = Math.max(size.depth, level.depth);
      waiting.push({ steps: asRecord(step)['steps'], depth: level.depth + 1 });
    }
  }
  return size;
}

function excessOf({ count, depth }: { count: number; depth: number }): { message: string; hint: string } | null {
  const { steps, depth: deepest } = flowLimits;
  if (count > steps) {
    const message = `has ${count.toLocaleString('en')} steps; at most ${steps.toLocaleString('en')} are allowed`;
    return { message, hint: 'Move part of them into a flow of its own, and run it with flow.run.' };
  }
  if (depth <= deepest) return null;
  return {
    message: `has steps on ${depth} levels; at most ${deepest} are allowed`,
    hint: 'Move the inner ones into a flow of its own, and run it with flow.run.',
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

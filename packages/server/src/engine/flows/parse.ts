// From the source text of a flow to its document, with every fault of its form named by path and line.
import { FlowDocument, flowLimits, Parameter, Step } from '@tidewheel/contract/flow-document';
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
  /** The ids of all steps, also of those that could not be read. */
  stepIds: string[];
  steps: Map<string, DraftStep>;
  lineOf(keys: Keys): number | undefined;
}
export interface DraftStep {
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
    stepIds: [],
    steps: new Map(),
    lineOf: yaml.lineOf,
  };
  if (yaml.value === undefined) return draft;
  const excess = countSteps(yaml.value);
  if (excess > flowLimits.steps) {
    draft.faults.push({
      path: 'steps',
      message: `has ${excess.toLocaleString('en')} steps; at most ${flowLimits.steps.toLocaleString('en')} are allowed`,
      severity: 'error',
      line: yaml.lineOf(['steps']),
    });
    return draft;
  }
  const parsed = FlowDocument.safeParse(yaml.value);
  if (parsed.success) fill(draft, parsed.data);
  else {
    const faults = faultsOfZod({ error: parsed.error, input: yaml.value, schema: FlowDocument, path: [] });
    for (const { path, message, keys } of faults.slice(0, mostFaults)) draft.faults.push({ path, message, severity: 'error', line: yaml.lineOf(keys) });
    if (faults.length > mostFaults) draft.faults.push({ path: dotted([]), message: `and ${faults.length - mostFaults} further faults`, severity: 'error' });
    salvage(draft, yaml.value);
  }
  return draft;
}

function nameIn(value: unknown): string | null {
  const { flow } = asRecord(value);
  return Slug.safeParse(flow).data ?? null;
}

function fill(draft: Draft, document: FlowDocument): void {
  if (draft.faults.length === 0) draft.document = document;
  draft.timeZone = document.timeZone;
  draft.parameters = document.parameters;
  draft.stepIds = Object.keys(document.steps);
  for (const [id, step] of Object.entries(document.steps)) draft.steps.set(id, { step, whole: true });
}

function salvage(draft: Draft, value: unknown): void {
  const { timeZone, parameters, steps } = asRecord(value);
  if (typeof timeZone === 'string') draft.timeZone = timeZone;
  for (const [name, parameter] of Object.entries(asRecord(parameters))) {
    const parsed = Parameter.safeParse(parameter);
    if (parsed.success && StepId.safeParse(name).success) draft.parameters[name] = parsed.data;
  }
  for (const [id, step] of Object.entries(asRecord(steps))) {
    draft.stepIds.push(id);
    const read = salvageStep(step);
    if (read) draft.steps.set(id, read);
  }
}

function salvageStep(value: unknown): DraftStep | null {
  const parsed = Step.safeParse(value);
  if (parsed.success) return { step: parsed.data, whole: true };
  const bad = new Set(parsed.error.issues.flatMap(keysAtFault));
  const rest = Step.safeParse(Object.fromEntries(Object.entries(asRecord(value)).filter(([key]) => !bad.has(key))));
  return rest.success ? { step: rest.data, whole: false } : null;
}
function keysAtFault(issue: z.core.$ZodIssue): PropertyKey[] {
  return issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : issue.path.slice(0, 1);
}

function countSteps(value: unknown): number {
  return Object.keys(asRecord(asRecord(value).steps)).length;
}
function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

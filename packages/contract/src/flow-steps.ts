// How the steps of a document hang together, without schemas: the browser loads it.
import type { FlowDocument, Limit, Step } from './flow-document.ts';

/** The named inputs of a step: `from: trades` is the single input named `input`. */
export function inputsOf(step: Step): Record<string, string> {
  if (step.from === undefined) return {};
  return typeof step.from === 'string' ? { input: step.from } : step.from;
}
/** A step that comes before another one; `branch` when only one of its branches leads on. */
export interface Edge {
  step: string;
  branch: string | null;
}
export function edgesAfter(step: Step): Edge[] {
  return afterOf(step).map((name) => {
    const [before = name, branch = null] = name.split('.');
    return { step: before, branch };
  });
}
/** As it is written: steps, and branches of steps as `route.large`. */
export function afterOf(step: Step): string[] {
  return step.after === undefined ? [] : typeof step.after === 'string' ? [step.after] : step.after;
}
export function limitsOf(step: Step): Limit[] {
  return step.limit === undefined ? [] : Array.isArray(step.limit) ? step.limit : [step.limit];
}
/** Everything on its own level that a step waits for, without repeats; for one with steps of its own also what these take from outside. */
export function predecessorsOf(step: Step): string[] {
  return [...new Set([...namedBy(step), ...takenFromOutside(step)])];
}
function namedBy(step: Step): string[] {
  const rows = step.each?.rows === undefined ? [] : [step.each.rows];
  return [...Object.values(inputsOf(step)), ...edgesAfter(step).map((edge) => edge.step), ...rows];
}
/** The steps that the steps inside this one name, and that are not among them. */
function takenFromOutside({ steps = {} }: Step): string[] {
  return Object.values(steps)
    .flatMap(predecessorsOf)
    .filter((name) => !Object.hasOwn(steps, name));
}

export interface PlacedStep {
  id: string;
  step: Step;
  /** The ids of the steps around it, outermost first. */
  inside: readonly string[];
}
/** All steps of a document, those inside others after the one around them. Ids are unique in the whole document. */
export function* allSteps(steps: Readonly<Record<string, Step>>, inside: readonly string[] = []): Generator<PlacedStep> {
  for (const [id, step] of Object.entries(steps)) {
    yield { id, step, inside };
    if (step.steps) yield* allSteps(step.steps, [...inside, id]);
  }
}
/** How many steps a document has, those inside others counted. */
export function countSteps(document: Pick<FlowDocument, 'steps'>): number {
  let count = 0;
  for (const _ of allSteps(document.steps)) count++;
  return count;
}

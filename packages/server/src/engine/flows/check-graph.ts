// How the steps of a document hang together: their types, what they wait for, and what is carried between them.
import { afterOf, inputsOf, predecessorsOf, type Step } from '@tidewheel/contract/flow-document';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import { closest } from '../../base/text.ts';
import type { CheckContext } from './check-context.ts';
import { findCycles } from './graph.ts';
import type { DraftStep } from './parse.ts';

export function checkGraph(context: CheckContext): void {
  const { draft, types } = context;
  for (const [id, draftStep] of draft.steps) {
    checkNames(context, id, draftStep.step);
    const type = types.get(draftStep.step.use);
    if (!type) reportUnknownType(context, id, draftStep.step.use);
    else if (draftStep.whole) checkInputs({ context, id, draftStep, type });
  }
  const steps = Object.fromEntries([...draft.steps].map(([id, { step }]) => [id, step]));
  for (const cycle of findCycles(steps)) {
    const [first] = cycle as [string];
    const names = [...cycle, first].map((id) => `steps.${id}`).join(' -> ');
    context.report({ keys: ['steps', first], message: `waits for itself: ${names}`, hint: 'Take one `from` or `after` out of the circle.' });
  }
}

/** Everything that surely runs before a step, found by walking back. */
export function ancestorsOf(context: CheckContext, id: string): Set<string> {
  const seen = new Set<string>();
  const waiting = [id];
  while (waiting.length > 0) {
    const step = context.draft.steps.get(waiting.pop() as string)?.step;
    for (const before of step ? predecessorsOf(step) : []) {
      if (seen.has(before)) continue;
      seen.add(before);
      waiting.push(before);
    }
  }
  return seen;
}

function reportUnknownType(context: CheckContext, id: string, use: string): void {
  const slip = closest(use, context.types.keys());
  context.report({
    keys: ['steps', id, 'use'],
    message: slip ? `unknown step type "${use}"; did you mean "${slip}"?` : `unknown step type "${use}"`,
    hint: slip ? undefined : '`tidewheel step-type list` shows those there are.',
  });
}

function checkNames(context: CheckContext, id: string, step: Step): void {
  const known = context.steps;
  const check = (keys: (string | number)[], name: string): void => {
    if (known.has(name)) return;
    const slip = closest(name, known.all());
    context.report({ keys: ['steps', id, ...keys], message: slip ? `there is no step "${name}"; did you mean "${slip}"?` : `there is no step "${name}"` });
  };
  for (const [input, name] of Object.entries(inputsOf(step))) check(typeof step.from === 'string' ? ['from'] : ['from', input], name);
  for (const [index, name] of afterOf(step).entries()) check(Array.isArray(step.after) ? ['after', index] : ['after'], name);
}

interface InputCheck {
  context: CheckContext;
  id: string;
  draftStep: DraftStep;
  type: AnyStepType;
}

function checkInputs({ context, id, draftStep, type }: InputCheck): void {
  const given = inputsOf(draftStep.step);
  const names = Object.keys(given);
  const message = wrongNumber(type, names.length);
  if (message !== null) {
    context.report({ keys: ['steps', id, 'from'], message, hint: exampleOf(type) });
    return;
  }
  checkInputNames({ context, id, draftStep, type });
  for (const [input, name] of Object.entries(given)) checkCarried({ context, id, draftStep, type, input, name });
}

function wrongNumber(type: AnyStepType, count: number): string | null {
  const { min, max, carries } = type.inputs;
  if (count > 0 && (max === 0 || carries === 'none')) return `${type.type} takes no input`;
  if (count < min) return count === 0 ? `is missing: ${type.type} needs ${inputsInWords(min)}` : `${type.type} needs ${inputsInWords(min)}, not ${count}`;
  if (max !== null && count > max) return `${type.type} takes ${max === 1 ? 'one input' : `at most ${max} inputs`}, not ${count}`;
  return null;
}
function inputsInWords(count: number): string {
  return count === 1 ? 'an input' : `${count} inputs`;
}
function exampleOf({ inputs }: AnyStepType): string {
  if (inputs.max === 0 || inputs.carries === 'none') return 'Use `after` when it only has to wait for a step.';
  if (inputs.named) return `Write from: { ${inputs.named.map((name) => `${name}: <step>`).join(', ')} }.`;
  return inputs.min > 1 ? 'Write from: { a: <step>, b: <step> }.' : 'Write from: <step>.';
}

function checkInputNames({ context, id, draftStep, type }: InputCheck): void {
  const { named, max } = type.inputs;
  const allowed = named ?? (max === 1 ? ['input'] : null);
  if (allowed === null || typeof draftStep.step.from === 'string') return;
  for (const name of Object.keys(inputsOf(draftStep.step))) {
    if (allowed.includes(name)) continue;
    const slip = closest(name, allowed);
    context.report({
      keys: ['steps', id, 'from', name],
      message: `${type.type} has no input "${name}"; ${slip ? `did you mean "${slip}"?` : `it has ${allowed.join(' and ')}`}`,
      hint: exampleOf(type),
    });
  }
}

function checkCarried({ context, id, draftStep, type, input, name }: InputCheck & { input: string; name: string }): void {
  const source = context.draft.steps.get(name);
  const sourceType = source && context.types.get(source.step.use);
  if (!sourceType) return;
  const { carries } = type.inputs;
  const fits = carries === 'any' ? sourceType.produces !== 'none' : carries === sourceType.produces;
  if (fits) return;
  const keys = ['steps', id, 'from', ...(typeof draftStep.step.from === 'string' ? [] : [input])];
  const what = carries === 'any' ? 'something' : `a ${carries}`;
  const gives = sourceType.produces === 'none' ? 'nothing' : `a ${sourceType.produces}`;
  context.report({ keys, message: `takes ${what}, but "${name}" (${sourceType.type}) produces ${gives}`, hint: bridge(carries, sourceType.produces) });
}
function bridge(carries: string, produces: string): string {
  if (carries === 'table' && produces === 'file') return 'Put a table.read between them.';
  if (carries === 'file' && produces === 'table') return 'Put a table.write between them.';
  return 'Use `after` when it only has to wait for that step.';
}

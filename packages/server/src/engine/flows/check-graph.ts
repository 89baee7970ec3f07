// How the steps of a document hang together: their types, what they wait for, and what is carried between them.
import { edgesAfter, inputsOf } from '@tidewheel/contract/flow-steps';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import { closest } from '../../base/text.ts';
import type { CheckContext } from './check-context.ts';
import { hidden } from './check-expression.ts';
import { findCycles } from './graph.ts';
import type { DraftStep } from './parse.ts';
import { producesOf } from './produces.ts';

export function checkGraph(context: CheckContext): void {
  reportRepeatedIds(context);
  for (const draftStep of context.draft.steps) {
    checkNames(context, draftStep);
    const type = context.types.get(draftStep.step.use);
    if (!type) reportUnknownType(context, [...draftStep.keys, 'use'], draftStep.step.use);
    else if (draftStep.whole) checkInputs({ context, draftStep, type });
  }
  for (const { inside, steps } of context.levels.all()) {
    const path = inside.flatMap((id) => ['steps', id]);
    for (const cycle of findCycles(steps)) {
      const [first] = cycle as [string];
      const names = [...cycle, first].map((id) => `steps.${id}`).join(' -> ');
      context.report({ keys: [...path, 'steps', first], message: `waits for itself: ${names}`, hint: 'Take one `from` or `after` out of the circle.' });
    }
  }
}

function reportRepeatedIds(context: CheckContext): void {
  for (const place of context.draft.places) {
    const first = context.levels.find(place.id);
    if (!first || first === place) continue;
    const where = first.keys.join('.');
    if (where === place.keys.join('.')) continue;
    context.report({
      keys: place.keys,
      message: `has the id of another step, ${where}`,
      hint: 'Ids are unique in the whole document, those inside groups too.',
    });
  }
}

export function reportUnknownType(context: CheckContext, keys: (string | number)[], use: string): void {
  const slip = closest(use, context.types.keys());
  context.report({
    keys,
    message: slip ? `unknown step type "${use}"; did you mean "${slip}"?` : `unknown step type "${use}"`,
    hint: slip ? undefined : '`tidewheel step-type list` shows those there are. Others come with extensions, or with a newer version.',
  });
}

function checkNames(context: CheckContext, draftStep: DraftStep): void {
  const { step } = draftStep;
  for (const [input, name] of Object.entries(inputsOf(step)))
    checkName(context, { draftStep, keys: typeof step.from === 'string' ? ['from'] : ['from', input], name });
  for (const [index, edge] of edgesAfter(step).entries())
    checkName(context, { draftStep, keys: Array.isArray(step.after) ? ['after', index] : ['after'], name: edge.step });
  if (step.each?.rows !== undefined) checkName(context, { draftStep, keys: ['each', 'rows'], name: step.each.rows });
}

interface NameCheck {
  draftStep: DraftStep;
  keys: (string | number)[];
  name: string;
}

function checkName(context: CheckContext, { draftStep, keys, name }: NameCheck): void {
  const { levels } = context;
  const at = [...draftStep.keys, ...keys];
  if (draftStep.inside.includes(name)) {
    context.report({ keys: at, message: `"${name}" is around this step, and ends only after it` });
    return;
  }
  if (levels.whereSeen(draftStep, name)) return;
  const elsewhere = levels.find(name);
  if (elsewhere) context.report({ keys: at, ...hidden(name, elsewhere.inside) });
  else {
    const slip = closest(name, levels.namesFrom(draftStep).keys());
    context.report({ keys: at, message: slip ? `there is no step "${name}"; did you mean "${slip}"?` : `there is no step "${name}"` });
  }
}

interface InputCheck {
  context: CheckContext;
  draftStep: DraftStep;
  type: AnyStepType;
}

function checkInputs({ context, draftStep, type }: InputCheck): void {
  const given = inputsOf(draftStep.step);
  const names = Object.keys(given);
  const message = wrongNumber(type, names.length);
  if (message !== null) {
    context.report({ keys: [...draftStep.keys, 'from'], message, hint: exampleOf(type) });
    return;
  }
  checkInputNames({ context, draftStep, type });
  for (const [input, name] of Object.entries(given)) checkCarried({ context, draftStep, type, input, name });
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

function checkInputNames({ context, draftStep, type }: InputCheck): void {
  const { named, max } = type.inputs;
  const allowed = named ?? (max === 1 ? ['input'] : null);
  if (allowed === null || typeof draftStep.step.from === 'string') return;
  for (const name of Object.keys(inputsOf(draftStep.step))) {
    if (allowed.includes(name)) continue;
    const slip = closest(name, allowed);
    context.report({
      keys: [...draftStep.keys, 'from', name],
      message: `${type.type} has no input "${name}"; ${slip ? `did you mean "${slip}"?` : `it has ${allowed.join(' and ')}`}`,
      hint: exampleOf(type),
    });
  }
}

function checkCarried({ context, draftStep, type, input, name }: InputCheck & { input: string; name: string }): void {
  const source = context.levels.seen(draftStep, name);
  const sourceType = source && context.types.get(source.step.use);
  if (!sourceType) return;
  const { carries } = type.inputs;
  const produces = producesOf(source.step, sourceType);
  const fits = carries === 'any' ? produces !== 'none' : carries === produces;
  if (fits) return;
  const keys = [...draftStep.keys, 'from', ...(typeof draftStep.step.from === 'string' ? [] : [input])];
  const what = carries === 'any' ? 'something' : `a ${carries}`;
  const gives = produces === 'none' ? 'nothing' : `a ${produces}`;
  context.report({ keys, message: `takes ${what}, but "${name}" (${sourceType.type}) produces ${gives}`, hint: bridge(carries, produces) });
}
function bridge(carries: string, produces: string): string {
  if (carries === 'table' && produces === 'file') return 'Put a table.read between them.';
  if (carries === 'file' && produces === 'table') return 'Put a table.write between them.';
  return 'Use `after` when it only has to wait for that step.';
}

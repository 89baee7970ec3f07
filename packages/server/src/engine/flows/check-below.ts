// What a step has below or beside it: items, repetition, steps inside, its undo, limits and resources.
import type { Step } from '@tidewheel/contract/flow-document';
import { limitsOf } from '@tidewheel/contract/flow-steps';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import { checkConfig } from './check-config.ts';
import type { CheckContext } from './check-context.ts';
import { checkExpression, checkTemplate, sightInside, sightOutside } from './check-expression.ts';
import { reportUnknownType } from './check-graph.ts';
import type { DraftStep } from './parse.ts';
import { producesOf } from './produces.ts';

export function checkBelow(context: CheckContext): void {
  for (const step of context.draft.steps) {
    const type = context.types.get(step.step.use);
    if (type && step.whole) checkInside({ context, step, type });
    checkEach(context, step);
    checkRepeat(context, step);
    checkUndo(context, step);
    checkLimits({ context, step, type });
    if (step.step.resources && type && type.where !== 'table') {
      context.report({ keys: [...step.keys, 'resources'], message: `have no meaning for ${type.type}: only table steps are given memory and threads` });
    }
  }
}

interface TypedCheck {
  context: CheckContext;
  step: DraftStep;
  type: AnyStepType;
}

function checkInside({ context, step, type }: TypedCheck): void {
  const holds = type.where === 'inline' && type.starts === 'inside';
  const keys = [...step.keys, 'steps'];
  const count = Object.keys(step.step.steps ?? {}).length;
  if (step.step.steps && !holds) context.report({ keys, message: `${type.type} has no steps inside`, hint: 'Use flow.steps for a group of steps.' });
  else if (holds && count === 0)
    context.report({
      keys: step.step.steps ? keys : step.keys,
      message: `${type.type} needs steps inside it`,
      hint: 'Write them under `steps`, beside `use`.',
    });
}

function checkEach(context: CheckContext, step: DraftStep): void {
  const { each, repeat } = step.step;
  if (!each) return;
  const keys = [...step.keys, 'each'];
  if (repeat)
    context.report({ keys: [...step.keys, 'repeat'], message: 'cannot stand beside `each`', hint: 'Put one of them on a flow.steps around the other.' });
  if ((each.over === undefined) === (each.rows === undefined)) {
    const message = each.over === undefined ? 'needs `over` or `rows`: what its items are' : 'has both `over` and `rows`';
    context.report({ keys, message, hint: '`over` is an expression that gives a list; `rows` names a step whose rows are the items.' });
  }
  if (each.over !== undefined) checkExpression({ context, keys: [...keys, 'over'], text: each.over, sight: sightOutside(context, step) });
  if (each.rows !== undefined) checkRows({ context, step, rows: each.rows });
}

function checkRows({ context, step, rows }: { context: CheckContext; step: DraftStep; rows: string }): void {
  const source = context.levels.seen(step, rows);
  const type = source && context.types.get(source.step.use);
  if (!type) return;
  const produces = producesOf(source.step, type);
  if (produces === 'table') return;
  context.report({
    keys: [...step.keys, 'each', 'rows'],
    message: `needs a table, but "${rows}" (${type.type}) produces ${produces === 'none' ? 'nothing' : `a ${produces}`}`,
    hint: produces === 'value' ? `For a list use over: steps.${rows}.value.` : 'Put a table.read between them.',
  });
}

function checkRepeat(context: CheckContext, step: DraftStep): void {
  const { repeat } = step.step;
  if (!repeat) return;
  const sight = { ...sightOutside(context, step), locals: sightInside(context, step).locals };
  checkExpression({ context, keys: [...step.keys, 'repeat', 'until'], text: repeat.until, sight });
}

/** It runs after all others of its level, and may ask for what they left. */
function checkUndo(context: CheckContext, step: DraftStep): void {
  const { undo } = step.step;
  if (!undo) return;
  const keys = [...step.keys, 'undo'];
  const type = context.types.get(undo.use);
  if (!type) {
    reportUnknownType(context, [...keys, 'use'], undo.use);
    return;
  }
  const fault = whyNotUndo(type);
  if (fault) context.report({ keys: [...keys, 'use'], message: `cannot be ${type.type}: ${fault}` });
  const level = context.levels.of(step);
  const finals = context.levels.finals(level);
  const also = [...level.ids].filter((id) => !finals.has(id));
  checkConfig({ context, keys: [...keys, 'with'], type, config: undo.with, sight: { ...sightOutside(context, step), also } });
}

function whyNotUndo(type: AnyStepType): string | null {
  if (type.where === 'table') return 'a table step changes nothing that could undo another one';
  if (type.starts === 'inside') return 'there is no place for its steps; run a flow with flow.run instead';
  return type.inputs.min > 0 ? 'it needs an input, and what undoes has none' : null;
}

function checkLimits({ context, step, type }: Omit<TypedCheck, 'type'> & { type: AnyStepType | undefined }): void {
  const limits = limitsOf(step.step);
  const keys = [...step.keys, 'limit'];
  for (const [index, { key }] of limits.entries()) {
    const at = Array.isArray(step.step.limit) ? [...keys, index, 'key'] : [...keys, 'key'];
    checkTemplate({ context, keys: at, text: key, sight: sightInside(context, step) });
  }
  if (limits.length > 0 && type && onlyRunsOthers(step.step, type)) {
    context.report({
      keys,
      message: `has no meaning for ${type.type}: the steps below it do the work`,
      hint: 'Put it on the steps inside, or on those of the flow that it runs.',
    });
  }
}

/** A slot goes with a lease: who only waits for runs below has none. Items and times of a plain step each ask for a slot themselves. */
function onlyRunsOthers(step: Step, type: AnyStepType): boolean {
  return step.steps !== undefined || (type.where === 'inline' && type.starts !== undefined);
}

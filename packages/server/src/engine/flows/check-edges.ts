// When a step has its turn: branches, `on` and `join`, and what of them cannot work together.
import { type Edge, edgesAfter, inputsOf } from '@tidewheel/contract/flow-steps';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import { closest } from '../../base/text.ts';
import type { CheckContext } from './check-context.ts';
import { checkExpression, sightOutside } from './check-expression.ts';
import type { DraftStep } from './parse.ts';
import { edgesOf } from './plan.ts';

export function checkEdges(context: CheckContext): void {
  for (const step of context.draft.steps) {
    if (step.step.when !== undefined) checkExpression({ context, keys: [...step.keys, 'when'], text: step.step.when, sight: sightOutside(context, step) });
    for (const [index, edge] of edgesAfter(step.step).entries()) {
      const keys = [...step.keys, 'after', ...(Array.isArray(step.step.after) ? [index] : [])];
      if (edge.branch !== null) checkBranch({ context, step, keys, edge, branch: edge.branch });
    }
    if (!step.whole) continue;
    checkOccasion(context, step);
    checkJoin(context, step);
    checkMissingInputs(context, step);
  }
}

interface BranchCheck {
  context: CheckContext;
  step: DraftStep;
  keys: (string | number)[];
  edge: Edge;
  branch: string;
}

function checkBranch({ context, step, keys, edge, branch }: BranchCheck): void {
  const before = context.levels.seen(step, edge.step);
  const type = before && context.types.get(before.step.use);
  if (!before || !type) return;
  if (before.inside.length < step.inside.length) {
    const group = step.inside.at(-1);
    context.report({ keys, message: `names a branch of a step outside steps.${group}`, hint: `Let steps.${group} come after it.` });
    return;
  }
  const branches = branchesOf(before, type);
  if (branches === null || branches.includes(branch)) return;
  const slip = closest(branch, branches);
  const there = branches.length === 0 ? `${type.type} has no branches` : `it has ${branches.join(', ')}`;
  context.report({
    keys,
    message: `"${edge.step}" has no branch "${branch}"; ${slip ? `did you mean "${slip}"?` : there}`,
    hint: branches.length === 0 ? 'Steps with branches are flow.if and flow.switch.' : undefined,
  });
}

/** Null when its configuration is at fault: which branches it has is not known then. */
function branchesOf({ step }: DraftStep, type: AnyStepType): string[] | null {
  if (type.where !== 'inline' || !type.branches || step.each || step.repeat) return [];
  const config = type.config.safeParse(step.with);
  return config.success ? type.branches(config.data as never) : null;
}

/** Those that decide over it: on its own level. */
function ownEdges({ levels }: CheckContext, step: DraftStep): Edge[] {
  const { ids } = levels.of(step);
  return edgesOf(step.step).filter((edge) => ids.has(edge.step));
}

function checkOccasion(context: CheckContext, step: DraftStep): void {
  const { on } = step.step;
  if (on === undefined || on === 'success' || ownEdges(context, step).length > 0 || edgesOf(step.step).length === 0) return;
  context.report({
    keys: [...step.keys, 'on'],
    message: `is about steps outside steps.${step.inside.at(-1)}, which have succeeded when this one has its turn`,
    hint: 'Put it on the group, or let the step come after one beside it.',
  });
}

function checkJoin(context: CheckContext, step: DraftStep): void {
  const { join } = step.step;
  if (join === undefined) return;
  const edges = ownEdges(context, step).length;
  const keys = [...step.keys, 'join'];
  if (edges === 0) context.report({ keys, message: 'has nothing to join: no step comes before it', hint: 'Name them with `after`, or leave `join` out.' });
  else if (typeof join === 'number' && join > edges)
    context.report({ keys, message: `waits for ${join} steps, but ${edges === 1 ? 'only one comes' : `only ${edges} come`} before it` });
}

/** With `join` or `on` a step may run though one it takes something from gave nothing. */
function checkMissingInputs(context: CheckContext, step: DraftStep): void {
  const sources = new Set(Object.values(inputsOf(step.step)));
  const edges = ownEdges(context, step);
  const inputs = edges.filter((edge) => sources.has(edge.step));
  if (inputs.length === 0 || !runsWithout(step, edges.length)) return;
  const type = context.types.get(step.step.use);
  const isOnlyFailure = step.step.on === 'failure' && inputs.length === edges.length;
  const needsThem = type?.where === 'table' || isOnlyFailure;
  const why = step.step.on !== undefined && step.step.on !== 'success' ? `on: ${step.step.on}` : `join: ${String(step.step.join)}`;
  const names = inputs.map((edge) => edge.step).join(', ');
  context.report({
    keys: [...step.keys, 'from'],
    message: isOnlyFailure ? `takes something from ${names}, but runs only when that failed` : `may have nothing to take from ${names}, because of \`${why}\``,
    severity: needsThem ? 'error' : 'warning',
    hint: 'Use `after` for what it only has to wait for, and let it take from steps that surely succeeded.',
  });
}

function runsWithout({ step: { on, join } }: DraftStep, edges: number): boolean {
  if (on === 'failure' || on === 'always') return true;
  return join === 'any' || join === 'taken' ? edges > 1 : typeof join === 'number' && join < edges;
}

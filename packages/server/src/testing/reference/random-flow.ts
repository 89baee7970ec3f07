// Random flows: fast-check picks plain recipes, which shrink well; from each follows one document whose outcome does not depend on timing.
import { FlowDocument, overlapPolicies } from '@tidewheel/contract/flow-document';
import fc from 'fast-check';
import { endlessMs, never } from './acting.ts';

const kinds = [
  'act',
  'value',
  'list',
  'if',
  'switch',
  'sleep',
  'signal',
  'callback',
  'overtime',
  'limited',
  'limitedSteps',
  'approval',
  'refuse',
  'eachAct',
  'eachSteps',
  'repeatAct',
  'repeatSteps',
  'steps',
  'line',
  'run',
] as const;
type Kind = (typeof kinds)[number];
const likely: Kind[] = ['act', 'act', 'act', 'act', 'act', 'act', 'if', 'steps', 'eachAct'];

export interface Recipe {
  kind: Kind;
  picks: number[];
  inside: Recipe[];
}

function recipe(inside: fc.Arbitrary<Recipe[]>): fc.Arbitrary<Recipe> {
  return fc.record({ kind: fc.constantFrom<Kind[]>(...likely, ...kinds), picks: fc.array(fc.nat(255), { minLength: 32, maxLength: 32 }), inside });
}

const leaf = recipe(fc.constant([]));
const inner = recipe(fc.array(leaf, { maxLength: 2, size: 'max' }));

/** Recipes of the steps of one flow: at most three levels. */
export const recipes: fc.Arbitrary<Recipe[]> = fc.array(recipe(fc.array(inner, { maxLength: 3, size: 'max' })), { minLength: 1, maxLength: 8, size: 'max' });

/** Names that the steps of a level see beside those before them on it. */
interface Level {
  prefix: string;
  /** That are numbers for sure: the parameter, an item, an index, a turn. */
  numbers: string[];
  /** Flows that may be run. */
  flows: readonly string[];
  /** Tags of the workers there are. */
  tags: readonly string[];
  depth: number;
}

/** A step that only the time limit of its run ends: whatever has it may not be run by another flow, where that does not count. */
const endless = 'endless';
const waitsForEver = { use: 'flow.signal', with: { name: 'neverEnds' } };

/** `flows`: those it may run, which must have been made before it. */
export function documentOf(
  some: readonly Recipe[],
  { flow, flows, tags = ['default'] }: { flow: string; flows: readonly string[]; tags?: readonly string[] },
): FlowDocument {
  const first = some[0]?.picks ?? [];
  const isEndless = (first[25] ?? 0) % 6 === 1 && (first[23] ?? 0) % 2 === 1;
  const steps = { ...stepsOf(some, { prefix: 's', numbers: ['p'], flows, tags, depth: 0 }), ...(isEndless ? { [endless]: waitsForEver } : {}) };
  const named = Object.keys(steps)[(first[30] ?? 0) % Object.keys(steps).length];
  return FlowDocument.parse({
    flow,
    title: flow,
    parameters: { p: { type: 'integer', default: (first[31] ?? 0) % 5 } },
    steps,
    ...((first[29] ?? 0) % 3 === 1 ? { outputs: { out: { value: `steps.${named}.value` }, p: { value: 'p', type: 'integer' } } } : {}),
    ...((first[25] ?? 0) % 6 === 1 ? { timeout: `${200 + 10 * (first[24] ?? 0)}ms` } : {}),
    ...((first[28] ?? 0) % 8 === 1
      ? { overlap: { policy: overlapPolicies[(first[26] ?? 0) % overlapPolicies.length], most: 1 + ((first[27] ?? 0) % 3) } }
      : {}),
  });
}

interface Made {
  id: string;
  kind: Kind;
  branches: string[];
  atEnd: boolean;
  /** Its value is a number whenever what comes after it on success runs. */
  isNumber: boolean;
  mayFail: boolean;
}

function stepsOf(some: readonly Recipe[], level: Level): Record<string, object> {
  const steps: Record<string, object> = {};
  const made: Made[] = [];
  for (const [at, one] of some.entries()) {
    const id = `${level.prefix}${at}`;
    steps[id] = stepOf({ id, recipe: one, level, made });
  }
  return steps;
}

interface Making {
  id: string;
  recipe: Recipe;
  level: Level;
  made: Made[];
}

/** Takes the picks one by one; smaller ones mean simpler flows. */
function picker(picks: readonly number[]): (from: number) => number {
  let at = 0;
  return (from) => (picks[at++ % picks.length] ?? 0) % from;
}

function stepOf({ id, recipe, level, made }: Making): object {
  const pick = picker(recipe.picks);
  const place = placeOf({ pick, made, level });
  const mayFail = pick(6) === 5;
  const refs = [...level.numbers, ...place.seen.map(({ id: name }) => `steps.${name}.value`)];
  const numbers = [...level.numbers, ...place.seen.filter((one) => place.isSure && one.isNumber && !one.mayFail).map(({ id: name }) => `steps.${name}.value`)];
  const what = whatOf({ id, recipe, level, made, pick, refs, numbers, lists: place.isSure ? place.seen.filter(({ kind }) => kind === 'list') : [] });
  const condition = pick(7) === 6 ? { when: conditionOf(pick, numbers) } : {};
  const undo =
    pick(3) === 2 && recipe.kind !== 'if' ? { undo: { use: 'test.act', with: { add: 1, of: [`steps.${id}.value`], delivers: true }, ...flaky(pick) } } : {};
  made.push({ id, kind: recipe.kind, branches: what.branches, atEnd: place.atEnd, isNumber: what.isNumber, mayFail });
  return { ...place.edges, ...condition, ...undo, ...(mayFail ? { mayFail } : {}), worker: level.tags[pick(level.tags.length)], ...what.step };
}

interface Place {
  edges: object;
  /** Have surely ended when it begins. */
  seen: Made[];
  /** They have also succeeded. */
  isSure: boolean;
  atEnd: boolean;
}

function placeOf({ pick, made, level }: { pick: (from: number) => number; made: Made[]; level: Level }): Place {
  const before = made.length === 0 ? [] : [...new Set(Array.from({ length: pick(4) }, () => made[pick(made.length)] as Made))];
  if (before.length === 0) {
    const on = ['success', 'success', 'success', 'success', 'always', 'failure'][pick(level.depth === 0 ? 6 : 5)];
    return { edges: on === 'success' ? {} : { on }, seen: [], isSure: false, atEnd: on !== 'success' };
  }
  const after = before.map(({ id, branches }) => (branches.length > 0 && pick(4) > 0 ? `${id}.${branches[pick(branches.length)]}` : id));
  const on = ['success', 'success', 'success', 'success', 'always', 'failure'][pick(6)] as string;
  const join = before.length < 2 ? undefined : [undefined, undefined, 'taken', 'any', 2][pick(5)];
  const atEnd = before.some((one) => one.atEnd);
  const waitsForAll = join === undefined ? on !== 'failure' || before.length === 1 : join === 'taken';
  const isInput = on === 'success' && pick(4) === 3 && !after.some((name) => name.includes('.')) && join === undefined;
  const edges = isInput
    ? { from: Object.fromEntries(after.map((name, at) => [`in${at}`, name])) }
    : { after: after.length === 1 && pick(2) === 0 ? after[0] : after };
  return {
    edges: { ...edges, ...(on === 'success' ? {} : { on }), ...(join === undefined ? {} : { join }) },
    seen: waitsForAll ? before : [],
    isSure: on === 'success' && join === undefined,
    atEnd,
  };
}

function conditionOf(pick: (from: number) => number, numbers: readonly string[]): string {
  const divisor = 2 + pick(2);
  return `${numbers[pick(numbers.length)]} % ${divisor} == ${pick(divisor)}`;
}

function flaky(pick: (from: number) => number): object {
  return pick(4) === 3 ? { retry: { attempts: 3, delay: '40ms', maxDelay: '100ms' } } : {};
}

interface What {
  step: object;
  branches: string[];
  isNumber: boolean;
}

interface Choosing extends Making {
  pick(from: number): number;
  refs: string[];
  numbers: string[];
  lists: Made[];
}

function whatOf(choosing: Choosing): What {
  const { id, recipe, pick, refs, numbers, level } = choosing;
  const only = (step: object): What => ({ step, branches: [], isNumber: false });
  switch (recipe.kind) {
    case 'act':
      return { step: act(choosing), branches: [], isNumber: true };
    case 'value':
      return { step: { use: 'flow.value', with: { value: numbers[pick(numbers.length)] } }, branches: [], isNumber: true };
    case 'list':
      return only({ use: 'flow.value', with: { value: listOf(pick) } });
    case 'if':
      return { ...only({ use: 'flow.if', with: { condition: conditionOf(pick, numbers) } }), branches: ['then', 'else'] };
    case 'switch': {
      const cases = Object.fromEntries(['x', 'y'].map((name) => [name, conditionOf(pick, numbers)]));
      return { ...only({ use: 'flow.switch', with: { cases, all: pick(2) === 1, otherwise: 'z' } }), branches: ['x', 'y', 'z'] };
    }
    case 'sleep':
      return only({ use: 'flow.sleep', with: { for: `${20 + pick(200)}ms` } });
    case 'signal':
      return only({ use: 'flow.signal', with: { name: `sig${id}` } });
    case 'callback':
      return only({ use: 'flow.callback', with: { name: `call${id}` } });
    case 'overtime':
      return only(overtime({ id, pick }));
    case 'limited':
      return only({ ...act(choosing), timeout: `${60 + pick(200)}ms` });
    case 'limitedSteps':
      return only({ ...group(choosing, []), retry: undefined, timeout: `${100 + 5 * pick(200)}ms` });
    case 'approval':
      return only({ use: 'approval', with: { approvers: 'ada@example.com' } });
    case 'refuse':
      return only({ use: 'flow.fail', with: { message: 'on purpose' } });
    case 'eachAct':
      return only({ ...act({ ...choosing, refs: [...refs, 'item'], numbers: [...numbers, 'item', 'index'] }), ...items(choosing) });
    case 'eachSteps':
      return only({ ...group(choosing, ['item', 'index']), ...items(choosing) });
    case 'repeatAct':
      return only({ ...act({ ...choosing, refs: [...refs, 'last', 'iteration'], numbers: [...numbers, 'iteration'] }), ...turns(pick) });
    case 'repeatSteps':
      return only({ ...group(choosing, ['iteration']), ...turns(pick) });
    case 'steps':
      return only(group(choosing, []));
    case 'line':
      return only(line(choosing));
    case 'run': {
      const flow = level.flows.length === 0 ? undefined : level.flows[pick(level.flows.length)];
      if (flow === undefined) return only(act(choosing));
      const p = numbers[pick(numbers.length)] as string;
      return only({ use: 'flow.run', with: { flow, parameters: { p: `{{ ${p} }}` }, ...(pick(8) === 7 ? { wait: false } : {}) } });
    }
  }
}

function act({ pick, refs, numbers }: Choosing): object {
  const fails = [0, 0, 0, 0, 1, 2, 2, never][pick(8)] as number;
  const of = Array.from({ length: pick(3) }, () => refs[pick(refs.length)]);
  const retry = fails > 0 || pick(6) === 5 ? { retry: { attempts: 3, delay: '40ms', maxDelay: '100ms' } } : {};
  const { limit, holds } = limits[pick(10)] ?? {};
  // Long enough to meet others.
  const ms = pick(4) * 20 + (holds ? 60 : 0);
  const refuses = pick(6) === 5 ? { refuses: conditionOf(pick, numbers) } : {};
  return {
    use: 'test.act',
    with: { add: pick(50), of, fails, ms, delivers: pick(2) === 0, keeps: pick(4) === 3, ...refuses, ...(holds ? { holds } : {}) },
    ...retry,
    ...(limit ? { limit } : {}),
  };
}

/** How many may run at once, by key. */
export const slots = { scarce: 2, single: 1 } as const;
const scarce = { key: 'scarce', slots: slots.scarce };
const single = { key: 'single', slots: slots.single };
const rated = { key: 'rated', rate: '10/1s' };
const limits: { limit?: object; holds?: string[] }[] = [
  {},
  { limit: scarce, holds: ['scarce'] },
  { limit: rated },
  { limit: [scarce, rated], holds: ['scarce'] },
  { limit: [single, scarce], holds: ['single', 'scarce'] },
  { limit: single, holds: ['single'] },
];

/** What takes longer than it may, or waits for what never comes. */
function overtime({ id, pick }: { id: string; pick(from: number): number }): object {
  const never = { name: `never${id}`, within: '150ms' };
  const retry = pick(3) === 2 ? { retry: { attempts: 2, delay: '40ms', maxDelay: '100ms' } } : {};
  switch (pick(4)) {
    case 0:
      return { use: 'flow.callback', with: never, ...retry };
    case 1:
      return { use: 'flow.signal', with: { name: never.name }, timeout: '150ms', ...retry };
    case 2:
      return { use: 'flow.signal', with: never, ...retry };
    default:
      return { use: 'test.act', with: { ms: endlessMs, delivers: true }, timeout: '150ms', ...retry };
  }
}

function group({ id, recipe, level, pick, numbers }: Choosing, names: string[]): object {
  const inside = recipe.inside.length > 0 ? recipe.inside : [{ kind: 'act' as const, picks: recipe.picks, inside: [] }];
  const flows = pick(2) === 0 ? [] : level.flows;
  const retry = pick(5) === 4 ? { retry: { attempts: 2, delay: '30ms', maxDelay: '60ms', on: faults } } : {};
  return {
    use: 'flow.steps',
    ...retry,
    steps: stepsOf(inside, { prefix: `${id}x`, numbers: [...numbers, ...names], flows, tags: level.tags, depth: level.depth + 1 }),
  };
}

/** Whatever a step below another one fails with: without names only what may pass by itself is tried again. */
const faults = ['test.*', 'flow.*', 'step.*', 'children.*', 'repeat.*', 'approval.*', 'signal.*', 'callback.*'];

/** Steps that run ahead of the commit of those before them, after one that does not. */
function line({ id, level, pick, numbers, ...choosing }: Choosing): object {
  const worker = level.tags[pick(level.tags.length)];
  const ids = Array.from({ length: 2 + pick(3) }, (_, at) => `${id}x${at}`);
  const steps = ids.map((name, at) => {
    const before = ids[at - 1];
    const value = { use: 'flow.value', with: { value: before === undefined ? numbers[pick(numbers.length)] : `steps.${before}.value` } };
    const does = before === undefined && pick(2) === 1 ? act({ id, level, pick, numbers, ...choosing }) : value;
    return [name, { ...does, worker, ...(before === undefined ? {} : { after: before }) }];
  });
  return { use: 'flow.steps', steps: Object.fromEntries(steps) };
}

function listOf(pick: (from: number) => number): string {
  return `[${Array.from({ length: pick(5) }, () => pick(9)).join(', ')}]`;
}

function items({ pick, lists }: Choosing): object {
  const [list] = lists;
  const stops = pick(5) === 4;
  const over = list && pick(2) === 0 ? `steps.${list.id}.value` : listOf(pick);
  const waves = [{}, {}, {}, { waves: [1, '50%'] }, { waves: [2] }][pick(5)];
  return { each: { over, ...waves, concurrency: stops ? 1 : 1 + pick(4), ...(stops ? { onFailure: 'stop' } : {}), mayFail: pick(3) } };
}

function turns(pick: (from: number) => number): object {
  return { repeat: { until: `iteration % 5 == ${pick(3)}`, most: 1 + pick(4), ...(pick(3) === 2 ? { delay: '30ms' } : {}) } };
}

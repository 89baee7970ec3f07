// The reference for one step: how it comes out, and the runs below it.
import type { Step } from '@tidewheel/contract/flow-document';
import { inputsOf } from '@tidewheel/contract/flow-steps';
import { actingOf, endlessMs, never, sumOf } from './acting.ts';
import { answerTo, holds, isApproved, look, neverComes, plain, type ReferenceScope, rendered, weight } from './expressions.ts';
import { childKey, type ExpectedRun, type Part, type Performed } from './outcome.ts';

export interface Performing {
  part: Part;
  run: ExpectedRun;
  id: string;
  step: Step;
  scope: ReferenceScope;
  attempt?: number;
}

type Came = Omit<Performed, 'state'> & { state: 'succeeded' | 'failed' };

export function performStep(performing: Performing): Performed {
  const { step, scope } = performing;
  if (step.when !== undefined && !holds(step.when, scope)) return { state: 'skipped', value: null, tries: 0, delivers: false, branches: [] };
  if (wasOutOfTime(performing)) return endedByTime(performing);
  const came = tried(performing, step.each ? each : step.repeat ? repeat : once);
  return { ...came, value: came.state === 'succeeded' ? plain(came.value) : null };
}

/** Whether it is in time is a matter of the machine: either is right, and what follows goes by what was recorded. */
function wasOutOfTime({ part: { left }, id, step }: Performing): boolean {
  const recorded = left?.steps.get(id);
  return mayBeLate(step) && recorded?.state === 'failed' && recorded.error === 'step.timeout';
}
function mayBeLate({ use, timeout, with: config }: Step): boolean {
  return timeout !== undefined && (use === 'flow.steps' || (use === 'test.act' && actingOf(config).ms < endlessMs));
}

/** The run below it is there if it came to that, and may have been cancelled. */
function endedByTime(performing: Performing): Performed {
  const { part: around, run, id } = performing;
  const key = childKey(id, 1, 0);
  if (around.left?.below.has(key)) run.below.set(key, { ...part(performing), mayBeCancelled: true });
  // It may have come to that just before.
  return { ...failed, tries: 0, delivers: actingOf(performing.step.with).delivers };
}

/** A step with runs below it begins them anew with each attempt. What other steps need of attempts they count themselves. */
function tried(performing: Performing, perform: (performing: Performing) => Came): Came {
  const attempts = performing.step.steps ? (performing.step.retry?.attempts ?? 1) : 1;
  for (let attempt = 1; ; attempt++) {
    const came = perform({ ...performing, attempt });
    if (came.state === 'succeeded' || attempt === attempts) return performing.step.steps ? { ...came, tries: attempt } : came;
  }
}

const succeeded = (value: unknown): Came => ({ state: 'succeeded', value, tries: 1, delivers: false, branches: [] });
const failed: Came = { state: 'failed', value: null, tries: 1, delivers: false, branches: [] };

function once(performing: Performing): Came {
  const { step, scope } = performing;
  const config = step.with;
  switch (step.use) {
    case 'test.act':
      return act(performing);
    case 'flow.value':
      return succeeded(look(String(config['value']), scope));
    case 'flow.if': {
      const branch = holds(String(config['condition']), scope) ? 'then' : 'else';
      return { ...succeeded({ branch }), branches: [branch] };
    }
    case 'flow.switch':
      return choose(config, scope);
    case 'flow.sleep':
      return succeeded({});
    case 'flow.signal':
    case 'flow.callback':
      return neverComes(String(config['name'])) ? outOfTime(step) : succeeded({ data: answerTo(String(config['name'])) });
    case 'approval':
      return isApproved(performing.id) ? succeeded({ comments: [], form: {} }) : failed;
    case 'flow.steps':
      return below(performing, part(performing));
    case 'flow.run':
      return runFlow(performing);
    default:
      return failed;
  }
}

function outOfTime({ retry }: Step): Came {
  return { ...failed, tries: retry?.attempts ?? 1 };
}

function act({ step, scope }: Performing): Came {
  const acting = actingOf(step.with);
  if (acting.ms >= endlessMs) return outOfTime(step);
  const attempts = step.retry?.attempts ?? 1;
  const isNever = acting.fails === never || acting.fails >= attempts;
  if (isNever) return { ...failed, tries: mayBeLate(step) ? 0 : attempts };
  // An attempt that was late is one more.
  const came = { tries: mayBeLate(step) ? 0 : acting.fails + 1, delivers: acting.delivers, branches: [] };
  if (acting.refuses !== null && holds(acting.refuses, scope)) return { ...came, delivers: false, state: 'failed', value: null };
  const handed = [...acting.of.map((name) => look(name, scope)), ...Object.values(inputsOf(step)).map((name) => scope.values.get(name))];
  return { ...came, state: 'succeeded', value: sumOf(acting, handed.map(weight)) };
}

function choose(config: Step['with'], scope: ReferenceScope): Came {
  const all = Object.entries(config['cases'] as Record<string, string>)
    .filter(([, condition]) => holds(condition, scope))
    .map(([name]) => name);
  const taken = config['all'] === true ? all : all.slice(0, 1);
  const branches = taken.length > 0 ? taken : [String(config['otherwise'])];
  return { ...succeeded({ branches }), branches };
}

/** What a run below the step runs: the steps inside it, or the step itself without what decides on its place and its items. */
function part(
  { part: around, run, id, step, attempt = 1 }: Performing,
  { item = 0, names = {} }: { item?: number; names?: Record<string, unknown> } = {},
): ExpectedRun {
  const { each: _each, repeat: _repeat, after: _after, on: _on, join: _join, when: _when, undo: _undo, mayFail: _mayFail, ...alone } = step;
  return around.inside({
    ...around,
    outputs: undefined,
    steps: step.steps ?? { [id]: alone },
    isPart: true,
    names: { ...around.names, ...names },
    around: new Map([...around.around, ...[...run.steps].map(([name, { value }]) => [name, value] as const)]),
    left: around.left?.below.get(childKey(id, attempt, item)),
  });
}

function below({ run, id, attempt = 1 }: Performing, child: ExpectedRun): Came {
  run.below.set(childKey(id, attempt, 0), child);
  return child.state === 'succeeded' ? succeeded(resultOf(child.output)) : failed;
}

function runFlow({ part: { flows, left, whole }, run, id, step, scope }: Performing): Came {
  const document = flows.get(String(step.with['flow']));
  if (!document) return failed;
  const given = Object.entries((step.with['parameters'] ?? {}) as Record<string, unknown>).map(([name, value]) => [name, rendered(value, scope)] as const);
  const child = whole(document, { parameters: Object.fromEntries(given), flows, left: left?.below.get(childKey(id, 1, 0)) });
  run.below.set(childKey(id, 1, 0), child);
  if (step.with['wait'] === false) return succeeded({});
  return child.state === 'succeeded' ? succeeded(child.output ?? {}) : failed;
}

function each(performing: Performing): Came {
  const { run, id, step, scope, attempt = 1 } = performing;
  const rule = step.each;
  const items = rule ? look(rule.over ?? '[]', scope) : null;
  if (!rule || !Array.isArray(items)) return failed;
  const results: unknown[] = [];
  let failures = 0;
  const begins = rule.waves ? wavesOf(rule.waves, items.length) : new Set<number>();
  for (const [index, item] of items.entries()) {
    if ((rule.onFailure === 'stop' || begins.has(index)) && failures > rule.mayFail) break;
    const child = part(performing, { item: index, names: { item, index } });
    run.below.set(childKey(id, attempt, index), child);
    if (child.state === 'failed') failures++;
    results.push(resultOf(child.output));
  }
  if (failures > rule.mayFail) return failed;
  return succeeded({ total: items.length, succeeded: items.length - failures, failed: failures, results });
}

/** The items with which waves begin. */
function wavesOf(waves: readonly (number | string)[], total: number): Set<number> {
  const begins = new Set<number>();
  for (let at = 0, wave = 0; at < total; wave++) {
    begins.add(at);
    const size = waves[Math.min(wave, waves.length - 1)] ?? total;
    at += typeof size === 'number' ? size : Math.max(1, Math.ceil((Number(size.slice(0, -1)) / 100) * total));
  }
  return begins;
}

function repeat(performing: Performing): Came {
  const { run, id, step, part: around, attempt = 1 } = performing;
  const rule = step.repeat;
  let last: unknown = null;
  for (let iteration = 0; rule && iteration < rule.most; iteration++) {
    const child = part(performing, { item: iteration, names: { iteration, last } });
    run.below.set(childKey(id, attempt, iteration), child);
    if (child.state === 'failed') return failed;
    last = resultOf(child.output);
    if (holds(rule.until, { values: performing.scope.values, names: { ...around.names, last, iteration } })) return succeeded({ times: iteration + 1, last });
  }
  return failed;
}

/** What a step with a run of a part below it gets from it: what its last step gave, or by name when there are several. */
function resultOf(output: Record<string, unknown> | null): unknown {
  const values = Object.values(output ?? {});
  return values.length === 1 ? values[0] : output;
}

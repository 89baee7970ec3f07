// Groups connected table steps into stretches that run as one table job.
import type { Step } from '@tidewheel/contract/flow-document';
import { edgesAfter, inputsOf, predecessorsOf } from '@tidewheel/contract/flow-steps';
import type { StepTypes } from '../ports.ts';

/** A chain longer than this inside one stretch is cut: SQL nested without end would meet the depth limit of the table engine's parser. */
const deepestStretch = 50;

interface Node {
  phase: number;
  /** Steps before it in its own stretch, on the longest way. */
  depth: number;
  /** Which `when` conditions decide over it: equal keys, equal conditions. */
  conditions: string;
  /** null: never shares a unit. */
  tag: string | null;
  /** What it hands on is a table, not a file: a file is there only when its job is done. */
  givesTable: boolean;
}

/**
 * The unit that each step belongs to, as the id of the unit's first step in `order`.
 *
 * Every step gets a phase: as high as its predecessors', one higher across an edge that may not be merged. Steps of one phase that mergeable edges
 * connect form a stretch. Along any edge a phase never falls, and where it stays the edge is mergeable; so a way that leaves a stretch cannot
 * come back into it: the contracted graph has no cycle, and it takes linear time.
 */
export function groupIntoUnits({
  steps,
  order,
  types,
  given,
}: {
  steps: Readonly<Record<string, Step>>;
  order: readonly string[];
  types: StepTypes;
  /** Their results are stored already: they never share a unit. */
  given: ReadonlySet<string>;
}): Map<string, string> {
  const nodes = new Map<string, Node>();
  for (const id of order) nodes.set(id, place({ id, step: steps[id] as Step, nodes, types, given }));
  postponeSources({ steps, order, nodes });
  return connect({ steps, order, nodes });
}

interface Place {
  id: string;
  step: Step;
  nodes: ReadonlyMap<string, Node>;
  types: StepTypes;
  given: ReadonlySet<string>;
}

function place({ id, step, nodes, types, given }: Place): Node {
  const before = predecessorsOf(step).flatMap((name) => nodes.get(name) ?? []);
  const node: Node = {
    phase: 0,
    depth: 0,
    conditions: conditionsOf({ id, step, before }),
    tag: given.has(id) ? null : sharedTag(step, types),
    givesTable: types.get(step.use)?.produces === 'table',
  };
  for (const earlier of before) {
    const stays = mayMerge(earlier, node) && earlier.depth + 1 < deepestStretch;
    node.phase = Math.max(node.phase, stays ? earlier.phase : earlier.phase + 1);
  }
  for (const earlier of before) if (earlier.phase === node.phase) node.depth = Math.max(node.depth, earlier.depth + 1);
  return node;
}

/** A skipped step skips its successors; a stretch is skipped whole. So only steps under the same conditions may share one. */
function conditionsOf({ id, step, before }: { id: string; step: Step; before: readonly Node[] }): string {
  const keys = new Set(before.map((node) => node.conditions).filter((key) => key !== ''));
  if (step.when !== undefined || step.on !== undefined || step.join !== undefined || edgesAfter(step).some(({ branch }) => branch !== null)) return `?${id}`;
  if (keys.size <= 1) return [...keys][0] ?? '';
  return `&${id}`;
}

/** What makes a step go its own way, and so stand alone. */
const ownWay = ['when', 'after', 'on', 'join', 'each', 'repeat', 'retry', 'timeout', 'mayFail', 'undo', 'limit', 'resources'] as const;

function sharedTag(step: Step, types: StepTypes): string | null {
  if (ownWay.some((field) => step[field] !== undefined) || types.get(step.use)?.where !== 'table' || readsResults(step.with)) return null;
  return step.worker ?? 'default';
}

/** Whether a template in the configuration may need the result of another step: then it must be durable before this one is compiled. */
function readsResults(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{') && value.includes('steps');
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(readsResults);
}

/** A step with `after` has no tag to share, so every edge between two steps with the same tag is a `from`. */
function mayMerge(earlier: Node, later: Node): boolean {
  return earlier.givesTable && earlier.tag !== null && earlier.tag === later.tag && earlier.conditions === later.conditions;
}

/** A source that only a later stretch reads joins that one: its table need not be written and read again. */
function postponeSources({ steps, order, nodes }: { steps: Readonly<Record<string, Step>>; order: readonly string[]; nodes: ReadonlyMap<string, Node> }): void {
  const earliest = new Map<string, number>();
  for (const id of order) {
    const node = nodes.get(id) as Node;
    for (const name of predecessorsOf(steps[id] as Step)) {
      if (!nodes.has(name)) continue;
      const bound = mayMerge(nodes.get(name) as Node, node) ? node.phase : -1;
      earliest.set(name, Math.min(earliest.get(name) ?? Number.POSITIVE_INFINITY, bound));
    }
  }
  for (const [id, phase] of earliest) {
    const node = nodes.get(id) as Node;
    if (predecessorsOf(steps[id] as Step).length === 0 && phase > node.phase) node.phase = phase;
  }
}

function connect({
  steps,
  order,
  nodes,
}: {
  steps: Readonly<Record<string, Step>>;
  order: readonly string[];
  nodes: ReadonlyMap<string, Node>;
}): Map<string, string> {
  const parent = new Map(order.map((id) => [id, id]));
  const rootOf = (id: string): string => {
    let at = id;
    while (parent.get(at) !== at) {
      parent.set(at, parent.get(parent.get(at) as string) as string);
      at = parent.get(at) as string;
    }
    return at;
  };
  for (const id of order) {
    for (const name of Object.values(inputsOf(steps[id] as Step))) {
      if (!nodes.has(name)) continue;
      const [earlier, later] = [nodes.get(name) as Node, nodes.get(id) as Node];
      if (mayMerge(earlier, later) && earlier.phase === later.phase) parent.set(rootOf(id), rootOf(name));
    }
  }
  const first = new Map<string, string>();
  const unitOf = new Map<string, string>();
  for (const id of order) {
    const root = rootOf(id);
    if (!first.has(root)) first.set(root, id);
    unitOf.set(id, first.get(root) as string);
  }
  return unitOf;
}

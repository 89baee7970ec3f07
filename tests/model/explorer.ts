// Looks at every state that a model can come to, breadth first, so that what it finds wrong comes with a shortest way there.

export interface Move<State> {
  name: string;
  state: State;
  /** What breaks something. Whatever is promised must come about without any further one. */
  isFault: boolean;
}

export interface Model<State> {
  initial: State;
  moves(state: State): Move<State>[];
  /** What must never be, when it is so. */
  broken(state: State): string | null;
  /** What everything must be able to come to. */
  isGoal(state: State): boolean;
  /** What is wrong with a state from which no goal can be reached any more. */
  stuck(state: State): string;
  /** The same text for states that differ in names only. */
  encode(state: State): string;
  decode(text: string): State;
}

export interface Finding {
  what: string;
  /** The moves that lead there from the initial state. */
  trace: string[];
}

export interface Outcome {
  states: number;
  moves: number;
  goals: number;
  finding: Finding | null;
}

interface Graph {
  keys: string[];
  /** The state from which each was found first. */
  parents: number[];
  /** Pairs from, to: moves that are no fault. */
  safe: number[];
  goals: number[];
  moves: number;
  broken: { state: number; what: string } | null;
}

export function explore<State>(model: Model<State>, { most = 2_000_000 }: { most?: number } = {}): Outcome {
  const graph = walk(model, most);
  const found = { states: graph.keys.length, moves: graph.moves, goals: graph.goals.length };
  if (graph.broken) return { ...found, finding: { what: graph.broken.what, trace: traceTo(model, graph, graph.broken.state) } };
  const stuck = firstWithoutGoal(graph);
  if (stuck === null) return { ...found, finding: null };
  return { ...found, finding: { what: model.stuck(model.decode(graph.keys[stuck] ?? '')), trace: traceTo(model, graph, stuck) } };
}

function walk<State>(model: Model<State>, most: number): Graph {
  const graph: Graph = { keys: [], parents: [], safe: [], goals: [], moves: 0, broken: null };
  const numbers = new Map<string, number>();
  const add = (key: string, parent: number) => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    if (graph.keys.length >= most) throw new RangeError(`the model has more than ${most} states`);
    numbers.set(key, graph.keys.length);
    graph.parents.push(parent);
    return graph.keys.push(key) - 1;
  };
  add(model.encode(model.initial), -1);
  for (let at = 0; at < graph.keys.length; at++) {
    const state = model.decode(graph.keys[at] ?? '');
    const what = model.broken(state);
    if (what !== null) {
      graph.broken = { state: at, what };
      return graph;
    }
    if (model.isGoal(state)) graph.goals.push(at);
    for (const move of model.moves(state)) {
      const to = add(model.encode(move.state), at);
      graph.moves++;
      if (!move.isFault && to !== at) graph.safe.push(at, to);
    }
  }
  return graph;
}

/** The first state from which moves without a fault lead to no goal. */
function firstWithoutGoal({ keys, safe, goals }: Graph): number | null {
  const before = sourcesByTarget(safe, keys.length);
  const reaches = new Uint8Array(keys.length);
  const open = [...goals];
  for (const goal of goals) reaches[goal] = 1;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (let edge = before.starts[at] ?? 0; edge < (before.starts[at + 1] ?? 0); edge++) {
      const from = before.sources[edge] ?? 0;
      if (reaches[from] === 1) continue;
      reaches[from] = 1;
      open.push(from);
    }
  }
  const found = reaches.indexOf(0);
  return found < 0 ? null : found;
}

function sourcesByTarget(pairs: number[], states: number): { starts: Int32Array; sources: Int32Array } {
  const starts = new Int32Array(states + 2);
  for (let at = 1; at < pairs.length; at += 2) increment(starts, (pairs[at] ?? 0) + 2);
  for (let state = 1; state < starts.length; state++) starts[state] = (starts[state] ?? 0) + (starts[state - 1] ?? 0);
  const sources = new Int32Array(pairs.length / 2);
  for (let at = 0; at < pairs.length; at += 2) sources[increment(starts, (pairs[at + 1] ?? 0) + 1)] = pairs[at] ?? 0;
  return { starts, sources };
}

function increment(numbers: Int32Array, at: number): number {
  const before = numbers[at] ?? 0;
  numbers[at] = before + 1;
  return before;
}

/** Walked anew from the initial state, so that everything keeps the name it had from its beginning. */
function traceTo<State>(model: Model<State>, { keys, parents }: Graph, target: number): string[] {
  const path: number[] = [];
  for (let at = target; at > 0; at = parents[at] ?? -1) path.unshift(at);
  const trace: string[] = [];
  let state = model.initial;
  for (const at of path) {
    const move = model.moves(state).find((one) => model.encode(one.state) === keys[at]);
    if (!move) throw new RangeError('a state differs from what its text says');
    trace.push(move.name);
    state = move.state;
  }
  return trace;
}

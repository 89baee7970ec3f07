// The graph that `from` and `after` make of a document's steps.
import type { Step } from '@tidewheel/contract/flow-document';
import { predecessorsOf } from '@tidewheel/contract/flow-steps';

/** Step ids in an order in which each comes after its predecessors (document order otherwise); what a cycle holds back is left out. Unknown names are ignored. */
export function topologicalOrder(steps: Readonly<Record<string, Step>>): string[] {
  const { waitingFor, successors } = edges(steps);
  const order = [...waitingFor].filter(([, count]) => count === 0).map(([id]) => id);
  for (let at = 0; at < order.length; at++) {
    for (const next of successors.get(order[at] as string) ?? []) {
      const left = (waitingFor.get(next) ?? 0) - 1;
      waitingFor.set(next, left);
      if (left === 0) order.push(next);
    }
  }
  return order;
}

function edges(steps: Readonly<Record<string, Step>>): { waitingFor: Map<string, number>; successors: Map<string, string[]> } {
  const ids = Object.keys(steps);
  const successors = new Map<string, string[]>(ids.map((id) => [id, []]));
  const waitingFor = new Map<string, number>();
  for (const [id, step] of Object.entries(steps)) {
    const known = predecessorsOf(step).filter((before) => successors.has(before));
    waitingFor.set(id, known.length);
    for (const before of known) successors.get(before)?.push(id);
  }
  return { waitingFor, successors };
}

/** Cycles named in full, each once: `['a', 'b']` means that a waits for b and b for a. Every cycle shares no step with another one in the answer. */
export function findCycles(steps: Readonly<Record<string, Step>>): string[][] {
  const ordered = new Set(topologicalOrder(steps));
  const suspects = Object.keys(steps).filter((id) => !ordered.has(id));
  const before = new Map(suspects.map((id) => [id, predecessorsOf(steps[id] as Step).filter((name) => Object.hasOwn(steps, name) && !ordered.has(name))]));
  const done = new Set<string>();
  const cycles: string[][] = [];
  for (const id of suspects) {
    const cycle = walkBack({ from: id, before, done });
    if (cycle) cycles.push(cycle);
  }
  return cycles;
}

/** Follows first unvisited predecessors until a step of the own path comes again. Iterative: a document may hold 5,000 steps in one ring. */
function walkBack({ from, before, done }: { from: string; before: ReadonlyMap<string, string[]>; done: Set<string> }): string[] | null {
  const path: string[] = [];
  const place = new Map<string, number>();
  const choice: number[] = [];
  if (done.has(from)) return null;
  push(from);
  while (path.length > 0) {
    const id = path.at(-1) as string;
    const next = before.get(id)?.[choice[path.length - 1] as number];
    choice[path.length - 1] = (choice[path.length - 1] as number) + 1;
    if (next === undefined) pop();
    else if (place.has(next)) return close(place.get(next) as number);
    else if (!done.has(next)) push(next);
  }
  return null;

  function push(id: string): void {
    place.set(id, path.length);
    path.push(id);
    choice.push(0);
  }
  function pop(): void {
    const id = path.pop() as string;
    place.delete(id);
    choice.pop();
    done.add(id);
  }
  function close(start: number): string[] {
    for (const id of path) done.add(id);
    return path.slice(start);
  }
}

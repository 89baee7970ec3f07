// Which steps of one document are those of another under a new id.
import type { FlowDocument, Step } from '@tidewheel/contract/flow-document';
import { afterOf, allSteps, inputsOf, predecessorsOf } from '@tidewheel/contract/flow-steps';
import canonicalize from 'canonicalize';

export function sameJson(one: unknown, other: unknown): boolean {
  return canonicalize(one) === canonicalize(other);
}

/** A step wherever it stands; `inside` is the id of the group around it. */
export type FlatStep = Step & { inside?: string | undefined };
export type FlatSteps = Readonly<Record<string, FlatStep>>;

export function flatSteps(document: Pick<FlowDocument, 'steps'>): FlatSteps {
  return Object.fromEntries([...allSteps(document.steps)].map(({ id, step, inside }) => [id, { ...step, inside: inside.at(-1) }]));
}

/** What a step is, apart from its edges and from the steps inside it, which are compared for themselves. */
export function contentOf({ from: _from, after: _after, steps: _steps, ...content }: FlatStep): Omit<FlatStep, 'from' | 'after' | 'steps'> {
  return content;
}

/**
 * Old id to new id of every step that is gone, and that is there again with the same content behind the same steps (renamed ones count as the
 * same). Steps are taken in the order in which they run, so that a whole chain can be renamed at once.
 */
export function findRenames(before: FlatSteps, after: FlatSteps): Map<string, string> {
  const gone = Object.keys(before).filter((id) => !Object.hasOwn(after, id));
  const fresh = Object.keys(after).filter((id) => !Object.hasOwn(before, id));
  const renames = new Map<string, string>();
  if (gone.length === 0 || fresh.length === 0) return renames;
  const candidates = Map.groupBy(fresh, (id) => fingerprint(after[id] as FlatStep, (step) => step));
  for (const id of inOrder(gone, before)) {
    const same = candidates.get(fingerprint(before[id] as FlatStep, (step) => renames.get(step) ?? step));
    const found = same?.shift();
    if (found !== undefined) renames.set(id, found);
  }
  return renames;
}

function fingerprint(step: FlatStep, nameOf: (id: string) => string): string {
  const { inside, ...content } = contentOf(step);
  const inputs = Object.fromEntries(Object.entries(inputsOf(step)).map(([input, from]) => [input, nameOf(from)]));
  const place = [inside === undefined ? null : nameOf(inside), Object.keys(step.steps ?? {}).sort()];
  return (
    canonicalize([
      content,
      place,
      inputs,
      afterOf(step)
        .map((edge) => renamed(edge, nameOf))
        .sort(),
    ]) ?? ''
  );
}

/** `route.large` under the new id of route. */
export function renamed(edge: string, nameOf: (id: string) => string): string {
  const [step = edge, ...branch] = edge.split('.');
  return [nameOf(step), ...branch].join('.');
}

function before({ inside, ...step }: FlatStep): string[] {
  return inside === undefined ? predecessorsOf(step) : [...predecessorsOf(step), inside];
}

/** Each after those among them that it waits for; what waits for itself, as drafts may, is left out. */
function inOrder(ids: string[], steps: FlatSteps): string[] {
  const among = new Set(ids);
  const waits = new Map(ids.map((id) => [id, before(steps[id] as FlatStep).filter((name) => among.has(name)).length]));
  const followers = new Map<string, string[]>();
  for (const id of ids) {
    for (const name of before(steps[id] as FlatStep)) if (among.has(name)) followers.set(name, [...(followers.get(name) ?? []), id]);
  }
  const ready = ids.filter((id) => waits.get(id) === 0);
  for (const id of ready) {
    for (const follower of followers.get(id) ?? []) {
      const left = (waits.get(follower) ?? 0) - 1;
      waits.set(follower, left);
      if (left === 0) ready.push(follower);
    }
  }
  return ready;
}

// Which steps of one document are those of another under a new id.
import { afterOf, type FlowDocument, inputsOf, predecessorsOf, type Step } from '@tidewheel/contract/flow-document';
import canonicalize from 'canonicalize';

export function sameJson(one: unknown, other: unknown): boolean {
  return canonicalize(one) === canonicalize(other);
}

/**
 * Old id to new id of every step that is gone, and that is there again with the same content behind the same steps (renamed ones count as the
 * same). Steps are taken in the order in which they run, so that a whole chain can be renamed at once.
 */
export function findRenames(before: FlowDocument['steps'], after: FlowDocument['steps']): Map<string, string> {
  const gone = Object.keys(before).filter((id) => !Object.hasOwn(after, id));
  const fresh = Object.keys(after).filter((id) => !Object.hasOwn(before, id));
  const renames = new Map<string, string>();
  if (gone.length === 0 || fresh.length === 0) return renames;
  const candidates = Map.groupBy(fresh, (id) => fingerprint(after[id] as Step, (step) => step));
  for (const id of inOrder(gone, before)) {
    const same = candidates.get(fingerprint(before[id] as Step, (step) => renames.get(step) ?? step));
    const found = same?.shift();
    if (found !== undefined) renames.set(id, found);
  }
  return renames;
}

function fingerprint(step: Step, nameOf: (id: string) => string): string {
  const { from: _from, after: _after, ...content } = step;
  const inputs = Object.fromEntries(Object.entries(inputsOf(step)).map(([input, from]) => [input, nameOf(from)]));
  return canonicalize([content, inputs, afterOf(step).map(nameOf).sort()]) ?? '';
}

/** Each after those among them that it waits for; what waits for itself, as drafts may, is left out. */
function inOrder(ids: string[], steps: FlowDocument['steps']): string[] {
  const among = new Set(ids);
  const waits = new Map(ids.map((id) => [id, predecessorsOf(steps[id] as Step).filter((before) => among.has(before)).length]));
  const followers = new Map<string, string[]>();
  for (const id of ids) {
    for (const before of predecessorsOf(steps[id] as Step)) if (among.has(before)) followers.set(before, [...(followers.get(before) ?? []), id]);
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

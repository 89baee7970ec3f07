// Which runs below a step are taken over from the run that its own repeats, and from where the others go on.

import { isDeepStrictEqual } from 'node:util';
import type { Plan } from '../../flows/plan.ts';
import { type EarlierRun, planRerun, type RerunPlan } from '../rerun-plan.ts';
import type { Look } from './advance-children.ts';
import type { ParentRow } from './children.store.ts';
import { type EarlierChild, findEarlier, readEarlierSteps, writtenAs } from './earlier.store.ts';

/** `whole`: it had succeeded. Else what of it is run again. */
export interface Repeated {
  earlier: EarlierChild;
  whole: boolean;
  rerun: RerunPlan | null;
}

export interface Repeating {
  look: Look;
  parent: ParentRow;
  /** As many as there are items to begin; null where runs have no item. */
  values: unknown[] | null;
  planWith(given: string[] | null): Plan;
}

/** By place in `values`; of a step without items, at place 0. */
export async function repeatedChildren({ look, parent, values, planWith }: Repeating): Promise<Map<number, Repeated>> {
  const { live, planned, services } = look;
  const found = new Map<number, Repeated>();
  if (parent.rerun_of === null || !parent.reuse?.includes(planned.id) || look.attempt > 1) return found;
  const children = (await findEarlier(services.pool, { run: parent.rerun_of, step: planned.id, values })).filter((child) => isSame(look, child));
  if (children.length === 0) return found;
  const steps = await readEarlierSteps(
    services.pool,
    children.filter(({ state }) => state !== 'succeeded').map(({ id }) => id),
  );
  for (const [place, earlier] of await matched(services.pool, { children, values })) {
    if (earlier.state === 'succeeded') found.set(place, { earlier, whole: true, rerun: null });
    else {
      const run: EarlierRun = { ...earlier, plan: planWith(earlier.given), steps: steps.get(earlier.id) ?? [] };
      found.set(place, { earlier, whole: false, rerun: planRerun({ earlier: run, from: 'failed', mode: live.mode }) });
    }
  }
  return found;
}

/** Of the same version, with the same parameters, and no dry run where this one is none. */
function isSame({ live, plan: { target } }: Look, { mode, version_id, parameters }: EarlierChild): boolean {
  if (mode !== live.mode) return false;
  return target.kind !== 'flow' || (version_id === target.versionId && isDeepStrictEqual(parameters, target.parameters));
}

/** Each earlier run counts for one item, those that succeeded first. */
async function matched(
  pool: Look['services']['pool'],
  { children, values }: { children: EarlierChild[]; values: unknown[] | null },
): Promise<[number, EarlierChild][]> {
  if (values === null) return children.slice(0, 1).map((child) => [0, child]);
  const byValue = Map.groupBy(children, ({ value }) => value);
  for (const some of byValue.values()) some.sort((a, b) => Number(b.state === 'succeeded') - Number(a.state === 'succeeded'));
  const texts = await writtenAs(pool, values);
  return texts.flatMap((text, place): [number, EarlierChild][] => {
    const child = byValue.get(text)?.shift();
    return child ? [[place, child]] : [];
  });
}

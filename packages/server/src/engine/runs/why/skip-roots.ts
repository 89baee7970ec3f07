// Pure: where a skip began.
import { finalStepStates } from '@tidewheel/contract/run';
import type { StepFacts } from './facts.ts';

const mostRoots = 20;

/** Finds the steps before one, at any distance, that did not succeed through their own doing; each step is looked at once for all questions. */
export function skipRoots(steps: ReadonlyMap<string, StepFacts>): (step: StepFacts) => StepFacts[] {
  const known = new Map<string, StepFacts[]>();
  const culprits = (step: StepFacts) =>
    step.predecessors.flatMap((id) => steps.get(id) ?? []).filter((before) => before.state !== 'succeeded' && finalStepStates.includes(before.state));
  const settle = (step: StepFacts) => {
    const roots = culprits(step).flatMap((before) => {
      const further = known.get(before.id) ?? [];
      return further.length === 0 ? [before] : further;
    });
    known.set(step.id, [...new Set(roots)].slice(0, mostRoots));
  };
  return (asked) => {
    // By hand, not by recursion: a flow may be thousands of steps deep.
    const open = [asked];
    for (let step = open.at(-1); step !== undefined; step = open.at(-1)) {
      const before = culprits(step).filter((each) => each.state === 'skipped' && !known.has(each.id));
      if (before.length > 0 && !known.has(step.id)) {
        open.push(...before);
        continue;
      }
      if (!known.has(step.id)) settle(step);
      open.pop();
    }
    return known.get(asked.id) ?? [];
  };
}

// What must hold of a run that somebody cancelled, at whatever instant. Pure.
import { differences, stepDifferences, undoDifferences } from './compare.ts';
import { plain } from './expressions.ts';
import type { ExpectedRun, ExpectedStep } from './outcome.ts';
import type { RecordedRun } from './recorded.ts';

const over = ['succeeded', 'failed', 'skipped', 'cancelled', 'compensated'];

/** Whatever it did is what the flow says, nothing of it is open, all that succeeded is undone, and what runs at the end ran. */
export function cancelledDifferences(expected: ExpectedRun, run: RecordedRun): string[] {
  const found = run.state === 'cancelled' ? [] : [`${run.path} ${run.state}, not cancelled`];
  for (const { step, state } of run.steps.values()) if (!over.includes(state)) found.push(`${run.path} ${step} is ${state}, though its run is over`);
  for (const [id, step] of expected.steps) found.push(...(step.place === 'end' ? endDifferences : mainDifferences)({ id, expected: step, run }));
  for (const [key, child] of run.below) {
    const below = expected.below.get(key);
    if (!below) found.push(`${run.path} has a run ${key} below it that must not exist`);
    else found.push(...(child.state === 'cancelled' ? cancelledDifferences(below, child) : differences(below, child)));
  }
  return [...found, ...undoDifferences({ expected, recorded: run })];
}

interface Comparing {
  id: string;
  expected: ExpectedStep;
  run: RecordedRun;
}

/** The reference has worked out what runs at its end from what the run had come to; a second cancellation gives that up too. */
function endDifferences({ id, expected, run }: Comparing): string[] {
  const began = run.events.some(({ type }) => type === 'run.started');
  if (!began || run.forced) return [];
  return stepDifferences({ path: `${run.path} ${id} at the end`, expected, recorded: run.steps.get(id), run });
}

function mainDifferences({ id, expected, run }: Comparing): string[] {
  const recorded = run.steps.get(id);
  const path = `${run.path} ${id}`;
  if (expected.place === 'undo' || !recorded) return [];
  const found: string[] = [];
  const did = recorded.state === 'succeeded' || recorded.state === 'compensated';
  const should = expected.state === 'succeeded' || expected.state === 'compensated';
  if (did && !should) found.push(`${path} ${recorded.state}, not ${expected.state}`);
  if (did && should && JSON.stringify(plain(recorded.value)) !== JSON.stringify(expected.value))
    found.push(`${path} gave ${JSON.stringify(recorded.value)}, not ${JSON.stringify(expected.value)}`);
  if (recorded.state === 'failed' && expected.state !== 'failed') found.push(`${path} failed, not ${expected.state}`);
  if (did && expected.hasUndo && !run.forced && !run.steps.has(`${id}.undo`)) found.push(`${path} was not undone`);
  return found;
}

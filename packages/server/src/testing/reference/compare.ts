// Where a recorded run differs from what the reference expects. Pure.
import { plain } from './expressions.ts';
import type { ExpectedRun, ExpectedStep } from './outcome.ts';
import type { RecordedRun, RecordedStep } from './recorded.ts';

/** One line for each difference; none: they are alike. */
export function differences(expected: ExpectedRun, recorded: RecordedRun): string[] {
  const { path } = recorded;
  if (recorded.state === 'cancelled')
    return expected.mayBeCancelled ? cancelledDifferences(expected, recorded) : [`${path} was cancelled, though nobody asked`];
  const found: string[] = [];
  if (recorded.state !== expected.state)
    found.push(`${path} ${recorded.state}, not ${expected.state}${recorded.error ? ` (${recorded.error.code}: ${recorded.error.message})` : ''}`);
  if (!isSame(plain(recorded.output), plain(expected.output))) found.push(`${path} gave ${text(recorded.output)}, not ${text(expected.output)}`);
  for (const [id, step] of expected.steps)
    found.push(...stepDifferences({ path: `${path} ${id}`, expected: step, recorded: recorded.steps.get(id), run: recorded }));
  for (const id of recorded.steps.keys()) if (!expected.steps.has(id)) found.push(`${path} ${id} has a result, but must not exist`);
  for (const [key, child] of expected.below) {
    if (isTakenOver(recorded, key.split('.')[0] ?? '')) continue;
    const below = recorded.below.get(key);
    found.push(...(below ? differences(child, below) : [`${path} has no run ${key} below it`]));
  }
  for (const key of recorded.below.keys())
    if (!expected.below.has(key) || isTakenOver(recorded, key.split('.')[0] ?? '')) found.push(`${path} has a run ${key} below it that must not exist`);
  return [...found, ...undoDifferences({ expected, recorded })];
}

const over = ['succeeded', 'failed', 'skipped', 'cancelled', 'compensated'];

/** Whatever it did is what the flow says, nothing of it is open, all that succeeded is undone, and what runs at the end ran. */
function cancelledDifferences(expected: ExpectedRun, run: RecordedRun): string[] {
  const found = run.state === 'cancelled' ? [] : [`${run.path} ${run.state}, not cancelled`];
  for (const { step, state } of run.steps.values()) if (!over.includes(state)) found.push(`${run.path} ${step} is ${state}, though its run is over`);
  for (const [id, step] of expected.steps) found.push(...(step.place === 'end' ? endDifferences : mainDifferences)({ id, expected: step, run }));
  for (const [key, child] of run.below) {
    const below = expected.below.get(key);
    if (!below) found.push(`${run.path} has a run ${key} below it that must not exist`);
    else found.push(...differences({ ...below, mayBeCancelled: true }, child));
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

function stepDifferences({
  path,
  expected,
  recorded,
  run,
}: {
  path: string;
  expected: ExpectedStep;
  recorded: RecordedStep | undefined;
  run: RecordedRun;
}): string[] {
  if (!recorded) return [`${path} has no result, not ${expected.state}`];
  if (recorded.state !== expected.state) return [`${path} ${recorded.state}, not ${expected.state}`];
  const found: string[] = [];
  const hasValue = expected.state === 'succeeded' || expected.state === 'compensated';
  if (hasValue && !isSame(plain(recorded.value), expected.value)) found.push(`${path} gave ${text(recorded.value)}, not ${text(expected.value)}`);
  if (isTakenOver(run, recorded.step)) return found;
  const retries = eventsOf(run, { step: recorded.step, type: 'step.retrying' }).length;
  // A worker that dies takes an attempt with it that nobody sees fail.
  if (expected.tries > 0 && retries > expected.tries - 1) found.push(`${path} was retried ${retries} times, not ${expected.tries - 1}`);
  if (expected.tries > 0 && recorded.attempt < expected.tries) found.push(`${path} ended in attempt ${recorded.attempt}, not ${expected.tries}`);
  return found;
}

/** From the run that it repeats: it began nothing itself. */
export function isTakenOver(run: RecordedRun, step: string): boolean {
  return run.rerunOf !== null && run.steps.get(step)?.attempt === 0;
}

/** What came after something is undone before it. */
function undoDifferences({ expected, recorded }: { expected: ExpectedRun; recorded: RecordedRun }): string[] {
  const began = new Map<string, number>();
  for (const { seq, type, step } of recorded.events) if (type === 'step.succeeded' && step?.endsWith('.undo')) began.set(step, seq);
  return expected.undoOrder.flatMap(([earlier, later]) =>
    (began.get(`${earlier}.undo`) ?? Infinity) < (began.get(`${later}.undo`) ?? -Infinity)
      ? [`${recorded.path} undid ${earlier} before ${later}, which came after it`]
      : [],
  );
}

/** Whatever happened to it: its events are gapless, with one end that comes last, and no step has two. */
export function eventFaults({ path, events, eventSeq, state }: RecordedRun): string[] {
  const found: string[] = [];
  if (events.some(({ seq }, at) => seq !== at + 1) || events.length !== eventSeq) found.push(`${path} has gaps in its events`);
  const ends = events.filter(({ type }) => ['run.succeeded', 'run.failed', 'run.cancelled'].includes(type));
  if (ends.length !== 1 || ends[0]?.type !== `run.${state}` || ends[0] !== events.at(-1))
    found.push(`${path} ${state}, but its events end with ${events.slice(-3).map(({ type }) => type)}`);
  const final = events.filter(({ type }) => ['step.succeeded', 'step.failed', 'step.skipped', 'step.cancelled'].includes(type));
  for (const [step, some] of Map.groupBy(final, (event) => event.step)) if (some.length > 1) found.push(`${path} ${step} has ${some.length} ends`);
  return found;
}

function eventsOf(run: RecordedRun, { step, type }: { step: string; type: string }): { seq: number }[] {
  return run.events.filter((event) => event.step === step && event.type === type);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
function text(value: unknown): string {
  return JSON.stringify(plain(value)).slice(0, 200);
}

// A reference for the engine: what a generated flow means, worked out in one thread and at once, from docs/flow-document.md and the contract alone.
import type { FlowDocument, Step } from '@tidewheel/contract/flow-document';
import { type Edge, edgesAfter, inputsOf, predecessorsOf } from '@tidewheel/contract/flow-steps';
import { look, type ReferenceScope } from './expressions.ts';
import type { ExpectedRun, ExpectedStep, Given, Left, Part, Performed, StepOutcome } from './outcome.ts';
import { performStep } from './perform.ts';

const nothing = { value: null, tries: 0, delivers: false, branches: [] };

/** How a run of a whole flow comes out. */
export function interpret(document: FlowDocument, { parameters, flows, left }: Given): ExpectedRun {
  const defaults = Object.fromEntries(Object.entries(document.parameters).map(([name, { default: value }]) => [name, value]));
  return interpretPart({
    steps: document.steps,
    outputs: document.outputs,
    isPart: false,
    names: { ...defaults, ...parameters },
    around: new Map(),
    flows,
    left,
    whole: interpret,
    inside: interpretPart,
  });
}

function interpretPart(part: Part): ExpectedRun {
  const run: ExpectedRun = { state: 'succeeded', steps: new Map(), output: null, below: new Map(), undoOrder: [] };
  const order = inOrder(part.steps);
  const atEnd = new Set<string>();
  for (const id of order) if (isAtEnd(part.steps, id, atEnd)) atEnd.add(id);
  for (const id of order) if (!atEnd.has(id)) run.steps.set(id, { ...stepOf({ part, run, id }), place: 'main', hasUndo: part.steps[id]?.undo !== undefined });
  if (hasFailed(part, run, (id) => !atEnd.has(id))) run.state = 'failed';
  const undoable = [...run.steps].filter(([, { hasUndo }]) => hasUndo).map(([id]) => id);
  for (const later of undoable) for (const earlier of undoable) if (comesAfter(part.steps, later, earlier)) run.undoOrder.push([earlier, later]);
  const mainFailed = run.state === 'failed';
  if (mainFailed) undo(part, run);
  performEnd({ part, run, atEnd: order.filter((id) => atEnd.has(id)), hasFailed: () => mainFailed });
  if (hasFailed(part, run, (id) => atEnd.has(id))) run.state = 'failed';
  if (run.state === 'succeeded') run.output = outputOf({ part, run, atEnd });
  if (part.left?.state === 'cancelled') endAsLeft({ part, run, atEnd: order.filter((id) => atEnd.has(id)), left: part.left });
  return run;
}

interface Ending {
  part: Part;
  run: ExpectedRun;
  atEnd: string[];
}

function performEnd({ part, run, atEnd, hasFailed }: Ending & { hasFailed(id: string): boolean }): void {
  for (const id of atEnd) run.steps.set(id, { ...stepOf({ part, run, id, mainFailed: hasFailed(id) }), place: 'end', hasUndo: false });
}

/** Of a cancelled run it follows from what its other steps had come to. Had it failed before, what runs at its failure may have begun already. */
function endAsLeft({ part, run, atEnd, left }: Ending & { left: Left }): void {
  const others = [...run.steps].filter(([, { place }]) => place === 'main').map(([id, step]) => [id, asLeft(step, left.steps.get(id)?.state)] as const);
  const was: ExpectedRun = { ...run, steps: new Map(others), below: new Map() };
  const failed = hasFailed(part, was, () => true);
  performEnd({ part, run: was, atEnd, hasFailed: (id) => failed && left.steps.get(id)?.state !== 'skipped' });
  for (const key of run.below.keys()) if (atEnd.includes(key.split('.')[0] ?? '')) run.below.delete(key);
  for (const [key, child] of was.below) run.below.set(key, child);
  for (const id of atEnd) run.steps.set(id, was.steps.get(id) as ExpectedStep);
}

function asLeft(step: ExpectedStep, state: string = 'cancelled'): ExpectedStep {
  const did = state === 'succeeded' || state === 'compensated';
  return { ...step, state: state as StepOutcome, value: did ? step.value : null };
}

function stepOf({ part, run, id, mainFailed = false }: { part: Part; run: ExpectedRun; id: string; mainFailed?: boolean }): Performed {
  const step = part.steps[id] as Step;
  const begins = hasPredecessors(part.steps, id) ? mayBegin({ part, run, id }) : (step.on ?? 'success') !== 'failure' || mainFailed;
  return begins ? performStep({ part, run, id, step, scope: scopeOf(part, run) }) : { ...nothing, state: 'skipped' };
}

function scopeOf(part: Part, run: ExpectedRun): ReferenceScope {
  return { values: new Map([...part.around, ...[...run.steps].map(([id, { value }]) => [id, value] as const)]), names: part.names };
}

/** Steps before others. Those around a part are no steps of it. */
function inOrder(steps: Part['steps']): string[] {
  const done = new Set<string>();
  const visit = (id: string): void => {
    if (done.has(id)) return;
    for (const before of ownPredecessors(steps, id)) visit(before);
    done.add(id);
  };
  for (const id of Object.keys(steps)) visit(id);
  return [...done];
}
function ownPredecessors(steps: Part['steps'], id: string): string[] {
  return predecessorsOf(steps[id] as Step).filter((name) => Object.hasOwn(steps, name));
}
function hasPredecessors(steps: Part['steps'], id: string): boolean {
  return ownPredecessors(steps, id).length > 0;
}

/** Without anything before it, `on` means the whole run; what comes after such a step is at the end too. */
function isAtEnd(steps: Part['steps'], id: string, atEnd: ReadonlySet<string>): boolean {
  if (!hasPredecessors(steps, id)) return (steps[id]?.on ?? 'success') !== 'success';
  return ownPredecessors(steps, id).some((before) => atEnd.has(before));
}

type Finding = 'met' | 'missed' | 'broken';

function mayBegin({ part, run, id }: { part: Part; run: ExpectedRun; id: string }): boolean {
  const step = part.steps[id] as Step;
  const named = edgesAfter(step).filter((edge) => Object.hasOwn(part.steps, edge.step));
  const others = ownPredecessors(part.steps, id).filter((name) => !named.some((edge) => edge.step === name));
  const edges: Edge[] = [...named, ...others.map((name) => ({ step: name, branch: null }))];
  const findings = edges.map((edge) => findingOf({ edge, step, part, run }));
  const met = findings.filter((finding) => finding === 'met').length;
  const join = step.join ?? (step.on === 'failure' ? 'any' : 'all');
  if (join === 'all') return met === findings.length;
  if (join === 'taken') return met > 0 && !findings.includes('broken');
  return met >= (join === 'any' ? 1 : join);
}

function findingOf({ edge, step, part, run }: { edge: Edge; step: Step; part: Part; run: ExpectedRun }): Finding {
  const before = run.steps.get(edge.step) as ExpectedStep;
  if (step.on === 'always') return 'met';
  if (step.on === 'failure') return before.state === 'failed' ? 'met' : 'missed';
  if (before.state === 'failed') return part.steps[edge.step]?.mayFail && !Object.values(inputsOf(step)).includes(edge.step) ? 'met' : 'broken';
  if (before.state === 'skipped') return 'missed';
  if (before.state === 'cancelled') return 'broken';
  return edge.branch === null || before.branches.includes(edge.branch) ? 'met' : 'missed';
}

function hasFailed(part: Part, run: ExpectedRun, among: (id: string) => boolean): boolean {
  return [...run.steps].some(([id, { state }]) => among(id) && state === 'failed' && !part.steps[id]?.mayFail);
}

/** Whatever succeeded and can be undone is. */
function undo(part: Part, run: ExpectedRun): void {
  const undone = [...run.steps].filter(([, { state, hasUndo }]) => state === 'succeeded' && hasUndo).map(([id]) => id);
  const scope = scopeOf(part, run);
  for (const id of undone) {
    const { use, with: config, retry } = part.steps[id]?.undo ?? { use: '', with: {} };
    const came = performStep({ part, run, id: `${id}.undo`, step: { use, with: config, ...(retry ? { retry } : {}) }, scope });
    run.steps.set(`${id}.undo`, { ...came, place: 'undo', hasUndo: false });
    if (came.state === 'succeeded') (run.steps.get(id) as ExpectedStep).state = 'compensated';
  }
}

/** Through steps that all of them need: where one of several is enough, a step may begin before another one of them has ended. */
function comesAfter(steps: Part['steps'], later: string, earlier: string): boolean {
  const step = steps[later] as Step;
  if (step.join !== undefined && step.join !== 'all' && step.join !== 'taken') return false;
  const before = step.on === 'failure' && step.join === undefined ? [] : ownPredecessors(steps, later);
  return before.includes(earlier) || before.some((name) => comesAfter(steps, name, earlier));
}

/** Of a part, what those of its steps gave that nothing comes after; what cleans up at its end gives nothing. */
function outputOf({ part, run, atEnd }: { part: Part; run: ExpectedRun; atEnd: ReadonlySet<string> }): Record<string, unknown> | null {
  const scope = scopeOf(part, run);
  if (part.outputs) return Object.fromEntries(Object.entries(part.outputs).map(([name, { value }]) => [name, look(value, scope)]));
  if (!part.isPart) return null;
  const named = new Set(Object.keys(part.steps).flatMap((id) => ownPredecessors(part.steps, id)));
  const last = Object.keys(part.steps).filter((id) => !named.has(id) && !atEnd.has(id) && run.steps.get(id)?.state === 'succeeded');
  return Object.fromEntries(last.map((id) => [id, run.steps.get(id)?.value]));
}

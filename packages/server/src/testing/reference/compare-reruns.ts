// What must hold of a run that repeats another one from somewhere: which results it takes over. How it comes out the reference says as of any other run. Pure.
import type { FlowDocument, Step } from '@tidewheel/contract/flow-document';
import { predecessorsOf } from '@tidewheel/contract/flow-steps';
import { isTakenOver } from './compare.ts';
import type { RecordedRun } from './recorded.ts';

export interface Repeated {
  /** `failed` or a step; undefined: all of it. */
  from?: string;
  parameters: Record<string, number>;
}

export interface Repeating extends Repeated {
  document: FlowDocument;
  flows: ReadonlyMap<string, FlowDocument>;
  earlier: RecordedRun;
  run: RecordedRun;
}

export function rerunDifferences({ document, flows, earlier, run, from, parameters }: Repeating): string[] {
  const found: string[] = [];
  const again = new Set<string>();
  const taken = new Set<string>();
  const visit = (id: string) => {
    if (again.has(id) || taken.has(id)) return;
    const step = document.steps[id] as Step;
    const before = [...new Set([...predecessorsOf(step), ...readBy(step)])].filter((name) => name !== id && Object.hasOwn(document.steps, name));
    for (const name of before) visit(name);
    const state = earlier.steps.get(id)?.state ?? 'cancelled';
    if (from === undefined || from === id || !['succeeded', 'skipped'].includes(state) || before.some((name) => again.has(name))) again.add(id);
    else if (before.every((name) => taken.has(name)) && !asksPeople(step, flows)) taken.add(id);
  };
  for (const id of Object.keys(document.steps)) visit(id);
  for (const id of again) if (isTakenOver(run, id)) found.push(`${run.path} ${id} was taken over from ${earlier.id}, where it must be done again`);
  // What reads a parameter that changed is done again too.
  if (Object.keys(parameters).length > 0 || run.state === 'cancelled') return found;
  for (const id of taken)
    if (isOfMain(document, id) && !isTakenOver(run, id)) found.push(`${run.path} ${id} was done again, though ${earlier.id} had its result`);
  return found;
}

function readBy(step: Step): string[] {
  return [...JSON.stringify(step).matchAll(/steps\.([a-z]\w*)/g)].map(([, name]) => name ?? '');
}

/** What is decided counts for one run. */
function asksPeople(step: Step, flows: ReadonlyMap<string, FlowDocument>): boolean {
  if (step.use === 'approval') return true;
  const below = { ...step.steps, ...(step.use === 'flow.run' ? flows.get(String(step.with['flow']))?.steps : {}) };
  return Object.values(below).some((inner) => asksPeople(inner, flows));
}

/** What runs at the end of a run runs at the end of each. */
function isOfMain(document: FlowDocument, id: string): boolean {
  const step = document.steps[id] as Step;
  const before = predecessorsOf(step).filter((name) => Object.hasOwn(document.steps, name));
  return before.length === 0 ? (step.on ?? 'success') === 'success' : before.every((name) => isOfMain(document, name));
}

// What of its flow a run runs: the whole, or below another run the steps of a group, or one step for an item.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Run } from '@tidewheel/contract/run';

type Steps = FlowDocument['steps'];

/** Null for steps that were made while the run ran: they are in no document. */
export function stepsOfRun(document: FlowDocument, run: Pick<Run, 'steps' | 'parent'>): Steps | null {
  const ids = run.steps.map(({ step }) => step).filter((id) => !id.includes('.'));
  const level = findLevel(document.steps, ids);
  if (!level) return null;
  return run.parent === null ? level : Object.fromEntries(ids.map((id) => [id, aloneIn(level, id, ids)]));
}

/** What the run above decides (its items, its place) is not of the run below. */
function aloneIn(level: Steps, id: string, ids: string[]): Steps[string] {
  const step = level[id] as Steps[string];
  if (ids.length === Object.keys(level).length) return step;
  const { each: _each, repeat: _repeat, after: _after, on: _on, join: _join, undo: _undo, ...alone } = step;
  return alone;
}

function findLevel(steps: Steps, ids: string[]): Steps | null {
  if (ids.length > 0 && ids.every((id) => Object.hasOwn(steps, id))) return steps;
  for (const { steps: inner } of Object.values(steps)) {
    const found = inner && findLevel(inner, ids);
    if (found) return found;
  }
  return null;
}

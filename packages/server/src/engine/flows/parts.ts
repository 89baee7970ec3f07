// The part of a document that a run below another one runs: an item of a step, or the steps inside one. Pure.
import { Bug } from '@tidewheel/contract/errors';
import type { FlowDocument, Step } from '@tidewheel/contract/flow-document';

/** What a child run is told to run: ids from outside in, joined by `/`. */
export function partPath(within: string | null, step: string): string {
  return within === null ? step : `${within}/${step}`;
}

/**
 * The document of a part: of a step with steps inside these, of any other one the step itself without what the outer run decides
 * (its items, its place, its condition). Parameters and outputs stay out: the parent's values are passed on.
 * @throws Bug when there is no such part
 */
export function partOf(document: FlowDocument, part: string): FlowDocument {
  let steps: Record<string, Step> = document.steps;
  for (const id of part.split('/')) {
    const step = steps[id];
    if (!step) throw new Bug('plan.part', `the flow ${document.flow} has no part ${part}`);
    steps = step.steps ?? { [id]: alone(step) };
  }
  const { outputs: _outputs, overlap: _overlap, timeout: _timeout, ...rest } = document;
  return { ...rest, steps };
}

function alone({ each: _each, repeat: _repeat, after: _after, on: _on, join: _join, when: _when, undo: _undo, mayFail: _mayFail, ...step }: Step): Step {
  return step;
}

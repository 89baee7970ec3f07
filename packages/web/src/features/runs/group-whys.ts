// Pure: steps that share a reason are told together.
import type { StepWhy } from '@tidewheel/contract/routes/run-why';

/** In the order of the first of each group. A step that was tried again has a story of its own. */
export function groupWhys(steps: readonly StepWhy[]): StepWhy[][] {
  const groups = Map.groupBy(steps, ({ step, state, reason, retries }) =>
    reason === null || retries.length > 0 ? step : JSON.stringify([state, reason.code, reason.text, reason.since]),
  );
  return [...groups.values()];
}

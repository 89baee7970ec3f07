// Pure: whether a run may still wait for an answer.
import { finalRunStates, type RunState } from '@tidewheel/contract/run';

export interface Answerable {
  state: RunState;
  cleans_up: boolean;
  cancel_forced: boolean;
}

/** Of a run that is being cancelled what cleans up may: it would never end without. */
export function isAnswerable({ state, cleans_up, cancel_forced }: Answerable): boolean {
  if (state === 'cancelling') return cleans_up && !cancel_forced;
  return !finalRunStates.includes(state);
}

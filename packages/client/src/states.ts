// Which states are final, without the schemas of the contract.
import type { RunState, StepState } from '@tidewheel/contract/run';

const final: ReadonlySet<string> = new Set(['succeeded', 'failed', 'skipped', 'cancelled'] satisfies (RunState | StepState)[]);

/** Whether a run or step in this state will change no more. */
export function isFinal(state: RunState | StepState): boolean {
  return final.has(state);
}

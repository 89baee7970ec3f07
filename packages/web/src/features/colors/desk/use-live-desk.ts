import { useReadAgain } from '../../../shared/runs/use-live-runs.ts';
import { deskKey } from './desk.queries.ts';

const keys = [deskKey];

/** Reads the figures again when any run changes, at most every two seconds. */
export function useLiveDesk(): void {
  useReadAgain(keys, 2_000);
}

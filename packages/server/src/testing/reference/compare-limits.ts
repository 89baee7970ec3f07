// What must hold of the time limit of a run, which may come before or after its end: either is right. Pure.
import type { RecordedRun } from './recorded.ts';

/** `calmSince`: since when nothing is killed any more, in ms since 1970. `mostPastMs`: so long what died may hold up its end, and what cleans up after it may take. */
export function limitDifferences({ path, error, limit: { at, cancelledAt, endedAt } }: RecordedRun, calm: { calmSince: number; mostPastMs: number }): string[] {
  const found: string[] = [];
  if (cancelledAt !== null && (at === null || cancelledAt < at))
    found.push(`${path} was cancelled by its time limit ${(at ?? 0) - cancelledAt} ms before that`);
  if ((error?.code === 'run.timeout') !== (cancelledAt !== null))
    found.push(`${path} has the error ${error?.code}, and was cancelled by its limit: ${cancelledAt !== null}`);
  const past = at === null || endedAt === null ? 0 : endedAt - Math.max(at, calm.calmSince);
  if (past > calm.mostPastMs) found.push(`${path} was open ${Math.round(past)} ms past its time limit`);
  return found;
}

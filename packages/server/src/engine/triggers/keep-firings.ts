// Writes what occurrences came to: runs, their first jobs, the events and the audit entries, in one transaction of the caller's.

import { writeStarts } from '../runs/start-batch.ts';
import type { JobQueue, Runner } from '../worker/job-queue.ts';
import type { NewRun } from '../worker/new-run.store.ts';
import type { Judged } from './firing.ts';
import { insertEvents, type NewTriggerEvent } from './trigger-events.store.ts';

/** @returns the runs whose flow cancels those before; to be done once it is committed */
export async function keepFirings(runner: Runner, { judged, queue }: { judged: Judged[]; queue: JobQueue }): Promise<{ workspaceId: string; run: NewRun }[]> {
  const starting = judged.filter((one) => one.kind === 'starts');
  const started = await writeStarts(runner, { starts: starting.map(({ start }) => start), queue });
  const events: NewTriggerEvent[] = judged.flatMap((one) => (one.kind === 'rests' ? [one.event] : []));
  const cancelling: { workspaceId: string; run: NewRun }[] = [];
  for (const [place, one] of starting.entries()) {
    const outcome = started[place] ?? 'existing';
    // Its run is there: the event of then leads to it.
    if (outcome === 'existing') continue;
    events.push(outcome === 'skipped' ? skipped(one.event) : one.event);
    if (outcome !== 'skipped' && outcome.held && one.cancelsBefore) cancelling.push({ workspaceId: one.event.workspaceId, run: one.start.run });
  }
  await insertEvents(runner, events);
  return cancelling;
}

export function skipped(event: NewTriggerEvent): NewTriggerEvent {
  return { ...event, state: 'refused', run: null, reason: 'The flow was running already, and its `overlap` says that further starts are skipped meanwhile.' };
}

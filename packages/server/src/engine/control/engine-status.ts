// Pure: rows of workers, leases and queues as the status shows them.
import type { EngineBacklog, EngineControl, EngineQueue, EngineWorker } from '@tidewheel/contract/routes/engine';
import type { Depth } from '../worker/job-queue.ts';
import type { countBacklog, findWorkers } from './control.store.ts';

export type WorkerRow = Awaited<ReturnType<typeof findWorkers>>[number];

/** As long as the supervisor waits before it declares a worker dead that hangs. */
const silentAfterMs = 5_000;

export function isSilent({ beat_at }: Pick<WorkerRow, 'beat_at'>, now: Date): boolean {
  return now.getTime() - beat_at.getTime() > silentAfterMs;
}

export function viewControl(row: { paused_at: Date | null; paused_by: string | null; pause_reason: string | null }): EngineControl {
  return { paused: row.paused_at === null ? null : { at: row.paused_at.toISOString(), by: row.paused_by ?? '', reason: row.pause_reason } };
}

export function viewDrain(row: { drain_at: Date | null; drain_by: string | null }): EngineWorker['drain'] {
  return row.drain_at === null ? null : { at: row.drain_at.toISOString(), by: row.drain_by ?? '' };
}

export function stateOf(row: Pick<WorkerRow, 'beat_at' | 'drain_at' | 'held'>, { now, isPaused }: { now: Date; isPaused: boolean }): EngineWorker['state'] {
  if (isSilent(row, now)) return 'silent';
  if (row.drain_at !== null) return row.held === 0 ? 'drained' : 'draining';
  return isPaused ? 'paused' : 'working';
}

export interface QueueFacts {
  depths: Depth[];
  /** By tag. */
  held: ReadonlyMap<string, number>;
  workers: WorkerRow[];
  now: Date;
}

/** Every tag that somebody works on, or that something waits for. */
export function viewQueues({ depths, held, workers, now }: QueueFacts): EngineQueue[] {
  const alive = workers.filter((worker) => !isSilent(worker, now));
  const tags = new Set([...depths.map(({ tag }) => tag), ...held.keys(), ...alive.flatMap((worker) => worker.tags)]);
  return [...tags].sort().map((tag) => {
    const depth = depths.find((each) => each.tag === tag);
    const taking = alive.filter((worker) => worker.drain_at === null && worker.tags.includes(tag));
    const rate = alive.reduce((sum, worker) => sum + (worker.rates[tag] ?? 0), 0);
    return {
      tag,
      workers: taking.length,
      places: taking.reduce((sum, worker) => sum + worker.concurrency, 0),
      held: held.get(tag) ?? 0,
      ready: depth?.ready ?? 0,
      delayed: depth?.delayed ?? 0,
      oldestAt: depth?.oldest?.toISOString() ?? null,
      perMinute: Math.round(rate * 10) / 10,
    };
  });
}

export function viewBacklog({ runs, held, waits, parked }: Awaited<ReturnType<typeof countBacklog>>): EngineBacklog {
  const ofRuns = (state: string) => runs.find((row) => row.state === state)?.count ?? 0;
  const ofParked = (why: string) => parked.find((row) => row.why === why)?.count ?? 0;
  return {
    runs: { queued: ofRuns('queued'), running: ofRuns('running'), cancelling: ofRuns('cancelling') },
    held,
    paused: runs.reduce((sum, row) => sum + row.paused, 0),
    waits: Object.fromEntries(waits.map((row) => [row.kind, row.count])),
    parked: { paused: ofParked('paused'), held: ofParked('held'), slot: ofParked('slot') },
  };
}

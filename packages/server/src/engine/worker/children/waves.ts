// A rolling run over items: first a few of them (a canary), then the next wave when all before have ended, and none any more after one that failed.
import type { Each } from '@tidewheel/contract/flow-document';
import type { Counts } from './children.store.ts';

/** How many items may begin now. Pure. */
export function itemsToBegin(each: Each | undefined, { total, counts: { started, live, failed } }: { total: number; counts: Counts }): number {
  const hasFailed = each !== undefined && failed > each.mayFail;
  if (hasFailed && each.onFailure === 'stop') return 0;
  const room = Math.max(0, (each?.concurrency ?? 1) - live);
  if (!each?.waves) return Math.max(0, Math.min(total - started, room));
  const reach = wavesOf(each.waves, total).find((end) => end > started || (end === started && live > 0)) ?? total;
  const isBetween = reach > started && startsWave(each.waves, { total, started });
  if (hasFailed && isBetween) return 0;
  return Math.max(0, Math.min(reach - started, room));
}

function startsWave(waves: NonNullable<Each['waves']>, { total, started }: { total: number; started: number }): boolean {
  return started > 0 && wavesOf(waves, total).includes(started);
}

/** Where each wave ends, counted in items; the last size goes on until there are none left. */
export function wavesOf(waves: NonNullable<Each['waves']>, total: number): number[] {
  const ends: number[] = [];
  for (let end = 0; end < total; ) {
    end = Math.min(total, end + sizeOf(waves[Math.min(ends.length, waves.length - 1)] ?? total, total));
    ends.push(end);
  }
  return ends;
}

function sizeOf(wave: number | string, total: number): number {
  return typeof wave === 'number' ? wave : Math.max(1, Math.ceil((total * Number.parseInt(wave, 10)) / 100));
}

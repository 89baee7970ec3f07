// What a worker has to say to the database, gathered between two commits.
import type { RunEvent } from '@tidewheel/contract/run';
import type { DeliveryRecord } from '@tidewheel/kit/step-context';
import type { Lease, LiveRun, UnitEnd } from './live-run.ts';

export interface PendingLog {
  step: string | null;
  attempt: number;
  at: Date;
  level: 'debug' | 'info' | 'warn' | 'error';
  text: string;
}

/** Something of one run that the next commit writes. `saved` is called after the commit, `lost` when it can never be written. */
export type Item =
  | { kind: 'started'; live: LiveRun; lease: Lease; at: Date /** It goes on after a wait that ended so. */; resumed: { by: string; who: string | null } | null }
  | { kind: 'ended'; live: LiveRun; lease: Lease; end: UnitEnd; saved(next: string | null): void; lost(error: unknown): void }
  /** `settled`: it is stored or lost, and in nobody's memory any more. */
  | { kind: 'log'; live: LiveRun; line: PendingLog; settled(): void }
  | { kind: 'event'; live: LiveRun; type: RunEvent['type']; step: string | null; data: Record<string, unknown>; at: Date }
  | { kind: 'once'; live: LiveRun; step: string; name: string; result: string; saved(): void; lost(error: unknown): void }
  | { kind: 'delivery'; live: LiveRun; step: string; attempt: number; record: DeliveryRecord; saved(): void; lost(error: unknown): void };

export type EndedItem = Extract<Item, { kind: 'ended' }>;

/** The unit that the lease was at, and what ran ahead after it. */
export function unitsOf({ lease, end }: EndedItem): string[] {
  return end.ahead ? [lease.unit, ...end.ahead] : [lease.unit];
}

export function itemsByRun(items: Item[]): Map<string, Item[]> {
  return Map.groupBy(items, (item) => item.live.id);
}

/**
 * A step that was queued twice may be under two leases of one worker. Each of them has a commit of its own, as if two workers held them: what the first one records, the second
 * one finds. @returns the items of one commit, and those that are left for the next, both in their order
 */
export function setApart(items: Item[]): { now: Item[]; later: Item[] } {
  const holders = new Map<LiveRun, Map<string, Lease>>();
  const later: Item[] = [];
  const now = items.filter((item) => {
    if (item.kind !== 'started' && item.kind !== 'ended') return true;
    const held = holders.get(item.live) ?? new Map<string, Lease>();
    if (held.size === 0) holders.set(item.live, held);
    const units = item.kind === 'ended' ? unitsOf(item) : [item.lease.unit];
    const isFirst = units.every((unit) => (held.get(unit) ?? item.lease) === item.lease);
    if (isFirst) for (const unit of units) held.set(unit, item.lease);
    else later.push(item);
    return isFirst;
  });
  return { now, later };
}

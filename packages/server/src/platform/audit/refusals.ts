// Who was refused what: one entry for a refusal, however often it is tried, written after the answer and outside of what failed.
import { nounOf } from '@tidewheel/contract/access';
import type { Permission } from '@tidewheel/contract/route';
import type { Actor } from '../../base/actor.ts';
import type { Logger } from '../../base/logger.ts';
import { refusalIn } from '../../base/object-access.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { type Databases, inWorkspace } from '../../storage/database.ts';

export interface Refused {
  /** Null, or without a user: nobody is signed in, and nothing is noted. */
  actor: Actor | null;
  /** Whatever was thrown: only refusals of a permission are noted, also those that an answer hides. */
  error: unknown;
  /** The name of the route. */
  route: string;
}

export interface Refusals {
  /** Returns at once. */
  note(refused: Refused): void;
  /** Resolves when what was noted is written. */
  settled(): Promise<void>;
}

export interface RefusalLimits {
  /** The same actor, permission and object leave one entry in this time. */
  onceInMs: number;
  /** At most so many entries of one actor in that time: who tries every name there is must not fill the trail. */
  mostOfActor: number;
  /** So many keys are remembered, and so many entries wait to be written. */
  mostKnown: number;
  mostWaiting: number;
}
export const refusalLimits: RefusalLimits = { onceInMs: 60_000, mostOfActor: 60, mostKnown: 5_000, mostWaiting: 200 };

interface Details {
  permission: Permission;
  object?: Record<string, string | null>;
}

interface RefusalsOptions {
  databases: Databases;
  log: Logger;
  limits?: RefusalLimits;
  now?: () => number;
}

export function createRefusals({ databases, log, limits = refusalLimits, now = () => performance.now() }: RefusalsOptions): Refusals {
  const isNews = newsFilter(limits, now);
  let waiting = 0;
  let last = Promise.resolve();
  const write = async (actor: Actor, route: string, details: Details) => {
    try {
      await inWorkspace(databases.app, actor.workspaceId, (trx) => recordAudit(trx, actor, recordOf(route, details)));
    } catch (error) {
      log.warn({ err: error, permission: details.permission }, 'could not note a refusal');
    } finally {
      waiting--;
    }
  };
  return {
    note({ actor, error, route }) {
      const details = refusalIn(error)?.details as Details | undefined;
      if (!details || !actor?.userId || waiting >= limits.mostWaiting || !isNews(actor, details)) return;
      waiting++;
      // One after the other: the pool is for those who wait for an answer.
      last = last.then(() => write(actor, route, details));
    },
    settled: () => last,
  };
}

function recordOf(route: string, { permission, object }: Details) {
  const type = nounOf(permission);
  const name = object?.[type] ?? object?.['flow'];
  return { action: 'permission.refused', object: name ? { type, id: name, title: name } : null, after: { permission, route, object: object ?? null } } as const;
}

function newsFilter({ onceInMs, mostOfActor, mostKnown }: RefusalLimits, now: () => number) {
  const known = new Map<string, number>();
  const actors = new Map<string, { since: number; entries: number }>();
  return ({ workspaceId, userId }: Actor, { permission, object }: Details): boolean => {
    const at = now();
    const who = `${workspaceId} ${userId}`;
    const key = JSON.stringify([who, permission, object]);
    const before = known.get(key);
    if (before !== undefined && at - before < onceInMs) return false;
    const window = actors.get(who);
    const current = window && at - window.since < onceInMs ? window : { since: at, entries: 0 };
    if (current.entries >= mostOfActor) return false;
    remember(actors, who, { since: current.since, entries: current.entries + 1 }, mostKnown);
    remember(known, key, at, mostKnown);
    return true;
  };
}

function remember<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value ?? '');
}

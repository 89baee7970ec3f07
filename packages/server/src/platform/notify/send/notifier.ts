// The worker of the scheduler role: turns events into messages and sends what is due, several at once and few by one channel, so that a far side that
// hangs holds up nobody else.
import { setTimeout as sleep } from 'node:timers/promises';
import { everyHour } from '../../../base/in-rounds.ts';
import { dispatchAll } from '../dispatch/dispatcher.ts';
import type { NotifyDeps } from '../ports.ts';
import { fillInboxes } from './inbox.ts';
import { claimMessage, markUnknown, noteRound, removeOldMessages, settleMails } from './send.store.ts';
import { claimSeconds, sendClaimed } from './sender.ts';

const everyMs = 500;
const mostAtOnce = 16;
const mostByChannel = 4;
const unknownPauseSeconds = 15;
const keepDays = 90;
/** At its end: what hangs then is tried again later. */
const patienceMs = 2_000;

export interface Notifier {
  /** Makes one round and waits for what it sent. For tests. */
  round(): Promise<void>;
  start(): void;
  /** Lets what is under way be sent. */
  stop(): Promise<void>;
}

export function createNotifier(deps: NotifyDeps, { claimFor = claimSeconds }: { claimFor?: number } = {}): Notifier {
  const stopping = new AbortController();
  const ending = new AbortController();
  const underWay = new Map<Promise<void>, string>();
  let working: Promise<unknown> = Promise.resolve();
  let endRetention = async () => {};

  async function round(): Promise<void> {
    const db = deps.databases.engine;
    if (await noteRound(db)) return;
    await dispatchAll(deps, () => stopping.signal.aborted);
    await fillInboxes(deps, () => stopping.signal.aborted);
    await markUnknown(db, unknownPauseSeconds);
    await settleMails(db);
    while (!stopping.signal.aborted && underWay.size < mostAtOnce) {
      const message = await claimMessage(db, { claimSeconds: claimFor, busy: busyChannels([...underWay.values()]) });
      if (!message) return;
      const sent = sendClaimed(deps, message, ending.signal)
        .catch((error: unknown) => deps.log.warn({ err: error, message: message.id }, 'what came of a notification could not be noted'))
        .finally(() => underWay.delete(sent));
      underWay.set(sent, `${message.workspace_id}/${message.channel}`);
    }
  }
  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      await round().catch((error: unknown) => deps.log.warn({ err: error }, 'notifications could not be sent; trying again'));
      // With all places taken the next round begins when one is free.
      const free = underWay.size >= mostAtOnce ? [...underWay.keys()] : [];
      await Promise.race([sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined), ...free]);
    }
  }
  return {
    async round() {
      await round();
      await Promise.all(underWay.keys());
    },
    start() {
      working = work();
      endRetention = everyHour({
        work: async () => {
          while ((await removeOldMessages(deps.databases, keepDays)) > 0);
        },
        failed: (error) => deps.log.warn({ err: error }, 'old messages could not be removed; trying again in an hour'),
      });
    },
    async stop() {
      stopping.abort();
      await working;
      const late = setTimeout(() => ending.abort(), patienceMs);
      await Promise.all(underWay.keys());
      clearTimeout(late);
      await endRetention();
    },
  };
}

function busyChannels(channels: string[]): string[] {
  return [...Map.groupBy(channels, (channel) => channel)].filter(([, some]) => some.length >= mostByChannel).map(([channel]) => channel);
}

// The triggers of the scheduler role: those that are due look, each in one place at a time; ends of runs are seen to; what is old goes.
import { setTimeout as sleep } from 'node:timers/promises';
import { triggerLimits } from '@tidewheel/contract/trigger';
import { newId } from '../../base/ids.ts';
import { everyHour } from '../../base/in-rounds.ts';
import { fireForEnded } from './ended-runs.ts';
import { lookOnce } from './look.ts';
import type { TriggerDeps } from './trigger-deps.ts';
import { removeOldEvents } from './trigger-events.store.ts';
import { claimDue, leaseSeconds, renewLease } from './trigger-looks.store.ts';

const roundMs = 500;
/** So many look at once in one process. */
const mostAtOnce = 16;

export interface TriggerRounds {
  stop(): Promise<void>;
}

export function startTriggers(deps: TriggerDeps): TriggerRounds {
  const stopping = new AbortController();
  const looking = new Set<Promise<void>>();
  const failed = (error: unknown) => deps.log.warn({ err: error }, 'triggers could not be looked after; trying again');
  const removeOld = async () => {
    while (!stopping.signal.aborted && (await removeOldEvents(deps.databases.engine, triggerLimits.historyDays)) > 0);
  };
  const endOld = everyHour({ work: removeOld, failed });

  const begin = (trigger: string, token: string) => {
    const work = underLease(deps, { trigger, token, signal: stopping.signal })
      .catch(failed)
      .finally(() => looking.delete(work));
    looking.add(work);
  };
  const round = async () => {
    const room = mostAtOnce - looking.size;
    if (room > 0) {
      const token = newId();
      for (const trigger of await claimDue(deps.databases.enginePool, { token, most: room })) begin(trigger, token);
    }
    while ((await fireForEnded(deps)) > 0 && !stopping.signal.aborted);
  };
  const work = async () => {
    while (!stopping.signal.aborted) {
      await round().catch(failed);
      await sleep(roundMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const rounds = work();
  return {
    async stop() {
      stopping.abort();
      await rounds;
      await Promise.all(looking);
      await endOld();
    },
  };
}

/** Renews the lease while the look goes on; one that was lost ends it. */
async function underLease(deps: TriggerDeps, { trigger, token, signal }: { trigger: string; token: string; signal: AbortSignal }): Promise<void> {
  const lost = new AbortController();
  const renew = setInterval(
    () =>
      void renewLease(deps.databases.enginePool, { trigger, token })
        .then((held) => held || lost.abort(new Error('the lease was lost')))
        .catch(() => undefined),
    (leaseSeconds * 1000) / 3,
  );
  try {
    await lookOnce(deps, { trigger, token, signal: AbortSignal.any([signal, lost.signal]) });
  } finally {
    clearInterval(renew);
  }
}

// How processes of one installation hold one rate together. Each tells Postgres now and then who asks it how often, and gets that part of the rate
// which its part of the demand is. Between two looks, and while Postgres is away, the last part holds: a request never waits for this.
import { createHash } from 'node:crypto';
import type { Rate } from '@tidewheel/contract/routes/security';
import { newId } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import type { Databases } from '../../storage/database.ts';
import { forgetProcess, shareDemand } from './rate-shares.store.ts';

/** Gives how often each key asked since the last call, without those who asked less often than `least` says. */
type Count = (least: (rate: Rate) => number) => Map<string, number>;

export interface RateShares {
  /** Between 0 and 1; 1 while no other process answers. */
  of(key: string): number;
  countBy(count: Count): void;
  stop(): Promise<void>;
}

const leaseMs = 1_000;
/** Who asks for less than this part of an even share cannot get far over the rate before he is noticed. */
const worthTelling = 0.1;
const mostTold = 2_000;

export function startRateShares({ databases, log }: { databases: Databases; log: Logger }): RateShares {
  const processId = newId();
  let processes = 1;
  let leased = new Map<string, number>();
  let count: Count | undefined;
  let told = performance.now();
  let running: Promise<void> | undefined;

  const renew = async () => {
    const now = performance.now();
    const seconds = (now - told) / 1000;
    told = now;
    const asked = count?.(({ perSecond }) => (processes === 1 ? 0 : (perSecond / processes) * worthTelling * seconds)) ?? new Map<string, number>();
    const keys = processes === 1 ? [] : [...asked].sort((a, b) => b[1] - a[1]).slice(0, mostTold);
    const demands = keys.map(([key, times]) => ({ key: createHash('sha256').update(key).digest('base64'), perSecond: times / seconds }));
    const { live, totals } = await shareDemand(databases.engine, { processId, demands });
    processes = Math.max(1, live);
    leased = new Map(keys.map(([key], index) => [key, partOf(demands[index], totals)]));
  };
  const timer = setInterval(() => {
    running ??= renew()
      .catch((error: unknown) => log.debug({ err: error }, 'could not renew the shares of the rates'))
      .finally(() => {
        running = undefined;
      });
  }, leaseMs);
  timer.unref();

  return {
    of: (key) => leased.get(key) ?? 1 / processes,
    countBy(by) {
      count = by;
    },
    async stop() {
      clearInterval(timer);
      await running;
      await forgetProcess(databases.engine, processId).catch(() => {});
    },
  };
}

function partOf(demand: { key: string; perSecond: number } | undefined, totals: ReadonlyMap<string, number>): number {
  if (!demand) return 1;
  return Math.min(1, demand.perSecond / Math.max(demand.perSecond, totals.get(demand.key) ?? 0));
}

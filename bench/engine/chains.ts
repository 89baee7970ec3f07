// Steps one after another: three, and a thousand.
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';
import type { BenchResult } from '../report.ts';
import { drained, inTurns, withWorkers } from './load.ts';
import { rawCommits, rawLeaseLimit, rawLimit } from './raw-limit.ts';

/** `test.noop` begins when what came before it is recorded; `test.pure` may run ahead of that. */
export function chainOf(length: number, use: 'test.noop' | 'test.pure' = 'test.noop'): Record<string, object> {
  return Object.fromEntries(Array.from({ length }, (_, at) => [`s${at}`, { use, ...(at === 0 ? {} : { after: `s${at - 1}` }) }]));
}

export async function chains(site: EngineSite): Promise<BenchResult[]> {
  const three = await site.apply(chainOf(3));
  const pure = await site.apply(chainOf(3, 'test.pure'));
  const thousand = await site.apply(chainOf(1_000));
  return withWorkers(site, 2, async (workers) => {
    await drained(site, { slug: three, workers, runs: 500, steps: 3 });
    const short = await inTurns(
      3,
      () => drained(site, { slug: three, workers, runs: 2_000, steps: 3 }),
      () => rawLimit(site),
    );
    const leased = await inTurns(
      3,
      () => drained(site, { slug: three, workers, runs: 2_000, steps: 3 }),
      () => rawLeaseLimit(site),
    );
    const ahead = await inTurns(
      3,
      () => drained(site, { slug: pure, workers, runs: 2_000, steps: 3 }),
      () => rawLimit(site),
    );
    const long = await inTurns(
      2,
      () => drained(site, { slug: thousand, workers, runs: 100, steps: 1_000 }),
      () => rawLimit(site),
    );
    const single = await inTurns(
      1,
      () => drained(site, { slug: thousand, workers, runs: 1, steps: 1_000 }),
      () => rawCommits(site),
    );
    return [
      { name: 'chains of 3', unit: 'steps/s', ...short, ratio: short.value / short.limit, goal: 10_000, met: short.value >= 10_000 },
      {
        name: 'chains of 3, of the raw limit',
        unit: 'ratio',
        value: short.value / short.limit,
        limit: 1,
        ratio: null,
        goal: 0.2,
        met: short.value / short.limit >= 0.2,
      },
      {
        name: 'chains of 3, of the raw limit of leases (claimed in one transaction, recorded in another)',
        unit: 'ratio',
        value: leased.value / leased.limit,
        limit: 1,
        ratio: null,
        goal: 0.2,
        met: leased.value / leased.limit >= 0.2,
      },
      { name: 'chains of 3 pure steps, one commit for all three', unit: 'steps/s', ...ahead, ratio: ahead.value / ahead.limit, goal: null, met: null },
      { name: '100 chains of 1,000', unit: 'steps/s', ...long, ratio: long.value / long.limit, goal: null, met: null },
      { name: 'one chain of 1,000, of durable commits one by one', unit: 'steps/s', ...single, ratio: single.value / single.limit, goal: null, met: null },
    ];
  });
}

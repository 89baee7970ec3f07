// One, two and four worker processes, each beside the raw limit over as many connections.
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';
import type { BenchResult } from '../report.ts';
import { chainOf } from './chains.ts';
import { drained, inTurns, withWorkers } from './load.ts';
import { rawLimit } from './raw-limit.ts';

export async function processes(site: EngineSite): Promise<BenchResult[]> {
  const slug = await site.apply(chainOf(3));
  const results: BenchResult[] = [];
  for (const count of [1, 2, 4]) {
    const { value, limit } = await withWorkers(site, count, async (workers) => {
      await drained(site, { slug, workers, runs: 500, steps: 3 });
      return inTurns(
        3,
        () => drained(site, { slug, workers, runs: 2_000, steps: 3 }),
        () => rawLimit(site, count),
      );
    });
    results.push({
      name: `chains of 3 by ${count} worker${count === 1 ? '' : 's'}`,
      unit: 'steps/s',
      value,
      limit,
      ratio: value / limit,
      goal: null,
      met: null,
    });
  }
  return results;
}

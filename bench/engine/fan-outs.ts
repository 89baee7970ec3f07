// One step, many side by side after it, one that joins them.
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';
import type { BenchResult } from '../report.ts';
import { drained, inTurns, withWorkers } from './load.ts';
import { rawLimit } from './raw-limit.ts';

function fanOf(width: number): Record<string, object> {
  const branches = Array.from({ length: width }, (_, at) => `b${at}`);
  return {
    root: { use: 'test.noop' },
    ...Object.fromEntries(branches.map((branch) => [branch, { use: 'test.noop', after: 'root' }])),
    join: { use: 'test.noop', after: branches },
  };
}

export async function fanOuts(site: EngineSite): Promise<BenchResult[]> {
  const narrow = await site.apply(fanOf(200));
  const wide = await site.apply(fanOf(1_000));
  return withWorkers(site, 2, async (workers) => {
    await drained(site, { slug: narrow, workers, runs: 2, steps: 202 });
    const some = await inTurns(
      3,
      () => drained(site, { slug: narrow, workers, runs: 20, steps: 202 }),
      () => rawLimit(site),
    );
    const many = await inTurns(
      3,
      () => drained(site, { slug: wide, workers, runs: 4, steps: 1_002 }),
      () => rawLimit(site),
    );
    return [
      { name: 'fan-outs of 200', unit: 'steps/s', ...some, ratio: some.value / some.limit, goal: 4_000, met: some.value >= 4_000 },
      { name: 'fan-outs of 1,000', unit: 'steps/s', ...many, ratio: many.value / many.limit, goal: null, met: null },
    ];
  });
}

// The same work before and after a million finished runs lie in the tables.
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';
import type { BenchResult } from '../report.ts';
import { chainOf } from './chains.ts';
import { copyRun } from './copies.ts';
import { allEnded, drained, inTurns, startAll, withWorkers } from './load.ts';
import { rawLimit } from './raw-limit.ts';

const finishedRuns = 1_000_000;

export async function finished(site: EngineSite): Promise<BenchResult[]> {
  const slug = await site.apply(chainOf(3));
  return withWorkers(site, 2, async (workers) => {
    const measure = () =>
      inTurns(
        5,
        () => drained(site, { slug, workers, runs: 2_000, steps: 3 }),
        () => rawLimit(site),
      );
    await drained(site, { slug, workers, runs: 500, steps: 3 });
    const empty = await measure();
    const [run = ''] = await startAll(site, { slug, runs: 1 });
    await allEnded(site, [run]);
    await copyRun(site, { run, times: finishedRuns, tables: ['step_run'] });
    const full = await measure();
    // The raw limit beside each takes out what the machine did meanwhile.
    const dearer = empty.value / empty.limit / (full.value / full.limit);
    return [
      {
        name: 'chains of 3 with 1,000,000 finished runs, beside without',
        unit: 'steps/s',
        value: full.value,
        limit: empty.value,
        ratio: full.value / empty.value,
        goal: null,
        met: null,
      },
      { name: 'cost with 1,000,000 finished runs', unit: 'times', value: dearer, limit: 1, ratio: null, goal: 1.2, met: dearer <= 1.2 },
    ];
  });
}

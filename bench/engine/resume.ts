// kill -9 of a worker in the middle of its steps: how long until somebody else has begun all of them anew.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';
import type { BenchResult } from '../report.ts';
import { inTurns, startAll, withWorkers } from './load.ts';

const runs = 20;
/** The age of a heartbeat at which a worker whose lock is free is taken to be dead (supervisor.ts). */
const detectionMs = 1_500;

export async function resume(site: EngineSite): Promise<BenchResult[]> {
  const slug = await site.apply({ long: { use: 'test.effect', with: { ms: 600_000 } } });
  const { value } = await inTurns(
    3,
    () => killed(site, slug),
    async () => detectionMs,
  );
  return [
    {
      name: 'kill -9 until others have begun all its steps',
      unit: 'ms',
      value,
      limit: detectionMs,
      ratio: value / detectionMs,
      goal: 2_000,
      met: value < 2_000,
    },
  ];
}

async function killed(site: EngineSite, slug: string): Promise<number> {
  const victim = await site.spawn();
  const ids = await startAll(site, { slug, runs });
  await running(site, { ids, on: victim });
  return withWorkers(site, 1, async ([other]) => {
    const at = performance.now();
    victim.kill('SIGKILL');
    await running(site, { ids, on: other as ChildProcess });
    const took = performance.now() - at;
    for (const id of ids) await site.engine.runs.cancelRun(site.actor, id);
    return took;
  });
}

async function running({ databases }: EngineSite, { ids, on }: { ids: string[]; on: ChildProcess }): Promise<void> {
  for (;;) {
    const { rows } = await databases.enginePool.query<{ count: number }>(
      `select count(*)::int as count from step_run s join worker w on w.id = s.worker_id where s.run_id = any($1) and s.state = 'running' and w.pid = $2`,
      [ids, on.pid],
    );
    if (rows[0]?.count === ids.length) return;
    await sleep(5);
  }
}

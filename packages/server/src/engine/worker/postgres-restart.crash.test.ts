// Postgres itself dies under load: runs end all the same, each step recorded once, and the way back takes no crowd of connections.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineSite, openEngineSite } from '../../testing/engine-site.ts';

let site: EngineSite;
beforeAll(async () => {
  site = await openEngineSite();
});
afterAll(() => site.close());

const slow = (more: object = {}) => ({ use: 'test.effect', with: { ms: 150 }, retry: { attempts: 20, delay: '200ms' }, ...more });

test('runs survive a killed Postgres', async () => {
  const slug = await site.apply({ a: slow(), b: slow({ from: 'a' }), c: slow({ after: 'a' }), d: slow({ from: 'b', after: 'c' }) });
  await site.spawn({ concurrency: 20 });
  await site.spawn({ concurrency: 20 });
  const started = await Promise.all(Array.from({ length: 40 }, () => site.engine.runs.startRun(site.actor, { slug, parameters: {} })));
  await sleep(400);
  process.kill(await site.postgres.pid(), 'SIGKILL');
  const states = await endStates(started.map((run) => run.id));
  expect(states).toEqual(['succeeded']);
  const twice = await site.databases.enginePool.query(`select run_id, step_id from run_event where type = 'step.succeeded' group by 1, 2 having count(*) > 1`);
  expect(twice.rows).toEqual([]);
  // Regression: each failed attempt of a listener to come back started a further round of attempts.
  const { rows } = await site.databases.enginePool.query<{ wakeups: number; all: number }>(
    `select count(*) filter (where application_name = 'tidewheel-wakeups') as wakeups, count(*) as all from pg_stat_activity`,
  );
  expect(rows[0]?.wakeups).toBeLessThanOrEqual(2);
  expect(rows[0]?.all).toBeLessThan(60);
});

async function endStates(ids: string[]): Promise<string[]> {
  for (const began = Date.now(); Date.now() - began < 90_000; await sleep(100)) {
    try {
      const { rows } = await site.databases.enginePool.query<{ state: string; open: boolean }>(
        'select distinct state, finished_at is null as open from run where id = any($1)',
        [ids],
      );
      if (!rows.some((row) => row.open)) return rows.map((row) => row.state);
    } catch {
      // It is coming back.
    }
  }
  return ['not ended within 90 s'];
}

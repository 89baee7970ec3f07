// Several schedulers on one database, with clocks that are off by hours, one of them killed again and again: each moment fires once.
import { FlowDocument } from '@tidewheel/contract/flow-document';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EngineBench, insertFlow, startEngineBench } from '../../testing/engine-bench.ts';
import { makeSchedule } from './testing/schedule-bench.ts';
import { spawnScheduler } from './testing/scheduler-process.ts';

let bench: EngineBench;
const count = 40;
beforeAll(async () => {
  bench = await startEngineBench({ steps: { 'test.noop': async () => ({}) } });
  const document = FlowDocument.parse({ flow: 'often', title: 'often', steps: { a: { use: 'test.noop' } } });
  await insertFlow(bench.databases, { workspaceId: bench.actor.workspaceId, document });
});
afterAll(() => bench.close());

const fired = async () => {
  const { rows } = await bench.databases.enginePool.query<{
    fired: number;
    runs: number;
    twice: number;
    lone: number;
    strange: number;
    gaps: number;
    late: number;
  }>(`
    select (select count(*)::int from schedule_firing) as fired, (select count(*)::int from run where origin_kind = 'schedule') as runs,
      (select count(*)::int from (select from run where origin_kind = 'schedule' group by origin_id, origin_at having count(*) > 1) as t) as twice,
      (select count(*)::int from run r where origin_kind = 'schedule' and not exists (select from schedule_firing f where f.run_id = r.id)) as lone,
      (select count(*)::int from schedule_firing f where outcome <> 'fired' or not exists (select from run r where r.id = f.run_id and r.origin_at = f.instant)) as strange,
      (select count(*)::int from (select instant - lag(instant) over (partition by schedule_id order by instant) as gap from schedule_firing) g where gap <> interval '1 second') as gaps,
      (select count(*)::int from schedule_firing where abs(extract(epoch from at - instant)) > 60) as late`);
  return rows[0] as (typeof rows)[number];
};

it('fires each moment of each schedule once, whoever dies and whatever his clock says', async () => {
  await Promise.all(
    Array.from({ length: count }, (_, at) => makeSchedule(bench, { slug: `often-${at}`, flow: 'often', rules: [{ kind: 'cron', expression: '* * * * * *' }] })),
  );
  const steady = await spawnScheduler(bench.address, { shiftMs: 3 * 3_600_000 });
  for (let round = 0; round < 3; round++) {
    const child = await spawnScheduler(bench.address, { shiftMs: -5 * 3_600_000 });
    const before = await fired();
    // Killed while it fires: sometime after it and the others went on.
    while ((await fired()).fired < before.fired + (count * (round + 1)) / 2);
    child.kill('SIGKILL');
  }
  const before = await fired();
  while ((await fired()).fired < before.fired + count);
  steady.kill('SIGKILL');
  await bench.databases.enginePool.query('update schedule set next_at = null');
  const { fired: rows, runs, ...faults } = await fired();
  expect(faults).toEqual({ twice: 0, lone: 0, strange: 0, gaps: 0, late: 0 });
  expect(rows).toBe(runs);
});

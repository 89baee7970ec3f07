// What items gave, grouped by what is the same, on real Postgres with a real worker.
import { Conflict } from '@tidewheel/contract/errors';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { compareItems } from './run-items.service.ts';

let bench: EngineBench;
beforeAll(async () => {
  bench = await startEngineBench({
    types: stepTypes,
    steps: {
      'test.say': async (_config, ctx) => {
        const host = String(ctx.evaluate('item.name'));
        if (host.startsWith('away')) throw new Conflict('test.away', `${host} does not answer`);
        return { value: { stdout: host === 'odd' ? 'Debian 11' : 'Debian 12', code: 0, target: host, ms: host.length } };
      },
    },
  });
});
afterAll(() => bench.close());

async function hosts(names: string[]): Promise<string> {
  const over = JSON.stringify(names.map((name) => ({ name })));
  const { id } = await bench.start({ steps: { ask: { use: 'test.say', each: { over, mayFail: 5 } } } });
  await bench.ended(id);
  return id;
}
const compared = (run: string, field?: string) => compareItems({ databases: bench.databases }, bench.actor, { run, step: 'ask', field });

test('most said the same and one differs; those that failed are a group by their error', async () => {
  const run = await hosts(['web-1', 'web-2', 'odd', 'away-1', 'web-3', 'away-2']);
  const all = await compared(run);
  expect(all).toMatchObject({ total: 6, open: 0, fields: ['code', 'ms', 'stdout', 'target'], field: null, isHidden: false });
  // Which host and how long makes none of its own.
  expect(all.groups).toMatchObject([{ count: 3, value: { stdout: 'Debian 12', code: 0 } }, { count: 2, state: 'failed' }, { count: 1 }]);
  expect(all.groups[0]?.value).not.toHaveProperty('target');
  expect(await compared(run, 'target')).toMatchObject({ different: 5, groups: Array(5).fill({}) });
  const { groups } = await compared(run, 'stdout');
  expect(groups).toMatchObject([
    { count: 3, state: 'succeeded', value: 'Debian 12', error: null, items: [{ label: 'web-1', item: 0 }, { label: 'web-2' }, { label: 'web-3' }] },
    { count: 2, state: 'failed', value: null, error: { code: 'test.away' }, items: [{ label: 'away-1' }, { label: 'away-2' }] },
    { count: 1, state: 'succeeded', value: 'Debian 11', items: [{ label: 'odd' }] },
  ]);
  expect((await compared(run, 'nothing')).groups).toMatchObject([{ count: 4, value: null }, { count: 2 }]);
});

test('of more results than are shown the largest come, and it says how many there are', async () => {
  const run = await hosts(['web-1', ...Array.from({ length: 103 }, (_, index) => `host-${index}`), 'web-1']);
  const { different, groups } = await compared(run, 'target');
  expect({ different, shown: groups.length, largest: groups[0]?.count }).toEqual({ different: 104, shown: 100, largest: 2 });
});

test('a step without items has no groups; who may not see a column sees no values, who may not see the run nothing', async () => {
  const run = await hosts(['web-1', 'odd']);
  expect(await compareItems({ databases: bench.databases }, bench.actor, { run, step: 'other' })).toMatchObject({ total: 0, groups: [] });
  const { workspaceId } = bench.actor;
  const masked = limitedActor(workspaceId, { rules: [{ permissions: ['run.read'] }], masks: [{ type: 'run', field: 'columns.isin', as: 'masked' }] });
  const hidden = await compareItems({ databases: bench.databases }, masked, { run, step: 'ask', field: 'stdout' });
  expect(hidden).toMatchObject({ isHidden: true, fields: [], field: null, groups: [{ value: null, items: [{ label: 'item 1' }] }, { value: null }] });
  const blind = limitedActor(workspaceId, { rules: [{ permissions: ['run.read'], where: { flow: ['another'] } }] });
  await expect(compareItems({ databases: bench.databases }, blind, { run, step: 'ask' })).rejects.toMatchObject({ code: 'run.unknown' });
});

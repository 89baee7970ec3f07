// What the engine raises for people: the ends of runs that somebody started and what waits for an approval, in the transaction in which they come about.
import { Conflict } from '@tidewheel/contract/errors';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';

let bench: EngineBench;
beforeAll(async () => {
  bench = await startEngineBench({
    types: stepTypes,
    steps: {
      'test.do': async () => ({ value: 1 }),
      'test.fail': async () => {
        throw new Conflict('test.failed', 'the far side is closed');
      },
    },
  });
});
afterAll(() => bench.close());

async function raised(run: string): Promise<{ kind: string; severity: string; text: string | null; data: unknown; title: string }[]> {
  const { rows } = await bench.databases.enginePool.query('select kind, severity, text, data, title from notification_event where object_id = $1 order by id', [
    run,
  ]);
  return rows;
}
async function ended(steps: Record<string, object>): Promise<{ id: string; number: number }> {
  const { id } = await bench.start({ steps });
  return bench.ended(id);
}

test('a run that ends raises one event with its end', async () => {
  const well = await ended({ a: { use: 'test.do' }, b: { use: 'test.do', after: 'a' } });
  expect(await raised(well.id)).toMatchObject([{ kind: 'run.succeeded', severity: 'info', text: null, data: { number: well.number, version: 1 } }]);
  const badly = await ended({ a: { use: 'test.fail' } });
  expect(await raised(badly.id)).toMatchObject([{ kind: 'run.failed', severity: 'error', text: 'the far side is closed', data: { code: 'test.failed' } }]);
  expect((await raised(badly.id))[0]?.title).toMatch(new RegExp(`^Run ${badly.number} of .* failed$`));
});

test('a run that is cancelled raises it, whether it runs or waits', async () => {
  const { id } = await bench.start({ steps: { nap: { use: 'flow.sleep', with: { for: '10m' } } } });
  await bench.until(id, (run) => run.steps[0]?.state === 'waiting');
  await bench.runs.cancelRun(bench.actor, id);
  await bench.ended(id);
  expect(await raised(id)).toMatchObject([{ kind: 'run.cancelled', severity: 'warning' }]);
});

test('an approval raises it with what leads there', async () => {
  const { id } = await bench.start({ steps: { sign: { use: 'approval', with: { approvers: ['role.admin'] } } } });
  await bench.until(id, (run) => run.steps[0]?.state === 'waiting');
  const { rows } = await bench.databases.enginePool.query<{ id: string }>('select id from approval where run_id = $1', [id]);
  expect(await raised(id)).toMatchObject([{ kind: 'approval.opened', severity: 'info', data: { step: 'sign', approval: rows[0]?.id } }]);
  await bench.runs.cancelRun(bench.actor, id);
});

test('runs below a run, dry runs and tests of drafts raise none', async () => {
  const outer = await ended({ all: { use: 'test.do', each: { over: '[1, 2, 3]' } } });
  const { rows } = await bench.databases.enginePool.query<{ id: string }>('select id from run where root_id = $1 or parent_id = $1', [outer.id]);
  expect(rows).toHaveLength(3);
  for (const { id } of rows) expect(await raised(id)).toEqual([]);
  expect(await raised(outer.id)).toHaveLength(1);
  const slug = await bench.apply({ steps: { a: { use: 'flow.value', with: { value: '1' } } } });
  const dry = await bench.runs.startRun(bench.actor, { slug, parameters: {}, mode: 'dry' });
  expect((await bench.ended(dry.id)).state).toBe('succeeded');
  expect(await raised(dry.id)).toEqual([]);
  const draft = await bench.start({ steps: { nap: { use: 'flow.sleep', with: { for: '500ms' } } } });
  await bench.databases.enginePool.query('update flow_version set version = -1 where id = (select version_id from run where id = $1)', [draft.id]);
  await bench.ended(draft.id);
  expect(await raised(draft.id)).toEqual([]);
});

// A check that stops a stretch of table steps: what was computed before it stands, with its counts and rejected rows.
import type { Run } from '@tidewheel/contract/run';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';

let bench: EngineBench;

beforeAll(async () => {
  bench = await startEngineBench({
    types: stepTypes,
    steps: {
      'test.file': async (config, ctx) => ({
        files: [await ctx.files.put({ name: 'trades.csv', mediaType: 'text/csv' }, Buffer.from(String(config['text'])))],
      }),
      'test.rows': async (_, ctx) => ({ value: { rows: ctx.inputs['input']?.table?.rows } }),
    },
  });
});
afterAll(() => bench.close());

const source = { use: 'test.file', with: { text: 'id,price\n1,5\n2\n3,x\n4,0\n5,-7\n' } };
const raw = { use: 'table.read', from: 'source', with: { format: 'csv', csv: { types: { id: 'BIGINT', price: 'BIGINT' } } } };
const positive = { use: 'checks.run', with: { checks: [{ name: 'positive', severity: 'stop', expect: 'price > 0' }] } };
const file = { use: 'table.write', with: { format: 'csv', name: 'out.csv' } };

async function run(steps: Record<string, object>): Promise<Run> {
  const { id } = await bench.start({ steps });
  return bench.ended(id);
}
const stepOf = (ended: Run, id: string) => ended.steps.find((step) => step.step === id);
const states = (ended: Run) => Object.fromEntries(ended.steps.map((step) => [step.step, step.state]));

test('the steps before succeed with counts and rejected rows, the check fails with its rows, the steps after are skipped', async () => {
  const ended = await run({
    source,
    raw,
    known: { use: 'table.filter', from: 'raw', with: { where: 'id < 5' } },
    check: { ...positive, from: 'known' },
    file: { ...file, from: 'check' },
  });
  expect(states(ended)).toEqual({ source: 'succeeded', raw: 'succeeded', known: 'succeeded', check: 'failed', file: 'skipped' });
  expect(stepOf(ended, 'raw')).toMatchObject({ counts: { rowsIn: 5, rowsOut: 3, rejected: 2 }, rejected: { rows: 2 }, error: null });
  expect(stepOf(ended, 'known')?.counts).toEqual({ rowsIn: 3, rowsOut: 2, dropped: 1, rejected: 0 });
  expect(stepOf(ended, 'check')).toMatchObject({
    error: { code: 'check.stopped', details: { step: 'check' } },
    checks: [{ name: 'positive', outcome: 'stopped', failedRows: 1, sample: [{ id: '4', price: '0' }] }],
  });
  expect(stepOf(ended, 'file')).toMatchObject({ reason: 'its table job stopped at check before this step was done', counts: null });
  expect(ended).toMatchObject({ state: 'failed', rowsIn: 5, rowsOut: null, rejected: 2, error: { code: 'check.stopped' } });
});

test('events tell how each step of the stretch ended, once', async () => {
  const ended = await run({ source, raw, check: { ...positive, from: 'raw' }, file: { ...file, from: 'check' } });
  const events = (await bench.events(ended.id)).filter(({ step, type }) => step !== 'source' && step !== null && type !== 'step.started');
  expect(events.map(({ step, type }) => `${step} ${type}`)).toEqual(['raw step.succeeded', 'check step.failed', 'file step.skipped']);
});

test('a branch that needs only what came before the check goes on, one behind the check does not', async () => {
  const ended = await run({
    source,
    raw,
    check: { ...positive, from: 'raw' },
    beside: { use: 'test.rows', from: 'raw' },
    behind: { use: 'test.rows', from: 'check' },
  });
  expect(states(ended)).toEqual({ source: 'succeeded', raw: 'succeeded', check: 'failed', beside: 'succeeded', behind: 'skipped' });
  expect(stepOf(ended, 'beside')?.value).toEqual({ rows: 3 });
  expect(ended.state).toBe('failed');
});

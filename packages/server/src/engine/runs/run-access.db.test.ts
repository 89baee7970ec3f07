// Runs and what they left, for who may see some of them and parts of those.
import { FlowDocument } from '@tidewheel/contract/flow-document';
import type { StepContext, StepResult } from '@tidewheel/kit/step-context';
import { flowValue } from '@tidewheel/steps/flow/value.step';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { maskText } from '../../base/masked-view.ts';
import { type EngineBench, insertFlow, startEngineBench, testStep } from '../../testing/engine-bench.ts';
import { type Limits, limitedActor } from '../../testing/limited-actor.ts';
import { rerun } from '../operations/rerun.service.ts';
import { listLogs } from './run-logs.service.ts';

const rows = {
  columns: [
    { name: 'ISIN', type: 'VARCHAR' },
    { name: 'qty', type: 'INTEGER' },
  ],
  rows: [['US0378331005', 5]],
  truncated: false,
};
async function makeRows(_: unknown, ctx: StepContext): Promise<StepResult> {
  const file = await ctx.files.put({ name: 'out.csv', mediaType: 'text/csv' }, new TextEncoder().encode('ISIN\nUS0378331005\n'));
  const receipt = { host: 'sftp.example.com' };
  const destination = 'sftp://sftp.example.com/in/out.csv';
  await ctx.recordDelivery({ file, connection: 'bank', destination, state: 'delivered', startedAt: new Date(), ms: 1, receipt });
  return {
    value: { first: 'US0378331005' },
    files: [file],
    artifacts: true,
    metadata: { note: 'US0378331005' },
    checks: [{ name: 'c', severity: 'warn', outcome: 'warned', failedRows: 1, sample: [{ ISIN: 'US0378331005', qty: 5 }] }],
  };
}

let bench: EngineBench;
const runOf: Record<string, string> = {};
beforeAll(async () => {
  bench = await startEngineBench({ steps: {}, types: [testStep('test.rows', makeRows), flowValue] });
  for (const [slug, folder] of [
    ['emir', 'finance/emir'],
    ['payroll', 'people'],
    ['loose', null],
  ] as const) {
    const document = FlowDocument.parse({ flow: slug, title: slug, ...(folder ? { folder } : {}), steps: { rows: { use: 'test.rows' } } });
    const { flowId } = await insertFlow(bench.databases, { workspaceId: bench.actor.workspaceId, document });
    await bench.databases.engine.updateTable('flow').set({ folder }).where('id', '=', flowId).execute();
    runOf[slug] = (await bench.runs.startRun(bench.actor, { slug, parameters: {}, idempotencyKey: 'daily' })).id;
  }
  for (const id of Object.values(runOf)) expect(await bench.ended(id)).toMatchObject({ state: 'succeeded' });
  await bench.databases.enginePool.query('update step_run set preview = $1', [JSON.stringify(rows)]);
});
afterAll(() => bench.close());

const someone = (limits: Limits): Actor => limitedActor(bench.actor.workspaceId, limits);
const finance = () =>
  someone({
    rules: [
      { permissions: ['flow.read', 'run.read', 'artifact.read', 'flow.run'], where: { folder: ['finance'] } },
      { permissions: ['run.cancel'], where: { startedBy: ['@me'] } },
    ],
  });
const refused = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { status: number; code: string }) => `${error.status} ${error.code}`,
  );

describe('whoever may see one folder', () => {
  it('lists what is of it and below it, and counts no more', async () => {
    const eve = finance();
    expect(await bench.runs.listRuns(eve, { limit: 10 })).toMatchObject({ total: 1, items: [{ flow: 'emir' }] });
    expect(await bench.runs.listRuns(eve, { limit: 10, flow: 'payroll' })).toMatchObject({ total: 0, items: [] });
    expect(await bench.runs.listArtifacts(eve, { limit: 10 })).toMatchObject({ total: 1, items: [{ flow: 'emir' }] });
    expect(await bench.runs.listDeliveries(eve, { limit: 10 })).toMatchObject({ total: 1, items: [{ run: runOf['emir'] }] });
    expect(await bench.runs.listDeliveries(eve, { limit: 10, run: runOf['payroll'] })).toMatchObject({ total: 0, items: [] });
    expect((await bench.runs.listRuns(bench.actor, { limit: 10 })).total).toBe(3);
  });

  it('sees its runs; every way to another one ends as if it were not there', async () => {
    const eve = finance();
    const id = runOf['emir'] ?? '';
    expect(await bench.runs.showRun(eve, id)).toMatchObject({ flow: 'emir', startedBy: 'test' });
    for (const run of [runOf['payroll'] ?? '', newId()]) {
      const works = [
        bench.runs.showRun(eve, run),
        bench.runs.listEvents(eve, { run, after: 0, limit: 1 }),
        listLogs(bench, eve, { run, after: 0, limit: 1 }),
        bench.runs.showPreview(eve, { run, step: 'rows' }),
        bench.runs.showTable(eve, { run, step: 'rows', which: 'table', offset: 0, limit: 1 }),
        bench.runs.cancelRun(eve, run),
        rerun(bench.engine.operations, eve, { id: run, parameters: {} }),
      ];
      expect(await Promise.all(works.map(refused))).toEqual(works.map(() => '404 run.unknown'));
    }
    const { items } = await bench.runs.listArtifacts(bench.actor, { limit: 10, run: runOf['payroll'] });
    expect(await refused(bench.runs.downloadArtifact(eve, items[0]?.id ?? ''))).toBe('404 artifact.unknown');
  });

  it('starts and repeats what is of it only', async () => {
    const eve = finance();
    expect(await refused(bench.runs.startRun(eve, { slug: 'payroll', parameters: {} }))).toBe('404 flow.unknown');
    expect(await refused(bench.runs.startRun(eve, { slug: 'nothing', parameters: {} }))).toBe('404 flow.unknown');
    const made = await bench.runs.startRun(eve, { slug: 'emir', parameters: {} });
    await bench.ended(made.id);
    await bench.ended((await rerun(bench.engine.operations, eve, { id: made.id, parameters: {} })).id);
    expect(await refused(bench.runs.cancelRun(eve, runOf['emir'] ?? ''))).toBe('403 permission.missing');
  });
});

it('what may be read but not done says why', async () => {
  const reader = someone({ rules: [{ permissions: ['flow.read', 'run.read'] }, { permissions: ['flow.run', 'run.cancel'], where: { folder: ['finance'] } }] });
  const refusal = { status: 403, code: 'permission.missing', details: { permission: 'flow.run', object: { flow: 'payroll', folder: 'people' } } };
  await expect(bench.runs.startRun(reader, { slug: 'payroll', parameters: {} })).rejects.toMatchObject(refusal);
  await expect(rerun(bench.engine.operations, reader, { id: runOf['payroll'] ?? '', parameters: {} })).rejects.toMatchObject({
    ...refusal,
    details: { ...refusal.details, why: [{ source: 'role Limited', verdict: 'other objects only' }] },
  });
  expect(await refused(bench.runs.cancelRun(reader, runOf['payroll'] ?? ''))).toBe('403 permission.missing');
});

it('who may only start may not see an earlier run by its key', async () => {
  const starter = someone({ rules: [{ permissions: ['flow.run'] }] });
  const again = (key: string) => bench.runs.startRun(starter, { slug: 'emir', parameters: {}, idempotencyKey: key });
  expect(await refused(again('daily'))).toBe('409 run.idempotency_taken');
  const own = await again('mine');
  expect((await again('mine')).id).toBe(own.id);
  await bench.ended(own.id);
});

describe('masks of runs', () => {
  const rules = [{ permissions: ['run.read', 'artifact.read', 'flow.run'] as const }].map((rule) => ({ permissions: [...rule.permissions] }));
  const masked = () =>
    someone({
      rules,
      masks: [
        { type: 'run', field: 'columns.isin', as: 'masked', where: { folder: ['finance'] } },
        { type: 'run', field: 'startedBy', as: 'hidden' },
        { type: 'connection', field: 'config.host', as: 'masked' },
      ],
    });

  it('cut rows, samples, values and details of the runs they are for', async () => {
    const eve = masked();
    const run = runOf['emir'] ?? '';
    expect((await bench.runs.showPreview(eve, { run, step: 'rows' })).rows).toEqual([[maskText, 5]]);
    const shown = await bench.runs.showRun(eve, run);
    expect(shown).toMatchObject({ startedBy: null, steps: [{ value: null, checks: [{ sample: [{ ISIN: maskText, qty: 5 }] }] }] });
    expect(JSON.stringify(shown)).not.toContain('US0378331005');
    expect(JSON.stringify(await bench.runs.listArtifacts(eve, { limit: 10, run }))).not.toContain('US0378331005');
    const other = await bench.runs.showRun(eve, runOf['payroll'] ?? '');
    expect(JSON.stringify(other)).toContain('US0378331005');
    expect(JSON.stringify(await bench.runs.showRun(bench.actor, run))).toContain('US0378331005');
  });

  it('keep what an item is from who may not see the cells that it may come from', async () => {
    const step = { use: 'flow.value', each: { over: '["US0378331005"]' }, with: { value: 'index' } };
    const document = FlowDocument.parse({ flow: 'items', title: 'items', folder: 'finance', steps: { a: step } });
    const { flowId } = await insertFlow(bench.databases, { workspaceId: bench.actor.workspaceId, document });
    await bench.databases.engine.updateTable('flow').set({ folder: 'finance' }).where('id', '=', flowId).execute();
    const run = await bench.ended((await bench.runs.startRun(bench.actor, { slug: 'items', parameters: {} })).id);
    const below = { parent: run.id, step: 'a', limit: 1 };
    expect((await bench.runs.listRuns(bench.actor, below)).items[0]?.parent).toEqual({ run: run.id, step: 'a', item: 0, value: 'US0378331005' });
    expect((await bench.runs.listRuns(masked(), below)).items[0]?.parent).toEqual({ run: run.id, step: 'a', item: 0, value: null });
  });

  it('keep who started a run from summaries and events', async () => {
    const eve = masked();
    expect((await bench.runs.listRuns(eve, { limit: 50 })).items.every((run) => run.startedBy === null)).toBe(true);
    const events = await bench.runs.listEvents(eve, { run: runOf['emir'] ?? '', after: 0, limit: 100 });
    expect(events.find((event) => event.type === 'run.queued')?.data).toEqual({ startedBy: null });
  });

  it('keep the files of a run where a column is kept, and only there', async () => {
    const eve = masked();
    const fileOf = async (flow: string) => (await bench.runs.listArtifacts(bench.actor, { limit: 1, run: runOf[flow] })).items[0]?.id ?? '';
    await expect(bench.runs.downloadArtifact(eve, await fileOf('emir'))).rejects.toMatchObject({
      status: 403,
      code: 'field.kept',
      details: { field: 'columns', why: ['role Limited'] },
    });
    const download = await bench.runs.downloadArtifact(eve, await fileOf('payroll'));
    expect(download.fileName).toBe('out.csv');
    download.stream.destroy();
  });

  it('keep where a delivery went from who may not see the settings of its connection', async () => {
    const { items } = await bench.runs.listDeliveries(masked(), { limit: 1 });
    expect(items).toMatchObject([{ destination: maskText, receipt: null }]);
    expect((await bench.runs.listDeliveries(bench.actor, { limit: 1 })).items).toMatchObject([{ destination: 'sftp://sftp.example.com/in/out.csv' }]);
  });
});

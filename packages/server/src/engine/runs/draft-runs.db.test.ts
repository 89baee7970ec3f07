// Drafts under test, and flows that start nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';
import type { TestStarter } from '../flows/drafts.service.ts';
import { publishDraft, saveDraft, testDraft } from '../flows/drafts.service.ts';
import type { FlowDeps } from '../flows/flow-checks.ts';
import { applyFlow, archiveFlow, restoreFlow, showFlow } from '../flows/flows.service.ts';
import { listVersions, switchFlowOff, switchFlowOn } from '../flows/versions.service.ts';
import { rerun } from '../operations/rerun.service.ts';

let bench: EngineBench;
let deps: FlowDeps & { runs: TestStarter };
beforeAll(async () => {
  bench = await startEngineBench({ steps: { 'test.say': async (config) => ({ value: config['text'] }) } });
  deps = {
    databases: bench.databases,
    types: bench.types,
    tableEngine: { check: async () => [] },
    connections: { list: async () => [] },
    targets: { list: async () => [] },
    uploads: { list: async () => [] },
    runs: bench.runs,
  };
});
afterAll(() => bench.close());

const text = (slug: string, said: string) =>
  `flow: ${slug}\ntitle: ${slug}\nparameters:\n  n: { type: integer, default: 1 }\nsteps:\n  say: { use: test.say, with: { text: ${said} } }\n`;
const draftOf = (slug: string, said: string, revision = 0) => saveDraft(deps, bench.actor, { slug, source: text(slug, said), revision });
const said = async (id: string) => (await bench.ended(id)).steps[0]?.value;

describe('a test of a draft', () => {
  it('runs the text as it was, is marked, and leaves the published version alone', async () => {
    await applyFlow(deps, bench.actor, text('greet', 'published'));
    await draftOf('greet', 'first');
    const test = await testDraft(deps, bench.actor, { slug: 'greet', revision: 1, parameters: { n: 5 }, idempotencyKey: 'k' });
    expect(test).toMatchObject({ draft: true, version: 1, parameters: { n: 5 } });
    await draftOf('greet', 'second', 1);
    expect(await said(test.id)).toBe('first');
    const again = await testDraft(deps, bench.actor, { slug: 'greet', revision: 2, parameters: {}, idempotencyKey: 'k' });
    expect(again.id).not.toBe(test.id);
    expect((await testDraft(deps, bench.actor, { slug: 'greet', revision: 2, parameters: {}, idempotencyKey: 'k' })).id).toBe(again.id);
    expect(await said(again.id)).toBe('second');
    const run = await bench.runs.startRun(bench.actor, { slug: 'greet', parameters: {}, idempotencyKey: 'k' });
    expect(run).toMatchObject({ draft: false, version: 1 });
    expect(await said(run.id)).toBe('published');
    const repeated = await rerun(bench.engine.operations, bench.actor, { id: test.id, parameters: {} });
    expect(repeated).toMatchObject({ draft: true, version: 1, rerunOf: test.id });
    expect(await said(repeated.id)).toBe('first');
    expect((await bench.runs.listRuns(bench.actor, { flow: 'greet', limit: 10 })).items.map((one) => one.draft)).toEqual([true, false, true, true]);
    expect(await showFlow(deps, bench.actor, { slug: 'greet' })).toMatchObject({ version: 1, lastRun: { id: run.id } });
    expect(await showFlow(deps, bench.actor, { slug: 'greet', version: 1, draft: true })).toMatchObject({ version: 1, source: text('greet', 'first') });
    expect(await listVersions(deps, bench.actor, { slug: 'greet', limit: 9 })).toMatchObject({ total: 1 });
  });

  it('is refused with faults, wrong parameters, another revision, or without both permissions', async () => {
    await saveDraft(deps, bench.actor, { slug: 'faulty', source: 'flow: faulty\n', revision: 0 });
    const test = (slug: string, more: object = {}, actor: Actor = bench.actor) => testDraft(deps, actor, { slug, revision: 1, parameters: {}, ...more });
    await expect(test('faulty')).rejects.toMatchObject({ code: 'flow.invalid' });
    await draftOf('fine', 'x');
    await expect(test('fine', { revision: 2 })).rejects.toMatchObject({ code: 'flow.draft_changed' });
    await expect(test('fine', { parameters: { n: 'many' } })).rejects.toMatchObject({ code: 'run.parameters' });
    const only = (...permissions: ('flow.edit' | 'flow.run' | 'flow.read')[]): Actor => ({ ...bench.actor, permissions: new Set(permissions) });
    await expect(test('fine', {}, only('flow.edit', 'flow.read'))).rejects.toMatchObject({ status: 403 });
    await expect(test('fine', {}, only('flow.run', 'flow.read'))).rejects.toMatchObject({ status: 403 });
  });
});

describe('no run starts', () => {
  const start = (slug: string) => bench.runs.startRun(bench.actor, { slug, parameters: {} });
  it('of a flow that only has a draft', async () => {
    await draftOf('unpublished', 'x');
    await expect(start('unpublished')).rejects.toMatchObject({ status: 409, code: 'flow.unpublished' });
    await publishDraft(deps, bench.actor, { slug: 'unpublished', revision: 1 });
    expect(await said((await start('unpublished')).id)).toBe('x');
  });

  it('of a flow that is off or archived, not even again', async () => {
    await applyFlow(deps, bench.actor, text('off', 'x'));
    await draftOf('off', 'y');
    const { id } = await start('off');
    await bench.ended(id);
    await switchFlowOff(deps, bench.actor, { slug: 'off', reason: 'the bank is closed' });
    const refused = { status: 409, code: 'flow.off', message: expect.stringMatching(/switched off by test at .*: the bank is closed/) };
    await expect(start('off')).rejects.toMatchObject(refused);
    await expect(rerun(bench.engine.operations, bench.actor, { id, parameters: {} })).rejects.toMatchObject(refused);
    await expect(testDraft(deps, bench.actor, { slug: 'off', revision: 1, parameters: {} })).rejects.toMatchObject(refused);
    await switchFlowOn(deps, bench.actor, 'off');
    await archiveFlow(deps, bench.actor, 'off');
    await expect(rerun(bench.engine.operations, bench.actor, { id, parameters: {} })).rejects.toMatchObject({ code: 'flow.archived' });
    await restoreFlow(deps, bench.actor, 'off');
    expect(await said((await start('off')).id)).toBe('x');
  });
});

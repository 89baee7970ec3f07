// Drafts, comparisons, going back, the switch, and many flows as one text.
import { permissions } from '@tidewheel/contract/route';
import * as routes from '@tidewheel/contract/routes/flow-versions';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import type { LoggedChange } from '../../base/change-module.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { exportFlows, importFlows } from './bundle.service.ts';
import { discardDraft, publishDraft, saveDraft, showDraft } from './drafts.service.ts';
import { flowChanges } from './flow-changes.ts';
import type { FlowDeps } from './flow-checks.ts';
import { flowVersionEndpoints } from './flows.routes.ts';
import { applyFlow, archiveFlow, listFlows, restoreFlow, showFlow } from './flows.service.ts';
import { diffFlow, listVersions, restoreVersion, switchFlowOff, switchFlowOn } from './versions.service.ts';

let fresh: FreshDatabase;
let deps: FlowDeps;
let ann: Actor;
let ben: Actor;
beforeAll(async () => {
  fresh = await freshDatabase({ size: 8 });
  deps = {
    databases: fresh.databases,
    types: new Map(stepTypes.map((type) => [type.type, type])),
    tableEngine: { check: async () => [] },
    connections: { list: async () => [{ slug: 'inbox', type: 'folder', folder: null }] },
    targets: { list: async () => [] },
    uploads: { list: async () => [] },
  };
  ann = { userId: null, label: 'ann@example.com', workspaceId: fresh.workspaceId, role: null, permissions: new Set(permissions) };
  ben = { ...ann, label: 'ben@example.com' };
});
afterAll(() => fresh.drop());

const text = (slug: string, { title = slug, path = 'in.csv', more = '' } = {}) =>
  `# kept\nflow: ${slug}\ntitle: ${title}\n${more}steps:\n  trades: { use: table.read, with: { connection: inbox, path: ${path}, format: csv } }\n`;
const summary = async (slug: string) => (await listFlows(deps, ann, { search: slug, archived: false, sort: 'title', limit: 10 })).items[0];
const actions = async (slug: string): Promise<string[]> => {
  const { rows } = await fresh.databases.enginePool.query<{ action: string }>(
    `select action from audit_entry where workspace_id = $1 and body -> 'object' ->> 'title' = $2 order by id`,
    [fresh.workspaceId, slug],
  );
  return rows.map((row) => row.action);
};

describe('a draft', () => {
  it('is kept with its faults, by whom and when; the flow has no version and is in the list', async () => {
    const saved = await saveDraft(deps, ann, { slug: 'first', source: 'flow: first\ntitel: x\n', revision: 0 });
    expect(routes.FlowDraft.parse(saved)).toMatchObject({ revision: 1, base: 0, valid: false, savedBy: 'ann@example.com', document: null });
    expect(saved.faults.map(({ path }) => path)).toContain('titel');
    expect(await summary('first')).toMatchObject({ version: 0, title: 'first', draft: { revision: 1, savedBy: 'ann@example.com' } });
    expect((await summary('first'))?.draft?.errors).toBeGreaterThan(0);
    await expect(showFlow(deps, ann, { slug: 'first' })).rejects.toMatchObject({ status: 409, code: 'flow.unpublished' });
    await expect(publishDraft(deps, ann, { slug: 'first', revision: 1 })).rejects.toMatchObject({ status: 400, code: 'flow.invalid' });
    await saveDraft(deps, ann, { slug: 'first', source: text('first', { title: 'The first' }), revision: 1 });
    expect(await summary('first')).toMatchObject({ title: 'The first', steps: 1, draft: { revision: 2, errors: 0 } });
    const published = await publishDraft(deps, ben, { slug: 'first', revision: 2 });
    expect(published).toMatchObject({ outcome: 'created', flow: { version: 1, draft: null, source: text('first', { title: 'The first' }) } });
    await expect(showDraft(deps, ann, 'first')).rejects.toMatchObject({ status: 404, code: 'flow.no_draft' });
    expect(await actions('first')).toEqual(['flow.draft_saved', 'flow.draft_saved', 'flow.published']);
  });

  it('is saved over by nobody who has not seen it, and published by nobody over another version', async () => {
    await applyFlow(deps, ann, text('shared'));
    await saveDraft(deps, ann, { slug: 'shared', source: text('shared', { title: 'A' }), revision: 0 });
    await expect(saveDraft(deps, ben, { slug: 'shared', source: text('shared', { title: 'B' }), revision: 0 })).rejects.toMatchObject({
      status: 409,
      code: 'flow.draft_changed',
      message: expect.stringContaining('ann@example.com'),
    });
    await expect(publishDraft(deps, ben, { slug: 'shared', revision: 9 })).rejects.toMatchObject({ code: 'flow.draft_changed' });
    await applyFlow(deps, ben, text('shared', { title: 'Directly' }));
    await expect(publishDraft(deps, ann, { slug: 'shared', revision: 1 })).rejects.toMatchObject({ code: 'flow.draft_outdated' });
    const again = await saveDraft(deps, ann, { slug: 'shared', source: text('shared', { title: 'A' }), revision: 1 });
    expect(again).toMatchObject({ revision: 2, base: 2 });
    expect((await publishDraft(deps, ann, { slug: 'shared', revision: 2 })).flow).toMatchObject({ version: 3, title: 'A' });
    expect((await saveDraft(deps, ann, { slug: 'shared', source: text('shared'), revision: 0 })).revision).toBe(3);
  });

  it('of one revision is saved by one of many at once', async () => {
    const tries = Array.from({ length: 8 }, (_, at) => saveDraft(deps, ann, { slug: 'raced', source: text('raced', { title: `T${at}` }), revision: 0 }));
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await showDraft(deps, ann, 'raced')).toMatchObject({ revision: 1 });
  });

  it('of another name is a fault; what cannot be kept is refused', async () => {
    const saved = await saveDraft(deps, ann, { slug: 'named', source: text('other'), revision: 0 });
    expect(saved).toMatchObject({ valid: false, faults: [{ path: 'flow', message: 'names another flow: "other", not "named"' }] });
    await expect(publishDraft(deps, ann, { slug: 'named', revision: 1 })).rejects.toMatchObject({ code: 'flow.invalid' });
    await expect(saveDraft(deps, ann, { slug: 'named', source: '\u0000', revision: 1 })).rejects.toMatchObject({ status: 400 });
    await expect(saveDraft(deps, ann, { slug: 'named', source: 'x'.repeat(2_000_001), revision: 1 })).rejects.toMatchObject({ status: 413 });
  });

  it('is thrown away; a flow that was never published is archived with it', async () => {
    await saveDraft(deps, ann, { slug: 'gone', source: text('gone'), revision: 0 });
    await expect(discardDraft(deps, ben, { slug: 'gone', revision: 7 })).rejects.toMatchObject({ code: 'flow.draft_changed' });
    expect(await discardDraft(deps, ben, { slug: 'gone', revision: 1 })).toMatchObject({ draft: null, archivedAt: expect.any(String) });
    await expect(saveDraft(deps, ann, { slug: 'gone', source: text('gone'), revision: 0 })).rejects.toMatchObject({ code: 'flow.archived' });
    await restoreFlow(deps, ann, 'gone');
    expect(await saveDraft(deps, ann, { slug: 'gone', source: text('gone'), revision: 0 })).toMatchObject({ revision: 2 });
  });

  it('takes the permission to change the flow, as it is and as it will be', async () => {
    await applyFlow(deps, ann, text('desk', { more: 'folder: desk\n' }));
    const rules = [{ permissions: ['flow.read' as const] }, { permissions: ['flow.edit' as const], where: { folder: ['desk'] } }];
    const eve = limitedActor(fresh.workspaceId, { rules });
    const save = (slug: string, folder: string) => saveDraft(deps, eve, { slug, source: text(slug, { more: `folder: ${folder}\n` }), revision: 0 });
    await expect(save('desk', 'people')).rejects.toMatchObject({ status: 403 });
    await expect(save('shared', 'desk')).rejects.toMatchObject({ status: 403 });
    await expect(saveDraft(deps, eve, { slug: 'unfiled', source: 'rubbish', revision: 0 })).rejects.toMatchObject({ status: 403 });
    expect(await save('desk', 'desk')).toMatchObject({ revision: 1, valid: false });
    await expect(switchFlowOff(deps, eve, { slug: 'shared', reason: 'x' })).rejects.toMatchObject({ status: 403 });
    const nobody: Actor = { ...ann, permissions: new Set() };
    await expect(showDraft(deps, nobody, 'desk')).rejects.toMatchObject({ status: 403 });
    await expect(diffFlow(deps, nobody, { slug: 'desk' })).rejects.toMatchObject({ status: 403 });
    await expect(importFlows(deps, nobody, { source: text('desk'), dryRun: true })).rejects.toMatchObject({ status: 403 });
    expect(await importFlows(deps, eve, { source: text('shared'), dryRun: true })).toMatchObject({ flows: [{ outcome: 'refused' }] });
  });
});

describe('versions', () => {
  it('are compared with one another and with the draft, and brought back', async () => {
    await applyFlow(deps, ann, text('compared'));
    await expect(diffFlow(deps, ann, { slug: 'compared' })).rejects.toMatchObject({ status: 404, code: 'flow.version_unknown' });
    await applyFlow(deps, ben, text('compared', { path: 'out.csv' }));
    const diff = routes.FlowComparison.parse(await diffFlow(deps, ann, { slug: 'compared' }));
    expect(diff).toMatchObject({
      from: { version: 1, by: 'ann@example.com' },
      to: { version: 2, by: 'ben@example.com' },
      same: false,
      text: { added: 1, removed: 1 },
    });
    expect(diff.changes?.steps).toMatchObject([{ kind: 'changed', step: 'trades', changes: [{ path: 'with.path', before: 'in.csv', after: 'out.csv' }] }]);
    await saveDraft(deps, ann, { slug: 'compared', source: 'not yet', revision: 0 });
    expect(await diffFlow(deps, ann, { slug: 'compared', to: 'draft' })).toMatchObject({
      from: { version: 2 },
      to: { version: null, draft: 1 },
      changes: null,
    });
    await expect(diffFlow(deps, ann, { slug: 'compared', from: 9 })).rejects.toMatchObject({ status: 404 });
    const restored = await restoreVersion(deps, ben, { slug: 'compared', version: 1 });
    expect(restored).toMatchObject({ outcome: 'updated', flow: { version: 3, source: text('compared') } });
    expect(await restoreVersion(deps, ben, { slug: 'compared', version: 1 })).toMatchObject({ outcome: 'unchanged', flow: { version: 3 } });
    await expect(restoreVersion(deps, ben, { slug: 'compared', version: 9 })).rejects.toMatchObject({ status: 404 });
    expect(await diffFlow(deps, ann, { slug: 'compared', from: 1, to: 3 })).toMatchObject({ same: true, text: { hunks: [] } });
    expect((await listVersions(deps, ann, { slug: 'compared', limit: 9 })).items.map(({ version }) => version)).toEqual([3, 2, 1]);
  });
});

describe('the switch', () => {
  it('is told with who, when and why, and stays as the first one left it', async () => {
    await applyFlow(deps, ann, text('switched'));
    const off = await switchFlowOff(deps, ann, { slug: 'switched', reason: 'the source is broken' });
    expect(off.off).toMatchObject({ by: 'ann@example.com', reason: 'the source is broken' });
    expect((await switchFlowOff(deps, ben, { slug: 'switched', reason: 'me too' })).off).toEqual(off.off);
    expect((await switchFlowOn(deps, ben, 'switched')).off).toBeNull();
    await switchFlowOn(deps, ben, 'switched');
    expect(await actions('switched')).toEqual(['flow.applied', 'flow.switched_off', 'flow.switched_on']);
  });
});

describe('the change log', () => {
  const change = (action: string, { before, after }: { before?: unknown; after?: unknown }): LoggedChange =>
    ({ action, object: { type: 'flow', id: 'x', title: 'logged' }, before: before ?? null, after: after ?? null }) as unknown as LoggedChange;
  it('takes back a publication, a draft and the switch, unless something came after', async () => {
    const { reverts } = flowChanges(deps);
    await applyFlow(deps, ann, text('logged'));
    await saveDraft(deps, ann, { slug: 'logged', source: text('logged', { title: 'New' }), revision: 0 });
    await publishDraft(deps, ann, { slug: 'logged', revision: 1 });
    await reverts['flow.published']?.(ben, change('flow.published', { before: { version: 1 }, after: { version: 2 } }));
    expect(await showFlow(deps, ann, { slug: 'logged' })).toMatchObject({ version: 3, title: 'logged' });
    await saveDraft(deps, ann, { slug: 'logged', source: 'one', revision: 0 });
    await saveDraft(deps, ann, { slug: 'logged', source: 'two', revision: 2 });
    const saved = change('flow.draft_saved', { before: { revision: 2, source: 'one' }, after: { revision: 3 } });
    await reverts['flow.draft_saved']?.(ben, saved);
    expect(await showDraft(deps, ann, 'logged')).toMatchObject({ source: 'one', revision: 4 });
    await expect(reverts['flow.draft_saved']?.(ben, saved)).rejects.toMatchObject({ status: 409 });
    await discardDraft(deps, ann, { slug: 'logged' });
    await reverts['flow.draft_discarded']?.(ben, change('flow.draft_discarded', { before: { revision: 4, source: 'one' } }));
    expect(await showDraft(deps, ann, 'logged')).toMatchObject({ source: 'one', revision: 5 });
    await switchFlowOff(deps, ann, { slug: 'logged', reason: 'x' });
    const switched = change('flow.switched_off', { before: { on: true }, after: { on: false } });
    await reverts['flow.switched_off']?.(ben, switched);
    expect((await summary('logged'))?.off).toBeNull();
    await expect(reverts['flow.switched_off']?.(ben, switched)).rejects.toMatchObject({ status: 409 });
  });
});

describe('a bundle', () => {
  const read = async (asked: Parameters<typeof exportFlows>[2]): Promise<string> => {
    const chunks: Buffer[] = [];
    for await (const chunk of (await exportFlows(deps, ann, asked)).stream) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString();
  };

  it('comes out and goes in again without a change', async () => {
    const [one, two] = [text('bundle-a', { more: 'folder: bundle\n' }), `---\n${text('bundle-b', { more: 'folder: bundle/deep\n' })}`];
    await applyFlow(deps, ann, one);
    await applyFlow(deps, ann, two);
    const bundle = await read({ folder: 'bundle' });
    expect(bundle).toBe(`${one}...\n${two}`);
    expect(await read({ flows: 'bundle-b, bundle-a' })).toBe(bundle);
    await expect(read({ flows: 'bundle-a,\u0000' })).rejects.toMatchObject({ status: 400, code: 'flow.name' });
    await expect(read({ flows: 'bundle-a,named' })).rejects.toMatchObject({ status: 404 });
    const plan = await importFlows(deps, ann, { source: bundle, dryRun: false });
    expect(plan.flows.map(({ flow, outcome, version }) => [flow, outcome, version])).toEqual([
      ['bundle-a', 'unchanged', 1],
      ['bundle-b', 'unchanged', 1],
    ]);
  });

  it('is told before it is taken, and taken whole or not at all', async () => {
    await archiveFlow(deps, ann, (await applyFlow(deps, ann, text('bundle-old'))).flow.slug);
    const source = [
      text('bundle-a', { more: 'folder: bundle\n', path: 'new.csv' }),
      text('bundle-new'),
      text('bundle-new'),
      text('bundle-old'),
      'flow: bundle-bad\n',
    ].join('---\n');
    const plan = await importFlows(deps, ann, { source, dryRun: true });
    expect(plan.flows.map(({ flow, line, outcome, version }) => [flow, line, outcome, version])).toEqual([
      ['bundle-a', 1, 'updated', 2],
      ['bundle-new', 8, 'created', 1],
      ['bundle-new', 14, 'refused', null],
      ['bundle-old', 20, 'refused', null],
      ['bundle-bad', 26, 'refused', null],
    ]);
    expect(plan.flows[0]?.changes?.steps).toMatchObject([{ kind: 'changed', step: 'trades' }]);
    expect(plan.flows[2]?.faults).toMatchObject([{ path: 'flow', line: 14, message: '"bundle-new" is in the text twice: line 8' }]);
    expect(plan.flows[4]?.faults[0]?.line).toBe(26);
    await expect(importFlows(deps, ann, { source, dryRun: false })).rejects.toMatchObject({ status: 400, code: 'flow.import' });
    const withOld = [text('bundle-new'), text('bundle-old')].join('---\n');
    await expect(importFlows(deps, ann, { source: withOld, dryRun: false })).rejects.toMatchObject({ status: 409, code: 'flow.archived' });
    await expect(showFlow(deps, ann, { slug: 'bundle-new' })).rejects.toMatchObject({ status: 404 });
    await expect(importFlows(deps, ann, { source: '# nothing\n', dryRun: true })).rejects.toMatchObject({ code: 'flow.import_empty' });
    await expect(importFlows(deps, ann, { source: '---\nx\n'.repeat(501), dryRun: true })).rejects.toMatchObject({ status: 413 });
  });
});

it('binds every route', () => {
  const runs = { startTest: () => Promise.reject(new TypeError('not started here')) };
  expect(flowVersionEndpoints({ ...deps, runs })).toHaveLength(11);
});

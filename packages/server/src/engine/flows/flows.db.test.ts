import { permissions } from '@tidewheel/contract/route';
import * as routes from '@tidewheel/contract/routes/flows';
import { StepTypeInfo } from '@tidewheel/contract/step-type';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import type { FlowDeps } from './flow-checks.ts';
import { flowEndpoints } from './flows.routes.ts';
import { applyFlow, archiveFlow, listFlows, listStepTypes, restoreFlow, showFlow, validate } from './flows.service.ts';
import { listVersions } from './versions.service.ts';

let fresh: FreshDatabase;
let deps: FlowDeps;
let editor: Actor;
const files: string[] = [];
beforeAll(async () => {
  fresh = await freshDatabase({ size: 8 });
  deps = {
    databases: fresh.databases,
    types: new Map(stepTypes.map((type) => [type.type, type])),
    tableEngine: { check: async () => [] },
    connections: { list: async () => [{ slug: 'inbox', type: 'folder', folder: null }] },
    targets: { list: async () => [] },
    uploads: { list: async () => files.map((slug) => ({ slug, uploadedBy: 'ann@example.com' })) },
  };
  editor = { userId: null, label: 'ann@example.com', workspaceId: fresh.workspaceId, role: null, permissions: new Set(permissions) };
});
afterAll(() => fresh.drop());

const source = (slug: string, title = slug, more = '') =>
  `# kept as written\nflow: ${slug}\ntitle: ${title}\nkind: job\nparameters:\n  zebra: { type: string, default: z }\n  a: { type: integer, default: 1 }\nsteps:\n  trades: { use: table.read, with: { connection: inbox, path: in.csv, format: csv } }\n  good: { use: table.filter, from: trades, with: { where: price > 0 } }\n  answer: { use: table.write, from: good, with: { format: csv, name: out.csv } }\n${more}`;
const list = (query: Partial<Parameters<typeof listFlows>[2]> = {}) => listFlows(deps, editor, { archived: false, sort: 'title', limit: 50, ...query });

describe('applyFlow', () => {
  it('creates, adds a version only when the text differs, and keeps text and order', async () => {
    const first = await applyFlow(deps, editor, source('alpha'));
    expect(first.outcome).toBe('created');
    expect(first.flow).toMatchObject({
      slug: 'alpha',
      version: 1,
      steps: 3,
      kind: 'job',
      source: source('alpha'),
      stretches: [['trades', 'good', 'answer']],
      lastRun: null,
      warnings: [],
    });
    expect((await applyFlow(deps, editor, source('alpha'))).outcome).toBe('unchanged');
    const commented = await applyFlow(deps, editor, source('alpha', 'alpha', '# a remark\n'));
    expect(commented).toMatchObject({ outcome: 'updated', flow: { version: 2, hash: first.flow.hash } });
    const renamed = await applyFlow(deps, editor, source('alpha', 'The first'));
    expect(renamed.flow.hash).not.toBe(first.flow.hash);
    const shown = await showFlow(deps, editor, { slug: 'alpha' });
    expect(routes.Flow.parse(shown)).toMatchObject({ title: 'The first', version: 3 });
    expect(Object.keys(shown.document.parameters)).toEqual(['zebra', 'a']);
    expect(Object.keys(shown.document.steps)).toEqual(['trades', 'good', 'answer']);
    expect(await showFlow(deps, editor, { slug: 'alpha', version: 1 })).toMatchObject({ title: 'alpha', version: 1, source: source('alpha') });
    const versions = await listVersions(deps, editor, { slug: 'alpha', limit: 2 });
    expect(versions.items.map((item) => [item.version, item.createdBy])).toEqual([
      [3, 'ann@example.com'],
      [2, 'ann@example.com'],
    ]);
    const rest = await listVersions(deps, editor, { slug: 'alpha', limit: 2, cursor: versions.next ?? '' });
    expect(rest).toMatchObject({ items: [{ version: 1 }], next: null, total: 3 });
  });

  it('refuses faults, all of them, and keeps nothing', async () => {
    const faulty = source('beta').replace('table.filter', 'table.fliter').replace('from: good', 'from: godo');
    await expect(applyFlow(deps, editor, faulty)).rejects.toMatchObject({
      code: 'flow.invalid',
      status: 400,
      details: {
        faults: [
          { path: 'steps.good.use', message: 'unknown step type "table.fliter"; did you mean "table.filter"?', line: 10 },
          { path: 'steps.answer.from', message: 'there is no step "godo"; did you mean "good"?', line: 11 },
        ],
      },
    });
    await expect(showFlow(deps, editor, { slug: 'beta' })).rejects.toMatchObject({ code: 'flow.unknown' });
    expect(await validate(deps, editor, faulty)).toMatchObject({ valid: false, document: { flow: 'beta' } });
    await expect(applyFlow(deps, editor, '\u0000')).rejects.toMatchObject({ status: 400 });
    await expect(applyFlow(deps, editor, 'x'.repeat(2_000_001))).rejects.toMatchObject({ status: 413 });
  });

  it('loses no version when many apply the same flow at once', async () => {
    const texts = Array.from({ length: 12 }, (_, index) => source('race', `Race ${index}`));
    const results = await Promise.all(texts.map((text) => applyFlow(deps, editor, text)));
    expect(results.filter((result) => result.outcome === 'created')).toHaveLength(1);
    expect(results.map((result) => result.flow.version).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    const { items } = await listVersions(deps, editor, { slug: 'race', limit: 20 });
    expect(new Set(items.map((item) => item.source))).toEqual(new Set(texts));
    const same = await Promise.all(Array.from({ length: 6 }, () => applyFlow(deps, editor, source('same'))));
    expect(same.map((result) => result.outcome).sort()).toEqual(['created', ...Array(5).fill('unchanged')]);
  });

  it('warns of connections that are not there', async () => {
    const { flow } = await applyFlow(deps, editor, source('warned').replace('inbox', 'inbux'));
    expect(flow.warnings).toMatchObject([
      { path: 'steps.trades.with.connection', severity: 'warning', message: 'there is no connection "inbux"; did you mean "inbox"?' },
    ]);
  });

  it('warns of an uploaded file until it is there', async () => {
    const { flow } = await applyFlow(deps, editor, source('upload').replace('connection: inbox, path: in.csv', 'file: trades'));
    expect(flow.warnings).toMatchObject([{ path: 'steps.trades.with.file', severity: 'warning', message: 'there is no uploaded file "trades" yet' }]);
    files.push('trades');
    expect(await showFlow(deps, editor, { slug: 'upload' })).toMatchObject({ warnings: [] });
  });
});

describe('the other verbs', () => {
  it('archives and restores', async () => {
    await applyFlow(deps, editor, source('old'));
    expect((await archiveFlow(deps, editor, 'old')).archivedAt).not.toBeNull();
    expect((await list({ search: 'old' })).items).toEqual([]);
    expect((await list({ search: 'old', archived: true })).items).toMatchObject([{ slug: 'old' }]);
    await expect(applyFlow(deps, editor, source('old', 'New'))).rejects.toMatchObject({ code: 'flow.archived', status: 409 });
    expect(await restoreFlow(deps, editor, 'old')).toMatchObject({ slug: 'old', archivedAt: null });
    await expect(archiveFlow(deps, editor, 'odl')).rejects.toMatchObject({ status: 404, hint: 'Did you mean "old"?' });
  });

  it('lists with filters, pages and the last run', async () => {
    const { flow } = await applyFlow(deps, editor, source('ran', '100% _done_'));
    const version = await fresh.databases.engine.selectFrom('flow_version').select('id').where('flow_id', '=', flow.id).executeTakeFirstOrThrow();
    // The newest is an item of the one before it: it is no run of the flow.
    const runs = [newId(), newId(), newId()] as const;
    for (const [index, id] of runs.entries()) {
      await fresh.databases.engine
        .insertInto('run')
        .values({
          workspace_id: fresh.workspaceId,
          id,
          flow_id: flow.id,
          version_id: version.id,
          state: index === 1 ? 'succeeded' : 'failed',
          ...(index === 2 ? { parent_id: runs[1], parent_step: 'each' } : {}),
          parameters: '{}',
          started_by: 'x',
          idempotency_key: null,
          rerun_of: null,
          frozen_now: new Date(),
          frozen_today: '2026-01-01',
          started_at: null,
          finished_at: new Date(),
          rows_in: null,
          rows_out: null,
          error: null,
        })
        .execute();
    }
    const { items } = await list({ search: '100% _' });
    expect(items).toMatchObject([{ slug: 'ran', lastRun: { id: runs[1], state: 'succeeded' } }]);
    expect(routes.FlowSummary.parse(items[0])).toBeTruthy();
    const first = await list({ limit: 2, sort: '-updatedAt' });
    const second = await list({ limit: 2, sort: '-updatedAt', cursor: first.next ?? '' });
    expect(first.items[0]?.slug).toBe('ran');
    expect(second.items.map((item) => item.id)).not.toContain(first.items[1]?.id);
    expect((await list({ kind: 'report' })).total).toBe(0);
    expect((await list({ search: '\u0000' })).items).toEqual([]);
    await expect(list({ cursor: first.next ?? '' })).rejects.toMatchObject({ code: 'page.cursor' });
  });

  it('asks for the permission first', async () => {
    const guest: Actor = { ...editor, permissions: new Set(['flow.read']) };
    await expect(applyFlow(deps, guest, 'rubbish')).rejects.toMatchObject({ status: 403 });
    await expect(archiveFlow(deps, guest, 'alpha')).rejects.toMatchObject({ status: 403 });
    const nobody: Actor = { ...editor, permissions: new Set() };
    await expect(validate(deps, nobody, '')).rejects.toMatchObject({ status: 403 });
    await expect(showFlow(deps, nobody, { slug: 'alpha' })).rejects.toMatchObject({ status: 403 });
  });

  it('shows nothing of another workspace', async () => {
    const other = newId();
    await fresh.databases.engine.insertInto('workspace').values({ id: other, slug: 'other', title: 'Other' }).execute();
    const stranger: Actor = { ...editor, workspaceId: other };
    await expect(showFlow(deps, stranger, { slug: 'alpha' })).rejects.toMatchObject({ status: 404 });
    expect((await applyFlow(deps, stranger, source('alpha'))).outcome).toBe('created');
  });

  it('describes every step type by the contract, and binds every route', () => {
    for (const info of listStepTypes(deps, editor)) expect(StepTypeInfo.parse(JSON.parse(JSON.stringify(info))).type).toBe(info.type);
    expect(flowEndpoints(deps)).toHaveLength(9);
  });
});

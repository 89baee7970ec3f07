// Flows for who may see and change some of them.
import { permissions } from '@tidewheel/contract/route';
import { stepTypes } from '@tidewheel/steps/index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { type Limits, limitedActor } from '../../testing/limited-actor.ts';
import { changeFlows } from './bulk.ts';
import type { FlowDeps } from './flow-checks.ts';
import { applyFlow, archiveFlow, listFlows, restoreFlow, showFlow, validate } from './flows.service.ts';
import { listVersions } from './versions.service.ts';

let fresh: FreshDatabase;
let deps: FlowDeps;
let admin: Actor;
const connections = [
  { slug: 'inbox', type: 'folder', folder: 'finance' },
  { slug: 'vault-drop', type: 'folder', folder: 'people' },
];
const uploads = [
  { slug: 'rates', uploadedBy: 'eve@example.com' },
  { slug: 'salaries', uploadedBy: 'ann@example.com' },
];
beforeAll(async () => {
  fresh = await freshDatabase();
  deps = {
    databases: fresh.databases,
    types: new Map(stepTypes.map((type) => [type.type, type])),
    tableEngine: { check: async () => [] },
    connections: { list: async () => connections },
    targets: { list: async () => [] },
    uploads: { list: async () => uploads },
  };
  admin = { userId: null, label: 'ann@example.com', workspaceId: fresh.workspaceId, role: null, permissions: new Set(permissions) };
  await applyFlow(deps, admin, source({ flow: 'emir', folder: 'finance/emir' }));
  await applyFlow(deps, admin, source({ flow: 'payroll', folder: 'people' }));
  await applyFlow(deps, admin, source({ flow: 'loose' }));
});
afterAll(() => fresh.drop());

function source({ flow, folder, kind = 'pipeline', read = 'connection: inbox, path: a.csv' }: { flow: string; folder?: string; kind?: string; read?: string }) {
  return `flow: ${flow}\ntitle: ${flow}\nkind: ${kind}\n${folder ? `folder: ${folder}\n` : ''}steps:\n  a: { use: table.read, with: { ${read}, format: csv } }\n`;
}
const someone = (limits: Limits): Actor => limitedActor(fresh.workspaceId, limits);
const everyConnection = { permissions: ['connection.read' as const, 'file.read' as const] };
const editor = () =>
  someone({
    rules: [
      everyConnection,
      { permissions: ['flow.read'], where: { folder: ['finance', 'shown'] } },
      { permissions: ['flow.edit'], where: { folder: ['finance'] } },
    ],
  });
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { status: number; code: string }) => `${error.status} ${error.code}`,
  );

describe('a flow that runs another one', () => {
  const running = (slug: string, parameters = '') =>
    `flow: caller\ntitle: caller\nfolder: finance\nsteps:\n  g: { use: flow.steps, steps: { a: { use: flow.run, with: { flow: ${slug}${parameters} } } } }\n`;
  const told = async (actor: Actor, slug: string, parameters?: string) =>
    (await validate(deps, actor, running(slug, parameters))).faults.map(({ path, message, severity }) => `${severity} ${path}: ${message}`);

  it('names only those that the person may run, and is told of no other', async () => {
    const eve = someone({ rules: [everyConnection, { permissions: ['flow.read', 'flow.edit', 'flow.run'], where: { folder: ['finance'] } }] });
    expect(await told(eve, 'emir')).toEqual([]);
    for (const slug of ['payroll', 'nothing'])
      expect(await told(eve, slug)).toEqual([`error steps.g.steps.a.with.flow: there is no flow "${slug}" that you may use`]);
    expect(await told(eve, 'emri')).toEqual(['error steps.g.steps.a.with.flow: there is no flow "emri" that you may use; did you mean "emir"?']);
    expect(await outcome(applyFlow(deps, eve, running('payroll')))).toBe('400 flow.invalid');
  });

  it('is held against the parameters of the other, and may come before it', async () => {
    expect(await told(admin, 'payroll', ', parameters: { day: x }')).toEqual([
      'error steps.g.steps.a.with.parameters.day: the flow "payroll" has no parameter "day"; it has none',
    ]);
    expect(await told(admin, 'nothing')).toEqual(['warning steps.g.steps.a.with.flow: there is no flow "nothing" yet']);
    expect(await told(admin, 'caller')).toEqual(['error steps.g.steps.a.with.flow: is the flow itself: it would run itself without end']);
  });
});

describe('whoever may see one folder', () => {
  it('lists it and those below it, and is offered no other name', async () => {
    const eve = editor();
    const query = { archived: false, sort: 'title', limit: 10 } as const;
    expect(await listFlows(deps, eve, query)).toMatchObject({ total: 1, items: [{ slug: 'emir', folder: 'finance/emir' }] });
    expect((await listFlows(deps, eve, { ...query, search: 'payroll' })).total).toBe(0);
    expect((await listFlows(deps, admin, { ...query, folder: 'finance' })).items.map((flow) => flow.slug)).toEqual(['emir']);
    expect((await listFlows(deps, admin, { ...query, folder: 'fin' })).total).toBe(0);
    await expect(showFlow(deps, eve, { slug: 'payrol' })).rejects.toMatchObject({ code: 'flow.unknown', hint: undefined });
    await expect(showFlow(deps, eve, { slug: 'emi' })).rejects.toMatchObject({ code: 'flow.unknown', hint: 'Did you mean "emir"?' });
    await expect(showFlow(deps, admin, { slug: 'payrol' })).rejects.toMatchObject({ hint: 'Did you mean "payroll"?' });
  });
  it('finds no other one by any verb', async () => {
    const eve = editor();
    for (const slug of ['payroll', 'loose', 'nothing']) {
      const works = [showFlow(deps, eve, { slug }), listVersions(deps, eve, { slug, limit: 1 }), archiveFlow(deps, eve, slug), restoreFlow(deps, eve, slug)];
      expect(await Promise.all(works.map(outcome))).toEqual(works.map(() => '404 flow.unknown'));
    }
  });
  it('is told why where a flow may be read only', async () => {
    await applyFlow(deps, admin, source({ flow: 'shown', folder: 'shown' }));
    await expect(archiveFlow(deps, editor(), 'shown')).rejects.toMatchObject({
      status: 403,
      details: { permission: 'flow.edit', object: { flow: 'shown', folder: 'shown', kind: 'pipeline' }, why: [{ verdict: 'other objects only' }] },
    });
  });
});

describe('applying', () => {
  it('takes the permission on the flow as it is and as it will be', async () => {
    const eve = editor();
    expect(await outcome(applyFlow(deps, eve, source({ flow: 'new', folder: 'finance' })))).toBe('done');
    expect(await outcome(applyFlow(deps, eve, source({ flow: 'new', folder: 'people' })))).toBe('403 permission.missing');
    expect(await outcome(applyFlow(deps, eve, source({ flow: 'new' })))).toBe('403 permission.missing');
    expect(await outcome(applyFlow(deps, eve, source({ flow: 'payroll', folder: 'finance' })))).toBe('403 permission.missing');
    expect(await showFlow(deps, admin, { slug: 'payroll' })).toMatchObject({ folder: 'people', version: 1 });
    expect(await showFlow(deps, admin, { slug: 'new' })).toMatchObject({ folder: 'finance', version: 1 });
  });
  it('by kind, too', async () => {
    const eve = someone({
      rules: [everyConnection, { permissions: ['flow.read', 'flow.edit'] }, { effect: 'deny', permissions: ['flow.edit'], where: { kind: ['report'] } }],
    });
    expect(await outcome(applyFlow(deps, eve, source({ flow: 'kindly', kind: 'job' })))).toBe('done');
    expect(await outcome(applyFlow(deps, eve, source({ flow: 'kindly', kind: 'report' })))).toBe('403 permission.missing');
  });

  const faultsOf = (actor: Actor, read: string) =>
    applyFlow(deps, actor, source({ flow: 'uses', folder: 'finance', read })).then(
      () => [],
      (error: { details: { faults: { path: string; message: string }[] } }) => error.details.faults.map((fault) => `${fault.path}: ${fault.message}`),
    );
  const some = () =>
    someone({
      rules: [
        { permissions: ['flow.read', 'flow.edit'] },
        { permissions: ['connection.read'], where: { folder: ['finance'] } },
        { permissions: ['file.read'], where: { uploadedBy: ['@me'] } },
      ],
    });
  it('takes the permission to read each connection and file that it names, and does not tell what is there', async () => {
    expect(await faultsOf(some(), 'connection: inbox, path: a.csv')).toEqual([]);
    for (const slug of ['vault-drop', 'not-yet'])
      expect(await faultsOf(some(), `connection: ${slug}, path: a.csv`)).toEqual([
        `steps.a.with.connection: there is no connection "${slug}" that you may use`,
      ]);
    expect(await faultsOf(some(), 'file: rates')).toEqual([]);
    expect(await faultsOf(some(), 'file: salaries')).toEqual(['steps.a.with.file: there is no uploaded file "salaries" that you may use']);
    expect(await faultsOf(someone({ rules: [{ permissions: ['flow.edit'] }] }), 'connection: inbox, path: a.csv')).toHaveLength(1);
    expect(await validate(deps, some(), source({ flow: 'x', read: 'connection: vault-drop, path: a.csv' }))).toMatchObject({ valid: false });
  });
  it('warns who may read all of them of what is not there yet', async () => {
    const eve = someone({ rules: [everyConnection, { permissions: ['flow.edit', 'flow.read'] }] });
    const { flow } = await applyFlow(deps, eve, source({ flow: 'uses-later', read: 'connection: not-yet, path: a.csv' }));
    expect(flow.warnings).toMatchObject([{ severity: 'warning' }]);
    expect((await showFlow(deps, some(), { slug: 'uses-later' })).warnings).toEqual([]);
  });
});

it('a folder is a path of names', async () => {
  for (const folder of ['/finance', 'finance/', 'Finance', 'a//b', '../x', 'a b'])
    expect(await outcome(applyFlow(deps, admin, source({ flow: 'odd', folder })))).toBe('400 flow.invalid');
});

describe('the same done to many flows', () => {
  const many = (actor: Actor, body: Partial<Parameters<typeof changeFlows>[2]>) =>
    changeFlows(deps, actor, { choice: { filter: {} }, action: { do: 'off', reason: 'the ledger is closed' }, dryRun: false, ...body });

  it('touches what the caller may edit alone, says why of the others, and shows it first', async () => {
    await applyFlow(deps, admin, source({ flow: 'bulk-a', folder: 'finance' }));
    await applyFlow(deps, admin, source({ flow: 'bulk-b', folder: 'finance/deep' }));
    await applyFlow(deps, admin, source({ flow: 'bulk-shown', folder: 'shown' }));
    await applyFlow(deps, admin, source({ flow: 'bulk-hidden', folder: 'people' }));
    const names = ['bulk-a', 'bulk-b', 'bulk-shown', 'bulk-hidden', 'nowhere', 'bulk-a'];
    const expected = {
      chosen: 2,
      changed: 2,
      names: ['bulk-a', 'bulk-b'],
      refused: [
        { name: 'bulk-hidden', reason: 'there is no such flow' },
        { name: 'nowhere', reason: 'there is no such flow' },
        { name: 'bulk-shown', reason: 'you may not change it' },
      ],
    };
    expect(await many(editor(), { choice: { names }, dryRun: true })).toEqual({ dryRun: true, ...expected });
    expect((await showFlow(deps, admin, { slug: 'bulk-a' })).off).toBeNull();
    expect(await many(editor(), { choice: { names } })).toEqual({ dryRun: false, ...expected });
    expect((await showFlow(deps, admin, { slug: 'bulk-a' })).off).toMatchObject({ reason: 'the ledger is closed' });
    expect(await many(editor(), { choice: { names } })).toMatchObject({ chosen: 2, changed: 0 });
    const viewer = someone({ rules: [{ permissions: ['flow.read'] }] });
    await expect(many(viewer, {})).rejects.toMatchObject({ code: 'permission.missing' });
  });

  it('by the filters of the list; what is archived is only restored', async () => {
    const folder = { filter: { folder: 'finance', search: 'bulk' } };
    expect(await many(admin, { choice: folder, action: { do: 'on' } })).toMatchObject({ names: ['bulk-a', 'bulk-b'] });
    expect(await many(admin, { choice: folder, action: { do: 'archive' } })).toMatchObject({ changed: 2 });
    expect(await many(admin, { choice: folder, action: { do: 'archive' } })).toMatchObject({ chosen: 0, changed: 0 });
    expect(await many(admin, { choice: { names: ['bulk-a'] } })).toMatchObject({ changed: 0, refused: [{ name: 'bulk-a', reason: 'it is archived' }] });
    expect(await many(admin, { choice: { filter: { archived: true, search: 'bulk' } }, action: { do: 'restore' } })).toMatchObject({
      names: ['bulk-a', 'bulk-b'],
    });
    const { rows } = await fresh.databases.enginePool.query<{ action: string }>(
      `select action from audit_entry where body -> 'object' ->> 'title' = 'bulk-a' and action <> 'flow.applied' order by id`,
    );
    expect(rows.map(({ action }) => action)).toEqual(['flow.switched_off', 'flow.switched_on', 'flow.archived', 'flow.restored']);
  });
});

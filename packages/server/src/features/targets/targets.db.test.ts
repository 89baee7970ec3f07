// Hosts as administrators keep them, against Postgres and a real OpenSSH server.
import { permissions } from '@tidewheel/contract/route';
import { CredentialInput } from '@tidewheel/contract/routes/credentials';
import { TargetChange, TargetInput } from '@tidewheel/contract/target';
import { allowEgress } from '@tidewheel/kit/egress/egress';
import { transports } from '@tidewheel/steps/index';
import { describePrivateKey } from '@tidewheel/steps/ssh/private-key';
import { sshdMissing, startSshd, type TestSshd } from '@tidewheel/steps/testing/sshd';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { redactor } from '../../base/redactor.ts';
import { createVault } from '../../platform/vault/vault.service.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { showUsage } from '../credentials/credential-usage.ts';
import { archiveCredential, createCredential } from '../credentials/credentials.service.ts';
import { changeTargets } from './bulk.ts';
import { createContactRecorder } from './contact-recorder.ts';
import { endMaintenance, startMaintenance } from './maintenance.ts';
import { listTargetHubs, showTargetRelations } from './neighbourhood.ts';
import { createTargetGroup, listTargetGroups, previewTargetGroup, updateTargetGroup } from './target-groups.service.ts';
import { createTargetPort } from './target-port.ts';
import { testTarget, testTargets, tryTarget } from './target-test.ts';
import { archiveTarget, createTarget, listTargets, restoreTarget, showTarget, summarizeTargets, type TargetDeps, updateTarget } from './targets.service.ts';

const { signal } = new AbortController();
const password = 'swordfish-9271';
let fresh: FreshDatabase;
let deps: TargetDeps;
let admin: Actor;
let credentials: Parameters<typeof createCredential>[0];
beforeAll(async () => {
  fresh = await freshDatabase();
  const vault = createVault({ databases: fresh.databases, masterKey: fresh.address.masterKey });
  deps = { databases: fresh.databases, vault, transports };
  credentials = { databases: fresh.databases, vault, types: new Map(), describeKey: describePrivateKey };
  admin = { userId: newId(), label: 'ann@example.com', workspaceId: fresh.workspaceId, role: 'admin', permissions: new Set(permissions) };
  await credential('ops', { hosts: ['*.example.com'] });
});
afterAll(() => fresh?.drop());

const credential = (slug: string, more: object = {}) =>
  createCredential(credentials, admin, CredentialInput.parse({ slug, title: slug, type: 'ssh', fields: { user: 'tide' }, secret: { password }, ...more }));
let count = 0;
const input = (more: Record<string, unknown> = {}) => {
  const name = `host-${++count}.example.com`;
  return TargetInput.parse({ name, os: 'linux', address: name, ...more });
};
const add = (more: Record<string, unknown> = {}) => createTarget(deps, admin, input(more));
const change = (asked: string, more: Record<string, unknown>, actor = admin) => updateTarget(deps, actor, { asked, ...TargetChange.parse(more) });
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { status: number; code: string }) => `${error.status} ${error.code}`,
  );
const query = { limit: 50, sort: 'name' } as const;

describe('a host', () => {
  it('is added, found by name in any case and by id, changed part by part, archived and restored', async () => {
    const made = await add({ name: 'WEB01.example.com', tags: ['Web', 'prod', 'web'], facts: { rack: 'B7', cpu: 8 }, credential: 'ops' });
    expect(made).toMatchObject({
      name: 'web01.example.com',
      title: 'web01.example.com',
      transport: 'ssh',
      settings: { port: 22 },
      credential: 'ops',
      tags: ['prod', 'web'],
      facts: { rack: 'B7', cpu: 8 },
      state: 'unknown',
      contact: null,
    });
    expect(await showTarget(deps, admin, 'Web01.EXAMPLE.com')).toEqual(made);
    expect(await showTarget(deps, admin, made.id)).toEqual(made);
    const changed = await change('web01.example.com', { title: 'The first web server', category: 'production/web' });
    expect(changed).toMatchObject({ title: 'The first web server', category: 'production/web', tags: ['prod', 'web'], credential: 'ops' });
    expect(await outcome(add({ name: 'web01.example.com' }))).toBe('409 target.exists');
    expect(await archiveTarget(deps, admin, made.name)).toMatchObject({ state: 'archived' });
    expect(await outcome(change(made.name, { title: 'x' }))).toBe('404 target.archived');
    const second = await add({ name: made.name });
    expect(await outcome(restoreTarget(deps, admin, made.id))).toBe('409 target.exists');
    await archiveTarget(deps, admin, second.id);
    expect(await restoreTarget(deps, admin, made.id)).toMatchObject({ id: made.id, state: 'unknown', tags: ['prod', 'web'] });
  });
  it('that is not there is told with the closest name', async () => {
    await expect(showTarget(deps, admin, 'web1.example.com')).rejects.toMatchObject({ code: 'target.unknown', hint: 'Did you mean "web01.example.com"?' });
    await expect(createTargetPort(deps).open(fresh.workspaceId, 'wbe01.example.com')).rejects.toMatchObject({ hint: 'Did you mean "web01.example.com"?' });
  });
  it('refuses settings, transports and relations that are none, naming each', async () => {
    const faults = (work: Promise<unknown>) => work.catch((error: { details: { faults: { path: string }[] } }) => error.details.faults.map(({ path }) => path));
    expect(await faults(add({ settings: { port: 99_999, colour: 'red' } }))).toEqual(['settings.port', 'settings.colour']);
    expect(await faults(add({ transport: 'telnet' }))).toEqual(['transport']);
    expect(await faults(add({ via: 'nowhere.example.com' }))).toEqual(['via']);
    expect(await faults(add({ dependsOn: ['nowhere', 'neither'] }))).toEqual(['dependsOn', 'dependsOn']);
    expect(await faults(add({ groups: ['no-such-group'] }))).toEqual(['groups']);
    expect(await faults(add({ facts: { note: 'a\u0000b' } }))).toEqual(['facts.note']);
  });
  it.each([
    ['https://web.example.com', /without a scheme/],
    ['web.example.com:22', /must not hold a port/],
    ['root@web.example.com', /must not name a user/],
    ['300.1.1.1', /no IPv4 address/],
    ['fe80::zz', /no IPv6 address/],
    ['börse.example', /ASCII form/],
    ['', /must not be empty/],
  ])('refuses the address %j', (address, message) => {
    expect(TargetChange.safeParse({ address }).error?.issues[0]?.message).toMatch(message);
  });
  it.each([['2001:db8::7'], ['10.1.2.3'], ['fe80::1%eth0'], ['web'], ['_dmarc.example.com']])('takes the address %j', (address) => {
    expect(TargetChange.parse({ address })).toEqual({ address });
  });
  it('takes IPv6 in brackets, and no name that looks like an id', () => {
    expect(TargetChange.parse({ address: '[2001:db8::7]' })).toEqual({ address: '2001:db8::7' });
    expect(TargetInput.safeParse({ name: newId(), os: 'linux', address: 'x' }).success).toBe(false);
  });
});

describe('hosts that lead to hosts', () => {
  it('may not go in a circle, which is named; who is a way in stays', async () => {
    const [a, b, c] = [await add(), await add(), await add()];
    await change(b.name, { via: a.name, dependsOn: [a.name] });
    await change(c.name, { via: b.name, dependsOn: [b.name] });
    await expect(change(a.name, { via: c.name })).rejects.toMatchObject({ message: expect.stringContaining(`${a.name} → ${c.name} → ${b.name} → ${a.name}`) });
    await expect(change(a.name, { dependsOn: [c.name] })).rejects.toMatchObject({ message: expect.stringContaining('circle') });
    await expect(change(a.name, { via: a.name })).rejects.toMatchObject({ code: 'target.invalid' });
    expect(await showTarget(deps, admin, a.name)).toMatchObject({ neededBy: [b.name], jumpFor: [b.name] });
    expect(await outcome(archiveTarget(deps, admin, a.name))).toBe('409 target.jumped_through');
    const opened = await createTargetPort(deps).open(fresh.workspaceId, c.name);
    expect([opened.via?.name, opened.via?.via?.name, opened.via?.via?.via]).toEqual([b.name, a.name, null]);
    opened.release();
  });
});

describe('the credential of a host', () => {
  it('must fit, and may go there only as its keepers say', async () => {
    await credential('databases', { type: 'database', hosts: ['*.example.com'] });
    await credential('everywhere');
    const eve = limitedActor(fresh.workspaceId, {
      rules: [{ permissions: ['target.read', 'target.edit'] }, { permissions: ['credential.read'], where: { credential: ['ops', 'everywhere'] } }],
    });
    const by = (actor: Actor, more: object) => outcome(createTarget(deps, actor, input({ ...more })));
    expect(await by(admin, { credential: 'databases' })).toBe('400 target.invalid');
    expect(await by(admin, { credential: 'ops', address: 'evil.example.net' })).toBe('400 target.invalid');
    expect(await by(eve, { credential: 'ops' })).toBe('done');
    expect(await by(eve, { credential: 'databases' })).toBe('404 credential.unknown');
    expect(await by(eve, { credential: 'everywhere' })).toBe('403 credential.not_for_all');
    const kept = await add({ credential: 'everywhere' });
    expect(await outcome(change(kept.name, { title: 'Renamed' }, eve))).toBe('done');
    expect(await outcome(change(kept.name, { address: 'evil.example.net' }, eve))).toBe('403 credential.not_for_all');
    expect(await outcome(change(kept.name, { settings: { port: 2222 } }, eve))).toBe('403 credential.not_for_all');
  });
  it('is opened for one use and known to the redactor meanwhile; its users are named before it is archived', async () => {
    const { name } = await add({ credential: 'ops' });
    const opened = await createTargetPort(deps).open(fresh.workspaceId, name);
    expect(opened).toMatchObject({ name, transport: 'ssh', credential: { type: 'ssh', fields: { user: 'tide' }, secret: { password } } });
    expect(redactor.text(`it is ${password}`)).not.toContain(password);
    opened.release();
    expect((await showUsage(credentials, admin, 'ops')).targets.map((target) => target.name)).toContain(name);
    await expect(archiveCredential(credentials, admin, { slug: 'ops', force: false })).rejects.toMatchObject({
      code: 'credential.in_use',
      details: { targets: expect.arrayContaining([name]) },
    });
  });
});

it('maintenance takes a host out of work, ends by itself, and is taken back by hand', async () => {
  const port = createTargetPort(deps);
  const { name } = await add();
  await startMaintenance(deps, admin, { asked: name, reason: 'new disks' });
  await expect(port.open(fresh.workspaceId, name)).rejects.toMatchObject({
    code: 'target.maintenance',
    retryable: true,
    message: expect.stringContaining('new disks'),
  });
  expect(await port.inMaintenance(fresh.workspaceId, [name, 'nothing'])).toEqual([{ name, until: null, reason: 'new disks' }]);
  expect(await port.find(fresh.workspaceId, { names: [name] })).toMatchObject([{ name, inMaintenance: true }]);
  expect(await endMaintenance(deps, admin, name)).toMatchObject({ state: 'unknown', maintenance: null });
  const later = new Date(Date.now() + 3_600_000).toISOString();
  expect(await startMaintenance(deps, admin, { asked: name, from: later, reason: 'tonight' })).toMatchObject({
    state: 'unknown',
    maintenance: { isActive: false },
  });
  (await port.open(fresh.workspaceId, name)).release();
  expect(await outcome(startMaintenance(deps, admin, { asked: name, from: later, until: later, reason: 'x' }))).toBe('400 target.maintenance_end');
});

describe('who may do what', () => {
  it('is told of hosts that he may read, by name, system and category, and of no other', async () => {
    await add({ name: 'pay1.bank', category: 'payments/core' });
    const eve = limitedActor(fresh.workspaceId, {
      rules: [
        { permissions: ['target.read'], where: { category: ['payments'] } },
        { permissions: ['target.edit'], where: { target: ['pay1*'] } },
      ],
    });
    expect((await listTargets(deps, eve, query)).items.map(({ name }) => name)).toEqual(['pay1.bank']);
    expect((await summarizeTargets(deps, eve, {})).states).toEqual({ unknown: 1 });
    for (const work of [
      () => showTarget(deps, eve, 'web01.example.com'),
      () => change('web01.example.com', { title: 'x' }, eve),
      () => archiveTarget(deps, eve, 'web01.example.com'),
    ])
      expect(await outcome(work())).toBe('404 target.unknown');
    expect(await outcome(change('pay1.bank', { title: 'Payments' }, eve))).toBe('done');
    expect(await outcome(createTargetGroup(deps, eve, { slug: 'mine', title: 'Mine', description: '', query: null }))).toBe('403 target.not_every');
    const { chosen, refused } = await changeTargets(deps, eve, {
      choice: { names: ['pay1.bank', 'web01.example.com'] },
      action: { do: 'tag', add: ['x'], remove: [] },
      dryRun: true,
    });
    expect([chosen, refused]).toEqual([1, [{ name: 'web01.example.com', reason: 'there is no such host' }]]);
  });
});

describe('groups', () => {
  it('are lists or queries; a query says for how many hosts it could not be decided', async () => {
    await createTargetGroup(deps, admin, { slug: 'databases', title: 'Databases', description: '', query: null });
    await createTargetGroup(deps, admin, { slug: 'large', title: 'Large', description: '', query: 'target.facts.memory_gb >= 64' });
    await createTargetGroup(deps, admin, { slug: 'large-dbs', title: 'Both', description: '', query: '"databases" in target.groups && "big" in target.tags' });
    const [one, two] = [
      await add({ groups: ['databases'], facts: { memory_gb: 128 }, tags: ['big'] }),
      await add({ groups: ['databases'], facts: { memory_gb: 8 } }),
    ];
    const groups = (await listTargetGroups(deps, admin, { limit: 50 })).items;
    const total = (await listTargets(deps, admin, query)).total;
    expect(groups.map(({ slug, members }) => [slug, members])).toEqual([
      ['databases', 2],
      ['large', 1],
      ['large-dbs', 1],
    ]);
    expect(groups[1]?.undecided).toBe(total - 2);
    expect((await showTarget(deps, admin, one.name)).allGroups.map(({ slug }) => slug)).toEqual(['databases', 'large', 'large-dbs']);
    expect((await listTargets(deps, admin, { ...query, group: 'large' })).items.map(({ name }) => name)).toEqual([one.name]);
    const port = createTargetPort(deps);
    const found = async (selection: object) => (await port.find(fresh.workspaceId, selection)).map(({ name }) => name);
    expect(await found({ groups: ['large', 'large-dbs'] })).toEqual([one.name]);
    expect(await found({ groups: ['databases'], where: 'target.facts.memory_gb < 64' })).toEqual([two.name]);
    expect(await found({ groups: [] })).toEqual([]);
    expect(await found({ names: [two.id, one.name.toUpperCase()] })).toEqual([one.name, two.name]);
    expect(await outcome(found({ groups: ['larg'] }))).toBe('404 target_group.unknown');
    expect(await outcome(found({ where: 'nonsense(' }))).toBe('400 expression.syntax');
    expect(await outcome(add({ groups: ['large'] }))).toBe('400 target.invalid');
    expect(await outcome(updateTargetGroup(deps, admin, { slug: 'large', title: 'x', description: '', query: null }))).toBe('409 target_group.kind');
    await expect(previewTargetGroup(deps, admin, { query: 'steps.x.rows > 1' })).rejects.toMatchObject({ code: 'target.query' });
    expect(await outcome(previewTargetGroup(deps, admin, { query: 'target.os' }))).toBe('400 expression.not_boolean');
  });
});

describe('what is around a host', () => {
  const around = (asked: string, depth: number, actor = admin) => showTargetRelations(deps, actor, { asked, depth });
  it('is found both ways, so many steps far, and of hosts that the reader may see', async () => {
    const [disk, bastion] = [await add({ name: 'disk.around' }), await add({ name: 'bastion.around' })];
    const db = await add({ name: 'db.around', dependsOn: [disk.name], via: bastion.name });
    const web = await add({ name: 'web.around', dependsOn: [db.name] });
    const portal = await add({ name: 'portal.around', dependsOn: [web.name] });
    const one = await around(db.name, 1);
    expect(one.hosts.map(({ name, distance }) => [name, distance])).toEqual([
      [db.name, 0],
      [bastion.name, 1],
      [disk.name, 1],
      [web.name, 1],
    ]);
    expect(one.relations).toHaveLength(3);
    expect(one.relations).toContainEqual({ from: db.name, to: bastion.name, kind: 'via' });
    expect((await around(db.name, 2)).hosts.at(-1)).toMatchObject({ name: portal.name, distance: 2 });
    const reader = limitedActor(fresh.workspaceId, {
      rules: [{ permissions: ['target.read'], where: { target: ['portal.around', 'db.around', 'disk.around'] } }],
    });
    expect((await around(portal.name, 3, reader)).hosts.map(({ name }) => name)).toEqual([portal.name]);
    expect(await listTargetHubs(deps, admin, { search: '.around', limit: 2 })).toMatchObject({
      total: 5,
      items: [{ name: db.name, dependsOn: 1, neededBy: 1, jumpFor: 0, via: bastion.name }, { name: web.name }],
    });
    await archiveTarget(deps, admin, portal.name);
    expect((await around(web.name, 3)).hosts).toHaveLength(4);
  });
});

describe('last contact', () => {
  const runId = newId();
  const writes = async () => {
    const { rows } = await fresh.databases.enginePool.query<{ writes: string }>(
      "select string_agg(xmin::text, ',' order by id) as writes from target where 'seen' = any(tags)",
    );
    return rows[0]?.writes;
  };

  it('is that of steps, written once a minute for a host unless its outcome changes, and never over what is newer', async () => {
    let now = Date.now();
    const contacts = createContactRecorder({ databases: fresh.databases, log: pino({ level: 'silent' }), now: () => now });
    const port = createTargetPort({ ...deps, contacts });
    const names = [];
    for (let at = 0; at < 3; at++) names.push((await add({ tags: ['seen'], credential: 'ops' })).name);
    const hosts = await Promise.all(names.map((name) => port.open(fresh.workspaceId, name, { runId })));
    const list = async (more: object = {}) => (await listTargets(deps, admin, { ...query, tag: 'seen', ...more })).items;
    const seen = async (name: string) => showTarget(deps, admin, name);
    for (let item = 0; item < 500; item++) for (const host of hosts) host.onContact?.({ isOk: true });
    await expect.poll(async () => (await list()).filter(({ state }) => state === 'ok').length).toBe(3);
    expect(await list({ notSeenDays: 1 })).toEqual([]);
    const before = await writes();
    now += 30_000;
    for (const host of hosts) host.onContact?.({ isOk: true });
    const opened = hosts[0] as (typeof hosts)[number];
    opened.onContact?.({ isOk: false, error: new Error(`no route, not even with ${password}`) });
    await expect.poll(async () => (await seen(opened.name)).state).toBe('failed');
    expect((await writes())?.split(',').slice(1)).toEqual(before?.split(',').slice(1));
    expect(await seen(opened.name)).toMatchObject({
      contact: { ok: false, by: 'a run', failed: 'no route, not even with [redacted]' },
      seenAt: expect.any(String),
      lastFailure: { why: 'no route, not even with [redacted]' },
    });
    await testTarget(deps, admin, { asked: opened.name, signal });
    const tested = await seen(opened.name);
    opened.onContact?.({ isOk: true });
    now += 60_000;
    await contacts.close();
    expect((await seen(opened.name)).contact).toEqual(tested.contact);
    expect(tested).toMatchObject({ lastTest: { ok: false }, contact: { by: admin.label } });
    await add({ tags: ['seen'] });
    expect(await list({ notSeenDays: 1 })).toHaveLength(1);
    await change(opened.name, { address: 'elsewhere.example.com' });
    expect(await seen(opened.name)).toMatchObject({ contact: null, seenAt: null, lastFailure: null, lastTest: null });
    for (const host of hosts) host.release();
  });
});

describe.skipIf(sshdMissing)('the test of a host', () => {
  let sshd: TestSshd;
  beforeAll(async () => {
    allowEgress(['127.0.0.0/8']);
    sshd = await startSshd();
    await createCredential(
      credentials,
      admin,
      CredentialInput.parse({
        slug: 'lab',
        title: 'Lab',
        type: 'ssh',
        fields: { user: sshd.user.name },
        secret: { password: sshd.user.password },
        hosts: ['127.0.0.1'],
      }),
    );
  });
  afterAll(async () => {
    await sshd?.[Symbol.asyncDispose]();
  });
  const local = (more: Record<string, unknown> = {}) => add({ address: '127.0.0.1', credential: 'lab', ...more });

  it('says which part works, shows the key to pin, and is kept as the last contact', async () => {
    const { name } = await local({ settings: { port: sshd.port } });
    const first = await testTarget(deps, admin, { asked: name, signal });
    expect(first).toMatchObject({ ok: false, discovered: { hostKey: sshd.hostKey } });
    expect(await showTarget(deps, admin, name)).toMatchObject({
      state: 'failed',
      contact: { ok: false, by: admin.label, failed: expect.stringContaining('host key') },
      lastTest: { ok: false },
    });
    await change(name, { settings: { port: sshd.port, hostKey: sshd.hostKey } });
    expect(await showTarget(deps, admin, name)).toMatchObject({ state: 'unknown' });
    expect(await testTarget(deps, admin, { asked: name, signal })).toMatchObject({ ok: true });
    expect(await showTarget(deps, admin, name)).toMatchObject({ state: 'ok', contact: { ok: true, failed: null } });
    const tried = { address: '127.0.0.1', os: 'linux', settings: { port: sshd.port, hostKey: sshd.hostKey }, credential: 'lab', signal } as const;
    expect(await tryTarget(deps, admin, tried)).toMatchObject({ ok: true });
    expect(await tryTarget(deps, admin, { ...tried, settings: { port: 9 } })).toMatchObject({
      ok: false,
      checks: [
        { name: 'DNS', ok: true },
        { name: 'port', ok: false },
      ],
    });
  });
  it('pins a key on first use where that is allowed, once', async () => {
    const { name } = await local({ settings: { port: sshd.port, acceptNewHostKey: true } });
    expect(await testTarget(deps, admin, { asked: name, signal })).toMatchObject({ ok: true });
    expect((await showTarget(deps, admin, name)).settings).toMatchObject({ hostKey: sshd.hostKey });
  });
  it('of many tells each result as it comes, and reaches through jump hosts', async () => {
    const settings = { port: sshd.port, hostKey: sshd.hostKey };
    const jump = await local({ settings, tags: ['lab'] });
    for (let at = 0; at < 5; at++) await local({ settings, tags: ['lab'], ...(at === 0 ? { via: jump.name } : {}) });
    await local({ settings: { port: 9 }, tags: ['lab'] });
    const events = [];
    for await (const event of await testTargets(deps, admin, { choice: { filter: { tag: 'lab' } }, atOnce: 3, signal })) events.push(event);
    expect(events[0]).toEqual({ event: 'begin', data: { targets: 7 } });
    expect(events.at(-1)).toEqual({ event: 'end', data: { targets: 7, ok: 6 } });
    expect((await summarizeTargets(deps, admin, { tag: 'lab' })).states).toEqual({ ok: 6, failed: 1 });
  });
});

// Imports against Postgres: what a dry run says is what is done, and 2,000 hosts stay quick to work with.
import { permissions } from '@tidewheel/contract/route';
import { ImportRequest } from '@tidewheel/contract/routes/target-operations';
import { transports } from '@tidewheel/steps/index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../../base/actor.ts';
import { newId } from '../../../base/ids.ts';
import { createVault } from '../../../platform/vault/vault.service.ts';
import { type FreshDatabase, freshDatabase } from '../../../testing/database.ts';
import { limitedActor } from '../../../testing/limited-actor.ts';
import { changeTargets } from '../bulk.ts';
import { exportTargets } from '../export.ts';
import { createTargetGroup, listTargetGroups } from '../target-groups.service.ts';
import { createTargetPort } from '../target-port.ts';
import { listTargets, showTarget, summarizeTargets, type TargetDeps } from '../targets.service.ts';
import { importTargets } from './import-targets.ts';

let fresh: FreshDatabase;
let deps: TargetDeps;
let admin: Actor;
beforeAll(async () => {
  fresh = await freshDatabase();
  deps = { databases: fresh.databases, vault: createVault({ databases: fresh.databases, masterKey: fresh.address.masterKey }), transports };
  admin = { userId: newId(), label: 'ann@example.com', workspaceId: fresh.workspaceId, role: 'admin', permissions: new Set(permissions) };
});
afterAll(() => fresh?.drop());

const bring = (text: string, more: object = {}, actor = admin) =>
  importTargets(deps, actor, ImportRequest.parse({ format: 'csv', text, dryRun: false, ...more }));
const all = { limit: 50, sort: 'name' } as const;
const textOf = async (filter = {}) => {
  const chunks = [];
  for await (const chunk of (await exportTargets(deps, admin, filter)).stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const first = `name,address,os,tags,groups,via,dependsOn,settings.port,facts.rack
app1.lan,10.0.0.2,linux,app,apps,jump.lan,db1.lan,,B7
db1.lan,10.0.0.3,Debian 12,"db big",,jump.lan,,5522,
jump.lan,10.0.0.1,linux,,,,,,
`;

describe('an import', () => {
  it('shows first what it would do, in any order of lines, then does just that; again it changes nothing', async () => {
    const shown = await bring(first, { dryRun: true });
    expect(shown).toMatchObject({ created: 3, updated: 0, faultCount: 0, newGroups: ['apps'] });
    expect((await listTargets(deps, admin, all)).total).toBe(0);
    expect(await bring(first)).toEqual({ ...shown, dryRun: false });
    expect(await showTarget(deps, admin, 'app1.lan')).toMatchObject({
      via: 'jump.lan',
      dependsOn: ['db1.lan'],
      groups: ['apps'],
      tags: ['app'],
      facts: { rack: 'B7' },
    });
    expect(await showTarget(deps, admin, 'db1.lan')).toMatchObject({ os: 'linux', settings: { port: 5522 }, tags: ['big', 'db'] });
    expect(await bring(first)).toMatchObject({ created: 0, updated: 0, unchanged: 3, newGroups: [] });
    const again = await bring(first.replace('10.0.0.3', '10.0.0.33').replace('B7', 'B8'));
    expect(again.hosts.map(({ name, what, changes }) => [name, what, changes])).toEqual([
      ['app1.lan', 'updated', ['facts']],
      ['db1.lan', 'updated', ['address']],
      ['jump.lan', 'unchanged', []],
    ]);
    expect(await bring(await textOf())).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
  });
  it('with faults does nothing, or only the rest; each is named by its line', async () => {
    const text =
      'name,address,transport,via\nok1,10.1.1.1,,\nok1,10.1.1.2,,\nbad1,https://x,,\nbad2,10.1.1.3,telnet,\nbad3,10.1.1.4,,nowhere\nc1,10.1.1.5,,c2\nc2,10.1.1.6,,c1\n';
    await expect(bring(text)).rejects.toMatchObject({
      code: 'target.import_faults',
      message: expect.stringMatching(/Line 3: the host "ok1" stands in line 2 already/),
    });
    const { faults, created } = await bring(text, { onFaults: 'skip' });
    expect(created).toBe(1);
    expect(faults.map(({ line, message }) => [line, message.slice(0, 40)])).toEqual([
      [3, 'the host "ok1" stands in line 2 already'],
      [4, expect.stringContaining('address: must be a host name')],
      [5, expect.stringContaining('transport: there is no transport "telnet')],
      [6, expect.stringContaining('via: there is no host "nowhere"')],
      [7, expect.stringContaining('via: there is no host "c2"')],
      [8, expect.stringContaining('leads in a circle: c1 → c2 → c1')],
    ]);
  });
  it('takes an Ansible inventory, and refuses one that is encrypted', async () => {
    const inventory = '[web_servers]\nansible[01:03].lan ansible_user=deploy ansible_port=2200\n';
    expect(await bring(inventory, { format: 'ansible' })).toMatchObject({ created: 3, newGroups: ['web-servers'] });
    expect(await showTarget(deps, admin, 'ansible02.lan')).toMatchObject({
      address: 'ansible02.lan',
      settings: { port: 2200, user: 'deploy' },
      groups: ['web-servers'],
    });
    await expect(bring('$ANSIBLE_VAULT;1.1;AES256\n6231\n', { format: 'ansible' })).rejects.toMatchObject({ code: 'target.import_vault' });
  });
  it('refuses more than can be done at once, and whom it is not allowed', async () => {
    const many = `name\n${Array.from({ length: 50_000 }, (_, at) => `h${at}`).join('\n')}\n`;
    await expect(bring(many)).rejects.toMatchObject({ code: 'target.import_large', message: expect.stringContaining('50,000') });
    const eve = limitedActor(fresh.workspaceId, { rules: [{ permissions: ['target.read', 'target.edit'], where: { target: ['eve-*'] } }] });
    const { faults, created } = await bring('name\neve-1\nother\n', { onFaults: 'skip' }, eve);
    expect([created, faults.map(({ line, message }) => [line, message])]).toEqual([1, [[3, 'You need the permission target.edit on target "other".']]]);
  });
});

describe('with 2,000 hosts', () => {
  it('imports, lists, groups and bulk actions stay quick, and pages have each host once', async () => {
    const lines = Array.from(
      { length: 2_000 },
      (_, at) => `many-${at},10.${at >> 8}.${at & 255}.1,linux,t${at % 10},${at % 3 === 0 ? 'thirds' : ''},${at % 64}`,
    );
    const imported = await bring(`name,address,os,tags,groups,facts.memory_gb\n${lines.join('\n')}\n`);
    expect(imported.created).toBe(2_000);
    await createTargetGroup(deps, admin, { slug: 'large', title: 'Large', description: '', query: '"t3" in target.tags && target.facts.memory_gb >= 32' });
    const wanted = lines.filter((line) => /,t3,/.test(line) && Number(line.split(',').at(-1)) >= 32).length;
    const page = await listTargets(deps, admin, { ...all, search: 'many', tag: 't3', sort: 'contact' });
    expect(page).toMatchObject({ total: 200, items: { length: 50 } });
    const group = await listTargets(deps, admin, { ...all, group: 'large' });
    expect(group.total).toBe(wanted);
    const groups = await listTargetGroups(deps, admin, { limit: 50 });
    expect(groups.items.find(({ slug }) => slug === 'large')?.members).toBe(wanted);
    expect((await summarizeTargets(deps, admin, { search: 'many' })).tags).toHaveLength(10);
    expect(await createTargetPort(deps).find(fresh.workspaceId, { groups: ['large'] })).toHaveLength(wanted);
    const action = { do: 'tag', add: ['patched'], remove: [] } as const;
    const choice = { filter: { group: 'thirds' } };
    const change = { choice, action: { ...action, add: [...action.add], remove: [] } };
    const preview = await changeTargets(deps, admin, { ...change, dryRun: true });
    expect(preview).toMatchObject({ chosen: 667, changed: 667, names: { length: 500 } });
    expect(await changeTargets(deps, admin, { ...change, dryRun: false })).toMatchObject({ changed: 667 });
    expect(await changeTargets(deps, admin, { ...change, dryRun: false })).toMatchObject({ changed: 0 });
    const seen = new Set<string>();
    for (let cursor: string | undefined; ; ) {
      const { items, next } = await listTargets(deps, admin, { limit: 200, sort: '-name', search: 'many', cursor });
      for (const { name } of items) seen.add(name);
      if (next === null) break;
      cursor = next;
    }
    expect(seen.size).toBe(2_000);
  });
});

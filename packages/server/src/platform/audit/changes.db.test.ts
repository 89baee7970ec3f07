// The change log by use: changes made over HTTP, taken back over HTTP.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Client, createClient } from '@tidewheel/client/client';
import * as routes from '@tidewheel/client/routes';
import type { Change } from '@tidewheel/contract/routes/changes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { startTestServer, type TestServer } from '../../testing/server.ts';

let database: FreshDatabase;
let server: TestServer;
let client: Client;

beforeAll(async () => {
  database = await freshDatabase();
  server = await startTestServer({
    environment: { DATABASE_URL: database.address.ownerUrl, TIDEWHEEL_MASTER_KEY: database.address.masterKey.toString('base64') },
  });
  const { token } = JSON.parse(await readFile(path.join(server.dataFolder, 'cli-token.json'), 'utf8')) as { token: string };
  client = createClient({ origin: server.origin, token });
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});

const flow = (title: string) =>
  `# kept as written\nflow: hello\ntitle: ${title}\nkind: job\nsteps:\n  hello:\n    use: report.text\n    with: { fileName: hello.txt, template: Hello }\n`;
const apply = (title: string) => client.call(routes.applyFlow, { body: { source: flow(title) } });
const changes = async (module: string) => (await client.call(routes.listChanges, { query: { module } })).items;
const newest = async (module: string) => (await changes(module))[0] as Change;
const revert = (change: Change) => client.call(routes.revertChange, { params: { id: change.id } });
const hello = () => client.call(routes.showFlow, { params: { slug: 'hello' } });

describe('the change log', () => {
  it('takes back a version of a flow as a new version with the very text, and says which change that took back', async () => {
    await apply('One');
    await apply('Two');
    const change = await newest('flows');
    const done = await revert(change);
    expect(done).toMatchObject({ action: 'flow.applied', reverts: change.id, by: 'operator@localhost' });
    expect(await hello()).toMatchObject({ version: 3, title: 'One', source: flow('One') });
    expect((await changes('flows')).find(({ id }) => id === change.id)).toMatchObject({ revertedBy: done.id });
  });

  it('takes a revert back as well: it is a change', async () => {
    await revert(await newest('flows'));
    expect(await hello()).toMatchObject({ version: 4, title: 'Two' });
  });

  it('refuses an older change under newer ones and takes back all four newest from the newest on', async () => {
    for (const title of ['A', 'B', 'C', 'D']) await apply(title);
    const four = (await changes('flows')).slice(0, 4);
    expect(four.every(({ isNewest }) => isNewest)).toBe(true);
    await expect(revert(four[1] as Change)).rejects.toMatchObject({ code: 'change.superseded', status: 409 });
    const before = await hello();
    await revert(four[0] as Change);
    expect(await hello()).toMatchObject({ title: 'C', version: before.version + 1 });
  });

  it('takes back archiving, and a flow that was made by mistake', async () => {
    await client.call(routes.archiveFlow, { params: { slug: 'hello' } });
    await revert(await newest('flows'));
    expect(await hello()).toMatchObject({ archivedAt: null });
    await client.call(routes.applyFlow, { body: { source: flow('Other').replace('flow: hello', 'flow: other') } });
    await revert(await newest('flows'));
    expect(await client.call(routes.showFlow, { params: { slug: 'other' } })).toMatchObject({ archivedAt: expect.any(String) });
  });

  it('sets back the fields of a connection that a change touched and leaves the others', async () => {
    const made = await client.call(routes.showConnection, { params: { slug: 'demo-data' } });
    const update = (body: { title: string; config: Record<string, unknown> }) => client.call(routes.updateConnection, { params: { slug: 'demo-data' }, body });
    await update({ title: 'First', config: made.config });
    const first = await newest('connections');
    await update({ title: 'First', config: { ...made.config } });
    await revert(first);
    expect((await client.call(routes.showConnection, { params: { slug: 'demo-data' } })).title).toBe(made.title);
    await expect(revert(first)).rejects.toMatchObject({ code: 'change.superseded' });
  });

  it('sets back the rules of signing in, field by field', async () => {
    const set = (body: object) => client.call(routes.updateSignInRules, { body });
    const { idleMinutes } = await client.call(routes.showSignInRules, {});
    await set({ idleMinutes: 60 });
    const change = await newest('sign-in-rules');
    await set({ maxSessions: 3 });
    await revert(change);
    expect(await client.call(routes.showSignInRules, {})).toMatchObject({ idleMinutes, maxSessions: 3 });
  });

  it('brings back a removed file byte for byte', async () => {
    const body = Buffer.from('isin;name\nDE0001;One\n');
    await client.call(routes.uploadFile, { params: { slug: 'names' }, query: { name: 'names.csv' }, body } as never);
    await client.call(routes.removeFile, { params: { slug: 'names' } });
    await revert(await newest('files'));
    expect(await (await client.download(routes.downloadFile, { params: { slug: 'names' } })).text()).toBe(body.toString());
  });

  it('sets back limits of the installation, rate by rate', async () => {
    const set = (body: object) => client.call(routes.updateSecuritySettings, { body });
    const show = () => client.call(routes.showSecuritySettings, {});
    const { rates, uploadMaxBytes } = await show();
    await set({ corsOrigins: ['https://portal.example.com'], rates: { open: { perSecond: 30, burst: 300 } } });
    const change = await newest('security');
    await set({ rates: { signedIn: { perSecond: 90, burst: 900 } }, uploadMaxBytes: 5_000_000 });
    await revert(change);
    expect(await show()).toMatchObject({ corsOrigins: [], uploadMaxBytes: 5_000_000, rates: { open: rates.open, signedIn: { perSecond: 90, burst: 900 } } });
    await revert((await changes('security'))[1] as Change);
    expect(await show()).toMatchObject({ uploadMaxBytes, rates });
  });

  it('takes back the name, the archiving and the making of a workspace, also under its name of then', async () => {
    const show = () => client.call(routes.showWorkspace, { params: { slug: 'desk' } });
    await client.call(routes.createWorkspace, { body: { slug: 'desk', title: 'Desk' } });
    await client.call(routes.updateWorkspace, { params: { slug: 'desk' }, body: { slug: 'bonds', title: 'Bonds' } });
    await revert(await newest('workspaces'));
    expect(await show()).toMatchObject({ slug: 'desk', title: 'Desk' });
    await client.call(routes.archiveWorkspace, { params: { slug: 'desk' } });
    await revert(await newest('workspaces'));
    expect(await show()).toMatchObject({ archivedAt: null });
    const made = (await changes('workspaces')).find(({ action }) => action === 'workspace.created') as Change;
    await revert(made);
    expect(await show()).toMatchObject({ archivedAt: expect.any(String) });
  });

  it('takes back what was changed of a service account; of its keys it says that none comes back', async () => {
    const slug = 'loader';
    const show = () => client.call(routes.showServiceAccount, { params: { slug } });
    await client.call(routes.createServiceAccount, { body: { slug, title: 'Loader', role: 'viewer' } });
    await client.call(routes.updateServiceAccount, { params: { slug }, body: { role: 'operator' } });
    const change = await newest('service-accounts');
    await client.call(routes.updateServiceAccount, { params: { slug }, body: { title: 'Loads prices' } });
    await revert(change);
    expect(await show()).toMatchObject({ role: 'viewer', title: 'Loads prices' });
    await client.call(routes.suspendServiceAccount, { params: { slug } });
    await revert(await newest('service-accounts'));
    expect(await show()).toMatchObject({ suspendedAt: null });
    await client.call(routes.createServiceKey, { params: { slug }, body: { title: 'nightly', days: 30 } });
    const key = await newest('service-accounts');
    expect(key).toMatchObject({ action: 'service_key.created', revertible: false });
    await expect(revert(key)).rejects.toMatchObject({ code: 'change.not_revertible', hint: expect.stringContaining('Revoke') });
  });

  it('takes back fields and rules of an identity provider, never half of what needs another secret', async () => {
    const slug = 'corp';
    const show = () => client.call(routes.showSsoProvider, { params: { slug } });
    const update = (body: object) => client.call(routes.updateSsoProvider, { params: { slug }, body });
    const provider = { slug, title: 'Corp', issuer: 'https://idp.example.com', clientId: 'tidewheel', clientSecret: 'sesame-4711' };
    await client.call(routes.createSsoProvider, { body: provider });
    await update({ title: 'Corporation' });
    const renamed = await newest('sso');
    await update({ position: 7 });
    await revert(renamed);
    expect(await show()).toMatchObject({ title: 'Corp', position: 7, hasSecret: true });
    await client.call(routes.saveSsoMapping, { params: { slug }, body: { rules: [], otherwise: { workspace: 'main', role: 'viewer' } } });
    await revert(await newest('sso'));
    expect(await show()).toMatchObject({ mapping: { rules: [], otherwise: null } });
    await update({ clientSecret: 'another-4711', title: 'Twice' });
    await expect(revert(await newest('sso'))).rejects.toMatchObject({ code: 'change.superseded', message: expect.stringContaining('secret') });
    expect(await show()).toMatchObject({ title: 'Twice' });
    await revert((await changes('sso')).find(({ action }) => action === 'sso_provider.created') as Change);
    await expect(show()).rejects.toMatchObject({ status: 404 });
  });

  it('sets back how long the contents of the trail are kept', async () => {
    await client.call(routes.updateRetention, { body: { days: 400 } });
    await revert(await newest('audit-retention'));
    expect(await client.call(routes.showRetention, {})).toMatchObject({ days: null });
  });

  it('takes back that somebody was added to a workspace; who was removed is to be added by hand', async () => {
    const ann = { email: 'ann@example.com', name: 'Ann', password: 'a long enough sentence' };
    const { link } = await client.call(routes.inviteUser, { body: { email: ann.email, role: 'viewer' } });
    const token = link?.split('/').at(-1) ?? '';
    await createClient({ origin: server.origin }).call(routes.acceptLink, { params: { token }, body: ann });
    const members = async () => (await client.call(routes.listMembers, { params: { slug: 'main' } })).map(({ email }) => email);
    const { id } = (await client.call(routes.listMembers, { params: { slug: 'main' } })).find(({ email }) => email === ann.email) as { id: string };
    await client.call(routes.createWorkspace, { body: { slug: 'ann', title: 'Of Ann', administrator: ann.email } });
    await client.call(routes.removeMember, { params: { slug: 'main', id } });
    expect(await newest('users')).toMatchObject({ action: 'member.removed', revertible: false });
    await client.call(routes.addMember, { params: { slug: 'main' }, body: { email: ann.email, role: 'operator' } });
    expect(await members()).toContain(ann.email);
    await revert(await newest('users'));
    expect(await members()).not.toContain(ann.email);
  });

  it('two who take back the same change at once: one does, one is told', async () => {
    await apply('Race');
    const change = await newest('flows');
    const results = await Promise.allSettled([revert(change), revert(change)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('lists the newest four of each module, and refuses what is no change', async () => {
    const modules = await client.call(routes.listChangeModules, {});
    expect(modules.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['flows', 'connections', 'files', 'users', 'sign-in-rules', 'sso', 'security', 'workspaces', 'service-accounts', 'mail']),
    );
    for (const { newest: four } of modules) expect(four.length).toBeLessThanOrEqual(4);
    const { items } = await client.call(routes.listAudit, { query: { action: 'connection.created' } });
    await expect(client.call(routes.revertChange, { params: { id: '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11' } })).rejects.toMatchObject({ status: 404 });
    expect(items.length).toBeGreaterThan(0);
    await expect(client.call(routes.listChanges, { query: { module: 'nothing' } })).rejects.toMatchObject({ code: 'change.module_unknown' });
  });
});

// Every route of the OpenAPI document against everybody who must not get in: no token, a wrong one, one without the permission, and one of
// another workspace that asks for an object that is really there.
import { presetRoles, type Role } from '@tidewheel/contract/access';
import { type Permission, permissions, type Route } from '@tidewheel/contract/route';
import type { Me } from '@tidewheel/contract/routes/identity';
import { allRoutes } from '@tidewheel/contract/routes/index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Visitor } from '../../platform/identity/testing/visitor.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { startTestServer, type TestServer } from '../../testing/server.ts';
import { bodyExamples } from './openapi-examples.ts';

const password = 'correct horse battery staple';
let database: FreshDatabase;
let server: TestServer;
let admin: Visitor;
let token: string;
beforeAll(async () => {
  database = await freshDatabase();
  server = await startTestServer({
    environment: { DATABASE_URL: database.address.ownerUrl, TIDEWHEEL_MASTER_KEY: database.address.masterKey.toString('base64') },
  });
  admin = new Visitor(server.origin);
  const link = new URL(server.firstLink ?? '').pathname.split('/').at(-1);
  await admin.call<Me>('POST', `/api/auth/links/${link}`, { email: 'ada@example.com', name: 'Ada', password });
  token = await keyOf({ title: 'all' });
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});

async function ours<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await admin.call<T>(method, path, body, { 'tidewheel-workspace': 'main' });
  if (answer.status >= 300) throw new RangeError(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
async function keyOf(made: object): Promise<string> {
  return (await ours<{ token: string }>('POST', '/api/auth/tokens', made)).token;
}
async function invited(email: string, role: Role): Promise<Visitor> {
  const { link } = await ours<{ link: string }>('POST', '/api/invitations', { email, role });
  const guest = new Visitor(server.origin);
  await guest.call('POST', `/api/auth/links/${link.split('/').at(-1)}`, { email, name: email, password });
  return guest;
}

/** Path parameters that pass validation, so that what refuses is access. */
const sample: Record<string, string> = {
  slug: 'nothing',
  id: '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11',
  session: '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11',
  user: '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11',
  step: 'nothing',
  version: '1',
  number: '1',
  line: '1',
  token: 'x'.repeat(43),
};
const addressOf = (path: string, params = sample) => path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'x');
const all: readonly Route[] = allRoutes;
const guarded = all.filter((route): route is Route & { access: Permission } => route.access !== 'open' && route.access !== 'signedIn');

async function ask(route: Route, { headers, params, body }: { headers: Record<string, string>; params?: Record<string, string>; body?: unknown }) {
  const type = route.bodyType ?? 'application/json';
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const address = server.origin + addressOf(route.path, params) + (queries[route.name] ?? '');
  const answer = await fetch(address, { method: route.method, headers: { ...(body === undefined ? {} : { 'content-type': type }), ...headers }, ...sent });
  const text = route.responseType === 'text/event-stream' && answer.ok ? '' : await answer.text();
  await answer.body?.cancel().catch(() => {});
  return { status: answer.status, text };
}

describe('every route', () => {
  it('is in the OpenAPI document, and the document has no other', async () => {
    const { paths } = (await (await fetch(`${server.origin}/api/openapi.json`)).json()) as { paths: Record<string, Record<string, { operationId: string }>> };
    const names = Object.values(paths).flatMap((item) => Object.values(item).map((operation) => operation.operationId));
    expect(names.sort()).toEqual(all.map((route) => route.name).sort());
  });

  it('lets nobody past without a token, with a wrong one, or with one of another form', async () => {
    const wrong: Record<string, string>[] = [
      {},
      { authorization: `Bearer tw_${'a'.repeat(43)}` },
      { authorization: 'Bearer ' },
      { authorization: 'Basic YWRhOnB3' },
      { authorization: `Bearer ${'e30'}.${'e30'}.${'a'.repeat(43)}` },
      { cookie: `tidewheel=${token}`, 'sec-fetch-site': 'same-origin' },
    ];
    const open = new Set<string>();
    for (const route of all) {
      for (const headers of wrong) {
        if (route.access === 'open') open.add(route.name);
        else expect([route.name, (await ask(route, { headers })).status], JSON.stringify(headers)).toEqual([route.name, 401]);
      }
    }
    expect([...open].sort()).toEqual(openRoutes);
  });

  it('is shut to who holds everything but its permission', async () => {
    const wanted = [...new Set(guarded.map((route) => route.access))];
    const without = new Map<Permission, string>();
    for (const permission of wanted) {
      const scope = [{ permissions: permissions.filter((one) => one !== permission) }];
      without.set(permission, await keyOf({ title: permission, scope }));
    }
    for (const route of guarded) {
      const { status, text } = await ask(route, { headers: { authorization: `Bearer ${without.get(route.access)}` } });
      expect([route.name, status, (JSON.parse(text) as { details: { permission: string } }).details.permission]).toEqual([route.name, 403, route.access]);
    }
  });

  it.each(['viewer', 'operator', 'designer', 'executive', 'developer'] satisfies Role[])('gives the role %s what its table says and no more', async (role) => {
    const guest = await invited(`${role}@example.com`, role);
    const held = new Set(presetRoles[role]?.rules.flatMap((rule) => rule.permissions));
    for (const route of guarded) {
      const { status } = await ask(route, { headers: { cookie: guest.cookie ?? '', 'sec-fetch-site': 'same-origin' } });
      expect([route.name, status === 403]).toEqual([route.name, !held.has(route.access)]);
    }
  });
});

describe('an object of another workspace', () => {
  it('is not there for its administrator, whatever he asks of it, and stays as it is', async () => {
    const objects = await something();
    const bob = await neighbour();
    const named = all.filter((route) => route.path.includes('{') && route.access !== 'open');
    const reached: unknown[] = [];
    for (const route of named) {
      const params = paramsOf(route, objects);
      const body = bodies[route.name] ?? bodyExamples[route.name];
      const own = await ask(route, { headers: { authorization: `Bearer ${bob}` }, params, body });
      const isShut = own.status === 404 || own.status === 403;
      if (makesItsOwn.has(route.name) ? own.status !== (route.status ?? 200) : !isShut) reached.push([route.name, own.status, own.text.slice(0, 300)]);
      const there = await ask(route, { headers: { authorization: `Bearer ${bob}`, 'tidewheel-workspace': 'main' }, params, body });
      if (there.status !== 403) reached.push([route.name, 'named', there.status]);
    }
    expect(reached).toEqual([]);
    // The control: they are there, and nothing happened to them.
    const gone: unknown[] = [];
    for (const route of named) {
      if (route.method !== 'GET' || withoutObject.has(route.name.split('.')[0] ?? '')) continue;
      const { status, text } = await ask(route, { headers: { authorization: `Bearer ${token}` }, params: paramsOf(route, objects) });
      if (status !== 200) gone.push([route.name, status, text.slice(0, 300)]);
    }
    expect(gone).toEqual([]);
  });
});

function paramsOf({ name }: Route, objects: Objects): Record<string, string> {
  const found = objects[name] ?? objects[name.split('.')[0] ?? ''];
  if (!found) throw new RangeError(`say in this test which object ${name} is asked for`);
  return { ...sample, ...found };
}

/** A file or a draft under a name that another workspace uses, too, is one's own. */
const makesItsOwn = new Set([
  ...['channel', 'notification_rule', 'notification_team', 'notification_template'].map((noun) => `${noun}.save`),
  'file.upload',
  'flow.saveDraft',
]);
/** Made by a device or another server only; for these the samples must do. */
const withoutObject = new Set(['passkey', 'sso', 'delegation']);
const queries: Record<string, string> = {
  'calendar.compare': '?from=1&to=1',
  'calendar.ask': '?date=2026-11-20',
  'colorUpload.send': '?offset=0',
  'file.upload': '?name=a.csv',
  'run.searchLogs': '?text=a',
};
const rows = 'a,b\n1,x\n';
const bodies: Record<string, unknown> = {
  'colorUpload.send': rows,
  'file.upload': rows,
  'run.start': {},
  'connection.update': { title: 'Taken', config: { host: '127.0.0.1', user: 'bob', hostKey: `SHA256:${'A'.repeat(43)}` } },
  'credential.update': { title: 'Taken' },
  'credential.rotate': { secret: { password: 'taken-over-1234' } },
  'credential.test': {},
  'role.update': { title: 'Taken', description: '', rules: [{ permissions: ['flow.read'] }], masks: [], revision: 1 },
  'passkey.rename': { title: 'Taken' },
  'passkey.remove': { password },
};

const flow =
  'flow: fuzz\ntitle: Fuzz\nsteps:\n  rows:\n    use: table.read\n    with: { file: rows, format: csv }\n  kept:\n    use: table.filter\n    from: rows\n    with: { where: a > 0 }\n  out:\n    use: table.write\n    from: rows\n    with: { format: csv, name: out.csv }\n';

type Objects = Record<string, Record<string, string>>;

/** One of everything, by the noun or the whole name of the routes that are about it. */
async function something(): Promise<Objects> {
  const upload = await fetch(`${server.origin}/api/files/rows?name=rows.csv`, { method: 'PUT', body: rows, headers: { authorization: `Bearer ${token}` } });
  expect(upload.status).toBe(200);
  // Two versions and a draft, so that there is something to compare and to look at.
  for (const source of [`${flow}# first\n`, flow]) await ours('POST', '/api/flows', { source });
  await ours('PUT', '/api/flows/fuzz/draft', { source: flow });
  const run = await ours<{ id: string }>('POST', '/api/flows/fuzz/runs', {});
  await expect.poll(async () => (await ours<{ state: string }>('GET', `/api/runs/${run.id}`)).state, { timeout: 60_000 }).toBe('succeeded');
  const artifact = await ours<{ items: { id: string }[] }>('GET', '/api/artifacts');
  await ours('POST', '/api/connections', bodyExamples['connection.create']);
  await ours('POST', '/api/calendars', bodyExamples['calendar.create']);
  await ours('POST', '/api/targets', bodyExamples['target.create']);
  await ours('POST', '/api/target-groups', bodyExamples['targetGroup.create']);
  return {
    flow: { slug: 'fuzz' },
    'flow.saveDraft': { slug: 'bobs-flow' },
    run: { id: run.id, slug: 'fuzz', step: 'rows' },
    'run.table': { id: run.id, step: 'kept' },
    approval: { id: await someApproval() },
    ...(await somethingOfOperations()),
    artifact: { id: artifact.items[0]?.id ?? '' },
    connection: { slug: 'bank' },
    target: { target: 'web01.example.com' },
    targetGroup: { slug: 'large' },
    calendar: { slug: 'desk', year: '2026' },
    file: { slug: 'rows' },
    'file.upload': { slug: 'bobs' },
    worker: {},
    ...(await somethingOfAccess()),
    ...(await somethingOfTrails()),
    ...(await somethingOfNotifications()),
    ...(await somethingOfColorRules()),
    ...(await somethingOfColors()),
    ...(await somethingOfBackups()),
  };
}

async function somethingOfBackups(): Promise<Objects> {
  const { number } = await ours<{ number: number }>('POST', '/api/backups', bodyExamples['backup.create']);
  await expect.poll(async () => (await ours<{ state: string }>('GET', `/api/backups/${number}`)).state, { timeout: 60_000 }).toBe('ready');
  return { backup: { backup: String(number), table: 'flow' } };
}

async function somethingOfColors(): Promise<Objects> {
  await ours('POST', '/api/color-sources', bodyExamples['colorSource.create']);
  const upload = await ours<{ id: string }>('POST', '/api/color-pastes', bodyExamples['colorUpload.paste']);
  const colors =
    'flow: colors\ntitle: Colors\nsteps:\n  take: { use: color.take }\n  rank: { use: color.rank, from: take }\n  keep: { use: color.keep, from: rank }\n';
  await ours('POST', '/api/flows', { source: colors });
  const run = await ours<{ id: string }>('POST', '/api/flows/colors/runs', {});
  await expect.poll(async () => (await ours<{ state: string }>('GET', `/api/runs/${run.id}`)).state, { timeout: 60_000 }).toBe('succeeded');
  await ours('POST', '/api/color-pastes', { text: 'DEF 5 31 98.5 bid' });
  const session = await ours<{ id: string }>('POST', '/api/color-sessions', bodyExamples['colorSession.start']);
  const { rows } = await ours<{ rows: { id: string }[] }>('GET', `/api/color-sessions/${session.id}/rows`);
  await ours('POST', '/api/color-pastes', { text: 'ABC 6 30 99.5 bid' });
  const { items } = await ours<{ items: { id: string }[] }>('GET', '/api/color-buffer');
  const found = await ours<{ items: { security: string }[] }>('GET', '/api/color-search');
  const saved = await ours<{ id: string }>('POST', '/api/color-searches/saved', bodyExamples['colorSearch.save']);
  return {
    colorProcessing: { number: '1', line: '1' },
    colorSearch: { id: saved.id },
    colorSecurity: { security: found.items[0]?.security ?? '' },
    colorSession: { id: session.id, row: rows[0]?.id ?? '' },
    colorSource: { slug: 'morning-runs' },
    colorUpload: { id: upload.id },
    colorBuffer: { id: items[0]?.id ?? '' },
  };
}

async function somethingOfColorRules(): Promise<Objects> {
  const { id } = await ours<{ id: string }>('POST', '/api/color-rules', bodyExamples['colorRule.create']);
  return { colorRule: { id }, colorDesk: {}, colorSheet: {} };
}

async function somethingOfNotifications(): Promise<Objects> {
  const kinds = {
    channel: 'channels',
    notification_rule: 'notification-rules',
    notification_team: 'notification-teams',
    notification_template: 'notification-templates',
  };
  const objects: Objects = {};
  for (const [noun, place] of Object.entries(kinds)) {
    await ours('PUT', `/api/${place}/ours`, bodyExamples[`${noun}.save`]);
    objects[noun] = { slug: 'ours' };
    objects[`${noun}.save`] = { slug: 'bobs' };
  }
  return objects;
}

/** One that stays open: whom it asks there is not. */
async function someApproval(): Promise<string> {
  await ours('POST', '/api/flows', { source: 'flow: asks\ntitle: Asks\nsteps:\n  sign:\n    use: approval\n    with: { approvers: nobody@example.com }\n' });
  await ours('POST', '/api/flows/asks/runs', {});
  const open = async () => (await ours<{ items: { id: string }[] }>('GET', '/api/approvals?state=open')).items[0]?.id ?? '';
  await expect.poll(open, { timeout: 60_000 }).not.toBe('');
  return open();
}

/** A run that failed for good, a backfill and a performance test. */
async function somethingOfOperations(): Promise<Objects> {
  const source =
    'flow: fails\ntitle: Fails\nparameters:\n  day: { type: date, default: "2026-01-01" }\nsteps:\n  fails:\n    use: flow.fail\n    with: { message: it fails }\n';
  await ours('POST', '/api/flows', { source });
  const { id } = await ours<{ id: string }>('POST', '/api/flows/fails/backfills', { parameter: 'day', from: '2026-01-01', to: '2026-01-01' });
  const test = await ours<{ id: string }>('POST', '/api/flows/fails/performance-tests', { runs: 1 });
  const letter = async () => (await ours<{ items: { id: string }[] }>('GET', '/api/dead-letters')).items[0]?.id ?? '';
  await expect.poll(letter, { timeout: 60_000 }).not.toBe('');
  await ours('POST', '/api/triggers', { slug: 'caller', title: 'Caller', kind: 'webhook', flow: 'fuzz', config: {} });
  const monthly = { timeZone: 'UTC', rules: [{ kind: 'cron', expression: '0 0 1 * *' }] };
  await ours('POST', '/api/schedules', { slug: 'monthly', title: 'Monthly', flow: 'fuzz', ...monthly });
  const ofFlow = { trigger: { slug: 'caller' }, schedule: { slug: 'monthly' } };
  return { deadLetter: { id: await letter() }, backfill: { id, slug: 'fails' }, performance: { id: test.id, slug: 'fails' }, ...ofFlow };
}

async function somethingOfAccess(): Promise<Objects> {
  await ours('POST', '/api/credentials', {
    slug: 'bank-login',
    title: 'Bank',
    type: 'password',
    fields: { user: 'tide' },
    secret: { password: 'swordfish-9271' },
    hosts: ['sftp.example.com'],
  });
  const rules = [{ permissions: ['flow.read'] }];
  await ours('POST', '/api/roles', { slug: 'own', title: 'Own', rules });
  const carol = await invited('carol@example.com', 'viewer');
  await carol.call('POST', '/api/auth/tokens', { title: 'carol' });
  const users = await ours<{ id: string; email: string }[]>('GET', '/api/users');
  const id = users.find((user) => user.email === 'carol@example.com')?.id ?? '';
  const first = async (path: string) => (await ours<{ id: string }[]>('GET', path))[0]?.id ?? '';
  const user = { id, session: await first(`/api/users/${id}/sessions`), token: await first(`/api/users/${id}/tokens`) };
  const grant = await ours<{ id: string }>('POST', '/api/grants', { user: 'carol@example.com', role: 'operator', reason: 'on call' });
  const separation = await ours<{ id: string }>('POST', '/api/separations', { title: 'Four eyes', one: ['credential.edit'], other: ['audit.read'] });
  await ours('POST', '/api/invitations', { email: 'later@example.com', role: 'viewer' });
  const invitations = await ours<{ id: string }[]>('GET', '/api/invitations');
  await ours('POST', '/api/service-accounts', { slug: 'loads', title: 'Loads', role: 'viewer' });
  const key = await ours<{ key: { id: string } }>('POST', '/api/service-accounts/loads/keys', { title: 'k' });
  return {
    credential: { slug: 'bank-login' },
    role: { slug: 'own' },
    grant: { id: grant.id },
    delegation: {},
    separation: { id: separation.id },
    user,
    'user.uninvite': { id: invitations[0]?.id ?? '' },
    session: { id: await first('/api/auth/sessions') },
    token: { id: await first('/api/auth/tokens') },
    passkey: {},
    serviceAccount: { slug: 'loads' },
    serviceKey: { slug: 'loads', id: key.key?.id ?? sample['id'] ?? '' },
    sso: {},
    auth: {},
    workspace: { slug: 'main' },
    member: { slug: 'main', id: user.id },
  };
}

async function somethingOfTrails(): Promise<Objects> {
  const entries = await ours<{ items: { id: string }[] }>('GET', '/api/audit');
  const changes = await ours<{ items: { id: string }[] }>('GET', '/api/changes');
  return { audit: { id: entries.items[0]?.id ?? '' }, change: { id: changes.items[0]?.id ?? '' } };
}

/** The token of the administrator of another workspace, who is a member of no other. */
async function neighbour(): Promise<string> {
  const email = 'bob@example.com';
  const bob = await invited(email, 'viewer');
  await ours('POST', '/api/workspaces', { slug: 'treasury', title: 'Treasury', administrator: email });
  const { id } = (await ours<{ id: string; email: string }[]>('GET', '/api/users')).find((user) => user.email === email) ?? { id: '' };
  await ours('DELETE', `/api/workspaces/main/members/${id}`);
  const made = await bob.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'bob' });
  return made.body.token;
}

const openRoutes = [
  'auth.acceptLink',
  'auth.entry',
  'auth.link',
  'auth.login',
  'auth.mailCode',
  'auth.passkey',
  'auth.passkeyOptions',
  'auth.refresh',
  'auth.register',
  'auth.signIn',
  'auth.ssoBegin',
  'auth.ssoCallback',
  'auth.ssoChoices',
  'auth.ssoFactor',
  'auth.terminal.enter',
  'auth.verify',
  'email.verify',
  'health.live',
  'health.ready',
  'password.forgot',
  'password.link',
  'password.reset',
  'profile.confirmEmailChange',
  'run.callback',
  'trigger.receive',
];

// Objects of another workspace, asked for by id and by name on every route that takes one, by a member who may do everything in his own.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Visitor } from '../../packages/server/src/platform/identity/testing/visitor.ts';
import { internals, type Operation, type Site, startSite } from './site.ts';

let site: Site;
let mallory: Visitor;
/** Parameter to what is there in the main workspace. */
let theirs: Record<string, string[]>;
const marker = 'victim-only-7f3a';

const flow = `flow: ${marker}\ntitle: ${marker}\nkind: job\nsteps:\n  rows:\n    use: report.text\n    with: { fileName: ${marker}.txt, template: ${marker} }\n`;

beforeAll(async () => {
  site = await startSite();
  const made = async (method: string, address: string, body: unknown) => {
    const answer = await site.ask(method, address, body);
    expect(answer.status, `${address} ${answer.text}`).toBeLessThan(300);
    return answer.body;
  };
  await made('POST', '/api/flows', { source: flow });
  const run = await made('POST', `/api/flows/${marker}/runs`, { parameters: {} });
  await untilSucceeded(String(run['id']));
  const [artifact] = (await site.ask('GET', `/api/artifacts?run=${String(run['id'])}`)).body['items'] as { id: string }[];
  const victim = await site.member({ email: `${marker}@example.com`, role: 'developer' });
  const { body: me } = await victim.call<{ id: string }>('GET', '/api/auth/me');
  const token = await victim.call<{ id: string }>('POST', '/api/auth/tokens', { title: marker });
  const { body: sessions } = await victim.call<{ id: string }[]>('GET', '/api/auth/sessions');
  const invitation = await made('POST', '/api/invitations', { email: `invited-${marker}@example.com`, role: 'viewer' });
  const [entry] = (await site.ask('GET', '/api/audit?limit=1')).body['items'] as { id: string }[];
  await made('POST', '/api/roles', { slug: marker, title: marker, rules: [{ permissions: ['flow.read'] }], masks: [] });
  const host = await made('POST', '/api/targets', { name: `${marker}.example.com`, os: 'linux', address: '10.9.8.7', description: marker });
  await made('POST', '/api/workspaces', { slug: 'mallory-land', title: 'Mallory' });
  mallory = await site.member({ email: 'mallory@example.com', role: 'admin', workspace: 'mallory-land' });
  theirs = {
    id: [run['id'], artifact?.id, me.id, token.body.id, sessions[0]?.id, invitation['id'], entry?.id].map(String),
    slug: [marker, 'demo-data', 'main'],
    target: [String(host['name']), String(host['id'])],
    step: ['rows'],
    user: [me.id],
    session: [String(sessions[0]?.id)],
    token: [token.body.id],
    key: [token.body.id],
  };
});
afterAll(() => site?.stop());

/** expect.poll works inside of tests only. */
async function untilSucceeded(run: string): Promise<void> {
  for (let tries = 0; (await site.ask('GET', `/api/runs/${run}`)).body['state'] !== 'succeeded'; tries++) {
    if (tries > 900) expect.fail('the victim’s run did not succeed');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const fill = ({ path, parameters }: Operation, pick: (name: string) => string) =>
  parameters.filter(({ in: where }) => where === 'path').reduce((address, { name }) => address.replace(`{${name}}`, encodeURIComponent(pick(name))), path);

describe('a member of another workspace', () => {
  test('administers his own', async () => {
    expect((await mallory.call('GET', '/api/auth/me')).body).toMatchObject({ role: 'admin', workspace: { slug: 'mallory-land' } });
  });

  test('gets at nothing of this one, by any id or name, on any route', async () => {
    const found: string[] = [];
    const routes = (await site.operations()).filter(
      ({ path, operationId }) => path.includes('{') && !operationId.startsWith('auth.link') && !operationId.startsWith('auth.acceptLink'),
    );
    expect(routes.length).toBeGreaterThan(30);
    for (const operation of routes) {
      const names = operation.parameters.filter(({ in: where }) => where === 'path').map(({ name }) => name);
      const values = theirs[names[0] ?? ''] ?? theirs['id'] ?? [];
      for (const value of values) {
        const address = fill(operation, (name) => (name === names[0] ? value : (theirs[name]?.[0] ?? value)));
        for (const headers of [{}, { 'tidewheel-workspace': 'main' }] as Record<string, string>[]) {
          const answer = await fetch(site.server.origin + address, {
            method: operation.method,
            headers: { cookie: mallory.cookie ?? '', 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', ...headers },
            ...(operation.method === 'GET' || operation.method === 'DELETE' ? {} : { body: '{}' }),
            signal: AbortSignal.timeout(90_000),
          });
          const text = await answer.text();
          const leaks = answer.status < 300 && operation.path.startsWith('/api/') && !isHisOwn(operation);
          if (answer.status >= 500 || leaks || (text.includes(marker) && !text.includes('problem') && answer.status < 300) || internals.test(text))
            found.push(`${operation.method} ${address} (${operation.operationId}) -> ${answer.status} ${text.slice(0, 200)}`);
        }
      }
    }
    expect(found).toEqual([]);
  });

  test('finds nothing of this one in any list', async () => {
    const lists = (await site.operations()).filter(
      ({ method, path, parameters }) => method === 'GET' && !path.includes('{') && !parameters.some(({ required }) => required),
    );
    for (const { path } of lists) {
      const answer = await fetch(site.server.origin + path, {
        headers: { cookie: mallory.cookie ?? '', 'sec-fetch-site': 'same-origin' },
        signal: AbortSignal.timeout(20_000),
      }).catch(() => null);
      const text = (await answer?.text().catch(() => '')) ?? '';
      expect([path, text.includes(marker)]).toEqual([path, false]);
    }
  });

  test('cannot enter it by naming it, nor by a token of his own', async () => {
    const named = await mallory.call('GET', '/api/flows', undefined, { 'tidewheel-workspace': 'main' });
    expect([named.status, named.body['code']]).toEqual([403, 'workspace.not_member']);
    const { body } = await mallory.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'mine' });
    const asked = await fetch(`${site.server.origin}/api/flows`, { headers: { authorization: `Bearer ${body.token}`, 'tidewheel-workspace': 'main' } });
    expect(asked.status).toBe(403);
  });

  test('sets nothing of the installation', async () => {
    for (const [method, address, body] of [
      ['PATCH', '/api/sign-in-rules', { minPasswordLength: 12 }],
      ['PATCH', '/api/security/settings', { egressAllow: ['169.254.169.254'] }],
      ['POST', '/api/sso/providers', {}],
      ['PUT', '/api/mail/settings', {}],
      ['POST', '/api/workspaces', { slug: 'another', title: 'Another' }],
      ['POST', '/api/revoke-all', { everybody: true }],
    ] as const)
      expect([address, (await mallory.call(method, address, body)).status]).toEqual([address, 403]);
  });
});

/** Routes whose names are not of one workspace: the slug of a preset, or of a module that everybody has. */
function isHisOwn({ operationId }: Operation): boolean {
  return ['connector.', 'stepType.', 'docs.'].some((prefix) => operationId.startsWith(prefix));
}

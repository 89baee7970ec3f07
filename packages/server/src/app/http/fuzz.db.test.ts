// The whole server under its own OpenAPI document: 5,000 random requests (100,000 in npm run test:full) that must not find a defect. Who may call what: permission-matrix.db.test.ts.
// TIDEWHEEL_SEED repeats a campaign, TIDEWHEEL_FUZZ sets its length.
import { randomInt } from 'node:crypto';
import type { Me } from '@tidewheel/contract/routes/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Visitor } from '../../platform/identity/testing/visitor.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { startTestServer, type TestServer } from '../../testing/server.ts';
import { Dice, type Known, randomValue } from './testing/random-input.ts';

type Schema = Record<string, unknown>;
interface Operation {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
  responses: Record<string, unknown>;
}
interface Call {
  operation: Operation;
  method: string;
  path: string;
}

let database: FreshDatabase;
let server: TestServer;
let admin: Visitor;
let token: string;
const password = 'correct horse battery staple';
beforeAll(async () => {
  database = await freshDatabase();
  server = await startTestServer({
    environment: { DATABASE_URL: database.address.ownerUrl, TIDEWHEEL_MASTER_KEY: database.address.masterKey.toString('base64'), TIDEWHEEL_LOG_LEVEL: 'info' },
  });
  admin = new Visitor(server.origin);
  const link = new URL(server.firstLink ?? '').pathname.split('/').at(-1);
  await admin.call<Me>('POST', `/api/auth/links/${link}`, { email: 'ada@example.com', name: 'Ada', password });
  token = (await admin.call<{ token: string }>('POST', '/api/auth/tokens', { title: 'fuzz' })).body.token;
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});

describe('random requests', () => {
  it('find no defect', async () => {
    const seed = Number(process.env['TIDEWHEEL_SEED'] ?? randomInt(2 ** 31));
    const count = Number(process.env['TIDEWHEEL_FUZZ'] ?? (process.env['TIDEWHEEL_FULL'] === '1' ? 100_000 : 5_000));
    console.log(`fuzz: seed ${seed}, ${count} requests (repeat with TIDEWHEEL_SEED=${seed})`);
    const dice = new Dice(seed);
    const { paths, components } = (await (await fetch(`${server.origin}/api/openapi.json`)).json()) as {
      paths: Record<string, Record<string, Operation>>;
      components: { schemas: Record<string, Schema> };
    };
    const calls: Call[] = Object.entries(paths)
      .flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ operation, method: method.toUpperCase(), path })))
      .filter(({ operation }) => !ending.has(operation.operationId));
    const known = await populate();
    const statuses = new Map<number, number>();
    const defects: string[] = [];
    const reached = new Set<string>();
    let done = 0;
    const worker = async (): Promise<void> => {
      while (done < count) {
        done++;
        const request = randomRequest({ call: dice.pick(calls), dice, known, definitions: components.schemas });
        const answer = await ask(request);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        if (answer.status < 300) reached.add(request.name);
        const fault = faultOf(answer);
        if (fault)
          defects.push(
            `${fault}\n${request.method} ${request.url.slice(0, 300)}\n${request.body?.slice(0, 500)}\n-> ${answer.status} ${answer.text.slice(0, 500)}`,
          );
      }
    };
    await Promise.all(Array.from({ length: 6 }, worker));
    console.log(
      `fuzz: ${[...statuses]
        .sort(([a], [b]) => a - b)
        .map(([status, n]) => `${status}: ${n}`)
        .join(', ')}; ${reached.size} of ${calls.length} operations answered with success`,
    );
    expect(defects.slice(0, 5)).toEqual([]);
    expect(reached.size).toBeGreaterThan(calls.length / 2);
    expect((await fetch(`${server.origin}/health/ready`)).status).toBe(200);
    for (const secret of [token, password, admin.cookie?.split('=')[1] ?? '?']) expect(server.log()).not.toContain(secret);
  }, 3_600_000);
});

/** They end the token that asks, and with it the campaign; each has tests of its own. */
const ending = new Set(['auth.revokeAll', 'session.revokeAll', 'session.revokeMine']);

interface Asked {
  name: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
}
interface Answered {
  status: number;
  type: string;
  text: string;
}

function randomRequest({ call, dice, known, definitions }: { call: Call; dice: Dice; known: Known; definitions: Record<string, Schema> }): Asked {
  const { operation, method, path } = call;
  const value = (schema: Schema, name: string) => randomValue({ schema, name, dice, known, definitions });
  const query = new URLSearchParams();
  let address = path;
  for (const { name, in: where, required, schema } of operation.parameters) {
    // What is called so below this part of the API, where that is known.
    const own = known[`${path.split('/')[2]}.${name}`];
    if (where === 'path')
      address = address.replace(`{${name}}`, encodeURIComponent(textOf(own && dice.chance(0.7) ? dice.pick(own) : value(schema, name))) || '%20');
    else if (where === 'query' && (required || dice.chance(0.5))) query.append(name, textOf(value(schema, name)));
  }
  if (dice.chance(0.05)) query.append(dice.pick(['limit', 'cursor', 'x']), '1');
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  const request: Asked = { name: operation.operationId, method, url: `${address}?${query}`, headers };
  const content = Object.entries(operation.requestBody?.content ?? {})[0];
  if (!content) return request;
  const [type, { schema, example }] = content;
  headers['content-type'] = dice.chance(0.03) ? 'text/plain' : type;
  const body = example !== undefined && dice.chance(0.2) ? example : value(schema, 'body');
  request.body = dice.chance(0.04) ? dice.pick(['{', '', '\u0000', '[1,', '"']) : (JSON.stringify(body) ?? '');
  return request;
}

function textOf(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed();
}

async function ask({ method, url, headers, body }: Asked): Promise<Answered> {
  const answer = await fetch(server.origin + url, { method, headers, signal: AbortSignal.timeout(60_000), ...(body === undefined ? {} : { body }) });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
}

const internals = /node_modules|\bat .+\.ts:\d|postgres:\/\/|\bpg_|syntax error at|relation "|violates|ECONN|invalid input syntax|\/work\/|\/root\//;

/** What must never be: a defect of ours, an error that is no problem, a look inside. */
function faultOf({ status, type, text }: Answered): string | undefined {
  if (status === 500 || status === 501) return 'internal error';
  if (status < 400 || status === 416) return undefined;
  if (status === 503 && text.includes('degraded')) return undefined;
  if (!type.includes('problem+json')) return 'an error that is no problem';
  const problem = JSON.parse(text) as { status: number; code: string; detail: string; instance: string };
  if (problem.status !== status || !problem.code || !problem.detail || !problem.instance) return 'an incomplete problem';
  return internals.test(text) ? 'internals' : undefined;
}

const flow =
  'flow: fuzz\ntitle: Fuzz\nsteps:\n  rows:\n    use: table.read\n    with: { file: fuzz-data, format: csv }\n  some:\n    use: table.filter\n    from: rows\n    with: { where: a > 1 }\n  out:\n    use: table.write\n    from: some\n    with: { format: csv, name: out.csv }\n';

/** Something of everything, so that random requests get behind the first door. */
async function populate(): Promise<Known> {
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => (await admin.call<T>(method, path, body)).body;
  await fetch(`${server.origin}/api/files/fuzz-data?name=fuzz.csv`, {
    method: 'PUT',
    body: 'a,b\n1,x\n2,y\n3,z\n',
    headers: { authorization: `Bearer ${token}` },
  });
  await api('POST', '/api/flows', { source: flow });
  const run = await api<{ id: string }>('POST', '/api/flows/fuzz/runs', { parameters: {} });
  await expect.poll(async () => (await api<{ state: string }>('GET', `/api/runs/${run.id}`)).state, { timeout: 60_000 }).toBe('succeeded');
  const artifacts = await api<{ items: { id: string; sha256: string }[] }>('GET', '/api/artifacts');
  const people = await populateIdentity(api);
  await populateWork(api);
  return {
    slug: ['fuzz', 'fuzz-data', 'side', 'viewer', 'fuzz-role', 'fuzz-robot', 'fuzz-key', 'fuzz-days', 'TARGET'],
    id: [run.id, ...artifacts.items.map((artifact) => artifact.id), ...people],
    'flows.slug': ['fuzz'],
    'files.slug': ['fuzz-data'],
    'schedules.slug': ['fuzz-often'],
    'triggers.slug': ['fuzz-hook'],
    'targets.target': ['fuzz-host'],
    'calendars.slug': ['fuzz-days', 'TARGET'],
    'credentials.slug': ['fuzz-key'],
    'runs.id': [run.id],
    user: people,
    run: [run.id],
    flow: ['fuzz'],
    step: ['rows', 'some', 'out'],
    source: [flow, flow.replace('a > 1', 'a > 2'), flow.replace('from: rows', 'from: nothing'), `${flow}\t- :`],
    sha256: artifacts.items.map((artifact) => artifact.sha256),
  };
}

/** What starts flows, and hosts. */
async function populateWork(api: <T>(method: string, path: string, body?: unknown) => Promise<T>): Promise<void> {
  const rules = [{ kind: 'businessDays', at: ['18:00'] }];
  await api('POST', '/api/schedules', { slug: 'fuzz-often', title: 'Often', flow: 'fuzz', timeZone: 'Europe/Paris', calendar: 'TARGET', rules });
  await api('POST', '/api/triggers', {
    slug: 'fuzz-hook',
    title: 'Hook',
    kind: 'webhook',
    flow: 'fuzz',
    config: { mode: 'standard' },
    parameters: {},
    condition: null,
  });
  await api('POST', '/api/targets', { name: 'fuzz-host', os: 'linux', address: '10.20.0.7', tags: ['web'] });
}

/** People, roles, workspaces and keys. @returns ids of users that the campaign may do anything to */
async function populateIdentity(api: <T>(method: string, path: string, body?: unknown) => Promise<T>): Promise<string[]> {
  const { link } = await api<{ link: string }>('POST', '/api/invitations', { email: 'bob@example.com', role: 'viewer' });
  await new Visitor(server.origin).call('POST', `/api/auth/links/${link.split('/').at(-1)}`, { email: 'bob@example.com', name: 'Bob', password });
  await api('POST', '/api/roles', { slug: 'fuzz-role', title: 'Fuzz', rules: [{ permissions: ['flow.read'], where: { flow: ['fuzz'] } }], masks: [] });
  await api('POST', '/api/workspaces', { slug: 'side', title: 'Side' });
  await api('POST', '/api/calendars', { slug: 'fuzz-days', title: 'Days', definition: { rules: [{ kind: 'calendar', calendar: 'TARGET' }] } });
  await api('POST', '/api/service-accounts', { slug: 'fuzz-robot', title: 'Robot', role: 'viewer' });
  await api('POST', '/api/credentials', { slug: 'fuzz-key', type: 'api_key', title: 'Key', secret: { key: 'not-a-real-key' } });
  const users = await api<{ id: string; email: string }[]>('GET', '/api/users');
  return users.filter(({ email }) => email === 'bob@example.com').map(({ id }) => id);
}

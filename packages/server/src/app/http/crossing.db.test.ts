// No query of the app crosses from one workspace into another: the catalog says so, a walk over every route that reads says so, and a
// deliberately faulty query shows that it is Postgres that holds the wall and not luck.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@tidewheel/client/client';
import { openLive } from '@tidewheel/client/live';
import {
  applyFlow,
  createConnection,
  createServiceAccount,
  createTarget,
  createTargetGroup,
  createWorkspace,
  inviteUser,
  saveDraft,
  startRun,
  uploadFile,
} from '@tidewheel/client/routes';
import type { Route } from '@tidewheel/contract/route';
import { allRoutes } from '@tidewheel/contract/routes/index';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inWorkspace } from '../../storage/database.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { startTestServer, type TestServer } from '../../testing/server.ts';

describe('the catalog', () => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase();
  });
  afterAll(() => fresh?.drop());
  const rowsOf = async <T>(query: ReturnType<typeof sql<T>>): Promise<T[]> => (await query.execute(fresh.databases.engine)).rows;

  it('protects every table of a workspace that the app can touch, with policies that name the workspace', async () => {
    const tables = await rowsOf(sql<{ name: string; isProtected: boolean; reachable: boolean; policies: string[] }>`
      select c.oid::regclass::text as name, c.relrowsecurity as "isProtected",
        has_schema_privilege('tidewheel_app', n.oid, 'usage') and has_table_privilege('tidewheel_app', c.oid, 'select, insert, update, delete') as reachable,
        array(select coalesce(pg_get_expr(p.polqual, p.polrelid), 'true') from pg_policy p
          where p.polrelid = c.oid and (select oid from pg_roles where rolname = 'tidewheel_app') = any(p.polroles)) as policies
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
        and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped)
        and not c.relispartition`);
    const reachable = tables.filter((table) => table.reachable);
    expect(reachable.length).toBeGreaterThan(10);
    for (const { name, isProtected, policies } of reachable) {
      expect([name, isProtected]).toEqual([name, true]);
      expect([name, policies.length > 0 && policies.every((text) => text.includes('current_workspace()'))]).toEqual([name, true]);
    }
  });
  it('leaves the app nothing without a wall: every table that it can read has one, or holds nothing of a workspace', async () => {
    const open = await rowsOf(sql<{ name: string }>`
      select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema' and not c.relrowsecurity
        and has_schema_privilege('tidewheel_app', n.oid, 'usage') and has_table_privilege('tidewheel_app', c.oid, 'select') order by 1`);
    // Workers serve the whole installation; the list of them takes a permission of the installation.
    expect(open.map(({ name }) => name)).toEqual(['worker']);
  });
  it('gives the app role nothing, no way around and no other role', async () => {
    const [role] = await rowsOf(sql<Record<string, unknown>>`
      select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
        (select count(*)::int from pg_class where relowner = r.oid) as owns, (select count(*)::int from pg_proc where proowner = r.oid) as functions,
        (select count(*)::int from pg_auth_members where member = r.oid) as roles
      from pg_roles r where rolname = 'tidewheel_app'`);
    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      owns: 0,
      functions: 0,
      roles: 0,
    });
    // A function with its owner's rights would be a door; a trigger cannot be called.
    const doors = await rowsOf(sql<{ name: string }>`
      select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and p.prorettype <> 'trigger'::regtype and n.nspname not like 'pg\\_%' and has_function_privilege('tidewheel_app', p.oid, 'execute') and has_schema_privilege('tidewheel_app', n.oid, 'usage')`);
    expect(doors).toEqual([]);
  });
  it('stops a faulty query: without any predicate it still sees, changes and adds in its own workspace alone', async () => {
    const { engine, app } = fresh.databases;
    const ids = ['01890a5d-ac96-7a54-8f3b-0c1d2e3f4a51', '01890a5d-ac96-7a54-8f3b-0c1d2e3f4a52'] as const;
    for (const [index, id] of ids.entries()) {
      await engine
        .insertInto('workspace')
        .values({ id, slug: `wall-${index}`, title: 'Wall' })
        .execute();
      await sql`insert into flow (workspace_id, id, slug, title, kind, newest_version, step_count) values (${id}, gen_random_uuid(), ${`flow-${index}`}, 'Flow', 'job', 1, 0)`.execute(
        engine,
      );
    }
    const faulty = sql<{ slug: string }>`select slug from flow where slug like 'flow-%' order by slug`;
    // The control: for the engine role, which no policy binds, the same text crosses.
    expect((await faulty.execute(engine)).rows).toHaveLength(2);
    expect((await inWorkspace(app, ids[0], (trx) => faulty.execute(trx))).rows).toEqual([{ slug: 'flow-0' }]);
    expect((await inWorkspace(app, ids[1], (trx) => faulty.execute(trx))).rows).toEqual([{ slug: 'flow-1' }]);
    expect((await faulty.execute(app)).rows).toEqual([]);
    const changed = await inWorkspace(app, ids[0], (trx) => sql`update flow set title = 'Mine'`.execute(trx));
    expect(changed.numAffectedRows).toBe(1n);
    const planted = inWorkspace(app, ids[0], (trx) =>
      sql`insert into flow (workspace_id, id, slug, title, kind, newest_version, step_count) values (${ids[1]}, gen_random_uuid(), 'planted', 'Planted', 'job', 1, 0)`.execute(
        trx,
      ),
    );
    await expect(planted).rejects.toThrow(/row-level security/);
    const moved = inWorkspace(app, ids[0], (trx) => sql`update flow set workspace_id = ${ids[1]}`.execute(trx));
    await expect(moved).rejects.toThrow();
    await expect(sql`select email from identity."user"`.execute(app)).rejects.toThrow(/permission denied/);
  });
});

/** In the content of everything that alpha has, and in no name that is asked for. */
const mark = 'quagga';
const flowSource = `flow: striped\ntitle: The ${mark} flow\nkind: job\nsteps:\n  write:\n    use: report.text\n    with: { fileName: ${mark}.txt, template: ${mark} }\n`;

describe('a walk over every route that reads', () => {
  let server: TestServer;
  let local: string;
  /** A token of somebody who administers that workspace and is in no other. */
  const tokens: Record<string, string> = {};
  const known: Record<string, string[]> = { step: ['write'], version: ['1'], number: ['1'], type: ['sftp'], level: ['info'] };
  const as = (token: string, workspace?: string) => createClient({ origin: server.origin, token, workspace });

  const personIn = async (workspace: string): Promise<string> => {
    const email = `${workspace === 'alpha' ? mark : 'zoe'}@example.org`;
    const { link } = await as(local, workspace).call(inviteUser, { body: { email, role: 'admin' } });
    const json = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
    const body = JSON.stringify({ email, name: workspace === 'alpha' ? `The ${mark}` : 'Zoe', password: 'correct horse battery staple' });
    const accepted = await fetch(`${server.origin}/api/auth/links/${link?.split('/').at(-1)}`, { method: 'POST', headers: json, body });
    const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const made = await fetch(`${server.origin}/api/auth/tokens`, { method: 'POST', headers: { ...json, cookie }, body: JSON.stringify({ title: 'walk' }) });
    return ((await made.json()) as { token: string }).token;
  };
  beforeAll(async () => {
    server = await startTestServer();
    local = (JSON.parse(await readFile(path.join(server.dataFolder, 'cli-token.json'), 'utf8')) as { token: string }).token;
    for (const slug of ['alpha', 'beta']) {
      await as(local).call(createWorkspace, { body: { slug, title: slug === 'alpha' ? `House of the ${mark}` : 'Beta' } });
      tokens[slug] = await personIn(slug);
    }
    const alpha = as(tokens['alpha'] ?? '');
    await alpha.call(applyFlow, { body: { source: flowSource } });
    await alpha.call(saveDraft, { params: { slug: 'striped' }, body: { source: `${flowSource}# ${mark}\n` } });
    const run = await alpha.call(startRun, { params: { slug: 'striped' }, body: {} });
    const config = { host: `${mark}.example.org`, user: mark, hostKey: 'SHA256:uNiVztksCsDhcc0u9e8BrqyuqS2VGvTXMFzYqWMbsCY' };
    await alpha.call(createConnection, { body: { slug: 'far', title: `To the ${mark}`, type: 'sftp', config, secret: { password: 'swordfish-9271' } } });
    await alpha.call(createTarget, { body: { name: 'zebra', title: `Host of the ${mark}`, os: 'linux', address: '10.9.8.7' } });
    await alpha.call(createTargetGroup, { body: { slug: 'herd', title: `The ${mark} hosts`, query: 'target.os == "linux"' } });
    await alpha.call(uploadFile, { params: { slug: 'list' }, query: { name: `${mark}.csv` }, body: `${mark}\n1\n` });
    await alpha.call(createServiceAccount, { body: { slug: 'robot', title: `Robot of the ${mark}`, role: 'viewer' } });
    await alpha.call(inviteUser, { body: { email: `friend.of.${mark}@example.org`, role: 'viewer' } });
    known['slug'] = ['striped', 'far', 'herd', 'list', 'robot', 'alpha', 'admin'];
    known['id'] = [run.id];
    known['target'] = ['zebra'];
    for (let left = 600; left > 0 && !(await get('/api/artifacts', 'alpha')).text.includes(mark); left--) await sleep(100);
    for (const list of [
      '/api/artifacts',
      '/api/users',
      '/api/connections',
      '/api/files',
      '/api/invitations',
      '/api/audit',
      '/api/auth/tokens',
      '/api/credentials',
    ]) {
      const { text } = await get(list, 'alpha');
      known['id'].push(...[...text.matchAll(/"id":"([0-9a-f-]{36})"/g)].slice(0, 6).map(([, id]) => id ?? ''));
    }
    known['id'] = [...new Set(known['id'])];
  }, 180_000);
  afterAll(() => server?.stop());

  const get = async (address: string, who: string): Promise<{ status: number; text: string }> => {
    const answer = await fetch(server.origin + address, { headers: { authorization: `Bearer ${tokens[who]}` }, signal: AbortSignal.timeout(20_000) });
    return { status: answer.status, text: await answer.text() };
  };
  const addressesOf = (route: Route): string[] => {
    let addresses = [route.path];
    for (const [, name = ''] of route.path.matchAll(/\{(\w+)\}/g))
      addresses = addresses.flatMap((address) => (known[name] ?? known['id'] ?? []).map((value) => address.replace(`{${name}}`, value)));
    return addresses;
  };

  it('finds alpha as its own administrator, and nothing of it as the administrator of beta', { timeout: 300_000 }, async () => {
    const reads = allRoutes.filter(({ method, access, responseType }) => method === 'GET' && access !== 'open' && responseType !== 'text/event-stream');
    const shown = new Set<string>();
    const leaks: string[] = [];
    for (const route of reads)
      for (const address of addressesOf(route)) {
        if ((await get(address, 'alpha')).text.includes(mark)) shown.add(route.name);
        const other = await get(address, 'beta');
        if (other.text.includes(mark) || other.status >= 500) leaks.push(`${route.name} ${address} ${other.status}`);
        const forced = await get(`${address}?workspace=alpha`, 'beta');
        if (forced.status !== 403 || forced.text.includes(mark)) leaks.push(`${route.name} ${address}?workspace=alpha ${forced.status}`);
      }
    expect(leaks).toEqual([]);
    // The walk has eyes: without this it would pass over empty lists.
    for (const name of [
      'flow.list',
      'flow.show',
      'flow.draft',
      'flow.export',
      'run.list',
      'run.show',
      'artifact.list',
      'connection.list',
      'connection.show',
      'target.list',
      'target.show',
      'target.export',
      'targetGroup.list',
      'targetGroup.show',
      'file.list',
      'user.list',
      'audit.list',
      'serviceAccount.list',
      'member.list',
    ])
      expect([name, shown.has(name)]).toEqual([name, true]);
  });
  it('keeps event streams and live channels in their workspace too', async () => {
    const run = known['id']?.[0] ?? '';
    const headers = { authorization: `Bearer ${tokens['beta']}` };
    const status = async (address: string) => (await fetch(server.origin + address, { headers, signal: AbortSignal.timeout(10_000) })).status;
    expect(await status(`/api/runs/${run}/stream`)).toBe(404);
    expect(await status(`/api/runs/${run}/stream?workspace=alpha`)).toBe(403);
    const follow = (token: string | undefined, workspace?: string) =>
      new Promise<string>((resolve) => {
        const live = openLive({ origin: server.origin, token, workspace });
        const done = (what: string) => {
          live.close();
          resolve(what);
        };
        live.followRun({ run }, { onEvent: () => done('events'), onError: (error) => done(error.code) });
        live.onStatus((now) => now === 'waiting' && done('refused'));
      });
    expect(await follow(tokens['alpha'])).toBe('events');
    expect(await follow(tokens['beta'])).toBe('run.unknown');
    expect(await follow(tokens['beta'], 'alpha')).toBe('refused');
    expect(await follow(local, 'alpha')).toBe('events');
    expect(await follow(local, 'beta')).toBe('run.unknown');
  });
});

import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { presetRoles } from '@tidewheel/contract/access';
import { FlowDocument } from '@tidewheel/contract/flow-document';
import { permissions } from '@tidewheel/contract/route';
import { CredentialInput, CredentialRotation } from '@tidewheel/contract/routes/credentials';
import { allowEgress } from '@tidewheel/kit/egress/egress';
import { connectors, stepTypes } from '@tidewheel/steps/index';
import { describePrivateKey } from '@tidewheel/steps/ssh/private-key';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { createLogger } from '../../base/logger.ts';
import { createUseRecorder } from '../../platform/vault/use-recorder.ts';
import { createVault } from '../../platform/vault/vault.service.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { insertFlow } from '../../testing/engine-bench.ts';
import { createConnectionPort } from '../connections/connection-port.ts';
import { type ConnectionDeps, createConnection, showConnection, testConnection, tryConnection, updateConnection } from '../connections/connections.service.ts';
import { credentialChanges } from './credential-changes.ts';
import { type CredentialTestDeps, testCredential } from './credential-test.ts';
import { showUsage } from './credential-usage.ts';
import {
  archiveCredential,
  createCredential,
  listCredentials,
  listCredentialTypes,
  restoreCredential,
  rotateCredential,
  showCredential,
  updateCredential,
} from './credentials.service.ts';
import { remindOfExpiry } from './expiry-reminder.ts';

const hostKey = `SHA256:${'A'.repeat(43)}`;
const { signal } = new AbortController();
const log = createLogger({ role: 'test', level: 'fatal' });
let fresh: FreshDatabase;
let connections: ConnectionDeps;
let deps: CredentialTestDeps;
let admin: Actor;
let developer: Actor;
let folder: string;

beforeAll(async () => {
  fresh = await freshDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'tw-cred-'));
  const { databases } = fresh;
  const vault = createVault({ databases, masterKey: fresh.address.masterKey });
  const uses = createUseRecorder({ databases, log });
  connections = { databases, vault, uses, connectors: { all: connectors, limits: { folders: [], dataFolder: '/nowhere' } } };
  const types = new Map(stepTypes.map((type) => [type.type, type]));
  deps = { databases, vault, types, describeKey: describePrivateKey, testConnection: (actor, what) => testConnection(connections, actor, what) };
  admin = { userId: newId(), label: 'admin@example.com', workspaceId: fresh.workspaceId, role: 'admin', permissions: new Set(permissions) };
  const held = new Set(presetRoles['developer']?.rules.flatMap((rule) => rule.permissions));
  developer = { ...admin, userId: newId(), label: 'dev@example.com', role: 'developer', permissions: held as Actor['permissions'] };
});
afterAll(async () => {
  await fresh?.drop();
  await rm(folder, { recursive: true, force: true });
});

let count = 0;
const make = (changes: object = {}, actor = admin) =>
  createCredential(
    deps,
    actor,
    CredentialInput.parse({ slug: `c-${++count}`, type: 'ssh', title: 'A key', fields: { user: 'tide' }, secret: { password: 'correct horse' }, ...changes }),
  );
const sftp = (changes: object = {}) => ({
  slug: `n-${++count}`,
  title: 'N',
  type: 'sftp',
  config: { host: 'sftp.example.com', user: 'tide', hostKey },
  ...changes,
});
const rotate = (slug: string, input: object) => rotateCredential(deps, admin, { slug, ...CredentialRotation.parse(input) });
async function opened(slug: string) {
  const { release, ...open } = await createConnectionPort(connections).open(fresh.workspaceId, slug, { runId: null });
  release();
  return open;
}
async function faultsFrom(work: Promise<unknown>): Promise<string[] | undefined> {
  return work.then(
    () => undefined,
    (thrown) => thrown.details?.faults?.map((fault: { path: string }) => fault.path) ?? [thrown.code],
  );
}

describe('credentials', () => {
  it('of every type show what may be seen and never what they hold', async () => {
    for (const { type, fields, secret } of listCredentialTypes(admin)) {
      expect(fields).toMatchObject({ type: 'object' });
      expect([type, Object.keys((secret as { properties: object }).properties).length > 0]).toEqual([type, true]);
    }
    const marker = 'swordfish-8842';
    const made = await make({ slug: 'bank', title: 'The bank', description: 'Of treasury', secret: { password: marker } });
    expect(made).toMatchObject({ slug: 'bank', state: 'active', version: 1, usedBy: 0, fields: { user: 'tide' }, createdBy: 'admin@example.com' });
    const all = [made, await showCredential(deps, admin, 'bank'), await listCredentials(deps, admin, { limit: 50 }), await showUsage(deps, admin, 'bank')];
    const audit = await fresh.databases.enginePool.query('select body::text from audit_entry');
    expect(JSON.stringify([all, audit.rows])).not.toContain(marker);
    await expect(make({ slug: 'bank' })).rejects.toMatchObject({ code: 'credential.exists' });
    await expect(showCredential(deps, admin, 'banc')).rejects.toMatchObject({ code: 'credential.unknown', hint: 'Did you mean "bank"?' });
  });

  it('name every fault by its path and repeat no value of a secret', async () => {
    expect(await faultsFrom(make({ type: 'shh' }))).toEqual(['credential_type.unknown']);
    expect(await faultsFrom(make({ fields: {} }))).toEqual(['fields.user']);
    expect(await faultsFrom(make({ secret: {} }))).toEqual(['secret.password']);
    expect(await faultsFrom(make({ secret: { password: 'abc' } }))).toEqual(['secret.password']);
    const wrong = await make({ type: 'password', secret: { passwort: 'do-not-repeat', password: 12345678 } }).catch((thrown) => thrown);
    expect(JSON.stringify([wrong.message, wrong.hint, wrong.details])).not.toMatch(/do-not-repeat|12345678/);
    expect(await faultsFrom(make({ secret: { privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${'x'.repeat(200)}` } }))).toEqual(['secret.privateKey']);
  });

  it('are managed by who holds credential.edit only, which the developer preset does not', async () => {
    await expect(make({}, developer)).rejects.toMatchObject({ code: 'permission.missing' });
    for (const work of [
      () => updateCredential(deps, developer, { slug: 'bank', title: 'Mine' }),
      () => rotateCredential(deps, developer, { slug: 'bank', ...CredentialRotation.parse({ secret: { password: 'mine now' } }) }),
      () => restoreCredential(deps, developer, 'bank'),
      () => archiveCredential(deps, developer, { slug: 'bank', force: true }),
      () => testCredential(deps, developer, { slug: 'bank', signal }),
      () => createConnection(connections, developer, sftp({ secret: { password: 'my own secret' } })),
    ])
      await expect(work()).rejects.toMatchObject({ code: 'permission.missing' });
    expect((await showCredential(deps, developer, 'bank')).slug).toBe('bank');
    expect(await createConnection(connections, developer, sftp())).toMatchObject({ hasSecret: false, credential: null });
    const none: Actor = { ...admin, permissions: new Set() };
    await expect(listCredentials(deps, none, { limit: 1 })).rejects.toMatchObject({ code: 'permission.missing' });
    await expect(showUsage(deps, none, 'bank')).rejects.toMatchObject({ code: 'permission.missing' });
  });

  it('rotate under a connection that stays as it is, by a new data key, and go back within the grace', async () => {
    const { slug } = await make({ secret: { password: 'the first one' } });
    const connection = await createConnection(connections, admin, sftp({ credential: slug, config: { host: 'sftp.example.com', hostKey } }));
    expect(connection).toMatchObject({ credential: slug, hasSecret: true, config: { user: 'tide' } });
    const wrapped = async () =>
      (await fresh.databases.enginePool.query('select wrapped_key from credential where slug = $1', [slug])).rows[0]?.wrapped_key.toString('hex');
    const before = await wrapped();
    expect(await rotate(slug, { secret: { password: 'the second one' }, fields: { user: 'wave' }, graceHours: 1 })).toMatchObject({
      version: 2,
      previousUntil: expect.any(String),
    });
    expect(await wrapped()).not.toBe(before);
    expect(await opened(connection.slug)).toMatchObject({ secret: { password: 'the second one' }, config: { user: 'wave' } });
    expect(await showConnection(connections, admin, connection.slug)).toEqual(connection);
    expect(await restoreCredential(deps, admin, slug)).toMatchObject({ version: 3, previousUntil: null, fields: { user: 'tide' } });
    expect(await opened(connection.slug)).toMatchObject({ secret: { password: 'the first one' }, config: { user: 'tide' } });
    await rotate(slug, { secret: { password: 'the third one' } });
    await expect(restoreCredential(deps, admin, slug)).rejects.toMatchObject({ code: 'credential.no_previous' });
    const { rows } = await fresh.databases.enginePool.query('select 1 from credential_previous');
    expect(rows).toEqual([]);
  });

  it('keep what a change leaves out, and fields that belong to the secret change only with it', async () => {
    const { slug } = await make({
      type: 'oauth2_client',
      fields: { tokenUrl: 'https://id.example.com/token', clientId: 'us' },
      secret: { clientSecret: 'only for id.example.com' },
    });
    expect(await updateCredential(deps, admin, { slug, description: 'For the bank', hosts: ['*.example.com'] })).toMatchObject({
      title: 'A key',
      description: 'For the bank',
    });
    const fields = { tokenUrl: 'https://evil.example.org/token', clientId: 'us' };
    expect(await faultsFrom(updateCredential(deps, admin, { slug, fields }))).toEqual(['fields.tokenUrl']);
    expect(await rotate(slug, { secret: { clientSecret: 'another one' }, fields })).toMatchObject({
      fields: { tokenUrl: fields.tokenUrl },
      hosts: ['*.example.com'],
    });
  });

  it('are found by state, type and text', async () => {
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    await make({ slug: 'ended', expiresOn: day(-3), remindDays: [] });
    await make({ slug: 'ending', expiresOn: day(10), type: 'database', description: 'warehouse 100%' });
    await make({ slug: 'far-off', expiresOn: day(400) });
    const find = async (query: object) => (await listCredentials(deps, admin, { limit: 50, ...query })).items.map((one) => one.slug);
    expect(await find({ state: 'expiring' })).toEqual(['ended', 'ending']);
    expect(await find({ state: 'expired' })).toEqual(['ended']);
    expect(await find({ state: 'active' })).toContain('far-off');
    expect(await find({ state: 'active' })).not.toContain('ending');
    expect(await find({ type: 'database' })).toEqual(['ending']);
    expect(await find({ search: '100%' })).toEqual(['ending']);
    expect((await showCredential(deps, admin, 'ended')).state).toBe('expired');
    expect((await showCredential(deps, admin, 'ending')).state).toBe('expiring');
  });

  it('are seen in their own workspace only', async () => {
    const workspaceId = newId();
    await fresh.databases.engine.insertInto('workspace').values({ id: workspaceId, slug: 'other', title: 'Other' }).execute();
    const stranger: Actor = { ...admin, workspaceId };
    expect((await listCredentials(deps, stranger, { limit: 50 })).items).toEqual([]);
    await expect(showCredential(deps, stranger, 'bank')).rejects.toMatchObject({ code: 'credential.unknown' });
    await expect(createConnection(connections, stranger, sftp({ credential: 'bank' }))).rejects.toMatchObject({ code: 'credential.unknown' });
    expect(await make({ slug: 'bank' }, stranger)).toMatchObject({ slug: 'bank' });
  });
});

describe('the change log', () => {
  it('takes back what was changed, and a rotation within its grace, but not what was changed again', async () => {
    const { reverts } = credentialChanges(deps);
    const lastChange = async (action: string, slug: string) => {
      const { rows } = await fresh.databases.enginePool.query(
        `select id, action, body->'object' as object, body->'before' as before, body->'after' as after from audit_entry where action = $1 and body->'object'->>'title' = $2 order by id desc limit 1`,
        [action, slug],
      );
      return rows[0];
    };
    const { slug } = await make({ description: 'as it was', secret: { password: 'as it was' } });
    const connection = await createConnection(connections, admin, sftp({ credential: slug }));
    await updateCredential(deps, admin, { slug, description: 'changed', hosts: ['*.example.com'] });
    const updated = await lastChange('credential.updated', slug);
    await reverts['credential.updated']?.(admin, updated);
    expect(await showCredential(deps, admin, slug)).toMatchObject({ description: 'as it was', hosts: [] });
    await expect(reverts['credential.updated']?.(admin, updated)).rejects.toMatchObject({ code: 'change.superseded' });
    await rotate(slug, { secret: { password: 'too early' }, graceHours: 1 });
    await reverts['credential.rotated']?.(admin, await lastChange('credential.rotated', slug));
    expect(await opened(connection.slug)).toMatchObject({ secret: { password: 'as it was' } });
  });
});

describe('whoever may edit connections but not credentials', () => {
  const evil = { host: 'evil.example.org', user: 'tide', hostKey };
  it('cannot have a credential sent to a server of his own, by no way', async () => {
    const { slug } = await make({ slug: 'treasure', secret: { password: 'of the treasury' } });
    const refusal = { code: 'credential.not_for_all', status: 403 };
    await expect(createConnection(connections, developer, sftp({ credential: slug, config: evil }))).rejects.toMatchObject(refusal);
    await expect(tryConnection(connections, developer, { type: 'sftp', credential: slug, config: evil, signal })).rejects.toMatchObject(refusal);
    const joined = await createConnection(connections, admin, sftp({ credential: slug }));
    // He may change what does not lead elsewhere.
    expect(
      await updateConnection(connections, developer, { slug: joined.slug, title: 'Renamed', config: { ...joined.config, timeoutSeconds: 5 } }),
    ).toMatchObject({ title: 'Renamed' });
    for (const change of [{ host: 'evil.example.org' }, { port: 2222 }, { hostKey: `SHA256:${'B'.repeat(43)}` }]) {
      const config = { ...joined.config, ...change };
      await expect(updateConnection(connections, developer, { slug: joined.slug, title: 'N', config })).rejects.toMatchObject(refusal);
      await expect(updateConnection(connections, developer, { slug: joined.slug, title: 'N', config, credential: slug })).rejects.toMatchObject(refusal);
      await expect(tryConnection(connections, developer, { type: 'sftp', slug: joined.slug, config, signal })).rejects.toMatchObject(refusal);
    }
    const own = await createConnection(connections, developer, sftp({ config: evil }));
    await expect(updateConnection(connections, developer, { slug: own.slug, title: 'N', config: evil, credential: slug })).rejects.toMatchObject(refusal);
    const plain = await createConnection(connections, admin, sftp({ secret: { password: 'a private one' } }));
    // Not by letting go of a credential that is not there, either.
    for (const credential of [null, undefined])
      expect(
        await faultsFrom(updateConnection(connections, developer, { slug: plain.slug, title: 'N', config: { ...plain.config, host: evil.host }, credential })),
      ).toEqual(['secret']);
  });

  it('may use one that names hosts, there and nowhere else; narrowing takes effect at the next opening', async () => {
    const { slug } = await make({ hosts: ['sftp.example.com:22', '*.bank.example'] });
    const joined = await createConnection(connections, developer, sftp({ credential: slug }));
    await createConnection(connections, developer, sftp({ credential: slug, config: { ...evil, host: 'a.b.bank.example' } }));
    for (const host of ['evil.example.org', 'bank.example', 'sftp.example.com.evil.example.org', 'evilbank.example'])
      expect(await faultsFrom(createConnection(connections, developer, sftp({ credential: slug, config: { ...evil, host } })))).toEqual(['credential']);
    expect(
      await faultsFrom(createConnection(connections, developer, sftp({ credential: slug, config: { ...evil, host: 'sftp.example.com', port: 2222 } }))),
    ).toEqual(['credential']);
    // Not even who may edit credentials sends it past what it says.
    expect(await faultsFrom(createConnection(connections, admin, sftp({ credential: slug, config: evil })))).toEqual(['credential']);
    expect(await opened(joined.slug)).toMatchObject({ secret: { password: 'correct horse' } });
    await updateCredential(deps, admin, { slug, hosts: ['*.bank.example'] });
    await expect(opened(joined.slug)).rejects.toMatchObject({ code: 'connection.invalid' });
    await updateCredential(deps, admin, { slug, hosts: [], connections: ['another'] });
    await expect(opened(joined.slug)).rejects.toMatchObject({ code: 'connection.invalid' });
  });

  it('needs to see a credential to name it, and one that fits', async () => {
    const blind: Actor = { ...admin, permissions: new Set(['connection.edit', 'connection.read', 'credential.edit']) };
    await expect(createConnection(connections, blind, sftp({ credential: 'bank' }))).rejects.toMatchObject({ code: 'permission.missing' });
    expect(await faultsFrom(createConnection(connections, admin, sftp({ credential: 'bank', secret: { password: 'both at once' } })))).toEqual(['credential']);
    expect(await faultsFrom(createConnection(connections, admin, sftp({ credential: 'bank', config: { ...evil, user: 'somebody' } })))).toEqual([
      'config.user',
    ]);
    const { slug } = await make({ type: 'api_key', fields: {}, secret: { apiKey: 'key-of-a-service' } });
    expect(await faultsFrom(createConnection(connections, admin, sftp({ credential: slug })))).toEqual(['credential']);
  });
});

describe('the use of a credential', () => {
  it('lists connections, flows and the last run, and keeps it from being archived', async () => {
    const { slug } = await make();
    const connection = await createConnection(connections, admin, sftp({ credential: slug, slug: 'used-server' }));
    const step = { use: 'deliver.sftp', from: 'file', with: { connection: connection.slug } };
    const document = FlowDocument.parse({
      flow: 'sends',
      title: 'Sends',
      // Inside a group it is used as well.
      steps: { group: { use: 'flow.steps', steps: { file: { use: 'report.text', with: { fileName: connection.slug, template: 'x' } }, send: step } } },
    });
    const { flowId, versionId } = await insertFlow(fresh.databases, { workspaceId: fresh.workspaceId, document });
    const text = FlowDocument.parse({
      flow: 'no-use',
      title: 'No use',
      steps: { file: { use: 'report.text', with: { fileName: connection.slug, template: 'x' } } },
    });
    await insertFlow(fresh.databases, { workspaceId: fresh.workspaceId, document: text });
    const runId = newId();
    await fresh.databases.enginePool.query(
      `insert into run (workspace_id, id, flow_id, version_id, state, parameters, started_by, frozen_now, frozen_today) values ($1, $2, $3, $4, 'succeeded', '{}', 'x', now(), current_date)`,
      [fresh.workspaceId, runId, flowId, versionId],
    );
    const port = createConnectionPort(connections);
    for (let index = 0; index < 50; index += 1) (await port.open(fresh.workspaceId, connection.slug, { runId })).release();
    await connections.uses?.close();
    const usage = await showUsage(deps, admin, slug);
    expect(usage.connections).toMatchObject([{ slug: connection.slug, lastUsedAt: expect.any(String), lastRun: { id: runId, flow: 'sends' } }]);
    expect(usage.flows).toEqual([{ slug: 'sends', title: 'Sends', connections: [connection.slug] }]);
    expect(await showCredential(deps, admin, slug)).toMatchObject({ usedBy: 1, lastUsedAt: usage.connections[0]?.lastUsedAt });
    await expect(archiveCredential(deps, admin, { slug, force: false })).rejects.toMatchObject({
      code: 'credential.in_use',
      message: expect.stringContaining('used-server'),
    });
    expect(await archiveCredential(deps, admin, { slug, force: true })).toMatchObject({ state: 'archived' });
    await expect(opened(connection.slug)).rejects.toMatchObject({ code: 'credential.archived' });
    const { rows } = await fresh.databases.enginePool.query('select ciphertext, wrapped_key from credential where slug = $1', [slug]);
    expect(rows).toEqual([{ ciphertext: null, wrapped_key: null }]);
    // One of the same name later is another one: what used the old one does not get its secret.
    await make({ slug });
    await expect(opened(connection.slug)).rejects.toMatchObject({ code: 'credential.archived' });
  });
});

describe('keys and certificates', () => {
  it('an SSH key shows the fingerprint that ssh-keygen shows, with and without passphrase', async () => {
    for (const passphrase of ['', 'open sesame']) {
      const file = path.join(folder, `id-${passphrase.length}`);
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'tide@wheel', '-f', file]);
      const secret = { privateKey: await readFile(file, 'utf8'), ...(passphrase ? { passphrase } : {}) };
      const print = execFileSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' }).split(' ')[1];
      const made = await make({ secret });
      expect(made.facts).toMatchObject({ keyType: 'ssh-ed25519', fingerprint: print });
      expect(await testCredential(deps, admin, { slug: made.slug, signal })).toMatchObject({
        ok: true,
        checks: [{ name: 'vault' }, { name: 'key', ok: true, detail: `ssh-ed25519 ${print}` }],
        notProven: [expect.stringContaining('no connection uses it')],
      });
      if (passphrase) expect(await faultsFrom(make({ secret: { ...secret, passphrase: 'not this one' } }))).toEqual(['secret.privateKey']);
    }
  });

  it('a certificate gives its end and must belong to its key', async () => {
    const [key, pem] = [path.join(folder, 'k.pem'), path.join(folder, 'c.pem')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '20',
        '-subj',
        '/CN=tide.example',
        '-keyout',
        key,
        '-out',
        pem,
      ],
      { stdio: 'ignore' },
    );
    const [privateKey, certificate] = [await readFile(key, 'utf8'), await readFile(pem, 'utf8')];
    const made = await make({ type: 'certificate', fields: { certificate }, secret: { privateKey } });
    const end = execFileSync('openssl', ['x509', '-in', pem, '-noout', '-enddate'], { encoding: 'utf8' });
    expect(made).toMatchObject({
      state: 'expiring',
      expiresOn: new Date(end.split('=')[1] ?? '').toISOString().slice(0, 10),
      facts: { subject: 'CN=tide.example', chain: 1 },
    });
    expect(await testCredential(deps, admin, { slug: made.slug, signal })).toMatchObject({
      ok: true,
      checks: [{ name: 'vault' }, { name: 'key' }, { name: 'validity', ok: true }],
    });
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    expect(await faultsFrom(make({ type: 'certificate', fields: { certificate }, secret: { privateKey: other } }))).toEqual(['secret.privateKey']);
    expect(await faultsFrom(make({ type: 'certificate', fields: { certificate: `no certificate at all ${'x'.repeat(60)}` }, secret: { privateKey } }))).toEqual(
      ['fields.certificate'],
    );
    expect(await faultsFrom(updateCredential(deps, admin, { slug: made.slug, fields: { certificate: `${certificate}\n` } }))).toEqual(['fields.certificate']);
  });
});

describe('the test of a credential', () => {
  it('fetches a token with the right secret, and says what the server says to a wrong one', async () => {
    const calls: string[] = [];
    const server = http.createServer((request, response) => {
      calls.push(request.headers.authorization ?? '');
      const isRight = request.headers.authorization === `Basic ${Buffer.from('us:p%40ss+word').toString('base64')}`;
      response.writeHead(isRight ? 200 : 401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(
          isRight
            ? { access_token: 'the-token-itself', token_type: 'Bearer', expires_in: 60 }
            : { error: 'invalid_client', error_description: `not ${request.headers.authorization}` },
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const fields = { tokenUrl: `http://127.0.0.1:${port}/token`, clientId: 'us' };
    const { slug } = await make({ type: 'oauth2_client', fields, secret: { clientSecret: 'p@ss word' } });
    // A token address is named by a user: the way out is closed to it until an administrator opens it.
    allowEgress([]);
    expect(await testCredential(deps, admin, { slug, signal })).toMatchObject({ ok: false });
    expect(calls).toEqual([]);
    allowEgress([`127.0.0.1:${port}`]);
    const right = await testCredential(deps, admin, { slug, signal });
    expect(right).toMatchObject({ ok: true, checks: [{ name: 'vault' }, { name: 'token', ok: true }] });
    expect(JSON.stringify(right)).not.toContain('the-token-itself');
    await rotate(slug, { secret: { clientSecret: 'not this one' } });
    const wrong = await testCredential(deps, admin, { slug, signal });
    expect(wrong).toMatchObject({ ok: false, checks: [{ name: 'vault' }, { name: 'token', ok: false, detail: expect.stringContaining('invalid_client') }] });
    expect(JSON.stringify(wrong)).not.toContain(calls.at(-1)?.split(' ')[1]);
    allowEgress([]);
    server.close();
  });

  it('goes through a connection that uses it, and through none that does not', async () => {
    const { slug } = await make();
    await createConnection(connections, admin, sftp({ credential: slug, slug: 'closed-port', config: { host: '127.0.0.1', port: 9, user: 'tide', hostKey } }));
    expect(await testCredential(deps, admin, { slug, connection: 'closed-port', signal })).toMatchObject({
      ok: false,
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'vault', ok: true }),
        expect.objectContaining({ name: expect.stringContaining('closed-port: '), ok: false }),
      ]),
    });
    expect(await faultsFrom(testCredential(deps, admin, { slug, connection: 'used-server', signal }))).toEqual(['connection']);
  });

  it('signs for S3 and says what the store says, and what it cannot prove', async () => {
    const seen: Record<string, string | string[] | undefined>[] = [];
    const server = http.createServer((request, response) => {
      seen.push(request.headers);
      response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    allowEgress([`127.0.0.1:${port}`]);
    const { slug } = await make({
      type: 'aws_keys',
      fields: { accessKeyId: 'AKIDEXAMPLE', region: 'eu-central-1', endpoint: `http://127.0.0.1:${port}` },
      secret: { secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
    });
    expect(await testCredential(deps, admin, { slug, signal })).toMatchObject({
      ok: false,
      checks: [{ name: 'vault' }, { name: 'sign-in', detail: expect.stringContaining('SignatureDoesNotMatch') }],
    });
    expect(seen[0]?.['x-amz-content-sha256']).toBe(createHash('sha256').update('').digest('hex'));
    expect(seen[0]?.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/s3\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
    );
    const silent = await make({ type: 'aws_keys', fields: { accessKeyId: 'AKID' }, secret: { secretAccessKey: 'wJalrXUtnFEMI' } });
    expect(await testCredential(deps, admin, { slug: silent.slug, signal })).toMatchObject({ ok: true, notProven: [expect.stringContaining('no endpoint')] });
    allowEgress([]);
    server.close();
  });
});

describe('reminders', () => {
  it('go to each administrator once for each day that was asked for, and are audited; a new end is announced anew', async () => {
    const pool = fresh.databases.enginePool;
    await pool.query(`update credential set expires_on = null`);
    const people = [];
    for (const email of ['a@example.com', 'b@example.com']) {
      const { rows } = await pool.query<{ id: string }>(`insert into identity."user" (id, name, email) values ($1, 'A', $2) returning id`, [newId(), email]);
      await pool.query(`insert into identity.membership (workspace_id, user_id, role) values ($1, $2, $3)`, [
        fresh.workspaceId,
        rows[0]?.id,
        email.startsWith('a') ? 'admin' : 'developer',
      ]);
      people.push(rows[0]?.id);
    }
    const sent: { to: string; subject: string; text: string }[] = [];
    let isConfigured = false;
    const mailer = { isConfigured: async () => isConfigured, enqueue: async (_trx: unknown, mail: (typeof sent)[number]) => void sent.push(mail) };
    const remind = () => remindOfExpiry({ databases: fresh.databases, mailer, log });
    const on = (days: number) =>
      pool.query(`update credential set expires_on = current_date + $1::int, remind_days = '{30,7,1}' where slug = 'ending'`, [days]);
    await on(20);
    expect(await remind()).toBe(0);
    isConfigured = true;
    expect(await Promise.all([remind(), remind()]).then(([one, two]) => one + two)).toBe(1);
    expect(sent).toMatchObject([
      { to: 'a@example.com', subject: expect.stringContaining('ends in 20 days'), text: expect.stringContaining('tidewheel credential rotate ending') },
    ]);
    expect(await remind()).toBe(0);
    await pool.query(`update credential_reminder set expires_on = current_date + 6`);
    await on(6);
    expect(await remind()).toBe(1);
    expect(await remind()).toBe(0);
    await on(5);
    expect(await remind()).toBe(1);
    expect(sent).toHaveLength(3);
    const { rows } = await pool.query(`select body->>'after' as after from audit_entry where action = 'credential.reminded'`);
    expect(rows).toHaveLength(3);
  });
});

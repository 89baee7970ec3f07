import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { permissions } from '@tidewheel/contract/route';
import { connectors } from '@tidewheel/steps/index';
import { sshdMissing, startSshd } from '@tidewheel/steps/testing/sshd';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { redactor } from '../../base/redactor.ts';
import { createVault } from '../../platform/vault/vault.service.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { createConnectionPort } from './connection-port.ts';
import {
  archiveConnection,
  type ConnectionDeps,
  type ConnectionInput,
  createConnection,
  listConnections,
  listConnectors,
  showConnection,
  testConnection,
  tryConnection,
  updateConnection,
} from './connections.service.ts';

const hostKey = `SHA256:${'A'.repeat(43)}`;
const password = 'correct-horse-battery';
const { signal } = new AbortController();
let fresh: FreshDatabase;
let deps: ConnectionDeps;
let admin: Actor;
let allowed: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  allowed = await mkdtemp(path.join(tmpdir(), 'tw-allowed-'));
  const vault = createVault({ databases: fresh.databases, masterKey: fresh.address.masterKey });
  deps = { databases: fresh.databases, vault, connectors: { all: connectors, limits: { folders: [allowed], dataFolder: '/nowhere' } } };
  admin = { userId: newId(), label: 'admin@example.com', workspaceId: fresh.workspaceId, role: 'admin', permissions: new Set(permissions) };
});
afterAll(async () => {
  await fresh?.drop();
  await rm(allowed, { recursive: true, force: true });
});

let count = 0;
function sftpInput(changes: Partial<ConnectionInput> = {}): ConnectionInput {
  return {
    slug: `sftp-${++count}`,
    title: 'A server',
    type: 'sftp',
    config: { host: 'sftp.example.com', user: 'tide', hostKey },
    secret: { password },
    ...changes,
  };
}
const faultsOf = (thrown: { details?: { faults?: { path: string }[] } }) => thrown.details?.faults?.map((fault) => fault.path);
async function faultsFrom(work: Promise<unknown>): Promise<string[] | undefined> {
  return work.then(
    () => undefined,
    (thrown) => faultsOf(thrown),
  );
}
async function storedSecret(slug: string): Promise<unknown> {
  const opened = await createConnectionPort(deps).open(fresh.workspaceId, slug);
  opened.release();
  return opened.secret;
}

describe('connections', () => {
  it('are created, shown and listed without their secret', async () => {
    const input = sftpInput({ slug: 'regulator', title: 'The regulator 100%' });
    const made = await createConnection(deps, admin, input);
    expect(made).toMatchObject({ slug: 'regulator', type: 'sftp', hasSecret: true, config: { port: 22, timeoutSeconds: 20 }, archivedAt: null });
    const shown = await showConnection(deps, admin, 'regulator');
    const list = await listConnections(deps, admin, { limit: 50 });
    expect(JSON.stringify([made, shown, list])).not.toContain(password);
    expect(list.items).toContainEqual(shown);
    expect(await storedSecret('regulator')).toEqual({ password });
    await expect(createConnection(deps, admin, input)).rejects.toMatchObject({ code: 'connection.exists' });
  });

  it('are found by type and by a part of slug or title, wildcards taken as they are', async () => {
    const find = async (query: { type?: string; search?: string }) =>
      (await listConnections(deps, admin, { limit: 50, ...query })).items.map((one) => one.slug);
    expect(await find({ search: '100%' })).toEqual(['regulator']);
    expect(await find({ search: 'r_g' })).toEqual([]);
    expect(await find({ type: 'folder' })).toEqual([]);
    expect(await find({ type: 'sftp', search: 'REGUL' })).toEqual(['regulator']);
  });

  it('name every fault by its path and never repeat a secret', async () => {
    expect(await faultsFrom(createConnection(deps, admin, sftpInput({ config: { host: 'sftp://x', port: 0, usr: 'tide', hostKey } })))).toEqual(
      expect.arrayContaining(['config.host', 'config.port', 'config.user', 'config.usr']),
    );
    expect(await faultsFrom(createConnection(deps, admin, sftpInput({ config: { host: 'h', user: 'tide' } })))).toEqual(['config.hostKey']);
    expect(await faultsFrom(createConnection(deps, admin, sftpInput({ config: { host: 'h', user: 'a\0b', hostKey } })))).toEqual(['config.user']);
    expect(await faultsFrom(createConnection(deps, admin, sftpInput({ secret: {} })))).toEqual(['secret.password']);
    expect(await faultsFrom(createConnection(deps, admin, sftpInput({ secret: { password: 'abc' } })))).toEqual(['secret.password']);
    const wrong = await createConnection(deps, admin, sftpInput({ secret: { passwort: 'do-not-repeat-me', password: 12345678 } })).catch((thrown) => thrown);
    expect(faultsOf(wrong)).toEqual(expect.arrayContaining(['secret.passwort', 'secret.password']));
    expect(JSON.stringify([wrong.message, wrong.hint, wrong.details])).not.toMatch(/do-not-repeat-me|12345678/);
    expect(await faultsFrom(createConnection(deps, admin, { slug: 'f', title: 'F', type: 'folder', config: { root: allowed }, secret: { password } }))).toEqual(
      ['secret'],
    );
    await expect(createConnection(deps, admin, sftpInput({ type: 'stfp' }))).rejects.toMatchObject({ code: 'connector.unknown', hint: 'Did you mean "sftp"?' });
  });

  it('keep, replace or remove the secret as told', async () => {
    const { slug, ...input } = sftpInput();
    await createConnection(deps, admin, { slug, ...input });
    expect(await updateConnection(deps, admin, { slug, title: 'Renamed', config: { ...input.config, timeoutSeconds: 5 } })).toMatchObject({
      title: 'Renamed',
      hasSecret: true,
    });
    expect(await storedSecret(slug)).toEqual({ password });
    await updateConnection(deps, admin, { slug, title: 'Renamed', config: input.config, secret: { password: 'another-one' } });
    expect(await storedSecret(slug)).toEqual({ password: 'another-one' });
    expect(await updateConnection(deps, admin, { slug, title: 'Renamed', config: input.config, secret: null })).toMatchObject({ hasSecret: false });
    expect(await storedSecret(slug)).toBeNull();
    const { rows } = await fresh.databases.enginePool.query('select 1 from credential c where not exists (select from connection where credential_id = c.id)');
    expect(rows).toEqual([]);
  });

  it.each([
    ['host', 'evil.example.com'],
    ['port', 2222],
    ['user', 'other'],
    ['hostKey', `SHA256:${'B'.repeat(43)}`],
  ])('do not carry a kept secret to another %s, neither on saving nor on trying', async (name, value) => {
    const { slug, ...input } = sftpInput();
    await createConnection(deps, admin, { slug, ...input });
    const config = { ...input.config, [name]: value };
    const saving = await updateConnection(deps, admin, { slug, title: 't', config }).catch((thrown) => thrown);
    expect(saving).toMatchObject({ code: 'connection.invalid', message: expect.stringContaining(`${name} changed`) });
    expect(faultsOf(saving)).toEqual(['secret']);
    expect(await faultsFrom(tryConnection(deps, admin, { type: 'sftp', config, slug, signal }))).toEqual(['secret']);
    expect(await updateConnection(deps, admin, { slug, title: 't', config, secret: { password: 'given again' } })).toMatchObject({ config: { [name]: value } });
  });

  it('lose their secret when archived, and their name can be used again', async () => {
    const input = sftpInput();
    const made = await createConnection(deps, admin, input);
    expect(await archiveConnection(deps, admin, input.slug)).toMatchObject({ hasSecret: false, archivedAt: expect.any(String) });
    expect((await listConnections(deps, admin, { limit: 200 })).items.map((one) => one.slug)).not.toContain(input.slug);
    await expect(createConnectionPort(deps).open(fresh.workspaceId, input.slug)).rejects.toMatchObject({ code: 'connection.archived' });
    await expect(updateConnection(deps, admin, input)).rejects.toMatchObject({ code: 'connection.archived' });
    const again = await createConnection(deps, admin, { ...input, secret: null });
    expect(again).toMatchObject({ id: made.id, hasSecret: false, archivedAt: null });
  });

  it('need the permission for every verb', async () => {
    const nobody: Actor = { ...admin, permissions: new Set() };
    const reader: Actor = { ...admin, permissions: new Set(['connection.read']) };
    const input = sftpInput();
    const needRead = [
      () => listConnections(deps, nobody, { limit: 1 }),
      () => showConnection(deps, nobody, 'regulator'),
      async () => listConnectors(deps, nobody),
    ];
    const needEdit = [
      () => createConnection(deps, reader, input),
      () => updateConnection(deps, reader, { ...input, slug: 'regulator' }),
      () => archiveConnection(deps, reader, 'regulator'),
      () => testConnection(deps, reader, { slug: 'regulator', signal }),
      () => tryConnection(deps, reader, { ...input, signal }),
    ];
    for (const work of [...needRead, ...needEdit]) await expect(work()).rejects.toMatchObject({ code: 'permission.missing' });
  });

  it('are seen in their own workspace only', async () => {
    const workspaceId = newId();
    await fresh.databases.engine.insertInto('workspace').values({ id: workspaceId, slug: 'other', title: 'Other' }).execute();
    const stranger: Actor = { ...admin, workspaceId };
    expect((await listConnections(deps, stranger, { limit: 50 })).items).toEqual([]);
    await expect(showConnection(deps, stranger, 'regulator')).rejects.toMatchObject({ code: 'connection.unknown' });
    await expect(createConnectionPort(deps).open(workspaceId, 'regulator')).rejects.toMatchObject({ code: 'connection.unknown' });
    expect(await createConnection(deps, stranger, sftpInput({ slug: 'regulator' }))).toMatchObject({ slug: 'regulator' });
  });
});

describe('folder connections', () => {
  const folder = (root: string): ConnectionInput => ({ slug: `folder-${++count}`, title: 'A folder', type: 'folder', config: { root } });
  it('have their root below an allowed folder, on saving, trying and opening', async () => {
    const outside = await createConnection(deps, admin, folder('/etc')).catch((thrown) => thrown);
    expect(outside).toMatchObject({ code: 'connection.invalid', hint: expect.stringContaining('TIDEWHEEL_FOLDERS') });
    expect(faultsOf(outside)).toEqual(['config.root']);
    expect(await faultsFrom(createConnection(deps, admin, folder('relative/path')))).toEqual(['config.root']);
    expect(await faultsFrom(tryConnection(deps, admin, { ...folder('/etc'), signal }))).toEqual(['config.root']);
    const inside = folder(path.join(allowed, 'in'));
    await createConnection(deps, admin, inside);
    expect(await testConnection(deps, admin, { slug: inside.slug, signal })).toMatchObject({ ok: false, checks: [{ name: 'folder', ok: false }] });
    await mkdir(path.join(allowed, 'in'));
    expect(await testConnection(deps, admin, { slug: inside.slug, signal })).toMatchObject({ ok: true });
    expect(await createConnectionPort(deps).open(fresh.workspaceId, inside.slug)).toMatchObject({
      type: 'folder',
      config: { root: path.join(allowed, 'in'), readOnly: false },
      secret: null,
    });
    const narrowed = createConnectionPort({ ...deps, connectors: { all: connectors, limits: { folders: [], dataFolder: '/nowhere' } } });
    expect(await faultsFrom(narrowed.open(fresh.workspaceId, inside.slug))).toEqual(['config.root']);
  });
});

describe('the port of the engine', () => {
  it('opens with a secret that the redactor knows until it is released', async () => {
    const input = sftpInput({ secret: { password: 'only-while-open' } });
    await createConnection(deps, admin, input);
    const opened = await createConnectionPort(deps).open(fresh.workspaceId, input.slug);
    expect(opened).toMatchObject({ slug: input.slug, type: 'sftp', secret: { password: 'only-while-open' } });
    expect(redactor.text('log: only-while-open')).toBe('log: [redacted]');
    opened.release();
    opened.release();
    expect(redactor.text('log: only-while-open')).toContain('only-while-open');
  });
  it('names the closest slug, and lists what exists', async () => {
    const port = createConnectionPort(deps);
    await expect(port.open(fresh.workspaceId, 'regulater')).rejects.toMatchObject({ code: 'connection.unknown', hint: 'Did you mean "regulator"?' });
    expect(await port.list(fresh.workspaceId)).toContainEqual({ slug: 'regulator', type: 'sftp', folder: null });
  });
});

describe('tests of connections', () => {
  it('list the connectors with schemas that a form can use', () => {
    const infos = listConnectors(deps, admin);
    expect(infos.map((info) => info.type)).toEqual(expect.arrayContaining(['folder', 'sftp']));
    const sftp = infos.find((info) => info.type === 'sftp');
    expect(sftp?.config).toMatchObject({ type: 'object', required: ['host', 'user'], properties: { port: { default: 22, title: 'Port' } } });
    expect(sftp?.secret).toMatchObject({ properties: { password: { widget: 'password' } } });
  });

  it('take out a secret that the far side sends back', async () => {
    const server = net.createServer((socket) => void socket.on('error', () => {}).end(`no such user with ${password}\r\n`));
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as net.AddressInfo;
    const result = await tryConnection(deps, admin, { type: 'sftp', config: { host: '127.0.0.1', port, user: 'u', hostKey }, secret: { password }, signal });
    server.close();
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain(password);
    expect(redactor.text(password)).toBe(password);
  });

  it('end when the person goes away', async () => {
    const server = net.createServer((socket) => void socket.on('error', () => {}));
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as net.AddressInfo;
    const result = await tryConnection(deps, admin, {
      type: 'sftp',
      config: { host: '127.0.0.1', port, user: 'u', hostKey },
      secret: { password },
      signal: AbortSignal.timeout(200),
    });
    server.close();
    expect(result.ok).toBe(false);
  });

  it.skipIf(sshdMissing !== undefined)('show the host key of a real server, then sign in there with the stored secret', async () => {
    await using sshd = await startSshd();
    const { hostKey: _, ...unpinned } = sshd.config();
    const secret = { password: sshd.user.password };
    expect(await faultsFrom(createConnection(deps, admin, sftpInput({ slug: 'real', config: unpinned, secret })))).toEqual(['config.hostKey']);
    const first = await tryConnection(deps, admin, { type: 'sftp', config: unpinned, secret, signal });
    expect(first).toMatchObject({ ok: false, discovered: { hostKey: sshd.hostKey } });
    await createConnection(deps, admin, sftpInput({ slug: 'real', config: { ...unpinned, hostKey: first.discovered?.hostKey }, secret }));
    const stored = await testConnection(deps, admin, { slug: 'real', signal });
    expect(stored).toMatchObject({ ok: true });
    expect(await tryConnection(deps, admin, { type: 'sftp', config: { ...sshd.config(), timeoutSeconds: 7 }, slug: 'real', signal })).toMatchObject({
      ok: true,
    });
    expect(JSON.stringify(stored)).not.toContain(sshd.user.password);
  });
});

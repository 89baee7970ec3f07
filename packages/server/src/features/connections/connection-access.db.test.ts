// Connections and uploaded files for who may see and change some of them, and parts of those.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { permissions } from '@tidewheel/contract/route';
import { connectors } from '@tidewheel/steps/index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { maskText } from '../../base/masked-view.ts';
import { createVault } from '../../platform/vault/vault.service.ts';
import { createLocalStore } from '../../storage/objects/local-store.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { type Limits, limitedActor } from '../../testing/limited-actor.ts';
import { downloadFile, listFiles, removeFile, uploadFile } from '../files/files.service.ts';
import {
  archiveConnection,
  createConnection,
  listConnections,
  showConnection,
  testConnection,
  tryConnection,
  updateConnection,
} from './connections.service.ts';

const { signal } = new AbortController();
const hostKey = `SHA256:${'A'.repeat(43)}`;
let fresh: FreshDatabase;
let folder: string;
let admin: Actor;
let deps: Parameters<typeof createConnection>[0];
let files: Parameters<typeof uploadFile>[0];
beforeAll(async () => {
  fresh = await freshDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'tw-access-'));
  const vault = createVault({ databases: fresh.databases, masterKey: fresh.address.masterKey });
  deps = { databases: fresh.databases, vault, connectors: { all: connectors, limits: { folders: [folder], dataFolder: '/nowhere' } } };
  files = { databases: fresh.databases, objects: await createLocalStore(folder) };
  admin = { userId: null, label: 'ann@example.com', workspaceId: fresh.workspaceId, role: null, permissions: new Set(permissions) };
  for (const [slug, where] of [
    ['bank', 'finance'],
    ['payroll', 'people'],
  ] as const)
    await createConnection(deps, admin, { slug, title: slug, type: 'sftp', folder: where, config: { host: '127.0.0.1', port: 9, user: 'tide', hostKey } });
});
afterAll(async () => {
  await fresh.drop();
  await rm(folder, { recursive: true, force: true });
});

const someone = (limits: Limits): Actor => limitedActor(fresh.workspaceId, limits);
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { status: number; code: string }) => `${error.status} ${error.code}`,
  );
const finance = () =>
  someone({
    rules: [
      { permissions: ['connection.read', 'connection.edit'], where: { folder: ['finance'] } },
      { permissions: ['connection.read'], where: { connection: ['shown'] } },
    ],
  });
const config = { host: '127.0.0.1', port: 9, user: 'tide', hostKey };

describe('whoever may see one folder of connections', () => {
  it('lists and finds what is in it, and no other name', async () => {
    const eve = finance();
    expect(await listConnections(deps, eve, { limit: 10 })).toMatchObject({ total: 1, items: [{ slug: 'bank', folder: 'finance' }] });
    expect((await listConnections(deps, admin, { limit: 10, folder: 'people' })).items.map((one) => one.slug)).toEqual(['payroll']);
    for (const slug of ['payroll', 'nothing']) {
      const works = [
        showConnection(deps, eve, slug),
        updateConnection(deps, eve, { slug, title: 'x', config }),
        archiveConnection(deps, eve, slug),
        testConnection(deps, eve, { slug, signal }),
        tryConnection(deps, eve, { type: 'sftp', config, slug, signal }),
      ];
      expect(await Promise.all(works.map(outcome))).toEqual(works.map(() => '404 connection.unknown'));
    }
    await expect(showConnection(deps, eve, 'payrol')).rejects.toMatchObject({ hint: 'Make it under Connections first.' });
    await createConnection(deps, admin, { slug: 'shown', title: 'shown', type: 'sftp', config });
    await expect(archiveConnection(deps, eve, 'shown')).rejects.toMatchObject({
      status: 403,
      details: { permission: 'connection.edit', why: [{ verdict: 'other objects only' }] },
    });
  });
  it('makes and moves connections within it only', async () => {
    const eve = finance();
    const made = (slug: string, where: string | null) => outcome(createConnection(deps, eve, { slug, title: slug, type: 'sftp', folder: where, config }));
    expect(await made('inside', 'finance/emir')).toBe('done');
    expect(await made('outside', 'people')).toBe('403 permission.missing');
    expect(await made('nowhere', null)).toBe('403 permission.missing');
    expect(await outcome(updateConnection(deps, eve, { slug: 'inside', title: 'x', config, folder: 'people' }))).toBe('403 permission.missing');
    expect(await updateConnection(deps, eve, { slug: 'inside', title: 'x', config })).toMatchObject({ folder: 'finance/emir' });
    expect(await updateConnection(deps, admin, { slug: 'inside', title: 'x', config, folder: null })).toMatchObject({ folder: null });
  });
});

describe('masks of connections', () => {
  const masked = () =>
    someone({
      rules: [{ permissions: ['connection.read', 'connection.edit'] }],
      masks: [
        { type: 'connection', field: 'config.host', as: 'masked' },
        { type: 'connection', field: 'config.user', as: 'hidden' },
      ],
    });
  it('take settings out of every view, and a form that sends back what it was given changes nothing', async () => {
    const eve = masked();
    const seen = await showConnection(deps, eve, 'bank');
    expect(seen.config).toEqual({ ...(await showConnection(deps, admin, 'bank')).config, host: maskText, user: undefined });
    expect(JSON.stringify(await listConnections(deps, eve, { limit: 10 }))).not.toContain('127.0.0.1');
    await updateConnection(deps, eve, { slug: 'bank', title: 'The bank', config: seen.config });
    expect(await showConnection(deps, admin, 'bank')).toMatchObject({ title: 'The bank', config: { host: '127.0.0.1', user: 'tide' } });
  });
  it('keep them out of what a test reports', async () => {
    const eve = masked();
    const plain = JSON.stringify(await testConnection(deps, admin, { slug: 'bank', signal }));
    expect(plain).toContain('127.0.0.1');
    expect(JSON.stringify(await testConnection(deps, eve, { slug: 'bank', signal }))).not.toContain('127.0.0.1');
    const seen = await showConnection(deps, eve, 'bank');
    const tried = JSON.stringify(await tryConnection(deps, eve, { slug: 'bank', type: 'sftp', config: seen.config, signal }));
    expect(tried).not.toContain('127.0.0.1');
    expect(tried).toContain(maskText);
  });
  it('cannot be guessed by searching', async () => {
    expect((await listConnections(deps, masked(), { limit: 10, search: '127.0' })).total).toBe(0);
  });
});

describe('uploaded files of oneself', () => {
  async function* text(content: string) {
    yield Buffer.from(content);
  }
  const upload = (actor: Actor, slug: string) => uploadFile(files, actor, { slug, name: `${slug}.txt`, mediaType: 'text/plain', content: text(slug) });
  it('are all that is seen, and no other one is replaced or removed', async () => {
    const eve = someone({ rules: [{ permissions: ['file.read', 'file.edit'], where: { uploadedBy: ['@me'] } }] });
    await upload(admin, 'anns');
    await upload(eve, 'eves');
    expect(await listFiles(files, eve, { limit: 10 })).toMatchObject({ total: 1, items: [{ slug: 'eves' }] });
    expect(await outcome(downloadFile(files, eve, 'anns'))).toBe('404 file.unknown');
    expect(await outcome(removeFile(files, eve, 'anns'))).toBe('404 file.unknown');
    expect(await outcome(upload(eve, 'anns'))).toBe('403 permission.missing');
    await expect(downloadFile(files, eve, 'ann')).rejects.toMatchObject({ hint: 'Upload it under Files first.' });
    expect(await outcome(upload(eve, 'eves'))).toBe('done');
    expect(await outcome(removeFile(files, eve, 'eves'))).toBe('done');
  });
});

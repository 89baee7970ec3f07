// Credentials for who may see and change some of them.
import { permissions } from '@tidewheel/contract/route';
import { CredentialInput } from '@tidewheel/contract/routes/credentials';
import { connectors } from '@tidewheel/steps/index';
import { describePrivateKey } from '@tidewheel/steps/ssh/private-key';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { createVault } from '../../platform/vault/vault.service.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { type Limits, limitedActor } from '../../testing/limited-actor.ts';
import { createConnection, updateConnection } from '../connections/connections.service.ts';
import { testCredential } from './credential-test.ts';
import { showUsage } from './credential-usage.ts';
import {
  archiveCredential,
  createCredential,
  listCredentials,
  restoreCredential,
  rotateCredential,
  showCredential,
  updateCredential,
} from './credentials.service.ts';

const { signal } = new AbortController();
let fresh: FreshDatabase;
let admin: Actor;
let deps: Parameters<typeof testCredential>[0];
let connections: Parameters<typeof createConnection>[0];
const config = { host: 'sftp.example.com', user: 'tide', hostKey: `SHA256:${'A'.repeat(43)}` };
const input = (slug: string) =>
  CredentialInput.parse({ slug, title: slug, type: 'password', fields: { user: 'tide' }, secret: { password: 'swordfish-9271' }, hosts: ['sftp.example.com'] });
beforeAll(async () => {
  fresh = await freshDatabase();
  const vault = createVault({ databases: fresh.databases, masterKey: fresh.address.masterKey });
  connections = { databases: fresh.databases, vault, connectors: { all: connectors, limits: { folders: [], dataFolder: '/nowhere' } } };
  const testConnection = async () => ({ ok: true, ms: 1, checks: [] });
  deps = { databases: fresh.databases, vault, types: new Map(), describeKey: describePrivateKey, testConnection };
  admin = { userId: null, label: 'ann@example.com', workspaceId: fresh.workspaceId, role: null, permissions: new Set(permissions) };
  for (const slug of ['bank', 'payroll']) await createCredential(deps, admin, input(slug));
  for (const [slug, folder] of [
    ['to-bank', 'finance'],
    ['to-bank-too', 'people'],
  ] as const)
    await createConnection(connections, admin, { slug, title: slug, type: 'sftp', folder, config, credential: 'bank' });
});
afterAll(() => fresh.drop());

const someone = (limits: Limits): Actor => limitedActor(fresh.workspaceId, limits);
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { status: number; code: string }) => `${error.status} ${error.code}`,
  );
const keeper = () =>
  someone({
    rules: [
      { permissions: ['credential.read', 'credential.edit'], where: { credential: ['bank*'] } },
      { permissions: ['connection.read'], where: { folder: ['finance'] } },
    ],
  });

describe('whoever may see one credential', () => {
  it('lists it, and finds no other one by any verb', async () => {
    const eve = keeper();
    expect(await listCredentials(deps, eve, { limit: 10 })).toMatchObject({ total: 1, items: [{ slug: 'bank' }] });
    for (const slug of ['payroll', 'nothing']) {
      const works = [
        showCredential(deps, eve, slug),
        showUsage(deps, eve, slug),
        updateCredential(deps, eve, { slug, title: 'Taken' }),
        rotateCredential(deps, eve, { slug, secret: { password: 'taken-over-1234' }, graceHours: 0 }),
        restoreCredential(deps, eve, slug),
        testCredential(deps, eve, { slug, signal }),
        archiveCredential(deps, eve, { slug, force: true }),
      ];
      expect(await Promise.all(works.map(outcome))).toEqual(works.map(() => '404 credential.unknown'));
    }
    await expect(showCredential(deps, eve, 'payrol')).rejects.toMatchObject({ hint: 'Make it under Connect > Credentials first.' });
    expect(await outcome(createCredential(deps, eve, input('other')))).toBe('403 permission.missing');
    expect(await outcome(createCredential(deps, eve, input('bank-two')))).toBe('done');
  });
  it('sees of its use what else he may see', async () => {
    expect((await showUsage(deps, keeper(), 'bank')).connections.map((one) => one.slug)).toEqual(['to-bank']);
    expect((await showUsage(deps, admin, 'bank')).connections).toHaveLength(2);
  });
});

it('a connection is joined to a credential by who may read that one; who finds it joined may change the rest', async () => {
  const eve = someone({
    rules: [{ permissions: ['connection.read', 'connection.edit'] }, { permissions: ['credential.read'], where: { credential: ['payroll'] } }],
  });
  const joined = (credential: string, slug: string) => outcome(createConnection(connections, eve, { slug, title: slug, type: 'sftp', config, credential }));
  expect(await joined('bank', 'mine')).toBe('404 credential.unknown');
  expect(await joined('payroll', 'mine')).toBe('done');
  expect(await outcome(updateConnection(connections, eve, { slug: 'to-bank', title: 'Renamed', config }))).toBe('done');
  expect(await outcome(updateConnection(connections, eve, { slug: 'mine', title: 'x', config, credential: 'bank' }))).toBe('404 credential.unknown');
});

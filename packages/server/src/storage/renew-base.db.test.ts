// On a cluster of its own: the passwords of the database's roles are renewed, which no other test could bear.
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { permissions } from '@tidewheel/contract/route';
import { expect, test } from 'vitest';
import { deriveKey, nonceLength, openBytes, sealBytes } from '../base/aead.ts';
import { newId } from '../base/ids.ts';
import { createLogger } from '../base/logger.ts';
import { startRewrap, workOnRewrap } from '../platform/vault/rewrap.ts';
import { createVaultKeys } from '../platform/vault/vault-keys.ts';
import { type Databases, openDatabases } from './database.ts';
import { startEmbedded } from './postgres/embedded.ts';
import { prepareDatabase } from './prepare.ts';
import { sealedColumns } from './renew-base.ts';

const log = createLogger({ role: 'test', level: 'fatal' });

async function sealTexts(databases: Databases, key: Buffer): Promise<string> {
  const user =
    (
      await databases.enginePool.query<{ id: string }>(`insert into identity."user" (id, name, email) values ($1, 'A', 'a@example.com') returning id`, [
        newId(),
      ])
    ).rows[0]?.id ?? '';
  const { nonce, ciphertext } = sealBytes({ key: deriveKey(key, 'identity/totp'), bound: Buffer.from(user), plain: Buffer.from('the totp secret') });
  await databases.enginePool.query('insert into identity.totp (user_id, sealed_secret) values ($1, $2)', [user, Buffer.concat([nonce, ciphertext])]);
  return user;
}

async function readTotp(databases: Databases, { user, key }: { user: string; key: Buffer }): Promise<string> {
  const sealed =
    (await databases.enginePool.query<{ sealed_secret: Buffer }>('select sealed_secret from identity.totp')).rows[0]?.sealed_secret ?? Buffer.alloc(0);
  const parts = { nonce: sealed.subarray(0, nonceLength), ciphertext: sealed.subarray(nonceLength) };
  return openBytes({ key: deriveKey(key, 'identity/totp'), bound: Buffer.from(user), sealed: parts }).toString();
}

test('after a re-wrap, a start alone moves second factors, mails and the roles’ passwords to the fresh key; the former master key is then worth nothing', async () => {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'tw-base-'));
  await chmod(dataFolder, 0o711);
  const postgres = await startEmbedded({ dataFolder, logger: log, parameters: { fsync: 'off' }, sync: false });
  const { ownerUrl } = postgres;
  const [old, next] = [randomBytes(32), randomBytes(32)];
  const first = await prepareDatabase({ ownerUrl, masterKey: old });
  const before = openDatabases({ ownerUrl, masterKey: old, rootKey: first.rootKey }, { size: 2, name: 'test' });
  const user = await sealTexts(before, first.rootKey);
  const second = await prepareDatabase({ ownerUrl, masterKey: next, formerMasterKeys: [old] });
  expect(second.rootKey).toEqual(first.rootKey);
  const deps = { databases: before, keys: createVaultKeys({ databases: before, masters: { current: next, former: [old] } }) };
  await startRewrap(deps, { userId: null, label: 'system', workspaceId: first.workspaceId, role: null, permissions: new Set(permissions) });
  await workOnRewrap(deps, log);
  // While somebody is connected, nothing that others have in memory changes.
  expect((await prepareDatabase({ ownerUrl, masterKey: next })).rootKey).toEqual(first.rootKey);
  expect(await readTotp(before, { user, key: first.rootKey })).toBe('the totp secret');
  await before.close();
  // Its server processes end a moment after their connections.
  await expect.poll(async () => (await prepareDatabase({ ownerUrl, masterKey: next })).rootKey).not.toEqual(first.rootKey);
  const third = await prepareDatabase({ ownerUrl, masterKey: next });
  expect(third.auditKey).toEqual(first.auditKey);
  const after = openDatabases({ ownerUrl, masterKey: next, rootKey: third.rootKey }, { size: 2, name: 'test' });
  expect(await readTotp(after, { user, key: third.rootKey })).toBe('the totp secret');
  const stale = openDatabases({ ownerUrl, masterKey: old }, { size: 1, name: 'stale' });
  await expect(stale.engine.selectFrom('workspace').select('id').execute()).rejects.toMatchObject({ code: '28P01' });
  await stale.close();
  await after.close();
  expect((await prepareDatabase({ ownerUrl, masterKey: next })).rootKey).toEqual(third.rootKey);
  await postgres.stop();
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

test('every column that is sealed with a derived key is on the list of what a renewal seals anew', async () => {
  const root = path.join(import.meta.dirname, '..');
  const uses = new Set<string>();
  for (const name of await readdir(root, { recursive: true })) {
    if (!name.endsWith('.ts') || name.includes('.test.')) continue;
    const text = await readFile(path.join(root, name), 'utf8');
    for (const [, use] of text.matchAll(/deriveKey\([^,()]+,\s*['`]([^'`]+)['`]\)/g)) if (use) uses.add(use);
  }
  // The vault's own are re-wrapped; the others seal nothing, or nothing that outlives some minutes, or are the first root's for ever.
  const others = [
    'vault/canary',
    'vault/key-encryption',
    'vault/key-id',
    'vault/root-key',
    'audit/checkpoint-signing-key',
    'identity/access-token',
    'identity/email-code',
    'callbacks',
    'backup/seal',
  ];
  const listed: string[] = sealedColumns.map(({ use }) => (use.startsWith('identity/sso/') ? ssoUse : use));
  expect([...uses].filter((use) => !others.includes(use) && !listed.includes(use))).toEqual([]);
  expect(listed.filter((use) => !uses.has(use))).toEqual([]);
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: the text as it stands in the source
const ssoUse = 'identity/sso/${use}';

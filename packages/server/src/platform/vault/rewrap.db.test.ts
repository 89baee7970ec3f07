import { randomBytes } from 'node:crypto';
import { permissions } from '@tidewheel/contract/route';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { masterKeyId } from '../../base/aead.ts';
import { newId } from '../../base/ids.ts';
import { createLogger } from '../../base/logger.ts';
import { inWorkspace } from '../../storage/database.ts';
import { prepareDatabase } from '../../storage/prepare.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { showVault, startRewrap, workOnRewrap } from './rewrap.ts';
import { createVault, type Vault } from './vault.service.ts';
import { createVaultKeys } from './vault-keys.ts';

const log = createLogger({ role: 'test', level: 'fatal' });
const count = 500;
const newMaster = randomBytes(32);
let fresh: FreshDatabase;
let admin: Actor;
const ids: string[] = [];
const purpose = 'connection:sftp';

beforeAll(async () => {
  fresh = await freshDatabase({ size: 8 });
  const actor = { userId: newId(), label: 'admin@example.com', workspaceId: fresh.workspaceId, role: 'admin' };
  admin = { ...actor, permissions: new Set(permissions) };
  const vault = vaultOf(fresh.address.masterKey);
  await inWorkspace(fresh.databases.app, fresh.workspaceId, async (trx) => {
    for (let index = 0; index < count; index += 1)
      ids.push(await vault.seal(trx, { workspaceId: fresh.workspaceId, purpose, secret: { password: `secret ${index}` } }));
  });
});
afterAll(() => fresh?.drop());

const vaultOf = (current: Buffer, former: Buffer[] = []): Vault => createVault({ databases: fresh.databases, masterKey: current, formerMasterKeys: former });
const depsOf = (current: Buffer, former: Buffer[] = []) => ({
  databases: fresh.databases,
  keys: createVaultKeys({ databases: fresh.databases, masters: { current, former } }),
});
async function opened(vault: Vault, index: number): Promise<unknown> {
  const { secret, release } = await vault.open({ workspaceId: fresh.workspaceId, credentialId: ids[index] ?? '', purpose });
  release();
  return secret;
}
async function rowsOf(table: string): Promise<Record<string, unknown>[]> {
  return (await fresh.databases.enginePool.query<Record<string, unknown>>(`select * from ${table}`)).rows;
}
async function asOwner(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: fresh.address.ownerUrl });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

test('a database of before there were root keys opens with its master key, and nothing of it changes', async () => {
  await asOwner('delete from vault_root_key');
  const { rootKey, auditKey } = await prepareDatabase(fresh.address);
  expect([rootKey, auditKey]).toEqual([fresh.address.masterKey, fresh.address.masterKey]);
  expect(await opened(vaultOf(fresh.address.masterKey), 3)).toEqual({ password: 'secret 3' });
});

test('a new master key is refused alone, and opens everything together with the former one', async () => {
  const { ownerUrl, masterKey } = fresh.address;
  await expect(prepareDatabase({ ownerUrl, masterKey: newMaster })).rejects.toMatchObject({ code: 'vault.key_wrong', hint: expect.stringContaining('FORMER') });
  await expect(prepareDatabase({ ownerUrl, masterKey: newMaster, formerMasterKeys: [randomBytes(32)] })).rejects.toMatchObject({ code: 'vault.key_wrong' });
  const { rootKey } = await prepareDatabase({ ownerUrl, masterKey: newMaster, formerMasterKeys: [masterKey] });
  expect(rootKey).toEqual(masterKey);
  expect(await opened(vaultOf(newMaster), 7)).toEqual({ password: 'secret 7' });
  // A process that was started before goes on.
  expect(await opened(vaultOf(masterKey), 8)).toEqual({ password: 'secret 8' });
  const state = await showVault(depsOf(newMaster), admin);
  expect(state.sealedBy.sort()).toEqual([masterKeyId(masterKey), masterKeyId(newMaster)].sort());
});

test('a re-wrap while secrets are opened and rotated leaves each with its newest secret, survives a stop, and retires the former key', async () => {
  const deps = depsOf(newMaster, [fresh.address.masterKey]);
  const vault = vaultOf(newMaster, [fresh.address.masterKey]);
  const before = await rowsOf('credential');
  await startRewrap(deps, admin);
  await expect(startRewrap(deps, admin)).rejects.toMatchObject({ code: 'vault.rewrap_running' });
  expect(await workOnRewrap(depsOf(fresh.address.masterKey), log)).toBe(false);
  const stop = new AbortController();
  const first = workOnRewrap(deps, log, stop.signal);
  stop.abort();
  await first;
  expect((await showVault(deps, admin)).rewrap).toMatchObject({ state: 'running', total: count });
  let rotated = 0;
  const reading = (async () => {
    for (let index = 0; index < count; index += 7) {
      await opened(vault, index);
      await inWorkspace(fresh.databases.app, fresh.workspaceId, (trx) =>
        vault.seal(trx, { workspaceId: fresh.workspaceId, credentialId: ids[index], purpose, secret: { password: `rotated ${index}` } }),
      );
      rotated += 1;
    }
  })();
  const [one, two] = await Promise.all([workOnRewrap(deps, log), workOnRewrap(deps, log), reading]);
  expect([one, two]).toContain(true);
  while ((await showVault(deps, admin)).rewrap?.state === 'running') await workOnRewrap(deps, log);
  const state = await showVault(deps, admin);
  expect(state.rewrap).toMatchObject({ state: 'done', failed: 0 });
  expect(state.sealedBy).toEqual([masterKeyId(newMaster)]);
  expect(state.dataKeys).toEqual([{ key: state.key, count }]);
  expect(rotated).toBeGreaterThan(50);
  const alone = vaultOf(newMaster);
  for (let index = 0; index < count; index += 1)
    expect(await opened(alone, index)).toEqual({ password: index % 7 === 0 ? `rotated ${index}` : `secret ${index}` });
  const after = await rowsOf('credential');
  const wrapped = new Set(before.map((row) => String(row['wrapped_key'])));
  expect(after.some((row) => wrapped.has(String(row['wrapped_key'])))).toBe(false);
});

test('afterwards the former master key opens nothing and starts nothing', async () => {
  await expect(opened(vaultOf(fresh.address.masterKey), 1)).rejects.toMatchObject({ code: 'vault.other_key' });
  await expect(prepareDatabase(fresh.address)).rejects.toMatchObject({ code: 'vault.key_wrong' });
  await expect(startRewrap(depsOf(fresh.address.masterKey), admin)).rejects.toMatchObject({ code: 'vault.key_wrong' });
  await prepareDatabase({ ownerUrl: fresh.address.ownerUrl, masterKey: newMaster });
});

test('a secret that nobody can open is named, and the keys of before are kept for it', async () => {
  const deps = depsOf(newMaster);
  await fresh.databases.enginePool.query(`update credential set wrapped_key = $2 where id = $1`, [ids[2], randomBytes(60)]);
  await startRewrap(deps, admin);
  await workOnRewrap(deps, log);
  const { rewrap, dataKeys } = await showVault(deps, admin);
  expect(rewrap).toMatchObject({ state: 'failed', failed: 1, note: expect.stringContaining(ids[2] ?? '') });
  expect(dataKeys.map((each) => each.count).sort()).toEqual([1, count - 1].sort());
  await expect(opened(vaultOf(newMaster), 2)).rejects.toMatchObject({ code: 'seal.broken' });
  expect(await opened(vaultOf(newMaster), 4)).toEqual({ password: 'secret 4' });
});

test('keys are shown to who may set the installation’s security only', async () => {
  const other: Actor = { ...admin, permissions: new Set(['credential.edit', 'credential.read']) };
  await expect(showVault(depsOf(newMaster), other)).rejects.toMatchObject({ code: 'permission.missing' });
  await expect(startRewrap(depsOf(newMaster), other)).rejects.toMatchObject({ code: 'permission.missing' });
});

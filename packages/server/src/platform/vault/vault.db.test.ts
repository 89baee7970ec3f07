import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redactor } from '../../base/redactor.ts';
import { inWorkspace } from '../../storage/database.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { createVault, type Vault } from './vault.service.ts';

const password = 'correct horse "battery" staple\n';
let fresh: FreshDatabase;
let vault: Vault;
beforeAll(async () => {
  fresh = await freshDatabase();
  vault = createVault({ databases: fresh.databases, masterKey: fresh.address.masterKey });
});
afterAll(() => fresh?.drop());

function seal(secret: Record<string, unknown>, credentialId?: string): Promise<string> {
  const { databases, workspaceId } = fresh;
  return inWorkspace(databases.app, workspaceId, (trx) => vault.seal(trx, { workspaceId, credentialId, purpose: 'connection:sftp', secret }));
}
const openPlace = (credentialId: string) => ({ workspaceId: fresh.workspaceId, credentialId, purpose: 'connection:sftp' });

describe('the vault', () => {
  it('gives back what was sealed, and redacts it in all forms until it is released', async () => {
    const id = await seal({ password, nested: { passphrase: 'another-secret' } });
    const opened = await vault.open(openPlace(id));
    expect(opened.secret).toEqual({ password, nested: { passphrase: 'another-secret' } });
    const forms = [password.trim(), JSON.stringify(password), encodeURIComponent(password), Buffer.from(password).toString('base64'), 'another-secret'];
    for (const form of forms) expect(redactor.text(`before ${form} after`)).not.toMatch(/horse|another-secret|Y29ycmVjd/);
    opened.release();
    expect(redactor.text('another-secret')).toBe('another-secret');
  });

  it('keeps no plain text in the table, in any column', async () => {
    await seal({ password: 'findme-in-the-dump' });
    const client = new pg.Client({ connectionString: fresh.address.ownerUrl });
    await client.connect();
    const { rows } = await client.query<{ all: string }>("select row_to_json(c)::text || encode(ciphertext, 'escape') as all from credential c");
    await client.end();
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.all).not.toMatch(/findme|66696e646d65|horse/);
  });

  it('replaces a secret under the same id with new keys', async () => {
    const id = await seal({ password: 'the first one' });
    expect(await seal({ password: 'the second one' }, id)).toBe(id);
    const opened = await vault.open(openPlace(id));
    expect(opened.secret).toEqual({ password: 'the second one' });
    opened.release();
  });

  it('does not open for another purpose, in another workspace, or after it was moved to another row', async () => {
    const [one, two] = [await seal({ password: 'secret one' }), await seal({ password: 'secret two' })];
    await expect(vault.open({ ...openPlace(one), purpose: 'connection:folder' })).rejects.toMatchObject({ code: 'seal.broken' });
    await expect(vault.open({ ...openPlace(one), workspaceId: '01890000-0000-7000-8000-00000000dead' })).rejects.toMatchObject({ code: 'credential.missing' });
    await fresh.databases.enginePool.query(
      'update credential c set ciphertext = o.ciphertext, nonce = o.nonce, wrapped_key = o.wrapped_key from credential o where c.id = $1 and o.id = $2',
      [one, two],
    );
    await expect(vault.open(openPlace(one))).rejects.toMatchObject({ code: 'seal.broken' });
  });

  it('forgets a removed secret', async () => {
    const id = await seal({ password: 'to be removed' });
    await inWorkspace(fresh.databases.app, fresh.workspaceId, (trx) => vault.remove(trx, openPlace(id)));
    await expect(vault.open(openPlace(id))).rejects.toMatchObject({ code: 'credential.missing' });
  });

  it('says which key is missing when a secret was sealed with another one', async () => {
    const id = await seal({ password: 'sealed before' });
    const stranger = createVault({ databases: fresh.databases, masterKey: randomBytes(32) });
    await expect(stranger.open(openPlace(id))).rejects.toMatchObject({ code: 'vault.other_key' });
  });
});

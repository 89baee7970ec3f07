// Keeps secrets sealed at rest and known to the redactor while they are open.
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import { newId } from '../../base/ids.ts';
import { redactor } from '../../base/redactor.ts';
import { type Databases, inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { assertMasterKey } from '../../storage/key-canary.ts';
import { keyEncryptionKey, openSecret, sealSecret } from './envelope.ts';
import { deleteCredential, findCredential, saveCredential } from './vault.store.ts';

export type Secret = Record<string, unknown>;

export interface OpenSecret {
  secret: Secret;
  /** Makes the redactor forget it. Call it when the work that needed the secret, its logs and its error are done. */
  release(): void;
}

export interface Vault {
  /** Seals in the caller's transaction; with `credentialId` it replaces what was there. @returns the credential's id */
  seal(trx: WorkspaceTransaction, what: { workspaceId: string; credentialId?: string | undefined; purpose: string; secret: Secret }): Promise<string>;
  /** Opens for one use; the redactor knows every value in it until `release`. @throws NotFound, Conflict when it was sealed with another key or changed */
  open(what: { workspaceId: string; credentialId: string; purpose: string }): Promise<OpenSecret>;
  remove(trx: WorkspaceTransaction, what: { workspaceId: string; credentialId: string }): Promise<void>;
  /** The boot canary. @throws Conflict when the master key is not this database's */
  assertKey(): Promise<void>;
}

export function createVault({ databases, masterKey }: { databases: Databases; masterKey: Buffer }): Vault {
  const kek = keyEncryptionKey(masterKey);
  return {
    async seal(trx, { workspaceId, credentialId = newId(), purpose, secret }) {
      const plain = Buffer.from(JSON.stringify(secret));
      const place = { workspaceId, credentialId, purpose };
      await saveCredential(trx, place, sealSecret({ kek, place, plain }));
      plain.fill(0);
      return credentialId;
    },
    async open({ workspaceId, credentialId, purpose }) {
      const envelope = await inWorkspace(databases.app, workspaceId, (trx) => findCredential(trx, workspaceId, credentialId));
      if (!envelope) throw new NotFound('credential.missing', 'The secret is no longer in the vault.', { hint: 'Enter the secret again.' });
      if (envelope.key_id !== kek.id)
        throw new Conflict('vault.other_key', `The secret was sealed with the key ${envelope.key_id}; this server has ${kek.id}.`, {
          hint: 'Start this server with the master key of the installation.',
        });
      const plain = openSecret({ kek, place: { workspaceId, credentialId, purpose }, envelope });
      const secret = JSON.parse(plain.toString()) as Secret;
      plain.fill(0);
      return { secret, release: watchSecret(secret) };
    },
    remove: (trx, { workspaceId, credentialId }) => deleteCredential(trx, workspaceId, credentialId),
    async assertKey() {
      const client = await databases.enginePool.connect();
      try {
        await assertMasterKey(client, masterKey);
      } finally {
        client.release();
      }
    },
  };
}

/** Tells the redactor every text in a secret. @returns the function that makes it forget */
export function watchSecret(secret: Secret): () => void {
  return redactor.watch(textsIn(secret));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (value && typeof value === 'object') return Object.values(value).flatMap(textsIn);
  return [];
}

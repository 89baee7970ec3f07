// Gives secrets out for one use: they lie in a store, and the redactor knows them while they are open.
import { newId } from '../../base/ids.ts';
import { redactor } from '../../base/redactor.ts';
import type { Databases, WorkspaceTransaction } from '../../storage/database.ts';
import { createLocalStore } from './local-store.ts';
import type { SecretStore } from './secret-store.ts';
import { createVaultKeys } from './vault-keys.ts';

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
  /** For rotation: keeps the present secret until then, or puts it back. */
  readonly store: Pick<SecretStore, 'name' | 'setAside' | 'putBack'>;
}

/** `store`: another one than our own database. */
export function createVault({
  databases,
  masterKey,
  formerMasterKeys = [],
  store = createLocalStore({ databases, keys: createVaultKeys({ databases, masters: { current: masterKey, former: formerMasterKeys } }) }),
}: {
  databases: Databases;
  masterKey: Buffer;
  formerMasterKeys?: readonly Buffer[];
  store?: SecretStore;
}): Vault {
  return {
    store,
    async seal(trx, { workspaceId, credentialId = newId(), purpose, secret }) {
      const plain = Buffer.from(JSON.stringify(secret));
      try {
        await store.put(trx, { workspaceId, credentialId, purpose }, plain);
      } finally {
        plain.fill(0);
      }
      return credentialId;
    },
    async open(place) {
      const plain = await store.read(place);
      const secret = JSON.parse(plain.toString()) as Secret;
      plain.fill(0);
      return { secret, release: watchSecret(secret) };
    },
    remove: (trx, place) => store.erase(trx, place),
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

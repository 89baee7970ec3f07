// The key-encryption keys of the vault by their ids: one for each root key that this process's master keys open.
import { masterKeyId } from '../../base/aead.ts';
import type { Databases } from '../../storage/database.ts';
import type { MasterKeys } from '../../storage/key-canary.ts';
import { openRoots } from '../../storage/key-ring.ts';
import { type KeyEncryptionKey, keyEncryptionKey } from './envelope.ts';

export interface VaultKeys {
  /** Looks into the database once for an id it does not know: another process may have made the key. */
  find(id: string): Promise<KeyEncryptionKey | undefined>;
  /** What is in memory already; `find` of any id has loaded all that there were. */
  known(id: string): KeyEncryptionKey | undefined;
  /** The id of this process's own master key. */
  masterId: string;
  masters: MasterKeys;
}

export function createVaultKeys({ databases, masters }: { databases: Databases; masters: MasterKeys }): VaultKeys {
  const known = new Map<string, KeyEncryptionKey>();
  let loading: Promise<void> | null = null;
  const load = async (): Promise<void> => {
    const rows = await databases.engine.selectFrom('vault_root_key').select(['id', 'generation', 'master_key_id', 'sealed', 'is_base']).execute();
    for (const root of openRoots(rows, masters)) known.set(root.id, keyEncryptionKey(root.key));
  };
  return {
    masterId: masterKeyId(masters.current),
    masters,
    known: (id) => known.get(id),
    async find(id) {
      if (known.has(id)) return known.get(id);
      loading ??= load().finally(() => {
        loading = null;
      });
      await loading;
      return known.get(id);
    },
  };
}

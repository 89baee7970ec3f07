// The secret store in our own database: an envelope for each secret, its data key under the newest key-encryption key.
import { Conflict, NotFound } from '@tidewheel/contract/errors';
import { type Databases, inWorkspace } from '../../storage/database.ts';
import { openSecret, sealSecret } from './envelope.ts';
import type { SecretStore } from './secret-store.ts';
import { clearEnvelope, findEnvelope, newestKeyId, putEnvelope, restoreEnvelope, setEnvelopeAside } from './vault.store.ts';
import type { VaultKeys } from './vault-keys.ts';

export function createLocalStore({ databases, keys }: { databases: Databases; keys: VaultKeys }): SecretStore {
  const keyOf = async (id: string) => {
    const found = await keys.find(id);
    if (found) return found;
    throw new Conflict('vault.other_key', `The secret was sealed with the key ${id}, which the master key of this process (${keys.masterId}) does not open.`, {
      hint: 'Start this server with the master key of the installation.',
    });
  };
  return {
    name: 'local',
    async put(trx, place, plain) {
      const kek = await keyOf(await newestKeyId(trx));
      await putEnvelope(trx, place, sealSecret({ kek, place, plain }));
    },
    async read(place) {
      const { workspaceId, credentialId } = place;
      const envelope = await inWorkspace(databases.app, workspaceId, (trx) => findEnvelope(trx, workspaceId, credentialId));
      if (!envelope) throw new NotFound('credential.missing', 'The secret is no longer in the vault.', { hint: 'Enter the secret again.' });
      return openSecret({ kek: await keyOf(envelope.key_id), place, envelope });
    },
    erase: (trx, place) => clearEnvelope(trx, place),
    setAside: (trx, place, until) => setEnvelopeAside(trx, place, until),
    putBack: (trx, place) => restoreEnvelope(trx, place),
  };
}

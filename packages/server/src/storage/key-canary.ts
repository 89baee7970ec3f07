// Proves at every start that the master key is one this database was set up with; a wrong one stops the start instead of losing secrets.
import { Conflict } from '@tidewheel/contract/errors';
import type pg from 'pg';
import { deriveKey, masterKeyId, nonceLength, openBytes, SealBroken, sealBytes } from '../base/aead.ts';

const plain = Buffer.from('tidewheel canary');
const bound = Buffer.from('tidewheel-canary-1');

/** The master key of now, and those of before that may still be needed for reading. */
export interface MasterKeys {
  current: Buffer;
  former: readonly Buffer[];
}

export interface Canary {
  key_id: string;
  sealed: Buffer;
}

/** The oldest first: that one was planted with the key that the database was set up with. */
export async function readCanaries(client: pg.ClientBase): Promise<Canary[]> {
  const known = await client.query<{ known: boolean }>(`select to_regclass('vault_canary') is not null as known`);
  if (!known.rows[0]?.known) return [];
  return (await client.query<Canary>('select key_id, sealed from vault_canary order by created_at, key_id')).rows;
}

/** @throws Conflict when the database holds secrets although its canary is gone */
export async function plantCanary(client: pg.ClientBase, masterKey: Buffer, { isFirst }: { isFirst: boolean }): Promise<void> {
  if (isFirst && (await client.query('select 1 from credential limit 1')).rowCount)
    throw new Conflict('vault.canary_missing', 'This database holds secrets but not the canary that proves the master key.', {
      hint: 'Restore the database from a backup that is whole.',
    });
  const { nonce, ciphertext } = sealBytes({ key: deriveKey(masterKey, 'vault/canary'), bound, plain });
  await client.query('insert into vault_canary (key_id, sealed) values ($1, $2) on conflict (key_id) do nothing', [
    masterKeyId(masterKey),
    Buffer.concat([nonce, ciphertext]),
  ]);
}

/** Which of the keys the canary was planted with. */
export function keyOfCanary({ key_id, sealed }: Canary, { current, former }: MasterKeys): Buffer | undefined {
  return [current, ...former].find((key) => masterKeyId(key) === key_id && opens(key, sealed));
}

function opens(key: Buffer, sealed: Buffer): boolean {
  try {
    const parts = { nonce: sealed.subarray(0, nonceLength), ciphertext: sealed.subarray(nonceLength) };
    return openBytes({ key: deriveKey(key, 'vault/canary'), bound, sealed: parts }).equals(plain);
  } catch (thrown) {
    if (thrown instanceof SealBroken) return false;
    throw thrown;
  }
}

export function wrongKey(fitting: readonly string[], given: Buffer): Conflict {
  return new Conflict(
    'vault.key_wrong',
    `The master key does not fit this database: it was set up with the key ${fitting.join(', ')}, this one is ${masterKeyId(given)}.`,
    {
      hint: 'Give the key of this database back: TIDEWHEEL_MASTER_KEY, or the file master.key in the data folder, from the backup. To change the key, give the old one as TIDEWHEEL_FORMER_MASTER_KEYS too. Nothing was changed.',
    },
  );
}

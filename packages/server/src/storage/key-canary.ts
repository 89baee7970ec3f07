// Proves at every start that the master key is the one this database was set up with; a wrong one stops the start instead of losing secrets.
import { Conflict } from '@tidewheel/contract/errors';
import type pg from 'pg';
import { deriveKey, masterKeyId, nonceLength, openBytes, SealBroken, sealBytes } from '../base/aead.ts';

const plain = Buffer.from('tidewheel canary');
const bound = Buffer.from('tidewheel-canary-1');
const lockKey = 7_283_640_002;

interface CanaryRow {
  key_id: string;
  sealed: Buffer;
}

/**
 * Checks the canary, and makes it when this database has none yet and no secret either. Any role that may read it will do.
 * @throws Conflict when the key is another one
 */
export async function assertMasterKey(client: pg.ClientBase, masterKey: Buffer): Promise<void> {
  await client.query('begin');
  try {
    await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
    const { rows } = await client.query<CanaryRow>('select key_id, sealed from vault_canary order by created_at');
    if (rows.length === 0) await plantCanary(client, masterKey);
    else checkCanary(rows, masterKey);
    await client.query('commit');
  } catch (thrown) {
    await client.query('rollback');
    throw thrown;
  }
}

async function plantCanary(client: pg.ClientBase, masterKey: Buffer): Promise<void> {
  const { rowCount } = await client.query('select 1 from credential limit 1');
  if (rowCount)
    throw new Conflict('vault.canary_missing', 'This database holds secrets but not the canary that proves the master key.', {
      hint: 'Restore the database from a backup that is whole.',
    });
  const sealed = sealBytes({ key: deriveKey(masterKey, 'vault/canary'), bound, plain });
  await client.query('insert into vault_canary (key_id, sealed) values ($1, $2)', [masterKeyId(masterKey), Buffer.concat([sealed.nonce, sealed.ciphertext])]);
}

function checkCanary(rows: CanaryRow[], masterKey: Buffer): void {
  const own = rows.find((row) => row.key_id === masterKeyId(masterKey));
  if (own && holds(own, masterKey)) return;
  const was = rows.map((row) => row.key_id).join(', ');
  throw new Conflict(
    'vault.key_wrong',
    `The master key does not fit this database: it was set up with the key ${was}, this one is ${masterKeyId(masterKey)}.`,
    {
      hint: 'Give the key of this database back: TIDEWHEEL_MASTER_KEY, or the file master.key in the data folder, from the backup. Nothing was changed.',
    },
  );
}

function holds(row: CanaryRow, masterKey: Buffer): boolean {
  try {
    const sealed = { nonce: row.sealed.subarray(0, nonceLength), ciphertext: row.sealed.subarray(nonceLength) };
    return openBytes({ key: deriveKey(masterKey, 'vault/canary'), bound, sealed }).equals(plain);
  } catch (thrown) {
    if (thrown instanceof SealBroken) return false;
    throw thrown;
  }
}

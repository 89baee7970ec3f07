// After a re-wrap the keys that do not belong to the vault (mail, second factor, passwords of the database's roles) go over to the fresh root
// key as well: at a start at which no other process is connected, for others would keep the old ones in memory.
import type pg from 'pg';
import { deriveKey, nonceLength, openBytes, SealBroken, sealBytes } from '../base/aead.ts';
import { baseOf, type RootKey } from './key-ring.ts';
import { ourRoles } from './roles.ts';

/** Every column that is sealed with a key derived from the base; `bound` is the SQL of what it is bound to. What ends within minutes is left out. */
export const sealedColumns = [
  { table: 'identity.totp', key: 'user_id', column: 'sealed_secret', bound: 'user_id::text', use: 'identity/totp' },
  { table: 'identity.sso_provider', key: 'id', column: 'sealed_secret', bound: 'id::text', use: 'identity/sso/client-secret' },
  { table: 'identity.session', key: 'id', column: 'sealed_id_token', bound: `sso_provider_id || ' ' || user_id`, use: 'identity/sso/id-token' },
  { table: 'mail_outbox', key: 'id', column: 'sealed_text', bound: 'id::text', use: 'mail/outbox' },
] as const;

/** @returns the roots with the base they have now */
export async function renewBase(owner: pg.ClientBase, roots: readonly RootKey[]): Promise<RootKey[]> {
  const base = baseOf(roots);
  const newest = roots.at(-1);
  if (!newest || newest.id === base.id || !(await isAlone(owner)) || (await isRewrapping(owner))) return [...roots];
  await owner.query('begin');
  try {
    for (const sealed of sealedColumns) await reseal(owner, sealed, { from: base.key, to: newest.key });
    await owner.query('update vault_root_key set is_base = (id = $1)', [newest.id]);
    await owner.query('commit');
  } catch (thrown) {
    await owner.query('rollback');
    throw thrown;
  }
  return roots.map((root) => ({ ...root, isBase: root.id === newest.id }));
}

async function isAlone(owner: pg.ClientBase): Promise<boolean> {
  const { rowCount } = await owner.query('select 1 from pg_stat_activity where usename = any($1) limit 1', [[...ourRoles]]);
  return rowCount === 0;
}

async function isRewrapping(owner: pg.ClientBase): Promise<boolean> {
  return ((await owner.query(`select 1 from vault_rewrap where state = 'running'`)).rowCount ?? 0) > 0;
}

async function reseal(
  owner: pg.ClientBase,
  { table, key, column, bound, use }: (typeof sealedColumns)[number],
  keys: { from: Buffer; to: Buffer },
): Promise<void> {
  const known = await owner.query('select 1 from pg_attribute where attrelid = to_regclass($1) and attname = $2', [table, column]);
  // A table of a migration that is yet to come.
  if (known.rowCount === 0) return;
  const { rows } = await owner.query<{ key: unknown; bound: string; sealed: Buffer }>(
    `select ${key} as key, ${bound} as bound, ${column} as sealed from ${table} where ${column} is not null for update`,
  );
  for (const row of rows) {
    const place = Buffer.from(row.bound);
    const parts = { nonce: row.sealed.subarray(0, nonceLength), ciphertext: row.sealed.subarray(nonceLength) };
    const plain = openOrLeave({ key: deriveKey(keys.from, use), bound: place, sealed: parts });
    if (!plain) continue;
    const { nonce, ciphertext } = sealBytes({ key: deriveKey(keys.to, use), bound: place, plain });
    plain.fill(0);
    await owner.query(`update ${table} set ${column} = $2 where ${key} = $1`, [row.key, Buffer.concat([nonce, ciphertext])]);
  }
}

// What nobody could open before is not a reason to refuse the start.
function openOrLeave(what: Parameters<typeof openBytes>[0]): Buffer | undefined {
  try {
    return openBytes(what);
  } catch (thrown) {
    if (thrown instanceof SealBroken) return undefined;
    throw thrown;
  }
}

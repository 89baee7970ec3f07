// The root keys of the installation: what every other key derives from. They lie in the database, sealed by the master key, so that the
// master key can be changed without touching what they protect. The first one is the master key that the database was set up with.
import type pg from 'pg';
import { deriveKey, masterKeyId, nonceLength, openBytes, SealBroken, sealBytes } from '../base/aead.ts';
import { keyOfCanary, type MasterKeys, plantCanary, readCanaries, wrongKey } from './key-canary.ts';

export interface RootKey {
  id: string;
  generation: number;
  key: Buffer;
  /** Mail, second factor and the passwords of the database's roles derive from it. */
  isBase: boolean;
}

export interface SealedRoot {
  id: string;
  generation: number;
  master_key_id: string;
  sealed: Buffer;
  is_base: boolean;
}

const lockKey = 7_283_640_002;
const columns = 'id, generation, master_key_id, sealed, is_base';

function boundTo(id: string): Buffer {
  return Buffer.from(`tidewheel-root-key-1\0${id}`);
}

export function sealRoot({ id, key }: { id: string; key: Buffer }, masterKey: Buffer): Buffer {
  const { nonce, ciphertext } = sealBytes({ key: deriveKey(masterKey, 'vault/root-key'), bound: boundTo(id), plain: key });
  return Buffer.concat([nonce, ciphertext]);
}

/** The root keys that these master keys open, the oldest first; what they do not open is left out. */
export function openRoots(rows: readonly SealedRoot[], { current, former }: MasterKeys): RootKey[] {
  const masters = new Map([current, ...former].map((key) => [masterKeyId(key), key]));
  const opened = new Map<string, RootKey>();
  for (const row of rows) {
    const master = masters.get(row.master_key_id);
    const key = master && !opened.has(row.id) ? openRoot(row, master) : undefined;
    if (key) opened.set(row.id, { id: row.id, generation: row.generation, key, isBase: row.is_base });
  }
  return [...opened.values()].sort((a, b) => a.generation - b.generation);
}

function openRoot({ id, sealed }: SealedRoot, master: Buffer): Buffer | undefined {
  try {
    const parts = { nonce: sealed.subarray(0, nonceLength), ciphertext: sealed.subarray(nonceLength) };
    return openBytes({ key: deriveKey(master, 'vault/root-key'), bound: boundTo(id), sealed: parts });
  } catch (thrown) {
    if (thrown instanceof SealBroken) return undefined;
    throw thrown;
  }
}

/**
 * The root keys before anything is changed; for a database without any, the ones it will get.
 * @throws Conflict `vault.key_wrong` when a root key or the canary is not opened by the keys given
 */
export async function findRoots(owner: pg.ClientBase, masters: MasterKeys): Promise<RootKey[]> {
  const canaries = await readCanaries(owner);
  const [oldest] = canaries;
  if (!oldest) return [founding(masters.current)];
  const ids = canaries.map((canary) => canary.key_id);
  if (!canaries.some((canary) => keyOfCanary(canary, masters))) throw wrongKey(ids, masters.current);
  const rows = await readSealedRoots(owner);
  if (rows.length === 0) {
    // Set up before there were root keys: everything derives from the master key of then.
    const founder = keyOfCanary(oldest, masters);
    if (!founder) throw wrongKey(ids, masters.current);
    return [founding(founder)];
  }
  const roots = openRoots(rows, masters);
  if (roots.length < new Set(rows.map((row) => row.id)).size) throw wrongKey([...new Set(rows.map((row) => row.master_key_id))], masters.current);
  return roots;
}

function founding(key: Buffer): RootKey {
  return { id: masterKeyId(key), generation: 1, key, isBase: true };
}

async function readSealedRoots(owner: pg.ClientBase): Promise<SealedRoot[]> {
  const known = await owner.query<{ known: boolean }>(`select to_regclass('vault_root_key') is not null as known`);
  if (!known.rows[0]?.known) return [];
  return (await owner.query<SealedRoot>(`select ${columns} from vault_root_key order by generation`)).rows;
}

/** Plants the canary of the present master key and seals the root keys with it, where that has not been done. One transaction. */
export async function settleRoots(owner: pg.ClientBase, roots: readonly RootKey[], { current }: MasterKeys): Promise<void> {
  await owner.query('begin');
  try {
    await owner.query('select pg_advisory_xact_lock($1)', [lockKey]);
    const canaries = await readCanaries(owner);
    const master = masterKeyId(current);
    if (!canaries.some((canary) => canary.key_id === master)) await plantCanary(owner, current, { isFirst: canaries.length === 0 });
    for (const root of roots) {
      await owner.query(`insert into vault_root_key (${columns}) values ($1, $2, $3, $4, $5) on conflict do nothing`, [
        root.id,
        root.generation,
        master,
        sealRoot(root, current),
        root.isBase,
      ]);
    }
    await owner.query('commit');
  } catch (thrown) {
    await owner.query('rollback');
    throw thrown;
  }
}

export function baseOf(roots: readonly RootKey[]): RootKey {
  const base = roots.find((root) => root.isBase) ?? roots[0];
  if (!base) throw new SealBroken('There is no root key.');
  return base;
}

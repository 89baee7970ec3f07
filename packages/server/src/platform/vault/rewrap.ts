// Re-wraps every data key under a fresh key while the product runs. What is done is in the rows themselves, so whoever goes on after a crash
// goes on where it stopped; only at the end, when nothing needs them any more, the keys of before and the seals of former master keys go.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Conflict, InvalidInput } from '@tidewheel/contract/errors';
import type { VaultState } from '@tidewheel/contract/routes/credentials';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { keyLength, masterKeyId, SealBroken } from '../../base/aead.ts';
import { newId } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { Databases } from '../../storage/database.ts';
import { sealRoot } from '../../storage/key-ring.ts';
import { rewrapKey } from './envelope.ts';
import {
  addProgress,
  countDataKeys,
  endRewrap,
  eraseOverdue,
  findLastRewrap,
  insertRewrap,
  insertRoot,
  listSeals,
  lockWrapped,
  onlyOnce,
  type Rewrap,
  resetFailed,
  retireKeys,
  saveWrapped,
  type WrappedTable,
} from './rewrap.store.ts';
import { stopSealing } from './vault.store.ts';
import type { VaultKeys } from './vault-keys.ts';

export interface RewrapDeps {
  databases: Databases;
  keys: VaultKeys;
}

const batchSize = 200;
const pauseMs = 1_000;
const nil = '00000000-0000-0000-0000-000000000000';
const vaultObject = { type: 'vault', id: 'vault', title: 'Vault' };

export async function showVault({ databases, keys }: RewrapDeps, actor: Actor): Promise<VaultState> {
  requirePermission(actor, 'security.edit');
  const [seals, dataKeys, rewrap] = await Promise.all([listSeals(databases.engine), countDataKeys(databases.engine), findLastRewrap(databases.engine)]);
  return {
    masterKey: keys.masterId,
    sealedBy: [...new Set(seals.map((seal) => seal.master_key_id))],
    key: seals.at(-1)?.id ?? keys.masterId,
    dataKeys,
    rewrap: rewrap ? shownRewrap(rewrap) : null,
  };
}

function shownRewrap(row: Rewrap): NonNullable<VaultState['rewrap']> {
  return {
    id: row.id,
    state: row.state,
    key: row.key_id,
    total: row.total,
    done: row.done,
    failed: row.failed,
    startedAt: row.started_at.toISOString(),
    startedBy: row.started_by,
    finishedAt: row.finished_at?.toISOString() ?? null,
    note: row.note,
  };
}

/** Makes the fresh key and notes the work; a process with the scheduler role does it. @throws Conflict while one is under way */
export async function startRewrap(deps: RewrapDeps, actor: Actor): Promise<VaultState> {
  requirePermission(actor, 'security.edit');
  const { databases, keys } = deps;
  await databases.engine.transaction().execute(async (trx) => {
    await stopSealing(trx);
    const last = await findLastRewrap(trx);
    if (last?.state === 'running')
      throw new Conflict('vault.rewrap_running', 'A re-wrap is under way already.', { hint: 'Wait for its end: `tidewheel vault show`.' });
    const seals = await listSeals(trx);
    if (!seals.some((seal) => seal.master_key_id === keys.masterId))
      throw new InvalidInput('vault.key_wrong', 'This process has a master key that no longer opens the vault.', { hint: 'Restart it with the present one.' });
    const key = randomBytes(keyLength);
    const root = { id: masterKeyId(key), key };
    const generation = Math.max(...seals.map((seal) => seal.generation)) + 1;
    await insertRoot(trx, { id: root.id, generation, master_key_id: keys.masterId, sealed: sealRoot(root, keys.masters.current) });
    key.fill(0);
    const total = (await countDataKeys(trx)).reduce((sum, each) => sum + each.count, 0);
    const { userId, label, workspaceId, kind } = actor;
    const who = { workspace_id: workspaceId, started_by: label, actor: JSON.stringify({ userId, label, workspaceId, kind }) };
    await insertRewrap(trx, { id: newId(), key_id: root.id, master_key_id: keys.masterId, total, ...who });
    await recordAudit(trx, actor, { action: 'vault.rewrap_started', object: vaultObject, after: { key: root.id, masterKey: keys.masterId, dataKeys: total } });
  });
  return showVault(deps, actor);
}

/** Does what is to be done of a re-wrap under this process's master key. @returns whether there was one */
export async function workOnRewrap(deps: RewrapDeps, log: Logger, signal?: AbortSignal): Promise<boolean> {
  const { databases, keys } = deps;
  const task = await findLastRewrap(databases.engine);
  if (task?.state !== 'running' || task.master_key_id !== keys.masterId) return false;
  const worked = await onlyOnce(databases, async () => {
    for (;;) {
      await resetFailed(databases.engine, task.id);
      const failed: string[] = [];
      for (const table of ['credential', 'credential_previous'] as const) failed.push(...(await passOver({ deps, task, table, log, signal })));
      if (signal?.aborted) return true;
      if (await finish({ deps, task, failed })) return true;
      await sleep(100);
    }
  });
  return worked ?? false;
}

async function passOver(options: { deps: RewrapDeps; task: Rewrap; table: WrappedTable; log: Logger; signal: AbortSignal | undefined }): Promise<string[]> {
  const failed: string[] = [];
  for (let after: string | undefined = nil; after !== undefined && !options.signal?.aborted; ) {
    const batch = await rewrapBatch(options, after);
    failed.push(...batch.failed);
    after = batch.last;
  }
  return failed;
}

async function rewrapBatch(
  { deps, task, table, log }: { deps: RewrapDeps; task: Rewrap; table: WrappedTable; log: Logger },
  after: string,
): Promise<{ last: string | undefined; failed: string[] }> {
  // Before the transaction: a key is loaded by a connection of its own.
  const to = await deps.keys.find(task.key_id);
  if (!to) throw new Conflict('vault.other_key', `The key ${task.key_id} is not opened by the master key of this process.`);
  return deps.databases.engine.transaction().execute(async (trx) => {
    const rows = await lockWrapped(trx, { table, key: task.key_id, after, limit: batchSize });
    const made: { workspace_id: string; id: string; wrapped: Buffer }[] = [];
    const failed: string[] = [];
    for (const { workspace_id, id, purpose, wrapped_key, key_id } of rows) {
      const from = deps.keys.known(key_id);
      const place = { workspaceId: workspace_id, credentialId: id, purpose };
      const wrapped = from && rewrapOrNot({ from, to, place, wrapped: wrapped_key });
      if (wrapped) made.push({ workspace_id, id, wrapped });
      else failed.push(id);
    }
    if (failed.length > 0) log.error({ credentials: failed, key: task.key_id }, 'These secrets cannot be opened, so their keys are not wrapped anew.');
    if (made.length > 0) await saveWrapped(trx, { table, key: task.key_id, rows: made });
    await addProgress(trx, task.id, { done: made.length, failed: failed.length });
    return { last: rows.at(-1)?.id, failed };
  });
}

function rewrapOrNot(what: Parameters<typeof rewrapKey>[0]): Buffer | undefined {
  try {
    return rewrapKey(what);
  } catch (thrown) {
    if (thrown instanceof SealBroken) return undefined;
    throw thrown;
  }
}

/** @returns false when something is left that somebody was changing */
function finish({ deps, task, failed }: { deps: RewrapDeps; task: Rewrap; failed: string[] }): Promise<boolean> {
  return deps.databases.engine.transaction().execute(async (trx) => {
    await stopSealing(trx);
    const counts = await countDataKeys(trx);
    const left = counts.filter((each) => each.key !== task.key_id).reduce((sum, each) => sum + each.count, 0);
    if (left > failed.length) return false;
    const after = { key: task.key_id, masterKey: task.master_key_id, dataKeys: counts.find((each) => each.key === task.key_id)?.count ?? 0, failed };
    await recordAudit(trx, task.actor, { action: 'vault.rewrapped', object: vaultObject, after });
    if (left > 0) {
      const note = `${left} secrets cannot be opened (${failed.slice(0, 5).join(', ')}): give them anew, then re-wrap again. The keys of before are kept.`;
      await endRewrap(trx, task.id, { state: 'failed', note });
      return true;
    }
    await retireKeys(trx, { key: task.key_id, masterKeyId: task.master_key_id });
    await endRewrap(trx, task.id, { state: 'done', note: null });
    return true;
  });
}

/** Of the scheduler role: works on re-wraps and erases secrets whose grace is over. @returns stop */
export function startVaultKeeper({ log, ...deps }: RewrapDeps & { log: Logger }): () => Promise<void> {
  const stopping = new AbortController();
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await workOnRewrap(deps, log, stopping.signal);
        await eraseOverdue(deps.databases);
      } catch (error) {
        log.warn({ err: error }, 'The vault could not be kept; trying again.');
      }
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const done = work();
  return () => {
    stopping.abort();
    return done;
  };
}

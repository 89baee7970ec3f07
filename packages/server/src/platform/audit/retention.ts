// Erases the contents of entries that are older than their workspace keeps them. Each erasure leaves an entry of its own.
import { everyHour } from '../../base/in-rounds.ts';
import type { Logger } from '../../base/logger.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { Databases } from '../../storage/database.ts';
import { eraseContents, findForgetful } from './retention.store.ts';

/** In one transaction. */
const mostTogether = 1_000;

/** @returns how to end it */
export function startRetention({ databases, log }: { databases: Pick<Databases, 'engine'>; log: Logger }): () => Promise<void> {
  return everyHour({
    work: () => eraseOldAudit(databases),
    failed: (error) => log.warn({ err: error }, 'old audit contents could not be erased; trying again in an hour'),
  });
}

/** @returns how many contents it erased, in all workspaces */
export async function eraseOldAudit({ engine }: Pick<Databases, 'engine'>): Promise<number> {
  let total = 0;
  for (const workspaceId of await findForgetful(engine)) {
    for (let some = mostTogether; some === mostTogether; total += some) some = await eraseSome({ engine }, workspaceId);
  }
  return total;
}

function eraseSome({ engine }: Pick<Databases, 'engine'>, workspaceId: string): Promise<number> {
  return engine.transaction().execute(async (trx) => {
    const { erased, until } = await eraseContents(trx, { workspaceId, most: mostTogether });
    if (erased === 0) return 0;
    const object = { type: 'audit', id: 'retention', title: 'Retention of the audit trail' };
    const after = { erased, until: until?.toISOString() ?? null };
    await recordAudit(trx, { userId: null, label: 'retention', workspaceId }, { action: 'audit.erased', object, after });
    return erased;
  });
}

// The same done to many triggers, or only shown to which. Each that changes has its own entry in the audit trail, and can be taken back alone.
import { type BulkResult, mostChangedAtOnce } from '@tidewheel/contract/bulk-result';
import { AppError } from '@tidewheel/contract/errors';
import type { TriggerAction, TriggerChoice } from '@tidewheel/contract/routes/triggers';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { permittedRows } from '../../storage/permitted-rows.ts';
import { bulkResult, type Chosen, refuseTooMany, sortChosen, whileArchived } from '../bulk-outcome.ts';
import type { TriggerDeps } from './trigger-deps.ts';
import { changesBy, type Turning, turnIn, watchable } from './trigger-states.ts';
import { triggerObject } from './trigger-view.ts';
import * as store from './triggers.store.ts';

/** @throws InvalidInput for more than one call may change */
export async function changeTriggers(
  deps: TriggerDeps,
  actor: Actor,
  { choice, action, dryRun }: { choice: TriggerChoice; action: TriggerAction; dryRun: boolean },
): Promise<BulkResult> {
  requirePermission(actor, 'trigger.edit');
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const { rows, refused } = await chosen(trx, actor, { choice, lock: !dryRun });
    const changed: store.TriggerRow[] = [];
    for (const row of rows) {
      const outcome = await turn({ deps, trx, actor }, { row, verb: action.do, dryRun });
      if (outcome === true) changed.push(row);
      else if (outcome !== false) refused.push({ name: row.slug, reason: outcome });
    }
    return bulkResult({ dryRun, rows, changed, refused });
  });
}

/** Does it, or finds out: whether it changes, or why it stays as it is. */
async function turn(turning: Turning, { row, verb, dryRun }: { row: store.TriggerRow; verb: TriggerAction['do']; dryRun: boolean }): Promise<boolean | string> {
  if (row.archived_at !== null && verb !== 'restore') return whileArchived;
  if (!changesBy(row, verb)) return false;
  try {
    if (!dryRun) await turnIn(turning, { row, verb });
    else if (verb === 'resume' && row.kind === 'flow') await watchable(turning.trx, turning.actor, row.config);
    return true;
  } catch (thrown) {
    // What is refused was refused before anything was written: the transaction is whole.
    if (thrown instanceof AppError && thrown.status < 500) return thrown.message;
    throw thrown;
  }
}

async function chosen(trx: WorkspaceTransaction, actor: Actor, { choice, lock }: { choice: TriggerChoice; lock: boolean }): Promise<Chosen<store.TriggerRow>> {
  const names = [...new Set(choice.names ?? (await byFilter(trx, actor, choice.filter ?? {})))];
  const found = (await store.findNamedTriggers(trx, names, { lock })).filter((row) => may(actor, 'trigger.read', triggerObject(row)));
  return sortChosen('trigger', { names: choice.names ? names : null, found, mayEdit: (row) => may(actor, 'trigger.edit', triggerObject(row)) });
}

async function byFilter(trx: WorkspaceTransaction, actor: Actor, filter: NonNullable<TriggerChoice['filter']>): Promise<string[]> {
  const permitted = permittedRows(actor, 'trigger.read', store.triggerColumns);
  const slugs = await store.findSlugsBy(trx, { ...filter, permitted }, mostChangedAtOnce + 1);
  refuseTooMany('trigger', slugs);
  return slugs;
}

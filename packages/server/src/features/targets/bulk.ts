// The same done to many hosts, or only shown to which. Each host that changes has its own entry in the audit trail, and can be taken back alone.

import type { BulkResult } from '@tidewheel/contract/bulk-result';
import { AppError } from '@tidewheel/contract/errors';
import type { TargetAction } from '@tidewheel/contract/routes/target-operations';
import type { TargetChange, TargetChoice } from '@tidewheel/contract/target';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { chosenTargets } from './chosen-targets.ts';
import { listedGroupIds } from './groups.store.ts';
import { endIn, maintenanceFrom, startIn } from './maintenance.ts';
import { shownTarget } from './target-view.ts';
import { updateIn, type Writing } from './target-write.ts';
import { archiveIn, stillJumped, type TargetDeps } from './targets.service.ts';
import { findNeeding, type TargetRow } from './targets.store.ts';

const shown = 500;

/** @throws InvalidInput for a group that is not there, or more hosts than one call may change */
export async function changeTargets(
  deps: TargetDeps,
  actor: Actor,
  { choice, action, dryRun }: { choice: TargetChoice; action: TargetAction; dryRun: boolean },
): Promise<BulkResult> {
  requirePermission(actor, 'target.edit');
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const { rows, refused } = await chosenTargets(trx, actor, choice, { lock: !dryRun });
    const work = await plan({ deps, trx, actor }, action);
    const left = [...refused];
    const names: string[] = [];
    for (const row of rows) {
      const outcome = await work(row, dryRun);
      if (outcome === true) names.push(row.name);
      else if (outcome !== false) left.push({ name: row.name, reason: outcome });
    }
    return { dryRun, chosen: rows.length, changed: names.length, names: names.slice(0, shown), refused: left.slice(0, shown) };
  });
}

/** Does it to one host, or finds out: whether it changes, or why it stays as it is. */
type Work = (row: TargetRow, dryRun: boolean) => Promise<boolean | string>;

async function plan(writing: Writing, action: TargetAction): Promise<Work> {
  const { trx, actor } = writing;
  switch (action.do) {
    case 'tag':
      return changing(writing, (row) => ({ tags: merged(row.tags, action) }));
    case 'group':
      await listedGroupIds(trx, [...action.add, ...action.remove]);
      return changing(writing, (row) => ({ groups: merged(row.groups, action) }));
    case 'category':
      return changing(writing, () => ({ category: action.category }));
    case 'startMaintenance': {
      const maintenance = maintenanceFrom(action.maintenance, actor);
      return async (row, dryRun) => {
        if (!dryRun) await startIn(trx, actor, { row, maintenance });
        return true;
      };
    }
    case 'endMaintenance':
      return async (row, dryRun) => (dryRun ? shownTarget(row).maintenance !== null : endIn(trx, actor, row));
    case 'archive':
      return (row, dryRun) => archive(trx, actor, { row, dryRun });
  }
}

function merged(present: readonly string[], { add, remove }: { add: readonly string[]; remove: readonly string[] }): string[] {
  return [...new Set([...present.filter((one) => !remove.includes(one)), ...add])].sort();
}

function changing(writing: Writing, changeOf: (row: TargetRow) => TargetChange): Work {
  return async (row, dryRun) => {
    const change = changeOf(row);
    const present = shownTarget(row) as unknown as Record<string, unknown>;
    const differs = Object.entries(change).some(([key, value]) => JSON.stringify(present[key]) !== JSON.stringify(value));
    if (!differs || dryRun) return differs;
    return refusable(async () => (await updateIn(writing, { before: row, change })).length > 0);
  };
}

async function archive(trx: WorkspaceTransaction, actor: Actor, { row, dryRun }: { row: TargetRow; dryRun: boolean }): Promise<boolean | string> {
  const { jumpFor } = await findNeeding(trx, row.id);
  if (jumpFor.length > 0) return stillJumped(row.name, jumpFor).message;
  if (!dryRun) await archiveIn(trx, actor, row);
  return true;
}

/** What is asked before anything is written leaves the transaction whole. */
async function refusable(work: () => Promise<boolean>): Promise<boolean | string> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.status < 500) return thrown.message;
    throw thrown;
  }
}

// Takes hosts out of work for a time. Steps that name one fail until it is over, and can be tried again.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { MaintenanceInput } from '@tidewheel/contract/routes/targets';
import type { Target } from '@tidewheel/contract/target';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { storable } from '../../base/text.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { inUseBy } from './target-access.ts';
import { objectOf, shownTarget } from './target-view.ts';
import type { TargetDeps } from './targets.service.ts';
import { findTarget, type Maintenance, setMaintenance, type TargetRow } from './targets.store.ts';

/** @throws InvalidInput for an end that is before the beginning or over already */
export async function startMaintenance(deps: TargetDeps, actor: Actor, { asked, ...input }: MaintenanceInput & { asked: string }): Promise<Target> {
  requirePermission(actor, 'target.edit');
  const maintenance = maintenanceFrom(input, actor);
  return changing(deps, actor, asked, (trx, row) => startIn(trx, actor, { row, maintenance }));
}

/** Nothing happens where there is none. */
export async function endMaintenance(deps: TargetDeps, actor: Actor, asked: string): Promise<Target> {
  requirePermission(actor, 'target.edit');
  return changing(deps, actor, asked, (trx, row) => endIn(trx, actor, row));
}

export function maintenanceFrom({ from, until, reason }: MaintenanceInput, actor: Actor): Maintenance {
  const now = new Date();
  const [begins, ends] = [from === undefined ? now : new Date(from), until == null ? null : new Date(until)];
  if (ends !== null && (ends <= begins || ends <= now))
    throw new InvalidInput('target.maintenance_end', 'The maintenance would end before it begins, or has ended already.', {
      hint: 'Give a later `until`, or none.',
    });
  return { from: begins, until: ends, reason: storable(reason), by: actor.label };
}

export async function startIn(trx: WorkspaceTransaction, actor: Actor, { row, maintenance }: { row: TargetRow; maintenance: Maintenance }): Promise<void> {
  await setMaintenance(trx, [row.id], maintenance);
  await recordAudit(trx, actor, {
    action: 'target.maintenance_started',
    object: objectOf(row),
    before: view(row),
    after: { maintenance: shownOf(maintenance) },
  });
}

/** @returns whether there was one */
export async function endIn(trx: WorkspaceTransaction, actor: Actor, row: TargetRow): Promise<boolean> {
  if (shownTarget(row).maintenance === null) return false;
  await setMaintenance(trx, [row.id], null);
  await recordAudit(trx, actor, { action: 'target.maintenance_ended', object: objectOf(row), before: view(row), after: { maintenance: null } });
  return true;
}

function shownOf({ from, until, reason }: Maintenance) {
  return { from: from.toISOString(), until: until?.toISOString() ?? null, reason };
}

function view(row: TargetRow) {
  const { maintenance } = shownTarget(row);
  return { maintenance: maintenance && { from: maintenance.from, until: maintenance.until, reason: maintenance.reason } };
}

function changing(deps: TargetDeps, actor: Actor, asked: string, change: (trx: WorkspaceTransaction, row: TargetRow) => Promise<unknown>): Promise<Target> {
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const row = await inUseBy(trx, actor, { asked, permission: 'target.edit', lock: true });
    await change(trx, row);
    return shownTarget((await findTarget(trx, row.id)) ?? row);
  });
}

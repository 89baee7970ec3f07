// How long the contents of audit entries are kept.
import type { AuditRetention } from '@tidewheel/contract/routes/audit';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import type { AuditDeps } from './audit.service.ts';
import { findRetention, saveRetention } from './retention.store.ts';

export async function showRetention({ databases }: Pick<AuditDeps, 'databases'>, actor: Actor): Promise<AuditRetention> {
  requirePermission(actor, 'audit.read');
  return inWorkspace(databases.app, actor.workspaceId, findRetention);
}

export async function updateRetention({ databases }: Pick<AuditDeps, 'databases'>, actor: Actor, days: number | null): Promise<AuditRetention> {
  requirePermission(actor, 'audit.edit');
  const { workspaceId, label } = actor;
  return inWorkspace(databases.app, workspaceId, async (trx) => {
    const before = await findRetention(trx);
    await saveRetention(trx, { workspaceId, days, by: label });
    const object = { type: 'audit', id: 'retention', title: 'Retention of the audit trail' };
    await recordAudit(trx, actor, { action: 'audit.retention_changed', object, before: { days: before.days }, after: { days } });
    return findRetention(trx);
  });
}

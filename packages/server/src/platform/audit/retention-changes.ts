// What the change log may take back of the retention of the trail. What was erased meanwhile stays erased.
import type { AuditRetention } from '@tidewheel/contract/routes/audit';
import { type ChangeModule, fieldsBack } from '../../base/change-module.ts';
import type { AuditDeps } from './audit.service.ts';
import { showRetention, updateRetention } from './retention.service.ts';

export function retentionChanges(deps: Pick<AuditDeps, 'databases'>): ChangeModule {
  return {
    name: 'audit-retention',
    title: 'Retention of the audit trail',
    sees: 'audit.read',
    reverts: {
      'audit.retention_changed': async (actor, change) => {
        const { days } = fieldsBack({ change, present: await showRetention(deps, actor) }) as Partial<AuditRetention>;
        await updateRetention(deps, actor, days ?? null);
      },
    },
  };
}

import { group } from '../../command.ts';
import { auditCheckpoint } from './checkpoint.ts';
import { auditExport } from './export.ts';
import { auditList } from './list.ts';
import { auditRetention } from './retention.ts';
import { auditShow } from './show.ts';
import { auditVerify } from './verify.ts';

export function audit() {
  return group('audit', { summary: 'See what was done by whom, and prove it' })
    .addCommand(auditList())
    .addCommand(auditShow())
    .addCommand(auditExport())
    .addCommand(auditVerify())
    .addCommand(auditCheckpoint())
    .addCommand(auditRetention());
}

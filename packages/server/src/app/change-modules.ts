// Every module whose changes are in the change log. The one list.
import { describePrivateKey } from '@tidewheel/steps/ssh/private-key';
import type { ChangeModule } from '../base/change-module.ts';
import { flowChanges } from '../engine/flows/flow-changes.ts';
import { scheduleChanges } from '../engine/schedules/schedule-changes.ts';
import { triggerChanges } from '../engine/triggers/trigger-changes.ts';
import { colorSourceChanges } from '../features/colors/columns/source-changes.ts';
import { colorRuleChanges } from '../features/colors/rules/rule-changes.ts';
import { colorSessionChanges } from '../features/colors/sessions/session-changes.ts';
import { colorSheetChanges } from '../features/colors/sheet/sheet-changes.ts';
import { colorUploadChanges } from '../features/colors/uploads/upload-changes.ts';
import { connectionChanges } from '../features/connections/connection-changes.ts';
import { credentialChanges } from '../features/credentials/credential-changes.ts';
import { fileChanges } from '../features/files/file-changes.ts';
import { targetChanges } from '../features/targets/target-changes.ts';
import { retentionChanges } from '../platform/audit/retention-changes.ts';
import { calendarChanges } from '../platform/calendars/calendar-changes.ts';
import { accessChanges } from '../platform/identity/access-changes.ts';
import { ruleChanges, userChanges } from '../platform/identity/identity-changes.ts';
import { serviceAccountChanges } from '../platform/identity/service-account-changes.ts';
import { ssoChanges } from '../platform/identity/sso/sso-changes.ts';
import { workspaceChanges } from '../platform/identity/workspace-changes.ts';
import { mailChanges } from '../platform/mail/mail-changes.ts';
import { notifyChanges } from '../platform/notify/notify-changes.ts';
import { securityChanges } from '../platform/security/security-changes.ts';
import { calendarUses } from './calendar-uses.ts';
import type { Parts } from './compose.ts';

export function changeModules({
  engine: { schedules },
  settings,
  foundation,
  flows,
  connections,
  targets,
  mail,
  notify,
  security,
  triggers,
  tables,
}: Parts): ChangeModule[] {
  const { databases, objects, rootKey: masterKey } = foundation;
  const { engine } = databases;
  return [
    flowChanges(flows),
    scheduleChanges(schedules),
    triggerChanges(triggers),
    connectionChanges(connections),
    credentialChanges({ databases, vault: connections.vault, types: flows.types, describeKey: describePrivateKey }),
    targetChanges(targets),
    fileChanges({ databases, objects }),
    colorRuleChanges({ databases, tables }),
    colorSessionChanges({ databases }),
    colorSheetChanges({ databases }),
    colorSourceChanges({ databases }),
    colorUploadChanges({ databases, objects }),
    calendarChanges({ databases, uses: calendarUses }),
    userChanges(engine),
    serviceAccountChanges(engine),
    accessChanges(engine),
    workspaceChanges(engine),
    ruleChanges(engine),
    ssoChanges({ db: engine, masterKey }),
    securityChanges({ databases, live: security, settings }),
    mailChanges(mail),
    notifyChanges(notify),
    retentionChanges({ databases }),
  ];
}

// Every module whose changes are in the change log. The one list.
import { describePrivateKey } from '@tidewheel/steps/connectors/private-key';
import type { ChangeModule } from '../base/change-module.ts';
import { flowChanges } from '../engine/flows/flow-changes.ts';
import { connectionChanges } from '../features/connections/connection-changes.ts';
import { credentialChanges } from '../features/credentials/credential-changes.ts';
import { fileChanges } from '../features/files/file-changes.ts';
import { accessChanges } from '../platform/identity/access-changes.ts';
import { ruleChanges, userChanges } from '../platform/identity/identity-changes.ts';
import { mailChanges } from '../platform/mail/mail-changes.ts';
import type { Parts } from './compose.ts';

export function changeModules({ foundation: { databases, objects }, flows, connections, mail }: Parts): ChangeModule[] {
  const { engine } = databases;
  return [
    flowChanges(flows),
    connectionChanges(connections),
    credentialChanges({ databases, vault: connections.vault, types: flows.types, describeKey: describePrivateKey }),
    fileChanges({ databases, objects }),
    userChanges(engine),
    ruleChanges(engine),
    accessChanges(engine),
    mailChanges(mail),
  ];
}

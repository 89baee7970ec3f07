// The vault of this process: its keys, who notes its use, and with the scheduler role who keeps it.
import type { Logger } from '../base/logger.ts';
import type { Settings } from '../base/settings.ts';
import { startReminders } from '../features/credentials/expiry-reminder.ts';
import { createMailer } from '../platform/mail/outbox.ts';
import { startVaultKeeper } from '../platform/vault/rewrap.ts';
import { createUseRecorder, type UseRecorder } from '../platform/vault/use-recorder.ts';
import { createVault, type Vault } from '../platform/vault/vault.service.ts';
import { createVaultKeys, type VaultKeys } from '../platform/vault/vault-keys.ts';
import type { Foundation } from './foundation.ts';

export interface VaultParts {
  vault: Vault;
  keys: VaultKeys;
  uses: UseRecorder;
}

export function openVault(options: { foundation: Foundation; settings: Settings; log: Logger; closers: AsyncDisposableStack }): VaultParts {
  const { foundation, settings, log, closers } = options;
  const { databases, masterKey, formerMasterKeys, rootKey } = foundation;
  const keys = createVaultKeys({ databases, masters: { current: masterKey, former: formerMasterKeys } });
  const uses = createUseRecorder({ databases, log });
  closers.defer(() => uses.close());
  if (settings.roles.has('scheduler')) {
    closers.defer(startVaultKeeper({ databases, keys, log }));
    closers.defer(startReminders({ databases, mailer: createMailer({ databases, masterKey: rootKey }), log }));
  }
  return { vault: createVault(foundation), keys, uses };
}

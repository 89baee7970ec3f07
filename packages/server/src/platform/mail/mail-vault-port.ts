// What mail asks of the vault. Siblings of platform/ do not know one another: app/ hands the vault in.
import type { WorkspaceTransaction } from '../../storage/database.ts';

export interface MailVault {
  seal(
    trx: WorkspaceTransaction,
    what: { workspaceId: string; credentialId?: string | undefined; purpose: string; secret: Record<string, unknown> },
  ): Promise<string>;
  open(what: { workspaceId: string; credentialId: string; purpose: string }): Promise<{ secret: Record<string, unknown>; release(): void }>;
  remove(trx: WorkspaceTransaction, what: { workspaceId: string; credentialId: string }): Promise<void>;
}

export const passwordPurpose = 'mail:smtp';

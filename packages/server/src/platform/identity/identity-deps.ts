import type { Logger } from '../../base/logger.ts';
import type { AccessTokens } from './access-token.ts';
import type { Accounts } from './accounts.ts';
import type { Attempts } from './attempts.store.ts';
import type { CredentialPool, IdentityDb } from './identity.store.ts';
import type { Mailer } from './mailer-port.ts';

/** What the services of identity stand on. */
export interface IdentityDeps {
  db: IdentityDb;
  pool: CredentialPool;
  accounts: Accounts;
  attempts: Attempts;
  mailer: Mailer;
  accessTokens: AccessTokens;
  /** Seals the secrets of second factors. */
  masterKey: Buffer;
  log: Logger;
}

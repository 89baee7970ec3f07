// What identity asks of mail. Siblings of platform/ do not know one another: app/ hands the mailer in.
import type { IdentityTransaction } from './identity.store.ts';

export interface Mailer {
  isConfigured(): Promise<boolean>;
  /** Puts a mail into the outbox of the transaction. @throws Conflict `mail.not_configured` */
  enqueue(trx: IdentityTransaction, mail: { purpose: string; to: string; subject: string; text: string; usefulUntil: Date }): Promise<void>;
}

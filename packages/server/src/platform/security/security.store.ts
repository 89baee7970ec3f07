// All SQL about the limits of the installation, as the engine role: the app role has no right to it.
import type { Rates } from '@tidewheel/contract/routes/security';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Database } from '../../storage/schema.ts';
import type { SecuritySettingsTable } from '../../storage/security-tables.ts';

export type SecurityDb = Kysely<Database> | Transaction<Database>;
export type SecurityRow = Selectable<SecuritySettingsTable>;

export function findSecurity(db: SecurityDb): Promise<SecurityRow> {
  return db.selectFrom('security_settings').selectAll().executeTakeFirstOrThrow();
}

/** Locked until the transaction ends: a change of one limit must not undo another one's. */
export function lockSecurity(trx: Transaction<Database>): Promise<SecurityRow> {
  return trx.selectFrom('security_settings').selectAll().forUpdate().executeTakeFirstOrThrow();
}

export async function saveSecurity(
  trx: Transaction<Database>,
  row: Omit<SecurityRow, 'singleton' | 'updated_at' | 'rates'> & { rates: Partial<Rates> },
): Promise<void> {
  await trx
    .updateTable('security_settings')
    .set({ ...row, rates: JSON.stringify(row.rates), updated_at: sql<Date>`now()` })
    .execute();
}

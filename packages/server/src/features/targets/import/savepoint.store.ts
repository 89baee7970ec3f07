import { sql } from 'kysely';
import type { WorkspaceTransaction } from '../../../storage/database.ts';

/** What `work` writes is taken back when it throws; the transaction goes on. */
export async function inSavepoint<T>(trx: WorkspaceTransaction, work: () => Promise<T>): Promise<T> {
  await sql`savepoint import_line`.execute(trx);
  try {
    const done = await work();
    await sql`release savepoint import_line`.execute(trx);
    return done;
  } catch (thrown) {
    await sql`rollback to savepoint import_line`.execute(trx);
    throw thrown;
  }
}

// All SQL about who gets codes by mail.
import { sql } from 'kysely';
import type { Db } from './identity.store.ts';

export async function hasEmailFactor(db: Db, userId: string): Promise<boolean> {
  return (await db.selectFrom('identity.email_factor').select('user_id').where('user_id', '=', userId).executeTakeFirst()) !== undefined;
}

/** @returns whether that changed anything */
export async function setEmailFactor(db: Db, { userId, on }: { userId: string; on: boolean }): Promise<boolean> {
  const { rows } = on
    ? await sql`insert into identity.email_factor (user_id) values (${userId}) on conflict do nothing returning 1`.execute(db)
    : await sql`delete from identity.email_factor where user_id = ${userId} returning 1`.execute(db);
  return rows.length > 0;
}

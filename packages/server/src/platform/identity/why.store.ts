// What explaining needs beyond the access of one member.
import type { Db } from './identity.store.ts';

/** Whether the role asks for a second factor that the member has not set up: then nothing is allowed. */
export async function findFactorDue(db: Db, { userId, role }: { userId: string; role: string }): Promise<boolean> {
  const rules = await db.selectFrom('identity.sign_in_rules').select('second_factor_roles').executeTakeFirst();
  if (!rules?.second_factor_roles.includes(role)) return false;
  return (await db.selectFrom('identity.second_factor').select('user_id').where('user_id', '=', userId).executeTakeFirst()) === undefined;
}

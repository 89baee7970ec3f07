// All SQL about the rules of signing in.
import type { SignInRules } from '@tidewheel/contract/routes/sign-in';
import type { Updateable } from 'kysely';
import type { SignInRulesTable } from '../../storage/installation-tables.ts';
import type { Db } from './identity.store.ts';

const columns = {
  minPasswordLength: 'min_password_length',
  selfRegistration: 'self_registration',
  registrationRole: 'registration_role',
  idleMinutes: 'idle_minutes',
  secondFactorRoles: 'second_factor_roles',
  emailCodeAllowed: 'email_code_allowed',
  maxSessions: 'max_sessions',
} as const satisfies Record<keyof SignInRules, keyof SignInRulesTable>;

export async function findRules(db: Db): Promise<SignInRules> {
  const row = await db.selectFrom('identity.sign_in_rules').selectAll().executeTakeFirstOrThrow();
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, row[column]])) as SignInRules;
}

export async function saveRules(db: Db, changed: Partial<SignInRules>): Promise<void> {
  const values = Object.fromEntries(
    Object.entries(changed)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [columns[name as keyof SignInRules], value]),
  ) as Updateable<SignInRulesTable>;
  if (Object.keys(values).length > 0) await db.updateTable('identity.sign_in_rules').set(values).execute();
}

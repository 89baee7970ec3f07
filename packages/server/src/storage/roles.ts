// The database roles (DESIGN 6): the owner migrates, the engine sees every workspace, the app only its own, and search reads what may be looked for, of any.
import { createHmac } from 'node:crypto';
import type pg from 'pg';

export const engineRole = 'tidewheel_engine';
export const appRole = 'tidewheel_app';
export const searchRole = 'tidewheel_search';
export const ourRoles = [engineRole, appRole, searchRole] as const;

/** Each role's password follows from the installation's base key, so no further secret has to be kept. */
export function rolePassword(rootKey: Buffer, role: string): string {
  return createHmac('sha256', rootKey).update(`postgres-role:${role}`).digest('base64url');
}

/** Makes the roles or renews their passwords. Runs as the owner, which needs CREATEROLE. */
export async function ensureRoles(owner: pg.ClientBase, rootKey: Buffer): Promise<void> {
  for (const role of ourRoles) {
    const exists = await owner.query('select 1 from pg_roles where rolname = $1', [role]);
    const password = rolePassword(rootKey, role);
    // Only a superuser may name the other attributes of a role that exists, even to leave them as they are.
    await owner.query(
      exists.rowCount
        ? `alter role ${role} login password '${password}'`
        : `create role ${role} login nosuperuser nocreatedb nocreaterole nobypassrls password '${password}'`,
    );
  }
  // It only reads; what takes longer was asked too widely. Planning its many months by JIT would cost more than it saves.
  for (const setting of ["statement_timeout = '10s'", 'default_transaction_read_only = on', 'jit = off'])
    await owner.query(`alter role ${searchRole} set ${setting}`);
  const { rows } = await owner.query<{ name: string }>('select current_database() as name');
  await owner.query(`grant connect on database "${rows[0]?.name.replaceAll('"', '""')}" to ${ourRoles.join(', ')}`);
  await owner.query(`grant usage on schema public to ${ourRoles.join(', ')}`);
}

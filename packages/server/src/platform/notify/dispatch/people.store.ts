// The only SQL about whom a rule means: members by id, address and role, watchers, approvers, and what they wish.
import { NotificationPreferences } from '@tidewheel/contract/notify';
import { sql, type Transaction } from 'kysely';
import type { Database } from '../../../storage/schema.ts';

type Trx = Transaction<Database>;

export interface Person {
  id: string;
  email: string;
  name: string;
  /** Whoever works the command line of the server's machine without an account: he has no mailbox. */
  isLocal: boolean;
  /** His own, those of grants that hold now, and those that were lent to him whole. */
  roles: string[];
}

/** Members who are people, or the local operator, and not suspended. As in identity.deciders, a role that asks for a second factor counts beyond its members for those only who have one. */
export async function findPeople(
  trx: Trx,
  { workspaceId, ids, emails, roles }: { workspaceId: string; ids: readonly string[]; emails: readonly string[]; roles: readonly string[] },
): Promise<Person[]> {
  const { rows } = await sql<Person>`
    with member as (
      select u.id, u.email, u.name, u.kind, m.role from identity.membership m join identity."user" u on u.id = m.user_id
      where m.workspace_id = ${workspaceId} and m.suspended_at is null and u.kind in ('person', 'local')),
    held as (
      select id, role from member where role = any(${roles}::text[])
      union select g.user_id, g.role from identity.access_grant g
        where g.workspace_id = ${workspaceId} and g.role = any(${roles}::text[]) and g.revoked_at is null and g.starts_at <= now() and (g.ends_at is null or g.ends_at > now())
          and (${needsNoFactor('g.role')} or ${hasFactor('g.user_id')})
      union select d.to_user, l.role from identity.delegation d join member l on l.id = d.from_user
        where d.workspace_id = ${workspaceId} and l.role = any(${roles}::text[]) and d.permissions is null and d.revoked_at is null and d.starts_at <= now() and d.ends_at > now()
          and (${needsNoFactor('l.role')} or (${hasFactor('d.to_user')} and ${hasFactor('d.from_user')})))
    select p.id, p.email, p.name, p.kind = 'local' as "isLocal", array(select h.role from held h where h.id = p.id) as roles
    from member p
    where p.id = any(${ids}::uuid[]) or p.email = any(${emails}::text[]) or p.id in (select id from held)
    order by p.email`.execute(trx);
  return rows;
}

function needsNoFactor(role: string) {
  return sql`not exists (select from identity.sign_in_rules s where ${sql.ref(role)} = any(s.second_factor_roles))`;
}
function hasFactor(user: string) {
  return sql`exists (select from identity.second_factor f where f.user_id = ${sql.ref(user)})`;
}

/** Flow slug to who watches it. */
export async function findWatchers(trx: Trx, { workspaceId, flows }: { workspaceId: string; flows: readonly string[] }): Promise<Map<string, string[]>> {
  if (flows.length === 0) return new Map();
  const { rows } = await sql<{ user_id: string; flow: string }>`select p.user_id, f.flow from notification_preference p
    cross join unnest(${flows}::text[]) as f(flow)
    where p.workspace_id = ${workspaceId} and p.content -> 'watch' ? f.flow`.execute(trx);
  return new Map([...Map.groupBy(rows, (row) => row.flow)].map(([flow, some]) => [flow, some.map((row) => row.user_id)]));
}

/** Event to who may decide on the approval that it is about. */
export async function findApprovers(
  trx: Trx,
  { workspaceId, asked }: { workspaceId: string; asked: readonly { event: string; run: string; step: string }[] },
): Promise<Map<string, string[]>> {
  if (asked.length === 0) return new Map();
  const { rows } = await sql<{ event: string; user_id: string }>`select distinct e.event, d.user_id
    from unnest(${asked.map((one) => one.event)}::text[], ${asked.map((one) => one.run)}::uuid[], ${asked.map((one) => one.step)}::text[]) as e(event, run, step)
      join approval a on a.workspace_id = ${workspaceId} and a.run_id = e.run and a.step_id = e.step and a.ended_at is null
      cross join lateral identity.deciders(a.workspace_id, a.approvers) d
    where d.user_id <> all(a.requesters) and (d.for_user is null or d.for_user <> all(a.requesters))`.execute(trx);
  return new Map([...Map.groupBy(rows, (row) => row.event)].map(([event, some]) => [event, some.map((row) => row.user_id)]));
}

/** Of those who ever set any. */
export async function findPreferences(
  trx: Trx,
  { workspaceId, users }: { workspaceId: string; users: readonly string[] },
): Promise<Map<string, NotificationPreferences>> {
  if (users.length === 0) return new Map();
  const rows = await trx
    .selectFrom('notification_preference')
    .select(['user_id', 'content'])
    .where('workspace_id', '=', workspaceId)
    .where('user_id', 'in', users)
    .execute();
  return new Map(rows.map((row) => [row.user_id, NotificationPreferences.parse(row.content)]));
}

// The SQL of reminders of keys. It spans workspaces.
import { sql } from 'kysely';
import type { Db } from './identity.store.ts';

export interface EndingKey {
  id: string;
  title: string;
  prefix: string | null;
  workspace: string;
  /** Of a service account; null: a person's own token. */
  account: string | null;
  expiresAt: Date;
  /** Its owner, else the administrators of the workspace; the person whose token it is. */
  to: string[];
}

/** Two weeks before the end, or in the last quarter of a shorter life. A key that was rotated ends on purpose. */
export async function findEndingKeys(db: Db): Promise<EndingKey[]> {
  const { rows } = await sql<EndingKey>`
    select t.id, t.title, t.prefix, w.title as workspace, a.slug as account, t.expires_at as "expiresAt",
      case when u.kind = 'person' then array[u.email] when o.email is not null then array[o.email]
        else array(select au.email from identity.membership am join identity."user" au on au.id = am.user_id
          where am.workspace_id = t.workspace_id and am.role = 'admin' and am.suspended_at is null and au.kind = 'person' order by au.email) end as to
    from identity.api_token t join identity."user" u on u.id = t.user_id join workspace w on w.id = t.workspace_id
      join identity.membership m on m.user_id = t.user_id and m.workspace_id = t.workspace_id
      left join identity.service_account a on a.user_id = t.user_id
      left join identity."user" o on o.id = a.owner_id
    where t.revoked_at is null and t.reminded_at is null and t.expires_at > now()
      and t.expires_at - now() <= least(interval '14 days', (t.expires_at - t.created_at) / 4)
      and m.suspended_at is null and w.archived_at is null
      and not exists (select from identity.api_token n where n.user_id = t.user_id and n.workspace_id = t.workspace_id and n.title = t.title
        and n.revoked_at is null and n.expires_at > t.expires_at)
    order by t.expires_at limit 500`.execute(db);
  return rows;
}

/** @returns false when another process was first */
export async function noteKeyReminder(db: Db, id: string): Promise<boolean> {
  const result = await db
    .updateTable('identity.api_token')
    .set({ reminded_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('reminded_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

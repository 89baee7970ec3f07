// The SQL of reminders, as the engine role: they span workspaces.
import { sql, type Transaction } from 'kysely';
import type { Databases } from '../../storage/database.ts';
import type { Database } from '../../storage/schema.ts';

export interface DueReminder {
  workspace_id: string;
  workspace: string;
  id: string;
  slug: string;
  title: string;
  expires_on: string;
  /** The reminder that is due; of several that were missed, the one closest to the end. */
  days: number;
  left: number;
  used_by: string[];
}

export async function findDue({ engine }: Databases): Promise<DueReminder[]> {
  const { rows } = await sql<DueReminder>`
    select c.workspace_id, w.title as workspace, c.id, c.slug, c.title, c.expires_on, min(day) as days, (c.expires_on - current_date) as left,
      array(select n.slug from connection n where n.workspace_id = c.workspace_id and n.credential_id = c.id and n.archived_at is null order by n.slug limit 50) as used_by
    from credential c join workspace w on w.id = c.workspace_id cross join unnest(c.remind_days) as day
    where c.slug is not null and c.archived_at is null and c.expires_on is not null and c.expires_on - current_date <= day
    group by c.workspace_id, c.id, w.title
    having not exists (select from credential_reminder r
      where r.workspace_id = c.workspace_id and r.credential_id = c.id and r.expires_on = c.expires_on and r.days <= min(day))
    order by c.expires_on limit 500`.execute(engine);
  return rows;
}

/** @returns false when another process was first */
export async function noteReminder(trx: Transaction<Database>, { workspace_id, id, expires_on, days }: DueReminder): Promise<boolean> {
  const made = await trx
    .insertInto('credential_reminder')
    .values({ workspace_id, credential_id: id, expires_on, days })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return made.numInsertedOrUpdatedRows === 1n;
}

/** The addresses of the workspace's administrators. */
export async function findAdministrators(trx: Transaction<Database>, workspaceId: string): Promise<string[]> {
  const { rows } = await sql<{ email: string }>`
    select u.email from identity.membership m join identity."user" u on u.id = m.user_id
    where m.workspace_id = ${workspaceId} and m.role = 'admin' and u.kind = 'person' order by u.email`.execute(trx);
  return rows.map((row) => row.email);
}

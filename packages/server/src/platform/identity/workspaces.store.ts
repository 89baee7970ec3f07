// All SQL about workspaces themselves. It runs as the engine role: whoever manages workspaces sees more than one.
import type { Member, Workspace } from '@tidewheel/contract/routes/workspaces';
import { sql } from 'kysely';
import type { Db } from './identity.store.ts';

interface WorkspaceRow {
  id: string;
  slug: string;
  title: string;
  main: boolean;
  role: string | null;
  members: number;
  createdAt: Date;
  archivedAt: Date | null;
}

/** `userId`: whose role is shown. `named`: one of them alone, by its slug of now or of before. */
export async function findWorkspaces(db: Db, { userId, named }: { userId: string | null; named?: string }): Promise<WorkspaceRow[]> {
  const { rows } = await sql<WorkspaceRow>`
    select w.id, w.slug, w.title, w.id = (select id from workspace order by created_at, id limit 1) as main,
      (select m.role from identity.membership m where m.workspace_id = w.id and m.user_id = ${userId}::uuid and m.suspended_at is null) as role,
      (select count(*)::int from identity.membership m join identity."user" u on u.id = m.user_id where m.workspace_id = w.id and u.kind = 'person') as members,
      w.created_at as "createdAt", w.archived_at as "archivedAt"
    from workspace w where ${named ?? null}::text is null or w.id = workspace_named(${named ?? null})
    order by w.archived_at is not null, lower(w.title), w.id`.execute(db);
  return rows;
}

export function workspaceView(row: WorkspaceRow, isShownWhole: boolean): Workspace {
  return {
    ...row,
    members: isShownWhole ? row.members : null,
    createdAt: row.createdAt.toISOString(),
    archivedAt: row.archivedAt?.toISOString() ?? null,
  };
}
export type { WorkspaceRow };

/** Whether the slug is one of now or of before. */
export async function slugIsTaken(db: Db, slug: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`select workspace_named(${slug}) is not null as taken`.execute(db);
  return rows[0]?.taken ?? false;
}

/** The local operator is administrator of every workspace. */
export async function insertWorkspace(db: Db, { id, slug, title }: { id: string; slug: string; title: string }): Promise<void> {
  await db.insertInto('workspace').values({ id, slug, title }).execute();
  await sql`insert into identity.membership (workspace_id, user_id, role) select ${id}, u.id, 'admin' from identity."user" u where u.kind = 'local'`.execute(
    db,
  );
}

/** The slug of until now stays as a redirect; one of before becomes free for its own workspace again. */
export async function saveSlug(db: Db, { id, before, slug }: { id: string; before: string; slug: string }): Promise<void> {
  await db.deleteFrom('workspace_slug').where('slug', '=', slug).where('workspace_id', '=', id).execute();
  await db.updateTable('workspace').set({ slug }).where('id', '=', id).execute();
  await db.insertInto('workspace_slug').values({ slug: before, workspace_id: id }).execute();
}

export async function saveTitle(db: Db, { id, title }: { id: string; title: string }): Promise<void> {
  await db.updateTable('workspace').set({ title }).where('id', '=', id).execute();
}

/** `by` null: restored. */
export async function setArchived(db: Db, { id, by }: { id: string; by: string | null }): Promise<void> {
  await db
    .updateTable('workspace')
    .set({ archived_at: by === null ? null : sql<Date>`now()`, archived_by: by })
    .where('id', '=', id)
    .execute();
}

interface MemberRow extends Omit<Member, 'since'> {
  since: Date;
}

/** People alone: service accounts have a page of their own, and the local operator is everywhere. */
export async function findMembers(db: Db, { workspaceId, userId }: { workspaceId: string; userId?: string }): Promise<Member[]> {
  const { rows } = await sql<MemberRow>`
    select u.id, u.email, u.name, m.role, m.created_at as since, m.suspended_at is not null as suspended
    from identity.membership m join identity."user" u on u.id = m.user_id
    where m.workspace_id = ${workspaceId} and u.kind = 'person' and (${userId ?? null}::uuid is null or u.id = ${userId ?? null}::uuid)
    order by u.email limit 5000`.execute(db);
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}

/** What identity.access_of says of somebody there; undefined: no member. */
export async function findAccess(db: Db, { userId, workspaceId }: { userId: string; workspaceId: string }): Promise<string | undefined> {
  const { rows } = await sql<{ access: string | null }>`select identity.access_of(${userId}, ${workspaceId}) as access`.execute(db);
  return rows[0]?.access ?? undefined;
}

/** Whether there is such a role: one of the workspace's own. Presets are known by code. */
export async function hasOwnRole(db: Db, { workspaceId, slug }: { workspaceId: string; slug: string }): Promise<boolean> {
  const row = await db.selectFrom('identity.role').select('slug').where('workspace_id', '=', workspaceId).where('slug', '=', slug).executeTakeFirst();
  return row !== undefined;
}

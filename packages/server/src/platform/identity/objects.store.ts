// What rules can say of an object, looked up by its name or id: for sharing it and for `why`.
import type { Attributes } from '@tidewheel/contract/ability';
import type { ObjectType } from '@tidewheel/contract/access';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from './identity.store.ts';

export type NamedType = Exclude<ObjectType, 'grant' | 'approval'>;

export interface FoundObject {
  id: string;
  title: string;
  attributes: Attributes;
}

export const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

interface Named {
  workspaceId: string;
  /** A slug, where the type has one. */
  name: string;
  /** Null when the name cannot be one. */
  id: string | null;
}

const ofRun = sql`jsonb_build_object('flow', f.slug, 'folder', f.folder, 'kind', f.kind, 'startedBy', r.started_by)`;
const lookups: Record<NamedType, (by: Named) => RawBuilder<FoundObject>> = {
  flow: ({ workspaceId, name, id }) => sql`select id, title, jsonb_build_object('flow', slug, 'folder', folder, 'kind', kind) as attributes
    from flow where workspace_id = ${workspaceId} and (slug = ${name} or id = ${id}::uuid)`,
  run: ({ workspaceId, id }) => sql`select r.id, f.slug || ' #' || r.number as title, ${ofRun} as attributes
    from run r join flow f on f.workspace_id = r.workspace_id and f.id = r.flow_id where r.workspace_id = ${workspaceId} and r.id = ${id}::uuid`,
  artifact: ({ workspaceId, id }) => sql`select a.id, a.name as title, ${ofRun} as attributes
    from artifact a join run r on r.workspace_id = a.workspace_id and r.id = a.run_id join flow f on f.workspace_id = r.workspace_id and f.id = r.flow_id
    where a.workspace_id = ${workspaceId} and a.id = ${id}::uuid`,
  notification: ({ workspaceId, id }) => sql`select e.id, e.title, jsonb_build_object('flow', f.slug, 'folder', f.folder, 'kind', f.kind) as attributes
    from notification_event e left join flow f on f.workspace_id = e.workspace_id and f.id = e.flow_id where e.workspace_id = ${workspaceId} and e.id = ${id}::uuid and e.only_for is null`,
  schedule: ({
    workspaceId,
    name,
    id,
  }) => sql`select s.id, s.title, jsonb_build_object('schedule', s.slug, 'flow', f.slug, 'folder', f.folder, 'kind', f.kind) as attributes
    from schedule s join flow f on f.workspace_id = s.workspace_id and f.id = s.flow_id where s.workspace_id = ${workspaceId} and (s.slug = ${name} or s.id = ${id}::uuid)`,
  trigger: ({ workspaceId, name, id }) => sql`select t.id, t.title, jsonb_build_object('flow', f.slug, 'folder', f.folder, 'kind', f.kind) as attributes
    from flow_trigger t join flow f on f.workspace_id = t.workspace_id and f.id = t.flow_id where t.workspace_id = ${workspaceId} and (t.slug = ${name} or t.id = ${id}::uuid)`,
  connection: ({ workspaceId, name, id }) => sql`select id, title, jsonb_build_object('connection', slug, 'folder', folder, 'type', type) as attributes
    from connection where workspace_id = ${workspaceId} and (slug = ${name} or id = ${id}::uuid)`,
  credential: ({ workspaceId, name, id }) => sql`select id, title, jsonb_build_object('credential', slug, 'type', type) as attributes
    from credential where workspace_id = ${workspaceId} and slug is not null and (slug = ${name} or id = ${id}::uuid)`,
  target: ({ workspaceId, name, id }) => sql`select id, title, jsonb_build_object('target', name, 'os', os, 'category', category) as attributes
    from target where workspace_id = ${workspaceId} and archived_at is null and (name = ${name} or id = ${id}::uuid)`,
  file: ({ workspaceId, name, id }) => sql`select id, name as title, jsonb_build_object('file', slug, 'uploadedBy', created_by) as attributes
    from stored_file where workspace_id = ${workspaceId} and archived_at is null and (slug = ${name} or id = ${id}::uuid)`,
};

export async function findObject(
  db: Db,
  { workspaceId, type, object }: { workspaceId: string; type: NamedType; object: string },
): Promise<FoundObject | undefined> {
  const id = uuidForm.test(object) ? object : null;
  const { rows } = await lookups[type]({ workspaceId, name: object, id }).execute(db);
  return rows[0];
}

/** Names of that type, for "did you mean". */
export async function findNames(db: Db, { workspaceId, type }: { workspaceId: string; type: 'flow' | 'connection' }): Promise<string[]> {
  const rows = await db.selectFrom(type).select('slug').where('workspace_id', '=', workspaceId).orderBy('slug').limit(2_000).execute();
  return rows.map((row) => row.slug);
}
